import { Failure } from '../failure.ts';
import type { Covariates } from './covariates.ts';
import { type CoxBaseline, checkModelCovariates } from './cox-baseline.ts';
import type { CoxFit } from './cox-fit.ts';
import { linearPredictor } from './linear-predictor.ts';
import { countUpTo } from './survival-at.ts';

/**
 * The survival that a Cox model predicts for each row at one time: exp(−H(horizon) exp(lp)). Past the last time of the
 * baseline its last value is carried on. `predictSurvival` gives whole curves with confidence limits.
 *
 * @param strata the stratum of each row; default the only one of the baseline.
 * @throws Failure LENGTH_MISMATCH; COVARIATE_INVALID unless the columns are the model's; ARGUMENT_INVALID for a stratum
 * that the baseline lacks, or none given where it has several.
 */
export function predictSurvivalAt(
  model: CoxFit,
  baseline: CoxBaseline,
  covariates: Covariates,
  horizon: number,
  strata?: Int32Array,
): Float64Array {
  checkModelCovariates(model, covariates, covariates.columns[0]?.length ?? 0);
  const hazards = new Map<number, number>();
  for (const { stratum, time, cumulativeHazard } of baseline.strata) {
    const steps = countUpTo(time, horizon, true);
    hazards.set(stratum, steps === 0 ? 0 : cumulativeHazard[steps - 1]);
  }
  const only = baseline.strata.length === 1 ? baseline.strata[0].stratum : undefined;
  return linearPredictor(model, covariates).map((lp, row) => {
    const hazard = hazards.get(strata?.[row] ?? only ?? Number.NaN);
    if (hazard !== undefined) return Math.exp(-hazard * Math.exp(lp));
    const message = `Row ${row} has the stratum ${strata?.[row]}, which the baseline does not have.`;
    throw new Failure('ARGUMENT_INVALID', message, {
      argument: 'strata',
      index: row,
      value: String(strata?.[row]),
    });
  });
}
