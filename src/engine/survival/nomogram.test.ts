import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohorts, seeded } from '../../../test/support/survival-arbitrary.ts';
import { type CoxOptions, fitCox } from './cox.ts';
import { coxBaseline } from './cox-baseline.ts';
import { type NomogramOptions, nomogram } from './nomogram.ts';
import { scoreByNomogram } from './nomogram-score.ts';
import { predictSurvivalAt } from './predicted-survival-at.ts';
import type { SurvivalData } from './survival-data.ts';

const time = Float64Array.of(5, 8, 12, 3, 20, 15, 7, 9, 30, 25, 4, 18);
const event = Uint8Array.of(1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0);
const stage2 = Float64Array.of(0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1);
const stage3 = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
const age = Float64Array.of(61, 54, 47, 70, 38, 66, 59, 63, 41, 52, 68, 45);
const covariates = { names: ['age', 'stage II', 'stage III'], columns: [age, stage2, stage3] };
const factors = [{ name: 'stage', levels: ['I', 'II', 'III'], covariates: ['stage II', 'stage III'] }];

function draw(
  options: Partial<NomogramOptions> = {},
  data: SurvivalData = { time, event },
  fit: CoxOptions = {},
) {
  const model = fitCox(data, covariates, fit);
  const baseline = coxBaseline(model, data, covariates);
  return {
    model,
    baseline,
    drawn: nomogram(model, baseline, covariates, { horizons: [10], factors, ...options }),
  };
}

describe('nomogram', () => {
  it('gives each variable an axis, the widest with all the points', () => {
    const { drawn } = draw();
    expect(drawn.variables.map((v) => v.name)).toEqual(['age', 'stage']);
    const points = drawn.variables.map((v) => v.ticks.map((t) => t.points));
    expect(Math.max(...points.flat())).toBeCloseTo(100, 10);
    for (const axis of points) expect(Math.min(...axis)).toBe(0);
    expect(drawn.variables[1].ticks.map((t) => t.label)).toEqual(['I', 'II', 'III']);
    expect(drawn.variables[1].ticks[0].contribution).toBe(0);
  });

  it('stands its survival ticks where survival is what they say', () => {
    const { drawn } = draw({ horizons: [10, 15] });
    expect(drawn.survival.map((a) => a.ticks.length > 2)).toEqual([true, true]);
    for (const { baseline, ticks } of drawn.survival) {
      for (const { probability, points } of ticks) {
        const first = drawn.linearPredictor[0];
        const lp = first.value + (points - first.points) / drawn.pointsPerUnit;
        expect((baseline ?? 0) ** Math.exp(lp)).toBeCloseTo(probability, 12);
      }
    }
  });

  it('has an axis for each stratum', () => {
    const strata = Int32Array.from(time, (_, i) => i % 2);
    const { drawn } = draw({}, { time, event, strata });
    expect(drawn.survival.map((a) => a.stratum)).toEqual([0, 1]);
  });

  it('leaves an axis past the last follow-up empty, and says so', () => {
    const { drawn } = draw({ horizons: [10, 31] });
    expect(drawn.survival[1]).toMatchObject({ baseline: null, ticks: [] });
    expect(drawn.warnings).toMatchObject([{ code: 'HORIZON_PAST_FOLLOW_UP', subject: '31' }]);
    const patient = { age: 50, 'stage II': 0, 'stage III': 0 };
    expect(scoreByNomogram(drawn, patient).survival[1]).toBeNull();
  });

  it('is the model: points and survival of any patient are those of the linear predictor', () => {
    const check = fc.property(cohorts({ least: 12 }), ({ data, covariates: design }) => {
      const model = fitCox(data, design);
      fc.pre(model.infinite.length === 0 && model.dropped.length === 0);
      const baseline = coxBaseline(model, data, design);
      const last = baseline.strata[0].time[baseline.strata[0].time.length - 1];
      const horizon = Math.min(6, last);
      const drawn = nomogram(model, baseline, design, { horizons: [horizon] });
      const survival = predictSurvivalAt(model, baseline, design, horizon);
      const scores = design.columns[0].map((_, row) => row);
      const all = Array.from(scores, (row) =>
        scoreByNomogram(drawn, { x: design.columns[0][row], z: design.columns[1][row] }),
      );
      all.forEach((score, row) => {
        expect(score.survival[0]).toBeCloseTo(survival[row], 9);
        expect(score.total).toBeGreaterThan(-1e-6);
        const difference = (score.linearPredictor - all[0].linearPredictor) * drawn.pointsPerUnit;
        expect(Math.abs(score.total - all[0].total - difference)).toBeLessThan(
          1e-7 * (1 + Math.abs(score.total)),
        );
      });
    });
    fc.assert(check, seeded);
  });

  it.each<[string, () => unknown, string]>([
    [
      'a factor of unknown covariates',
      () => draw({ factors: [{ ...factors[0], covariates: ['a', 'b'] }] }),
      'COVARIATE_INVALID',
    ],
    [
      'a factor with a covariate too few',
      () => draw({ factors: [{ ...factors[0], covariates: ['stage II'] }] }),
      'LENGTH_MISMATCH',
    ],
    ['a covariate of two factors', () => draw({ factors: [...factors, ...factors] }), 'COVARIATE_INVALID'],
    [
      'a numeric column in a factor',
      () => draw({ factors: [{ name: 'age', levels: ['a', 'b'], covariates: ['age'] }] }),
      'COVARIATE_INVALID',
    ],
    ['a horizon of 0', () => draw({ horizons: [0] }), 'ARGUMENT_INVALID'],
    ['a horizon that is not a number', () => draw({ horizons: [Number.NaN] }), 'ARGUMENT_INVALID'],
    ['a maximum of 0', () => draw({ maximum: 0 }), 'ARGUMENT_INVALID'],
    ['a model without effects', () => draw({}, { time, event }, { maxIterations: 0 }), 'FIT_FAILED'],
    [
      'a patient without a value',
      () => scoreByNomogram(draw().drawn, { age: 50, 'stage II': 0 }),
      'COVARIATE_INVALID',
    ],
    [
      'a patient with NaN',
      () => scoreByNomogram(draw().drawn, { age: Number.NaN, 'stage II': 0, 'stage III': 0 }),
      'COVARIATE_INVALID',
    ],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});
