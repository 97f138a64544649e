import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cohort, cohorts, pick, seeded } from '../../../test/support/survival-arbitrary.ts';
import { type CoxOptions, fitCox, fitCoxSteps } from './cox.ts';
import type { CoxFit } from './cox-fit.ts';
import type { SurvivalData } from './survival-data.ts';

function fit({ data, covariates }: Cohort, options?: CoxOptions): CoxFit {
  return fitCox(data, covariates, options);
}

/** Where both covariates have a finite estimate; small cohorts are often separated. */
function regular(model: CoxFit): boolean {
  return model.converged && model.dropped.length === 0;
}

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, scale: ArrayLike<number>): void {
  for (let j = 0; j < a.length; j++) expect(Math.abs(a[j] - b[j]) / scale[j]).toBeLessThan(1e-7);
}

function property(arbitrary: fc.Arbitrary<Cohort>, check: (cohort: Cohort, model: CoxFit) => void): void {
  let checked = 0;
  fc.assert(
    fc.property(arbitrary, (cohort) => {
      let model: CoxFit;
      try {
        model = fit(cohort);
      } catch {
        return;
      }
      if (!regular(model)) return;
      checked++;
      check(cohort, model);
    }),
    seeded,
  );
  expect(checked).toBeGreaterThan(20);
}

describe('fitCox', () => {
  it('does not depend on the order of the rows', () => {
    property(cohorts(), (cohort, model) => {
      const rows = Array.from(cohort.data.time, (_, i) => i).reverse();
      expectClose(fit(pick(cohort, rows)).coefficients, model.coefficients, model.standardErrors);
    });
  });

  it('follows shifts and scales of the covariates', () => {
    property(cohorts(), (cohort, model) => {
      const [x, z] = cohort.covariates.columns;
      const columns = [x.map((v) => v * 1e-120), z.map((v) => 1e6 - 4 * v)];
      const other = fit({ data: cohort.data, covariates: { names: ['x', 'z'], columns } });
      const back = [other.coefficients[0] * 1e-120, other.coefficients[1] * -4];
      expectClose(back, model.coefficients, model.standardErrors);
      expect(other.logLikelihood.model).toBeCloseTo(model.logLikelihood.model, 8);
    });
  });

  it('gives the same for Efron and Breslow where no times are tied', () => {
    property(cohorts({ ties: false }), (cohort, model) => {
      expectClose(fit(cohort, { ties: 'breslow' }).coefficients, model.coefficients, model.standardErrors);
    });
  });

  it('takes whole weights for repeats under Breslow ties', () => {
    property(cohorts(), (cohort) => {
      const weights = cohort.data.time.map((_, i) => i % 3);
      const rows = Array.from(weights).flatMap((w, i) => new Array<number>(w).fill(i));
      const repeated = pick(cohort, rows);
      if (!repeated.data.event.includes(1)) return;
      let model: CoxFit;
      try {
        model = fit(repeated, { ties: 'breslow' });
      } catch {
        return;
      }
      if (!regular(model)) return;
      const weighted = fitCox({ ...cohort.data, weights }, cohort.covariates, { ties: 'breslow' });
      expectClose(weighted.coefficients, model.coefficients, model.standardErrors);
    });
  });

  it('is unchanged when rows are cut into start–stop pieces', () => {
    property(cohorts(), ({ data, covariates }, model) => {
      const pieces: { row: number; from: number; to: number; event: number }[] = [];
      data.time.forEach((t, row) => {
        const cuts = [0, 2.5, 5.5].filter((c) => c < t);
        cuts.forEach((from, c) => {
          const last = c === cuts.length - 1;
          pieces.push({ row, from, to: last ? t : cuts[c + 1], event: last ? data.event[row] : 0 });
        });
      });
      const split: SurvivalData = {
        time: Float64Array.from(pieces, (p) => p.to),
        entry: Float64Array.from(pieces, (p) => p.from),
        event: Uint8Array.from(pieces, (p) => p.event),
      };
      const columns = covariates.columns.map((c) => Float64Array.from(pieces, (p) => c[p.row]));
      const other = fitCox(split, { names: covariates.names, columns });
      expectClose(other.coefficients, model.coefficients, model.standardErrors);
      expectClose(other.standardErrors, model.standardErrors, model.standardErrors);
      expect(other.logLikelihood.model).toBeCloseTo(model.logLikelihood.model, 9);
    });
  });

  it('adds up the likelihoods of strata', () => {
    property(cohorts({ least: 16 }), (cohort) => {
      const strata = Int32Array.from(cohort.data.time, (_, i) => (i % 2) - 7);
      const at = { maxIterations: 0, initial: [0.3, -0.2] };
      const rows = (s: number) => Array.from(strata.keys()).filter((i) => strata[i] === s);
      const parts = [-7, -6].map((s) => pick(cohort, rows(s)));
      if (!parts.every((p) => p.data.event.includes(1))) return;
      let apart: number;
      try {
        apart = parts.reduce((sum, part) => sum + fit(part, at).logLikelihood.model, 0);
      } catch {
        return;
      }
      const together = fitCox({ ...cohort.data, strata }, cohort.covariates, at);
      expect(together.logLikelihood.model).toBeCloseTo(apart, 9);
    });
  });

  it('ends at a point where the score is 0 and no step gains', () => {
    property(cohorts(), (cohort, model) => {
      const again = fit(cohort, { initial: model.coefficients, maxIterations: 1 });
      expect(again.score.statistic).toBeLessThan(1e-14);
      expect(again.logLikelihood.model).toBeCloseTo(model.logLikelihood.model, 10);
    });
  });
});

