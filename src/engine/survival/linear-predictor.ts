import type { Covariates } from './covariates.ts';
import type { CoxFit } from './cox-fit.ts';

/**
 * Σ β (x − mean) of each row: the log relative hazard against a patient at the model's `means` (R's
 * `predict(type = "lp", reference = "sample")`). Columns follow the model's names.
 */
export function linearPredictor(
  model: Pick<CoxFit, 'coefficients' | 'means'>,
  covariates: Covariates,
): Float64Array {
  const { coefficients, means } = model;
  const predictor = new Float64Array(covariates.columns[0]?.length ?? 0);
  for (let j = 0; j < coefficients.length; j++) {
    const b = coefficients[j];
    const x = covariates.columns[j];
    if (b !== 0) for (let i = 0; i < predictor.length; i++) predictor[i] += b * (x[i] - means[j]);
  }
  return predictor;
}
