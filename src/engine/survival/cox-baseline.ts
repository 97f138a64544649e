import { Failure } from '../failure.ts';
import { type Covariates, checkCovariates } from './covariates.ts';
import type { CoxFit } from './cox-fit.ts';
import { Hazard, sumRiskSets } from './hazard.ts';
import { linearPredictor } from './linear-predictor.ts';
import { riskSets } from './risk-sets.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';
import { tiedMeans } from './tied-means.ts';

/** What a Cox model needs beside its coefficients to predict survival: no patient's row, only sums over risk sets. */
export interface CoxBaseline {
  readonly names: readonly string[];
  /** One entry a stratum, ascending by label; unstratified data have the one label 0. */
  readonly strata: readonly BaselineStratum[];
}

export interface BaselineStratum {
  readonly stratum: number;
  /** Every distinct time, of events and of censorings, ascending. */
  readonly time: Float64Array;
  /** Of a patient whose linear predictor is 0, that is, at the model's `means`. */
  readonly cumulativeHazard: Float64Array;
  /** Σ of the squared jumps: the variance of the cumulative hazard were the coefficients known. */
  readonly hazardVariance: Float64Array;
  /** ∫ x̄ dΛ up to each time, x̄ the risk set's mean less the model's `means`; row-major, one row a time. */
  readonly meanIntegral: Float64Array;
}

/**
 * The baseline hazard of a fitted Cox model: Breslow's estimator, or Efron's for a fit with Efron's ties.
 *
 * References: Breslow 1974; Tsiatis 1981; Therneau & Grambsch 2000, §10.2; R package survival, `basehaz`, `agsurv`.
 *
 * @param data, covariates, offset those that the model was fitted to.
 * @throws Failure of {@link checkSurvivalData}; LENGTH_MISMATCH; COVARIATE_INVALID unless the covariates are the model's.
 */
export function coxBaseline(
  model: CoxFit,
  data: SurvivalData,
  covariates: Covariates,
  offset?: Float64Array,
): CoxBaseline {
  checkModelCovariates(model, covariates, data.time.length);
  if (offset) checkLength('offset', offset.length, data.time.length);
  const sets = riskSets(data);
  const predictor = linearPredictor(model, covariates);
  const risk = Float64Array.from(
    sets.rows,
    (row, i) => sets.weights[i] * Math.exp(predictor[row] + (offset?.[row] ?? 0)),
  );
  const hazard = new Hazard(sets, model.ties);
  if (!Number.isFinite(hazard.scan(risk))) {
    throw new Failure(
      'FIT_FAILED',
      'The relative risks are out of range: check the offset and the coefficients.',
    );
  }
  const p = model.names.length;
  const count = sets.times.length;
  const means = new Float64Array(count * p);
  const { atRisk } = hazard;
  const { whole, part } = tiedMeans(hazard, sets.deaths);
  const variance = whole.map((w, k) => (w > 0 ? w / atRisk[k] / atRisk[k] : 0));
  const value = new Float64Array(risk.length);
  const sums = new Float64Array(count);
  for (let j = 0; j < p; j++) {
    if (model.coefficients[j] === 0 && model.standardErrors[j] === 0) continue;
    for (let i = 0; i < value.length; i++) {
      value[i] = risk[i] * (covariates.columns[j][sets.rows[i]] - model.means[j]);
    }
    sumRiskSets(sets, value, sums);
    for (let k = 0; k < count; k++) {
      if (sets.deaths[k] === 0) continue;
      let dying = 0;
      for (let i = sets.starts[k]; i < sets.starts[k] + sets.deaths[k]; i++) dying += value[i];
      means[k * p + j] = (whole[k] * (sums[k] / atRisk[k]) - part[k] * (dying / atRisk[k])) / atRisk[k];
    }
  }
  const strata = Array.from(sets.labels, (stratum, s) => {
    const from = sets.strata[s];
    const to = sets.strata[s + 1];
    return {
      stratum,
      time: sets.times.slice(from, to),
      cumulativeHazard: hazard.cumulative.slice(from, to),
      hazardVariance: cumulate(variance.slice(from, to), 1),
      meanIntegral: cumulate(means.slice(from * p, to * p), p),
    };
  });
  return { names: model.names, strata };
}

/** @throws Failure COVARIATE_INVALID unless the columns are the model's, by name and order. */
export function checkModelCovariates(
  model: Pick<CoxFit, 'names'>,
  covariates: Covariates,
  rows: number,
): void {
  checkCovariates(covariates, rows);
  const same =
    covariates.names.length === model.names.length && covariates.names.every((n, j) => n === model.names[j]);
  if (same) return;
  const message = `The covariates are ${covariates.names.join(', ')}; the model's are ${model.names.join(', ')}.`;
  throw new Failure('COVARIATE_INVALID', message, {
    given: [...covariates.names],
    expected: [...model.names],
  });
}

function cumulate(values: Float64Array, stride: number): Float64Array {
  for (let i = stride; i < values.length; i++) values[i] += values[i - stride];
  return values;
}
