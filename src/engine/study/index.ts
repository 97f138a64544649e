export { checkStudySpecification } from './check-study-specification.ts';
export {
  type CohortTable,
  type CovariateColumn,
  completeRows,
  type DesignMatrix,
  designMatrix,
} from './cohort-table.ts';
export {
  type PatientPrediction,
  type PredictedSurvival,
  type PredictionModel,
  predictPatient,
} from './prediction-model.ts';
export {
  fitPrognosis,
  type PrognosisResult,
  type PrognosisSpecification,
  prognosisVersion,
  type RowPrediction,
  replayPrognosis,
} from './prognosis.ts';
export type * from './prognosis-event.ts';
export { replicateStudy, StudyOptimism, type StudyReplicate } from './replicate-study.ts';
export { type Split, type SplitSpecification, splitRows } from './split.ts';
export { fitStudy, runStudy, studyVersion } from './study.ts';
export type * from './study-data.ts';
export type * from './study-event.ts';
export { studyStages } from './study-event.ts';
export type * from './study-result.ts';
export type * from './study-specification.ts';
export { studyDefaults } from './study-specification.ts';
export type * from './table-one.ts';
export { type TimeUnit, timeUnits } from './time-unit.ts';
