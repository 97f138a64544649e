import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cohorts, seeded } from '../../../test/support/survival-arbitrary.ts';
import { adjustScreening } from './adjusted-screening.ts';
import { fitCox } from './cox.ts';
import type { Ties } from './hazard.ts';
import { screenFeatures } from './screening.ts';
import type { SurvivalData } from './survival-data.ts';

it.each<Ties>(['efron', 'breslow'])('equals a Cox fit of each feature, with %s ties', (ties) => {
  let compared = 0;
  fc.assert(
    fc.property(cohorts(), fc.boolean(), fc.boolean(), fc.boolean(), (cohort, w, s, e) => {
      const data: SurvivalData = {
        ...cohort.data,
        ...(w ? { weights: cohort.data.time.map((_, i) => 1 + (i % 3)) } : {}),
        ...(s ? { strata: Int32Array.from(cohort.data.time, (_, i) => i % 2) } : {}),
        ...(e ? { entry: cohort.data.time.map((t, i) => Math.max(0, t - 2 - (i % 6))) } : {}),
      };
      screenFeatures(data, cohort.covariates, { ties }).forEach((screened, j) => {
        const { names, columns } = cohort.covariates;
        if (screened.coefficient === null) return;
        const fit = fitCox(data, { names: [names[j]], columns: [columns[j]] }, { ties });
        expect(screened.infinite).toBe(fit.infinite.length > 0);
        expect(screened.score).toBeCloseTo(fit.score.p, 10);
        if (screened.infinite) return;
        compared++;
        expect(Math.abs(screened.coefficient - fit.coefficients[0]) / fit.standardErrors[0]).toBeLessThan(
          1e-9,
        );
        expect((screened.standardError ?? 0) / fit.standardErrors[0]).toBeCloseTo(1, 8);
        expect(screened.logLikelihood).toBeCloseTo(fit.logLikelihood.model, 9);
        expect(screened.wald).toBeCloseTo(fit.terms[0].p ?? -1, 9);
        expect(screened.likelihoodRatio).toBeCloseTo(fit.likelihoodRatio.p, 9);
      });
    }),
    seeded,
  );
  expect(compared).toBeGreaterThan(50);
});

it('gives a constant feature no numbers, and a separating one its warning', () => {
  const data = { time: Float64Array.of(1, 2, 3, 4), event: Uint8Array.of(1, 1, 1, 1) };
  const columns = [Float64Array.of(7, 7, 7, 7), Float64Array.of(4, 3, 2, 1)];
  const [constant, separating] = screenFeatures(data, { names: ['constant', 'separating'], columns });
  expect(constant).toMatchObject({ coefficient: null, wald: null, converged: false });
  expect(separating).toMatchObject({ infinite: true, converged: false });
  expect(separating.coefficient).toBeGreaterThan(0);
});

it('refuses data without events', () => {
  const data = { time: Float64Array.of(1, 2), event: Uint8Array.of(0, 0) };
  const run = () => screenFeatures(data, { names: ['x'], columns: [Float64Array.of(1, 2)] });
  expect(run).toThrow(expect.objectContaining({ code: 'NO_EVENTS' }));
});

it('adjusts the p-values of the features that have one', () => {
  const screened = [0.04, null, 0.01, 0.03].map((p) => ({ wald: p, likelihoodRatio: p, score: null }));
  expect(adjustScreening(screened, 'wald', 'bonferroni')).toEqual([0.12, null, 0.03, 0.09]);
  expect(adjustScreening(screened, 'likelihoodRatio')).toEqual([0.04, null, 0.03, 0.04]);
  expect(adjustScreening(screened, 'score')).toEqual([null, null, null, null]);
  expect(adjustScreening([])).toEqual([]);
  for (const [test, adjustment] of [
    ['name', 'BH'],
    ['wald', 'toString'],
  ]) {
    expect(() => adjustScreening(screened, test as 'wald', adjustment as 'BH')).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
  }
});
