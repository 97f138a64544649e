import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohorts, pick, seeded } from '../../../test/support/survival-arbitrary.ts';
import { type LogRankWeight, logRank } from './log-rank.ts';

const split = (n: number) => Int32Array.from({ length: n }, (_, i) => i % 3);

describe('logRank', () => {
  it('counts two groups by hand', () => {
    const data = { time: Float64Array.of(1, 2, 3, 4), event: Uint8Array.of(1, 1, 1, 1) };
    const test = logRank(data, Int32Array.of(5, 9, 5, 9));
    expect(test.groups).toEqual([5, 9]);
    expect([...test.observed]).toEqual([2, 2]);
    expect(test.expected[0]).toBeCloseTo(2 / 4 + 1 / 3 + 1 / 2, 15);
    const variance = 1 / 4 + 2 / 9 + 1 / 4;
    expect(test.statistic).toBeCloseTo((2 - 4 / 3) ** 2 / variance, 14);
    expect(test.df).toBe(1);
  });

  it.each<LogRankWeight>([
    'log-rank',
    'gehan',
    'tarone-ware',
    'peto',
    'modified-peto',
    { rho: 1 },
    { rho: 0.5, gamma: 1 },
  ])('with weight %j does not depend on labels or order, and takes weights for repeats', (weight) => {
    fc.assert(
      fc.property(cohorts({ least: 12 }), (cohort) => {
        const n = cohort.data.time.length;
        const group = split(n);
        const test = logRank(cohort.data, group, weight);
        const rows = Array.from(group.keys()).reverse();
        const relabelled = Int32Array.from(rows, (i) => [40, -3, 7][group[i]]);
        const other = logRank(pick(cohort, rows).data, relabelled, weight);
        expect(other.statistic).toBeCloseTo(test.statistic, 8);
        const twice = rows.flatMap((i) => [i, i]);
        const repeated = logRank(
          pick(cohort, twice).data,
          Int32Array.from(twice, (i) => group[i]),
          weight,
        );
        const weighted = logRank({ ...cohort.data, weights: new Float64Array(n).fill(2) }, group, weight);
        expect(weighted.statistic).toBeCloseTo(repeated.statistic, 8);
      }),
      seeded,
    );
  });

  it('equals Gehan weighting with rho = 1 where nobody is censored', () => {
    const time = Float64Array.of(1, 2, 3, 4, 5, 6, 7);
    const uncensored = { time, event: Uint8Array.from(time, () => 1) };
    const group = Int32Array.of(1, 1, 2, 1, 2, 2, 2);
    expect(logRank(uncensored, group, { rho: 1 }).statistic).toBeCloseTo(
      logRank(uncensored, group, 'gehan').statistic,
      12,
    );
  });

  it('leaves out, and names, a group that is never at risk at an event', () => {
    const data = { time: Float64Array.of(1, 2, 3, 4, 5), event: Uint8Array.of(0, 1, 1, 1, 0) };
    const test = logRank(data, Int32Array.of(8, 1, 2, 1, 2));
    expect(test.df).toBe(1);
    expect(test.warnings).toMatchObject([{ code: 'GROUP_EMPTY', subject: '8' }]);
  });

  it('has nothing to test with one group or without events', () => {
    const data = { time: Float64Array.of(1, 2), event: Uint8Array.of(1, 1) };
    expect(logRank(data, Int32Array.of(1, 1))).toMatchObject({ statistic: 0, df: 0, p: 1 });
    const none = logRank({ ...data, event: new Uint8Array(2) }, Int32Array.of(1, 2));
    expect(none).toMatchObject({ statistic: 0, df: 0, p: 1 });
    expect(none.warnings).toHaveLength(2);
  });

  it('refuses more groups than can be compared, bad exponents and other lengths', () => {
    const n = 101;
    const data = { time: new Float64Array(n).fill(1), event: new Uint8Array(n) };
    const run = (group: Int32Array, weight?: LogRankWeight) => () => logRank(data, group, weight);
    expect(run(Int32Array.from({ length: n }, (_, i) => i))).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
    expect(run(new Int32Array(n), { rho: -1 })).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
    expect(run(new Int32Array(2))).toThrow(expect.objectContaining({ code: 'LENGTH_MISMATCH' }));
  });
});
