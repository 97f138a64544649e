export {
  type CohortTable,
  type CovariateColumn,
  completeRows,
  type DesignMatrix,
  designMatrix,
} from './cohort-table.ts';
export {
  fitPrognosis,
  type PrognosisResult,
  type PrognosisSpecification,
  prognosisVersion,
  type RowPrediction,
  replayPrognosis,
} from './prognosis.ts';
export type * from './prognosis-event.ts';
export { assessRiskGroups } from './risk-groups.ts';
export { type Split, type SplitSpecification, splitRows } from './split.ts';
export { type TimeUnit, timeUnits } from './time-unit.ts';
