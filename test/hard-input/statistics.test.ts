import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/engine/failure.ts';
import * as statistics from '../../src/engine/statistics/index.ts';
import { flaws } from './flaws.ts';

type Sample = readonly number[];

/** Samples in which something is lacking or extreme, but no rule broken. */
const hardSamples: Readonly<Record<string, Sample>> = {
  none: [],
  one: [3],
  two: [3, 1],
  'two that are equal': [3, 3],
  three: [1, 2, 4],
  four: [1, 2, 4, 3],
  'in order': [5, 3, 8, 1, 9, 2, 7, 4, 6, 2],
  'all equal': [2, 2, 2, 2, 2, 2],
  'all zero': [0, 0, 0, 0, 0, 0],
  'of minus zero': [-0, 0, -0, 0, 0, -0],
  'two values': [0, 1, 0, 1, 1, 1, 0, 1],
  'one outlier': [0, 0, 0, 0, 1e150, 0, 0],
  'of 1e200': [1e200, 3e200, 2e200, 5e200, 4e200],
  'of 1e-200': [1e-200, 3e-200, 2e-200, 5e-200, 4e-200],
  'of 1e308': [1e308, -1.7e308, 1.2e308, 0.4e308, -1e308],
  'of 5e-324': [5e-324, 10e-324, 0, 25e-324, 15e-324],
  'from 1e-200 to 1e200': [1e-200, 1e200, -1e200, 1e-100, 3],
  'next to 1e16': [1e16, 1e16 + 2, 1e16 + 4, 1e16 + 2, 1e16 + 8],
};

const bad = [Number.NaN, Infinity, -Infinity] as const;
const reversed = (s: Sample) => [...s].reverse();
const points = [-1e300, -1e200, -3, -0, 0, 1e-300, 1e-200, 0.3, 1, 2, 40, 1e200, 1e300, Infinity, -Infinity];
const chances = [0, 5e-324, 1e-300, 1e-9, 0.3, 0.5, 1 - 2 ** -53, 1];
const shapes = [1e-100, 1e-9, 0.3, 1, 2, 50, 1e9, 1e100];
const counts = [0, 1, 2, 17, 1e6, 1e15];

interface Row {
  /** What it makes of a hard sample; absent for what takes no sample. */
  readonly run: (sample: Sample) => unknown;
  /** What it makes of one value that breaks a rule, or null where any number will do. */
  readonly refuse: ((value: number) => unknown) | null;
  readonly infinite?: RegExp;
}

const withBad = (value: number) => [1, 4, value, 2, 5];

/** A continuous distribution at every point and probability, for every choice of parameters. */
function everywhere(
  distribution: {
    density(x: number, ...p: number[]): number;
    lower(x: number, ...p: number[]): number;
    upper(x: number, ...p: number[]): number;
    logLower(x: number, ...p: number[]): number;
    logUpper(x: number, ...p: number[]): number;
    quantile(p: number, ...q: number[]): number;
    upperQuantile(p: number, ...q: number[]): number;
  },
  parameters: readonly (readonly number[])[],
): unknown[] {
  return parameters.flatMap((p) => [
    ...points.flatMap((x) => [
      distribution.density(x, ...p),
      distribution.lower(x, ...p),
      distribution.upper(x, ...p),
      distribution.logLower(x, ...p),
      distribution.logUpper(x, ...p),
    ]),
    ...chances.flatMap((c) => [distribution.quantile(c, ...p), distribution.upperQuantile(c, ...p)]),
  ]);
}

const pairs = shapes.flatMap((a) => shapes.map((b) => [a, b]));
const any = /./;

