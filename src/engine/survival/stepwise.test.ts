import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohorts, seeded } from '../../../test/support/survival-arbitrary.ts';
import { type Random, random } from '../statistics/random.ts';
import { chiSquareTest } from './chi-square-test.ts';
import type { Covariates } from './covariates.ts';
import { type CoxOptions, fitCox } from './cox.ts';
import { eliminateByP, type StepwiseOptions, stepwiseCox } from './stepwise.ts';
import type { SurvivalData } from './survival-data.ts';

/** Survival that depends on the first of some correlated covariates, with ties and censoring. */
function cohort(rows: number, effects: readonly number[], source: Random) {
  const shared = Float64Array.from({ length: rows }, () => source.normal());
  const columns = effects.map(() => shared.map((s) => 0.6 * s + 0.8 * source.normal()));
  const time = new Float64Array(rows);
  const event = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const risk = effects.reduce((sum, b, j) => sum + b * columns[j][i], 0);
    const death = (-10 * Math.log(source.uniform())) / Math.exp(risk);
    const censoring = 4 + 30 * source.uniform();
    time[i] = Math.ceil(Math.min(death, censoring));
    event[i] = death <= censoring ? 1 : 0;
  }
  const names = effects.map((_, j) => `x${j}`);
  return { data: { time, event } as SurvivalData, covariates: { names, columns } as Covariates };
}

function select({ names, columns }: Covariates, kept: readonly number[]): Covariates {
  return { names: kept.map((j) => names[j]), columns: kept.map((j) => columns[j]) };
}

/** Stepwise selection by fitting every candidate anew. */
function byFits(
  data: SurvivalData,
  covariates: Covariates,
  { direction = 'backward', penalty = 2 }: StepwiseOptions,
  options: CoxOptions,
) {
  const criterion = (kept: readonly number[]) => {
    const fit = fitCox(data, select(covariates, kept), options);
    return -2 * fit.logLikelihood.model + penalty * fit.likelihoodRatio.df;
  };
  const all = covariates.names.map((_, j) => j);
  let kept = direction === 'backward' ? all : [];
  const path = [criterion(kept)];
  for (;;) {
    const changes = all.flatMap((j) => {
      if (kept.includes(j)) return direction === 'forward' ? [] : [kept.filter((k) => k !== j)];
      return direction === 'backward' ? [] : [[...kept, j]];
    });
    const best = changes
      .map((change) => ({ change, value: criterion(change) }))
      .reduce((a, b) => (b.value < a.value ? b : a), { change: kept, value: Infinity });
    if (!(best.value < path[path.length - 1] - 1e-7))
      return { path, terms: kept.map((j) => covariates.names[j]) };
    path.push(best.value);
    kept = best.change;
  }
}

