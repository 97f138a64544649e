import { Failure } from '../failure.ts';
import type { Warning } from '../warning.ts';
import { axisTicks } from './axis-ticks.ts';
import type { Covariates } from './covariates.ts';
import { type CoxBaseline, checkModelCovariates } from './cox-baseline.ts';
import type { CoxFit } from './cox-fit.ts';
import { type FactorColumns, type NomogramAxis, nomogramAxes } from './nomogram-axis.ts';
import { type SurvivalAxis, survivalAxes } from './survival-axis.ts';

export interface NomogramOptions {
  /** Times at which survival is read off; each gets an axis. */
  readonly horizons: ArrayLike<number>;
  /** Which covariates are the columns of one factor. */
  readonly factors?: readonly FactorColumns[];
  /** Points of the longest axis; default 100. */
  readonly maximum?: number;
}

/** A nomogram as plain data: every axis with its ticks, ready to be drawn, and what scores a new patient. */
export interface Nomogram {
  /** Points that one unit of the linear predictor is worth, and points of the longest axis. */
  readonly pointsPerUnit: number;
  readonly maximum: number;
  /** One axis a variable, in the model's order. */
  readonly variables: readonly NomogramAxis[];
  /** Ticks of the axis of the sum of points. */
  readonly totalPoints: readonly number[];
  /** The linear predictor, 0 where every column has its mean, and where on the axis of total points its ticks stand. */
  readonly linearPredictor: readonly { readonly value: number; readonly points: number }[];
  /** Σ coefficient · mean of the column: what is subtracted from Σ coefficient · x. */
  readonly center: number;
  /** By horizon, and within a horizon by stratum. */
  readonly survival: readonly SurvivalAxis[];
  readonly warnings: readonly Warning[];
}

/**
 * The nomogram of a Cox model: each variable's contribution to the linear predictor as points, of which the variable
 * with the widest range has `maximum`; the sum of a patient's points; and the survival that the sum stands for.
 *
 * A variable's points are (xβ − the least xβ on its axis) · pointsPerUnit. A numeric axis has ticks at its values if
 * they are ten or fewer, else at round values that cover the data; a factor's ticks are its levels. Survival at u is
 * S₀(u)^exp(lp). Ticks of a survival axis stand at the exact inverse of that function (rms interpolates a table of
 * 1000 values, which is up to 1e-5 off).
 *
 * References: Banks 1985; Iasonos et al. 2008; R package rms, `nomogram`.
 *
 * @param baseline of the same model.
 * @param covariates the columns that the model was fitted to: their ranges and means make the axes.
 * @throws Failure COVARIATE_INVALID (not the model's columns; a factor's column that is no covariate, or is named
 * twice, or is not 0 or 1), LENGTH_MISMATCH, NO_OBSERVATIONS, ARGUMENT_INVALID (a horizon that is not a positive
 * number; `maximum`), FIT_FAILED (every coefficient is 0, or contributions are out of range).
 */
export function nomogram(
  model: CoxFit,
  baseline: CoxBaseline,
  covariates: Covariates,
  { horizons, factors = [], maximum = 100 }: NomogramOptions,
): Nomogram {
  const rows = covariates.columns[0]?.length ?? 0;
  checkModelCovariates(model, covariates, rows);
  if (rows === 0) throw new Failure('NO_OBSERVATIONS', 'The covariates have no rows.', { rows });
  if (!(maximum > 0 && maximum < Infinity)) {
    const message = `maximum is ${maximum}, not a positive number.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'maximum', value: String(maximum) });
  }
  const lines = nomogramAxes(model, covariates, factors);
  const widest = Math.max(0, ...lines.map((line) => line.greatest - line.least));
  if (!(widest > 0 && widest < Infinity)) {
    const message = `The widest contribution to the linear predictor is ${widest}: there is nothing to draw.`;
    throw new Failure('FIT_FAILED', message, { widest: String(widest) });
  }
  const pointsPerUnit = maximum / widest;
  const variables = lines.map((line) => ({
    ...line,
    ticks: line.ticks.map((tick) => ({ ...tick, points: (tick.contribution - line.least) * pointsPerUnit })),
  }));
  const center = centerOf(model, covariates);
  const atNoPoints = lines.reduce((sum, line) => sum + line.least, 0) - center;
  const predictor = axisTicks(...predictorRange(model, covariates, center));
  const pointsAt = (lp: number) => (lp - atNoPoints) * pointsPerUnit;
  const last = predictor[predictor.length - 1];
  const most = lines.length === 1 ? maximum : Math.max(maximum, pointsAt(last));
  const shift = model.coefficients.reduce((difference, b, j) => difference - b * model.means[j], center);
  const { axes, warnings } = survivalAxes(baseline, horizons, shift, [predictor[0], last], pointsAt);
  return {
    pointsPerUnit,
    maximum,
    variables,
    totalPoints: axisTicks(0, most),
    linearPredictor: predictor.map((value) => ({ value, points: pointsAt(value) })),
    center,
    survival: axes,
    warnings,
  };
}

function centerOf(model: CoxFit, { columns }: Covariates): number {
  return columns.reduce((sum, column, j) => {
    let mean = 0;
    for (let i = 0; i < column.length; i++) mean += (column[i] - mean) / (i + 1);
    return sum + model.coefficients[j] * mean;
  }, 0);
}

function predictorRange(model: CoxFit, { columns }: Covariates, center: number): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < columns[0].length; i++) {
    let lp = -center;
    for (let j = 0; j < columns.length; j++) lp += model.coefficients[j] * columns[j][i];
    if (lp < least) least = lp;
    if (lp > most) most = lp;
  }
  return [least, most];
}