const rows: Readonly<Record<string, Row>> = {
  adjustedP: {
    run: (s) => {
      const p = s.map((_, i) => chances[i % chances.length]);
      return (['none', 'bonferroni', 'holm', 'hochberg', 'hommel', 'BH', 'BY'] as const).map((method) =>
        statistics.adjustedP(p, method),
      );
    },
    refuse: (v) => statistics.adjustedP([0.1, v], 'BH'),
  },
  anova: {
    run: (s) => [
      statistics.anova([s, reversed(s), s.slice(1)]),
      statistics.anova([s, s.map((v) => v / 2)], { variance: 'separate' }),
    ],
    refuse: (v) => statistics.anova([withBad(v), [1, 2]]),
    infinite: /statistic$/,
  },
  beta: {
    run: () => everywhere(statistics.beta as never, pairs),
    refuse: (v) => statistics.beta.lower(0.5, v, 1),
    infinite: any,
  },
  binomial: {
    run: () =>
      counts.flatMap((n) =>
        chances.flatMap((p) =>
          points.flatMap((k) => [
            statistics.binomial.probability(k, n, p),
            statistics.binomial.lower(k, n, p),
            statistics.binomial.upper(k, n, p),
          ]),
        ),
      ),
    refuse: (v) => statistics.binomial.lower(1, v, 0.5),
  },
  chiSquared: {
    run: () =>
      everywhere(
        statistics.chiSquared as never,
        shapes.map((a) => [a]),
      ),
    refuse: (v) => statistics.chiSquared.upper(1, v),
    infinite: any,
  },
  chiSquaredTest: {
    run: (s) => [
      statistics.chiSquaredTest([s.map((v) => Math.min(1e15, Math.floor(Math.abs(v)))), s.map((_, i) => i)]),
      statistics.chiSquaredTest([
        [1e15, 0],
        [0, 1e15],
      ]),
    ],
    refuse: (v) =>
      statistics.chiSquaredTest([
        [1, 2],
        [3, v],
      ]),
  },
  correlationMatrix: {
    run: (s) =>
      (['pearson', 'spearman'] as const).map((method) =>
        statistics.correlationMatrix([s, reversed(s), s.map(() => 1)], method),
      ),
    refuse: (v) => statistics.correlationMatrix([withBad(v), [1, 2, 3, 4, 5]]),
  },
  erf: { run: () => points.map(statistics.erf), refuse: (v) => notANumber(v, statistics.erf) },
  erfc: { run: () => points.map(statistics.erfc), refuse: (v) => notANumber(v, statistics.erfc) },
  erfcx: {
    run: () => points.filter((x) => x >= 0).map(statistics.erfcx),
    refuse: (v) => notANumber(v, statistics.erfcx),
    infinite: any,
  },
  fisherF: {
    run: () => everywhere(statistics.fisherF as never, pairs),
    refuse: (v) => statistics.fisherF.upper(1, v, 3),
    infinite: any,
  },
  fisherTest: {
    run: (s) =>
      statistics.fisherTest([
        s.slice(0, 4).map((v) => Math.min(50, Math.floor(Math.abs(v)))),
        s.slice(0, 4).map((_, i) => i),
      ]),
    refuse: (v) =>
      statistics.fisherTest([
        [1, 2],
        [3, v],
      ]),
    infinite: /oddsRatio|confidence/,
  },
  gamma: {
    run: () =>
      everywhere(
        statistics.gamma as never,
        shapes.map((a) => [a]),
      ),
    refuse: (v) => statistics.gamma.lower(1, v),
    infinite: any,
  },
  hypergeometric: {
    run: () =>
      [
        [0, 0, 0],
        [1, 0, 1],
        [5, 7, 4],
        [4e14, 4e14, 10],
        [1e6, 1e6, 1e6],
      ].flatMap(([w, b, d]) =>
        [-Infinity, -1, 0, 1, 3, 1e6, Infinity].flatMap((k) => [
          statistics.hypergeometric.probability(k, w, b, d),
          statistics.hypergeometric.lower(k, w, b, d),
          statistics.hypergeometric.upper(k, w, b, d),
        ]),
      ),
    refuse: (v) => statistics.hypergeometric.lower(1, v, 3, 2),
  },
  icc: {
    run: (s) => [
      statistics.icc(s.map((v, i) => [v, reversed(s)[i]])),
      statistics.icc(s.map((v) => [v, v, v])),
      statistics.icc(
        s.map((v, i) => [v, i]),
        { estimate: 'reml' },
      ),
    ],
    refuse: (v) =>
      statistics.icc([
        [1, 2],
        [3, v],
        [2, 2],
      ]),
    infinite: /statistic$|meanSquares/,
  },
  kendall: {
    run: (s) => [statistics.kendall(s, reversed(s)), statistics.kendall(s, s, { method: 'normal' })],
    refuse: (v) => statistics.kendall(withBad(v), [1, 2, 3, 4, 5]),
  },
  kruskalWallis: {
    run: (s) => statistics.kruskalWallis([s, reversed(s), s.slice(1)]),
    refuse: (v) => statistics.kruskalWallis([withBad(v), [1, 2]]),
  },
  logGamma: {
    run: () => shapes.map(statistics.logGamma),
    refuse: (v) => statistics.logGamma(v === Infinity ? Number.NaN : v),
  },
  mannWhitney: {
    run: (s) => [
      statistics.mannWhitney(s, reversed(s)),
      statistics.mannWhitney(
        s,
        s.map((v) => v / 2),
        { method: 'normal' },
      ),
    ],
    refuse: (v) => statistics.mannWhitney(withBad(v), [1, 2]),
  },
  median: { run: statistics.median, refuse: (v) => statistics.median(withBad(v)) },
  moments: {
    run: (s) => statistics.moments(s),
    refuse: (v) => statistics.moments(withBad(v)),
    infinite: /sumOfSquares|variance/,
  },
  normal: {
    run: () => everywhere(statistics.normal as never, [[]]),
    refuse: (v) => notANumber(v, (x) => statistics.normal.lower(x)),
    infinite: any,
  },
  pearson: {
    run: (s) => [
      statistics.pearson(s, reversed(s)),
      statistics.pearson(s, s),
      statistics.pearson(
        s,
        s.map(() => 1),
      ),
    ],
    refuse: (v) => statistics.pearson(withBad(v), [1, 2, 3, 4, 5]),
    infinite: /statistic$/,
  },
  quantiles: {
    run: (s) =>
      ([1, 2, 3, 4, 5, 6, 7, 8, 9] as const).map((type) => statistics.quantiles(s, [0, 0.1, 0.5, 1], type)),
    refuse: (v) => statistics.quantiles([1, 2], [v]),
  },
  Random: {
    run: (s) => {
      const stream = statistics.random(1);
      return [stream.permutation(s.length), stream.resample(s.length), stream.uniform(), stream.normal()];
    },
    refuse: (v) => statistics.random(1).integer(v),
  },
  random: { run: (s) => statistics.random(s.length, 'a', 2).uniform(), refuse: (v) => statistics.random(v) },
  rank: { run: (s) => statistics.rank(s), refuse: null },
  rankSumDistribution: {
    run: (s) => {
      const law = statistics.rankSumDistribution(s.length, 3);
      return [-Infinity, -1, 0, 2, 1e9, Infinity].map((u) => [law.lower(u), law.upper(u)]);
    },
    refuse: (v) => statistics.rankSumDistribution(v, 3),
  },
  shapiroWilk: { run: (s) => statistics.shapiroWilk(s), refuse: (v) => statistics.shapiroWilk(withBad(v)) },
  spearman: {
    run: (s) => [statistics.spearman(s, reversed(s)), statistics.spearman(s, s, { method: 't' })],
    refuse: (v) => statistics.spearman(withBad(v), [1, 2, 3, 4, 5]),
    infinite: /statistic$/,
  },
  student: {
    run: () =>
      everywhere(
        statistics.student as never,
        shapes.map((a) => [a]),
      ),
    refuse: (v) => notANumber(v, (df) => statistics.student.lower(1, df)),
    infinite: any,
  },
  tTest: {
    run: (s) => [
      statistics.tTest(s, reversed(s)),
      statistics.tTest(
        s,
        s.map((v) => v / 2),
        { variance: 'pooled' },
      ),
      statistics.tTest(s, [1, 2, 3]),
    ],
    refuse: (v) => statistics.tTest(withBad(v), [1, 2]),
    infinite: /statistic$|confidence|standardError|difference/,
  },
  varianceTest: {
    run: (s) => [statistics.varianceTest(s, reversed(s)), statistics.varianceTest(s, [1, 2, 4])],
    refuse: (v) => statistics.varianceTest(withBad(v), [1, 2]),
    infinite: /statistic$|confidence/,
  },
};

/** For what takes infinities: only NaN breaks a rule. */
function notANumber(value: number, take: (x: number) => unknown): unknown {
  return take(Number.isNaN(value) ? value : Number.NaN);
}

describe('every function of nomograph/statistics', () => {
  it('has a row here', () => {
    const exported = Object.entries(statistics)
      .filter(([, value]) => typeof value === 'function' || typeof value === 'object')
      .map(([name]) => name);
    expect(Object.keys(rows).sort()).toEqual(exported.sort());
  });

  describe.each(Object.entries(rows))('%s', (_, { run, refuse, infinite }) => {
    it.each(Object.entries(hardSamples))('answers, or fails by a code, for a sample %s', (_name, sample) => {
      let result: unknown;
      try {
        result = run(sample);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        expect(['NO_OBSERVATIONS', 'ARGUMENT_INVALID', 'LENGTH_MISMATCH']).toContain(error.code);
        return;
      }
      expect(result).toBeDefined();
      expect(flaws(result, infinite).slice(0, 5)).toEqual([]);
    });

    it.skipIf(refuse === null).each(bad)('refuses %s by a code', (value) => {
      expect(() => refuse?.(value)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
    });
  });
});
