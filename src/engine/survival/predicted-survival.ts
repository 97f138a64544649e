import { Failure } from '../failure.ts';
import { type ConfidenceScale, levelQuantile, survivalInterval } from './confidence.ts';
import type { Covariates } from './covariates.ts';
import { type BaselineStratum, type CoxBaseline, checkModelCovariates } from './cox-baseline.ts';
import type { CoxFit } from './cox-fit.ts';
import { linearPredictor } from './linear-predictor.ts';
import { countUpTo } from './survival-at.ts';
import { type Quantile, survivalQuantile } from './survival-quantile.ts';

export interface PredictionOptions {
  /** Where to read the curve; default every time of the baseline. */
  readonly times?: ArrayLike<number>;
  /** The stratum of each new row; default the only one. */
  readonly strata?: Int32Array;
  /** Default 'log'. */
  readonly confidence?: ConfidenceScale;
  /** Default 0.95. */
  readonly level?: number;
}

/** What of a fitted Cox model a prediction needs. */
export type PredictingModel = Pick<CoxFit, 'names' | 'coefficients' | 'means' | 'covariance'>;

/** The survival curve that a Cox model predicts for one row. */
export interface PredictedCurve {
  readonly time: Float64Array;
  readonly cumulativeHazard: Float64Array;
  /** exp(−cumulative hazard). */
  readonly survival: Float64Array;
  /** Of the cumulative hazard, that is, of −log survival; the coefficients' uncertainty is in it. */
  readonly standardError: Float64Array;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/**
 * Survival curves of new patients under a fitted Cox model, with pointwise confidence limits.
 *
 * References: Tsiatis 1981; Therneau & Grambsch 2000, §10.2; R package survival, `survfit.coxph`.
 *
 * @param covariates one row a new patient, the model's columns.
 * @throws Failure LENGTH_MISMATCH, COVARIATE_INVALID, ARGUMENT_INVALID (level; a stratum that the baseline lacks, or
 * none given where it has several).
 */
export function predictSurvival(
  model: PredictingModel,
  baseline: CoxBaseline,
  covariates: Covariates,
  options: PredictionOptions = {},
): PredictedCurve[] {
  const { confidence = 'log', level = 0.95 } = options;
  const z = levelQuantile(level);
  const rows = covariates.columns[0]?.length ?? 0;
  checkModelCovariates(model, covariates, rows);
  const predictor = linearPredictor(model, covariates);
  return Array.from(predictor, (lp, row) => {
    const stratum = findStratum(baseline, options.strata, row);
    const x = Float64Array.from(covariates.columns, (column, j) => column[row] - model.means[j]);
    return predictRow(model, stratum, x, lp, options.times, (s, e) => survivalInterval(confidence, s, e, z));
  });
}

/** The median survival, with limits, of a predicted curve over all times of its baseline. */
export function predictedMedian(curve: PredictedCurve): Quantile {
  return survivalQuantile(curve, 0.5);
}

function predictRow(
  model: PredictingModel,
  stratum: BaselineStratum,
  x: Float64Array,
  lp: number,
  times: ArrayLike<number> | undefined,
  interval: (survival: number, error: number) => { lower: number; upper: number },
): PredictedCurve {
  const p = x.length;
  const time = times ? Float64Array.from(times) : stratum.time;
  const cumulativeHazard = new Float64Array(time.length);
  const survival = new Float64Array(time.length);
  const standardError = new Float64Array(time.length);
  const lower: number[] = [];
  const upper: number[] = [];
  const relative = Math.exp(lp);
  const lever = new Float64Array(p);
  for (let i = 0; i < time.length; i++) {
    const k = times ? countUpTo(stratum.time, time[i], true) - 1 : i;
    if (k >= 0) {
      const hazard = stratum.cumulativeHazard[k];
      for (let j = 0; j < p; j++) lever[j] = hazard * x[j] - stratum.meanIntegral[k * p + j];
      let variance = stratum.hazardVariance[k];
      for (let a = 0; a < p; a++) {
        for (let b = 0; b < p; b++) variance += lever[a] * lever[b] * model.covariance[a * p + b];
      }
      cumulativeHazard[i] = relative * hazard;
      standardError[i] = relative * Math.sqrt(Math.max(0, variance));
    }
    survival[i] = Math.exp(-cumulativeHazard[i]);
    const limits = survival[i] > 0 ? interval(survival[i], standardError[i]) : { lower: 0, upper: 0 };
    lower.push(limits.lower);
    upper.push(limits.upper);
  }
  return { time, cumulativeHazard, survival, standardError, lower, upper };
}

function findStratum(baseline: CoxBaseline, strata: Int32Array | undefined, row: number): BaselineStratum {
  if (!strata && baseline.strata.length === 1) return baseline.strata[0];
  const label = strata?.[row];
  const found = baseline.strata.find((s) => s.stratum === label);
  if (found) return found;
  const message = `Row ${row} has the stratum ${label}, which the baseline does not have.`;
  throw new Failure('ARGUMENT_INVALID', message, { argument: 'strata', index: row, value: String(label) });
}