describe('stepwiseCox', () => {
  it.each(['backward', 'forward', 'both'] as const)('%s takes the steps of fits made anew', (direction) => {
    for (const [seed, effects] of [
      [1, [1.5, -1, 0.5, 0, 0, 0, 0, 0]],
      [2, [0.3, 0.2, 0.1, 0.05, 0, 0, 0, 0]],
      [3, [3, -3, 0, 0, 0, 0]],
    ] as const) {
      const { data, covariates } = cohort(60, effects, random(seed, 'stepwise'));
      const offset = data.time.map((_, i) => (i % 5) / 5);
      const strata = Int32Array.from(data.time, (_, i) => i % 2);
      const weights = data.time.map((_, i) => 1 + (i % 3));
      const entry = data.time.map((t, i) => (i % 3 === 0 ? Math.max(0, t - 3) : 0));
      for (const [cases, options] of [
        [data, {}],
        [{ ...data, strata }, { ties: 'breslow' }],
        [{ ...data, weights }, { offset }],
        [{ ...data, entry }, {}],
      ] as [SurvivalData, Pick<CoxOptions, 'ties' | 'offset'>][]) {
        for (const penalty of [2, 4]) {
          const expected = byFits(cases, covariates, { direction, penalty }, options);
          const actual = stepwiseCox(cases, covariates, { direction, penalty, ...options });
          expect(actual.terms).toEqual(expected.terms);
          expect(actual.steps).toHaveLength(expected.path.length);
          actual.steps.forEach((step, i) => {
            expect(Math.abs(step.criterion / expected.path[i] - 1)).toBeLessThan(1e-12);
          });
          expect(actual.model.names).toEqual(actual.terms);
        }
      }
    }
  });

  it('ends in a model that no single removal improves, whatever the data', () => {
    fc.assert(
      fc.property(cohorts(), ({ data, covariates }) => {
        const { steps, terms } = stepwiseCox(data, covariates);
        const kept = terms.map((name) => covariates.names.indexOf(name));
        const last = steps[steps.length - 1].criterion;
        steps.slice(1).forEach((step, i) => {
          expect(step.criterion).toBeLessThan(steps[i].criterion);
        });
        for (const j of kept) {
          const rest = select(
            covariates,
            kept.filter((k) => k !== j),
          );
          if (rest.columns.every((column) => column.every((x) => x === column[0])) && rest.names.length > 0)
            continue;
          const fit = fitCox(data, rest);
          const criterion = -2 * fit.logLikelihood.model + 2 * fit.likelihoodRatio.df;
          expect(criterion).toBeGreaterThanOrEqual(last - 1e-6);
        }
      }),
      seeded,
    );
  });

  it('keeps one of two equal covariates, and drops what is constant', () => {
    const { data, covariates } = cohort(80, [1, 0], random(4, 'stepwise'));
    const names = ['a', 'constant', 'b', 'c'];
    const [x, z] = covariates.columns;
    const columns = [x, new Float64Array(80).fill(3), x.slice(), z];
    const { terms, model } = stepwiseCox(data, { names, columns }, { penalty: 3 });
    expect(model.dropped.length + 1).toBe(terms.filter((name) => name !== 'c').length);
    const alone = fitCox(data, { names: ['a'], columns: [x] });
    expect(model.logLikelihood.model).toBeGreaterThanOrEqual(alone.logLikelihood.model - 1e-9);
    for (const direction of ['forward', 'both'] as const) {
      const forward = stepwiseCox(data, { names, columns }, { direction, penalty: 8 });
      expect(forward.terms).toEqual(['a']);
    }
  });

  it('moves the columns of a term together', () => {
    const { data, covariates } = cohort(90, [1, 0, 0, 0], random(5, 'stepwise'));
    const terms = [
      { name: 'first', covariates: ['x0', 'x1'] },
      { name: 'second', covariates: ['x2', 'x3'] },
    ];
    const { steps, terms: kept, model } = stepwiseCox(data, covariates, { terms, penalty: 5 });
    expect(kept).toEqual(['first']);
    expect(model.names).toEqual(['x0', 'x1']);
    expect(steps.map(({ action, term, df }) => [action, term, df])).toEqual([
      [null, null, 4],
      ['remove', 'second', 2],
    ]);
  });

  it('goes on past a separating covariate', () => {
    const { data, covariates } = cohort(40, [0.5, 0, 0], random(6, 'stepwise'));
    const names = ['separating', ...covariates.names];
    const columns = [data.time.map((t) => -t), ...covariates.columns];
    const forward = stepwiseCox(data, { names, columns }, { direction: 'forward' });
    expect(forward.terms).toContain('separating');
    expect(forward.model.infinite).toContain('separating');
  });

  it('refuses what is not finite, and terms that name nothing', () => {
    const { data, covariates } = cohort(20, [1, 0], random(7, 'stepwise'));
    const flawed = { ...covariates, columns: [covariates.columns[0], new Float64Array(20).fill(Number.NaN)] };
    expect(() => stepwiseCox(data, flawed, { direction: 'forward' })).toThrow(
      expect.objectContaining({ code: 'COVARIATE_INVALID' }),
    );
    const terms = [{ name: 'age', covariates: ['age'] }];
    expect(() => stepwiseCox(data, covariates, { terms })).toThrow(
      expect.objectContaining({ code: 'COVARIATE_INVALID' }),
    );
  });
});

describe('eliminateByP', () => {
  it.each(['wald', 'likelihood-ratio'] as const)(
    'removes the greatest p by the %s test, fitted anew',
    (test) => {
      const { data, covariates } = cohort(70, [1, -0.6, 0.2, 0, 0, 0], random(8, 'stepwise'));
      const { removed, terms, model } = eliminateByP(data, covariates, { test, threshold: 0.05 });
      let kept = covariates.names.map((_, j) => j);
      for (let step = 0; ; step++) {
        const fit = fitCox(data, select(covariates, kept));
        const p = kept.map((j, place) => {
          if (test === 'wald') return fit.terms[place].p ?? 1;
          const rest = fitCox(
            data,
            select(
              covariates,
              kept.filter((k) => k !== j),
            ),
          );
          return chiSquareTest(2 * (fit.logLikelihood.model - rest.logLikelihood.model), 1).p;
        });
        const worst = p.indexOf(Math.max(...p));
        if (p[worst] <= 0.05) {
          expect(removed).toHaveLength(step);
          expect(terms).toEqual(kept.map((j) => covariates.names[j]));
          expect(model.coefficients).toEqual(fit.coefficients);
          return;
        }
        expect(removed[step].term).toBe(covariates.names[kept[worst]]);
        expect(removed[step].p).toBeCloseTo(p[worst], 10);
        kept = kept.filter((_, place) => place !== worst);
      }
    },
  );

  it('may remove everything', () => {
    const { data, covariates } = cohort(30, [0, 0], random(9, 'stepwise'));
    const { terms, model } = eliminateByP(data, covariates, { threshold: 1e-9 });
    expect(terms).toEqual([]);
    expect(model.names).toEqual([]);
  });
});
