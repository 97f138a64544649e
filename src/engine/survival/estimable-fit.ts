import { Failure } from '../failure.ts';
import type { Covariates } from './covariates.ts';
import { type CoxOptions, fitCox } from './cox.ts';
import type { CoxFit } from './cox-fit.ts';
import type { SurvivalData } from './survival-data.ts';

/**
 * A Cox model whose every coefficient is finite and determined: what a resample must give to count. A level that a
 * resample misses, or that it separates, would otherwise be judged by a coefficient that means nothing.
 *
 * @throws Failure of `fitCox`; FIT_FAILED naming the covariates.
 */
export function estimableFit(
  data: SurvivalData,
  covariates: Covariates,
  options: Pick<CoxOptions, 'ties' | 'initial'>,
): CoxFit {
  const model = fitCox(data, covariates, options);
  const bad = [...model.infinite, ...model.dropped];
  if (bad.length === 0 && model.converged) return model;
  const message =
    bad.length > 0
      ? `The coefficients of ${bad.join(', ')} cannot be estimated.`
      : `No maximum was found in ${model.iterations} steps.`;
  throw new Failure('FIT_FAILED', message, { covariates: bad });
}

/** The covariates that a model kept. */
export function withoutDropped({ names, columns }: Covariates, { dropped }: CoxFit): Covariates {
  if (dropped.length === 0) return { names, columns };
  const kept = names.map((_, j) => j).filter((j) => !dropped.includes(names[j]));
  return { names: kept.map((j) => names[j]), columns: kept.map((j) => columns[j]) };
}