describe('fitCox on hard input', () => {
  const data = {
    time: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    event: Uint8Array.of(1, 1, 0, 1, 1, 0, 1, 1),
  };
  const x = Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6);
  const model = (columns: Record<string, ArrayLike<number>>, options?: CoxOptions) =>
    fitCox(
      data,
      { names: Object.keys(columns), columns: Object.values(columns).map((c) => Float64Array.from(c)) },
      options,
    );

  it('fits the model without covariates', () => {
    const none = model({});
    expect(none).toMatchObject({ converged: true, names: [], warnings: [] });
    expect(none.likelihoodRatio).toEqual({ statistic: 0, df: 0, p: 1 });
    expect(none.logLikelihood.model).toBe(none.logLikelihood.null);
  });

  it('fits two rows', () => {
    const two = fitCox(
      { time: Float64Array.of(1, 2), event: Uint8Array.of(1, 1) },
      { names: ['x'], columns: [Float64Array.of(0, 1)] },
    );
    expect(two.infinite).toEqual(['x']);
  });

  it('is exact for large common offsets and for tiny and huge units', () => {
    const plain = model({ x });
    for (const [unit, origin] of [
      [1, 1e9],
      [1e-140, 0],
      [1e140, 0],
    ]) {
      const other = model({ x: x.map((v) => origin + v * unit) });
      expect((other.coefficients[0] * unit) / plain.coefficients[0]).toBeCloseTo(1, 9);
    }
  });

  it('drops the later of collinear columns and constants, by name', () => {
    const dropped = model({ one: x.map(() => 0.1), x, twice: x.map((v) => 2 * v + 1) });
    expect(dropped.dropped).toEqual(['one', 'twice']);
    expect(dropped.warnings.map((w) => [w.code, w.subject])).toEqual([
      ['COVARIATE_DROPPED', 'one'],
      ['COVARIATE_DROPPED', 'twice'],
    ]);
    expect(dropped.terms[2]).toEqual({
      name: 'twice',
      coefficient: null,
      standardError: null,
      z: null,
      p: null,
      hazardRatio: null,
      lower: null,
      upper: null,
    });
    expect(dropped.coefficients[1]).toBeCloseTo(model({ x }).coefficients[0], 10);
    expect(dropped.likelihoodRatio.df).toBe(1);
  });

  it('names the covariate that separates, and keeps the other one right', () => {
    const separated = model({ x, monotone: data.time.map((t) => -t) });
    expect(separated.infinite).toContain('monotone');
    expect(separated.converged).toBe(false);
    expect(separated.coefficients.every(Number.isFinite)).toBe(true);
  });

  it('has the same fit whichever level of a factor is left out, and drops the last where none is', () => {
    const level = (l: number) => Float64Array.of(0, 1, 2, 2, 1, 0, 2, 0).map((v) => (v === l ? 1 : 0));
    const from0 = model({ x, b: level(1), c: level(2) });
    const from2 = model({ x, a: level(0), b: level(1) });
    expect(from2.logLikelihood.model).toBeCloseTo(from0.logLikelihood.model, 12);
    expect(from2.likelihoodRatio.df).toBe(3);
    expect(from2.coefficients[0]).toBeCloseTo(from0.coefficients[0], 9);
    expect(from2.coefficients[1]).toBeCloseTo(-from0.coefficients[2], 9);
    expect(from2.coefficients[2]).toBeCloseTo(from0.coefficients[1] - from0.coefficients[2], 9);
    const all = model({ x, a: level(0), b: level(1), c: level(2) });
    expect(all.dropped).toEqual(['c']);
    expect(all.terms[3].coefficient).toBeNull();
    expect([...all.coefficients.slice(0, 3)]).toEqual(
      [...from2.coefficients].map((b) => expect.closeTo(b, 9)),
    );
  });

  it('names the level of a factor without events as infinite, and no other', () => {
    const b = Float64Array.from(data.event, (e) => (e === 0 ? 1 : 0));
    const levels = model({ x, b });
    expect(levels.infinite).toEqual(['b']);
    expect(levels.warnings).toMatchObject([{ code: 'SEPARATION', subject: 'b' }]);
    expect(levels.coefficients[1]).toBeLessThan(-5);
  });

  it('says when it was stopped', () => {
    const stopped = model({ x }, { maxIterations: 1 });
    expect(stopped.warnings.map((w) => w.code)).toEqual(['NOT_CONVERGED']);
  });

  it.each<[string, () => unknown, string]>([
    ['a covariate with NaN', () => model({ x: [1, 2, NaN, 4, 5, 6, 7, 8] }), 'COVARIATE_INVALID'],
    ['a short covariate', () => model({ x: [1, 2] }), 'LENGTH_MISMATCH'],
    ['constants alone', () => model({ a: x.map(() => 3) }), 'COVARIATE_INVALID'],
    ['a spread that squares away', () => model({ a: x.map((v) => v * 1e-200) }), 'COVARIATE_INVALID'],
    ['a short start', () => model({ x }, { initial: [] }), 'LENGTH_MISMATCH'],
    ['a start that is NaN', () => model({ x }, { initial: [NaN] }), 'ARGUMENT_INVALID'],
    ['an infinite offset', () => model({ x }, { offset: x.map(() => Infinity) }), 'ARGUMENT_INVALID'],
    ['a level of 1', () => model({ x }, { level: 1 }), 'ARGUMENT_INVALID'],
    ['a tolerance of 0', () => model({ x }, { tolerance: 0 }), 'ARGUMENT_INVALID'],
    ['half an iteration', () => model({ x }, { maxIterations: 0.5 }), 'ARGUMENT_INVALID'],
    ['names without columns', () => fitCox(data, { names: ['x'], columns: [] }), 'LENGTH_MISMATCH'],
    ['one name twice', () => fitCox(data, { names: ['x', 'x'], columns: [x, x] }), 'COVARIATE_INVALID'],
    [
      'no event',
      () => fitCox({ ...data, event: new Uint8Array(8) }, { names: ['x'], columns: [x] }),
      'NO_EVENTS',
    ],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});

describe('fitCoxSteps', () => {
  it('yields rising log-likelihoods and falling decrements', () => {
    const time = Float64Array.of(5, 3, 9, 1, 7, 2, 8, 4, 6);
    const steps = [
      ...fitCoxSteps(
        { time, event: Uint8Array.from(time, () => 1) },
        { names: ['x'], columns: [Float64Array.of(1, 5, 2, 4, 4, 8, 3, 3, 1)] },
      ),
    ];
    expect(steps.map((s) => s.iteration)).toEqual(steps.map((_, i) => i));
    for (let i = 1; i < steps.length; i++) {
      expect(steps[i].logLikelihood).toBeGreaterThan(steps[i - 1].logLikelihood - 1e-12);
      expect(steps[i].decrement).toBeLessThan(steps[i - 1].decrement);
    }
  });
});
