import { bootstrapRows, borrowCovariates, takeRows, unlessUnestimable } from '../survival/bootstrap.ts';
import {
  type Covariates,
  concordance,
  fitCox,
  linearPredictor,
  type SurvivalData,
} from '../survival/index.ts';
import { OptimismEstimate } from './optimism.ts';
import type { ConcordanceCorrected } from './study-event.ts';
import type { Optimism } from './study-result.ts';
import type { StudySpecification } from './study-specification.ts';

/**
 * Corrects the C-index of a finished model by refitting its terms in bootstrap resamples of the training patients. That
 * the terms were selected on the same patients is not corrected: see `replicateStudy`.
 */
export function* bootstrapOptimism(
  data: SurvivalData,
  design: Covariates,
  apparent: number | null,
  scope: { endpoint: string; model: string },
  { replicates, seed }: StudySpecification,
): Generator<ConcordanceCorrected, Optimism | null, void> {
  if (apparent === null || replicates === 0) return null;
  const estimate = new OptimismEstimate(scope, 'HARRELL', apparent, replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const rows = bootstrapRows(data.time.length, seed, replicate);
    const resample = takeRows(data, rows);
    const covariates = borrowCovariates(design, rows);
    yield* estimate.add(
      unlessUnestimable(() => {
        const fit = fitCox(resample, covariates);
        const training = concordance(resample, linearPredictor(fit, covariates)).concordance;
        const test = concordance(data, linearPredictor(fit, design)).concordance;
        return training === null || test === null ? null : { training, test };
      }),
    );
  }
  return estimate.result();
}
