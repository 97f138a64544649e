import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { bootstrapRows, unlessUnestimable } from './bootstrap.ts';
import {
  calibrateCox,
  calibrateCoxSteps,
  calibrationProblem,
  combineCalibration,
  resampleCalibration,
} from './calibration.ts';
import { calibrateByGroups } from './calibration-groups.ts';
import { calibrateSmoothly } from './smooth-calibration.ts';
import type { SurvivalData } from './survival-data.ts';

/** Exponential times with hazard exp(x) / 10, censored at 20. */
function cohort(rows: number, seed: number) {
  const source = random(seed, 'cohort');
  const x = Float64Array.from({ length: rows }, () => source.normal());
  const times = x.map((value) => (10 * source.exponential()) / Math.exp(value));
  const data: SurvivalData = {
    time: times.map((t) => Math.min(t, 20)),
    event: Uint8Array.from(times, (t) => (t < 20 ? 1 : 0)),
  };
  const truth = x.map((value) => Math.exp(-0.5 * Math.exp(value)));
  return { data, covariates: { names: ['x'], columns: [x] }, truth };
}

const { data, covariates, truth } = cohort(120, 1);

describe('calibrateByGroups', () => {
  const predicted = Float64Array.of(0.1, 0.2, 0.2, 0.5, 0.6, 0.9);
  const six = { time: Float64Array.of(1, 2, 3, 4, 5, 6), event: Uint8Array.of(1, 0, 1, 1, 0, 0) };

  it('groups predictions into [from, to), the last closed', () => {
    const { groups } = calibrateByGroups(six, predicted, 3, { cuts: [0, 0.2, 0.6, 0.9] });
    expect(groups.map((g) => g.n)).toEqual([1, 3, 2]);
    expect(groups[1]).toMatchObject({ predicted: 0.3, events: 2, observed: 0.5 });
  });

  it('has no observed survival for one row, none, or where nobody is followed so far', () => {
    const { groups, warnings } = calibrateByGroups(six, predicted, 5.5, { cuts: [0, 0.15, 0.19, 0.3, 1] });
    expect(groups.map((g) => g.observed)).toEqual([null, null, 0, 2 / 3]);
    expect(groups.map((g) => g.predicted)).toEqual([0.1, null, 0.2, expect.closeTo(2 / 3, 12)]);
    expect(groups[2]).toMatchObject({ standardError: null, lower: null });
    expect(warnings.map((w) => w.subject)).toEqual(['0', '1']);
    expect(calibrateByGroups(six, predicted, 7, { groups: 1 }).groups[0].observed).toBeNull();
  });

  it.each<[string, () => unknown, string]>([
    [
      'a prediction above 1',
      () =>
        calibrateByGroups(
          six,
          predicted.map((p) => p + 0.2),
          3,
        ),
      'ARGUMENT_INVALID',
    ],
    [
      'a prediction of NaN',
      () =>
        calibrateByGroups(
          six,
          predicted.map(() => Number.NaN),
          3,
        ),
      'ARGUMENT_INVALID',
    ],
    ['too few predictions', () => calibrateByGroups(six, predicted.slice(1), 3), 'LENGTH_MISMATCH'],
    ['more groups than rows', () => calibrateByGroups(six, predicted, 3, { groups: 7 }), 'ARGUMENT_INVALID'],
    [
      'cuts that leave a row out',
      () => calibrateByGroups(six, predicted, 3, { cuts: [0.2, 1] }),
      'ARGUMENT_INVALID',
    ],
    [
      'cuts that fall',
      () => calibrateByGroups(six, predicted, 3, { cuts: [0, 0.5, 0.4, 1] }),
      'ARGUMENT_INVALID',
    ],
    ['a horizon of −1', () => calibrateByGroups(six, predicted, -1), 'ARGUMENT_INVALID'],
    [
      'weights',
      () => calibrateByGroups({ ...six, weights: new Float64Array(6).fill(1) }, predicted, 3),
      'ARGUMENT_INVALID',
    ],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});

describe('calibrateCox', () => {
  it('gives the same bits whoever evaluates the resamples, in whatever order', () => {
    const whole = calibrateCox(data, covariates, 5, { resamples: 12, seed: 3 });
    const problem = structuredClone(calibrationProblem(data, covariates, 5));
    const samples = Array.from({ length: 12 }, (_, b) => 11 - b)
      .map((b) => resampleCalibration(problem, bootstrapRows(120, 3, b)))
      .reverse();
    expect(combineCalibration(problem, samples)).toEqual(whole);
    expect(calibrateCox(data, covariates, 5, { resamples: 12, seed: 4 })).not.toEqual(whole);
  });

  it('yields every resample', () => {
    const steps = calibrateCoxSteps(data, covariates, 5, { resamples: 3 });
    expect([...steps]).toEqual([1, 2, 3].map((done) => ({ done, resamples: 3 })));
  });

  it('corrects what is observed by the optimism', () => {
    const { groups, warnings } = calibrateCox(data, covariates, 5, { groups: 4, resamples: 20 });
    expect(warnings).toEqual([]);
    for (const g of groups) {
      expect(g.resamples).toBe(20);
      expect(g.corrected).toBeCloseTo((g.observed ?? 0) - ((g.training ?? 0) - (g.test ?? 0)), 12);
    }
  });

  it('leaves out resamples without a model, and says so', () => {
    const early = data.time.findIndex((t, i) => data.event[i] === 1 && t > 2 && t < 4);
    const rare = Float64Array.from({ length: 120 }, (_, i) => (i === early ? 1 : 0));
    const design = { names: ['x', 'rare'], columns: [covariates.columns[0], rare] };
    const { groups, warnings } = calibrateCox(data, design, 5, { resamples: 20 });
    expect(warnings).toMatchObject([{ code: 'RESAMPLES_FAILED' }]);
    expect(groups[0].resamples).toBeLessThan(20);
    expect(groups[0].resamples).toBeGreaterThan(5);
  });

  it('does without a covariate that the model drops', () => {
    const twice = covariates.columns[0].map((x) => 2 * x);
    const doubled = { names: ['x', 'twice'], columns: [covariates.columns[0], twice] };
    const options = { resamples: 3, seed: 1 };
    expect(calibrateCox(data, doubled, 5, options)).toEqual(calibrateCox(data, covariates, 5, options));
  });

  it.each<[string, () => unknown, string]>([
    ['no resamples', () => calibrateCox(data, covariates, 5, { resamples: 0 }), 'ARGUMENT_INVALID'],
    [
      'a resample of an absent row',
      () => calibrateCox(data, covariates, 5, { resamples: [[0, 120]] }),
      'ARGUMENT_INVALID',
    ],
    [
      'a constant covariate',
      () => calibrateCox(data, { names: ['c'], columns: [new Float64Array(120)] }, 5),
      'COVARIATE_INVALID',
    ],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });

  it('does not hide a defect as a failed resample', () => {
    const bug = new TypeError('a defect');
    expect(() =>
      unlessUnestimable(() => {
        throw bug;
      }),
    ).toThrow(bug);
  });
});

describe('calibrateSmoothly', () => {
  it('is near the truth for true predictions, and away from it for false ones', () => {
    const large = cohort(2000, 2);
    const good = calibrateSmoothly(large.data, large.truth, 5);
    expect(good.ici).toBeLessThan(0.03);
    expect(good.curve.length).toBe(100);
    const wrong = calibrateSmoothly(
      large.data,
      large.truth.map((s) => s * s),
      5,
    );
    expect(wrong.ici).toBeGreaterThan(5 * good.ici);
    // A monotone map of the prediction does not move what is observed by much: the spline follows it.
    expect(wrong.observed[0]).toBeCloseTo(good.observed[0], 2);
  });

  it('takes predictions of 0 and 1, and few different ones', () => {
    const edge = truth.map((s, i) => (i % 3 === 0 ? 0 : i % 3 === 1 ? 1 : s));
    const { curve, observed } = calibrateSmoothly(data, edge, 5);
    for (const p of [...curve.flatMap((c) => Object.values(c)), ...observed])
      expect(p).toBeGreaterThanOrEqual(0);
    const two = truth.map((s) => (s > 0.6 ? 0.8 : 0.4));
    const { ici, e50, e90, maximum } = calibrateSmoothly(data, two, 5);
    expect(ici).toBeGreaterThanOrEqual(Math.min(e50, e90));
    expect(maximum).toBeGreaterThanOrEqual(e90);
  });

  it.each<[string, () => unknown, string]>([
    [
      'equal predictions',
      () =>
        calibrateSmoothly(
          data,
          truth.map(() => 0.5),
          5,
        ),
      'COVARIATE_INVALID',
    ],
    ['two knots', () => calibrateSmoothly(data, truth, 5, { knots: 2 }), 'ARGUMENT_INVALID'],
    ['one point', () => calibrateSmoothly(data, truth, 5, { points: 1 }), 'ARGUMENT_INVALID'],
    [
      'strata',
      () => calibrateSmoothly({ ...data, strata: new Int32Array(120) }, truth, 5),
      'ARGUMENT_INVALID',
    ],
    [
      'five rows',
      () =>
        calibrateSmoothly(
          { time: data.time.slice(0, 5), event: data.event.slice(0, 5) },
          truth.slice(0, 5),
          5,
        ),
      'NO_OBSERVATIONS',
    ],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});
