export { type AdaptiveOptions, adaptiveFactors } from './adaptive-factors.ts';
export { adjustScreening, type ScreeningTest } from './adjusted-screening.ts';
export {
  type BootstrapOptions,
  type BootstrapStep,
  bootstrapRows,
} from './bootstrap.ts';
export type { ResampledEstimate } from './bootstrap-interval.ts';
export {
  type Calibration,
  type CalibrationOptions,
  type CalibrationProblem,
  type CorrectedGroup,
  calibrateCox,
  calibrateCoxSteps,
  calibrationProblem,
  combineCalibration,
  resampleCalibration,
} from './calibration.ts';
export {
  type CalibrationGroup,
  type CalibrationGroupOptions,
  type CalibrationGroups,
  calibrateByGroups,
} from './calibration-groups.ts';
export type { ChiSquareTest } from './chi-square-test.ts';
export { type ConcordanceComparison, compareConcordance } from './compare-concordance.ts';
export { type Concordance, type ConcordanceOptions, concordance } from './concordance.ts';
export {
  bootstrapConcordanceDifference,
  bootstrapConcordanceDifferenceSteps,
  type ConcordanceDifferenceProblem,
  type ResampledConcordance,
  resampleConcordanceDifference,
} from './concordance-difference.ts';
export type { ConfidenceScale } from './confidence.ts';
export type { Covariates } from './covariates.ts';
export { type CoxOptions, fitCox, fitCoxSteps } from './cox.ts';
export { type BaselineStratum, type CoxBaseline, coxBaseline } from './cox-baseline.ts';
export type { CoxFit, CoxTerm, RidgeFit } from './cox-fit.ts';
export type { CoxStep } from './cox-newton.ts';
export { type CoxResiduals, coxResiduals, type SchoenfeldResiduals } from './cox-residuals.ts';
export { randomFolds } from './cross-validation-folds.ts';
export {
  type CauseIncidence,
  type CumulativeIncidence,
  type CumulativeIncidenceOptions,
  cumulativeIncidence,
  cumulativeIncidenceByGroup,
  type GroupIncidence,
} from './cumulative-incidence.ts';
export { type Cutpoint, type CutpointOptions, type CutpointP, findCutpoint } from './cutpoint.ts';
export { type DecisionCurve, type DecisionPoint, decisionCurve } from './decision-curve.ts';
export { type FastBackwardOptions, type FastBackwardResult, fastBackward } from './fast-backward.ts';
export { type GrayTestOptions, grayTest } from './gray-test.ts';
export type { GroupComparisonTest } from './group-comparison.ts';
export type { Ties } from './hazard.ts';
export {
  type GroupCurve,
  type KaplanMeierCurve,
  type KaplanMeierOptions,
  kaplanMeier,
  kaplanMeierByGroup,
} from './kaplan-meier.ts';
export { linearPredictor } from './linear-predictor.ts';
export { type LogRankTest, type LogRankWeight, logRank } from './log-rank.ts';
export type { ModelTerm } from './model-terms.ts';
export {
  type GroupHazard,
  type HazardVariance,
  type NelsonAalenCurve,
  type NelsonAalenOptions,
  nelsonAalen,
  nelsonAalenByGroup,
} from './nelson-aalen.ts';
export { type Nomogram, type NomogramOptions, nomogram } from './nomogram.ts';
export type { FactorColumns, NomogramAxis, NomogramTick } from './nomogram-axis.ts';
export { type NomogramScore, scoreByNomogram } from './nomogram-score.ts';
export type { CorrectedMeasure, OptimismSample } from './optimism.ts';
export {
  type PairComparison,
  type PairwiseLogRankOptions,
  pairwiseLogRank,
} from './pairwise-log-rank.ts';
export {
  type CrossValidation,
  combineFolds,
  crossValidate,
  crossValidateSteps,
} from './penalised-cross-validation.ts';
export {
  type CrossValidationOptions,
  type CrossValidationStep,
  crossValidateFold,
  type FoldResult,
} from './penalised-fold.ts';
export {
  fitPenalisedCox,
  fitPenalisedCoxSteps,
  type PathPoint,
  type PenalisedOptions,
  type PenalisedPath,
  penaltySequence,
} from './penalised-path.ts';
export {
  type PredictedCurve,
  type PredictingModel,
  type PredictionOptions,
  predictedMedian,
  predictSurvival,
} from './predicted-survival.ts';
export { predictSurvivalAt } from './predicted-survival-at.ts';
export { integratedBrier, type PredictionError, predictionErrors } from './prediction-error.ts';
export {
  type ProportionalHazardsOptions,
  type ProportionalHazardsTest,
  type TimeTransform,
  testProportionalHazards,
} from './proportional-hazards.ts';
export {
  type NetReclassification,
  type Reclassification,
  type ReclassificationOptions,
  type ReclassificationProblem,
  reclassify,
  reclassifySteps,
  resampleReclassification,
} from './reclassification.ts';
export {
  combineRelaxedFolds,
  crossValidateRelaxed,
  crossValidateRelaxedFold,
  crossValidateRelaxedSteps,
  type MixturePlace,
  type MixtureValidation,
  type RelaxedCrossValidation,
  type RelaxedCrossValidationOptions,
  type RelaxedStep,
} from './relaxed-cross-validation.ts';
export { blendPoint, type RelaxedPath, relaxPath, relaxPathSteps } from './relaxed-path.ts';
export { restrictedMean } from './restricted-mean.ts';
export type { RidgePenalty } from './ridge-penalty.ts';
export {
  type ScreenedFeature,
  type ScreeningOptions,
  screenFeatures,
  screenFeaturesSteps,
} from './screening.ts';
export {
  calibrateSmoothly,
  type SmoothCalibration,
  type SmoothCalibrationOptions,
  type SmoothCalibrationPoint,
} from './smooth-calibration.ts';
export {
  type EliminationResult,
  eliminateByP,
  type StepwiseOptions,
  type StepwiseResult,
  type StepwiseStep,
  stepwiseCox,
} from './stepwise.ts';
export { type SurvivalAt, survivalAt } from './survival-at.ts';
export type { SurvivalAxis } from './survival-axis.ts';
export { checkSurvivalData, type SurvivalData } from './survival-data.ts';
export { type Quantile, type SurvivalSteps, survivalQuantile } from './survival-quantile.ts';
export { type TimeDependentAuc, timeDependentAuc } from './time-dependent-auc.ts';
export type { TimeWeight } from './time-weights.ts';
export {
  combineValidation,
  resampleValidation,
  VALIDATION_INDEXES,
  type ValidatedIndex,
  type Validation,
  type ValidationOptions,
  type ValidationProblem,
  validateCox,
  validateCoxSteps,
  validationProblem,
} from './validation.ts';
