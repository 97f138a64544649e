import { type SurvivalData, screenFeaturesSteps } from '../survival/index.ts';
import type { AttritionLog } from './attrition.ts';
import type { StandardFeature, StandardFeatures } from './feature-columns.ts';
import type { FeaturesScreened, StageBegan, StageEnded, StudyScope } from './study-event.ts';

/** A feature that passed, with the Wald p-value of its own Cox model. */
export interface ScreenedStandardFeature extends StandardFeature {
  readonly p: number;
}

const reportEvery = 1000;

/**
 * Keeps the features whose own Cox model (Efron) has a Wald p below the threshold; a threshold of 1 keeps all that can
 * be estimated. One that separates the events has no Wald test, and falls, as do those that could not be standardised.
 *
 * @param entered how many features there were before they were standardised.
 */
export function* filterUnivariate(
  data: SurvivalData,
  standard: StandardFeatures,
  threshold: number,
  entered: number,
  scope: StudyScope,
  log: AttritionLog,
): Generator<StageBegan | FeaturesScreened | StageEnded, ScreenedStandardFeature[], void> {
  const { features, undefinedCount, constantCount } = standard;
  const total = features.length;
  yield log.begin('UNIVARIATE', entered);
  const kept: ScreenedStandardFeature[] = [];
  let notEstimable = 0;
  let done = 0;
  const columns = { names: features.map(({ name }) => name), columns: features.map(({ values }) => values) };
  for (const { wald, infinite } of screenFeaturesSteps(data, columns)) {
    if (wald === null || infinite) notEstimable++;
    else if (wald < threshold || threshold === 1) kept.push({ ...features[done], p: wald });
    done++;
    if (done % reportEvery === 0 || done === total) {
      yield { type: 'FeaturesScreened', ...scope, done, total, significant: kept.length };
    }
  }
  yield log.end(
    'UNIVARIATE',
    entered,
    kept.map(({ name }) => name),
    {
      UNDEFINED: undefinedCount,
      CONSTANT: constantCount,
      NOT_ESTIMABLE: notEstimable,
      NOT_SIGNIFICANT: total - kept.length - notEstimable,
    },
  );
  return kept;
}
