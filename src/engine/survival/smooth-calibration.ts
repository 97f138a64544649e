import { Failure } from '../failure.ts';
import { requireProbability } from '../statistics/argument.ts';
import { quantiles } from '../statistics/quantiles.ts';
import type { Warning } from '../warning.ts';
import type { Covariates } from './covariates.ts';
import { fitCox } from './cox.ts';
import { coxBaseline } from './cox-baseline.ts';
import { refuseParts } from './plain-data.ts';
import { predictSurvival } from './predicted-survival.ts';
import { predictSurvivalAt } from './predicted-survival-at.ts';
import { splineColumns, splineKnots } from './restricted-cubic-spline.ts';
import { checkHorizon } from './survival-axis.ts';
import { checkLength, checkSurvivalData, type SurvivalData } from './survival-data.ts';

export interface SmoothCalibrationOptions {
  /** Of the spline; default 3. */
  readonly knots?: number;
  /** Points of the curve; default 100. */
  readonly points?: number;
  /** Of the curve's pointwise limits; default 0.95. */
  readonly level?: number;
}

export interface SmoothCalibration {
  readonly horizon: number;
  /** Evenly from the 1st to the 99th percentile of the predicted survival. */
  readonly curve: readonly SmoothCalibrationPoint[];
  /** By row: the survival at the horizon that the data show where so much is predicted. */
  readonly observed: Float64Array;
  /** Mean, median, 90th percentile and maximum of |observed − predicted| over the rows. */
  readonly ici: number;
  readonly e50: number;
  readonly e90: number;
  readonly maximum: number;
  readonly warnings: readonly Warning[];
}

export interface SmoothCalibrationPoint {
  readonly predicted: number;
  readonly observed: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The smooth calibration curve of predicted survival at a horizon: a Cox model of the outcome on log(−log S), S the
 * prediction, as a restricted cubic spline tells what survival the data show at each prediction; with the integrated
 * calibration index and its like.
 *
 * Predictions are taken no closer to 0 and 1 than 1e-12. Where too few of them differ for the knots asked for, the
 * spline has fewer, or is a line.
 *
 * Reference: Austin, Harrell & van Klaveren 2020, Statistics in Medicine 39: 2714.
 *
 * @param predicted survival at the horizon, one probability a row.
 * @throws Failure of `checkSurvivalData`; of `fitCox` (all predictions equal: COVARIATE_INVALID); LENGTH_MISMATCH;
 * NO_OBSERVATIONS (fewer than ten rows); FIT_FAILED (the prediction separates events from non-events); ARGUMENT_INVALID
 * (a prediction that is no probability, the horizon, an option, weights or strata).
 */
export function calibrateSmoothly(
  data: SurvivalData,
  predicted: Float64Array,
  horizon: number,
  options: SmoothCalibrationOptions = {},
): SmoothCalibration {
  const { knots: count = 3, points = 100, level = 0.95 } = options;
  check(data, predicted, horizon, points);
  const x = predicted.map(complementary);
  const knots = splineKnots(x, count);
  const design = spline(x, knots);
  const model = fitCox(data, design);
  if (model.infinite.length > 0) {
    const message = 'The predictions separate events from non-events: there is no calibration curve.';
    throw new Failure('FIT_FAILED', message, { infinite: [...model.infinite] });
  }
  const baseline = coxBaseline(model, data, design);
  const observed = predictSurvivalAt(model, baseline, design, horizon);
  const [from, to] = quantiles(predicted, [0.01, 0.99]);
  const grid = Float64Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  const curve = predictSurvival(model, baseline, spline(grid.map(complementary), knots), {
    times: [horizon],
    confidence: 'log-log',
    level,
  }).map(({ survival, lower, upper }, i) => ({
    predicted: grid[i],
    observed: survival[0],
    lower: lower[0],
    upper: upper[0],
  }));
  const errors = observed.map((s, row) => Math.abs(s - predicted[row]));
  const [e50, e90, maximum] = quantiles(errors, [0.5, 0.9, 1]);
  const ici = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return { horizon, curve, observed, ici, e50, e90, maximum, warnings: model.warnings };
}

function complementary(survival: number): number {
  return Math.log(-Math.log(Math.min(1 - 1e-12, Math.max(1e-12, survival))));
}

function spline(x: Float64Array, knots: readonly number[]): Covariates {
  const columns = splineColumns(x, knots);
  return { names: columns.map((_, j) => (j === 0 ? 'log(-log S)' : `spline ${j}`)), columns };
}

function check(data: SurvivalData, predicted: Float64Array, horizon: number, points: number): void {
  checkSurvivalData(data);
  refuseParts(data, ['weights', 'strata'], 'A calibration curve');
  checkHorizon('horizon', horizon);
  checkLength('predicted', predicted.length, data.time.length);
  for (let i = 0; i < predicted.length; i++) requireProbability(`predicted[${i}]`, predicted[i]);
  if (Number.isInteger(points) && points >= 2 && points <= 100_000) return;
  const message = `points is ${points}, not a whole number from 2 to 100000.`;
  throw new Failure('ARGUMENT_INVALID', message, { argument: 'points', value: String(points) });
}
