import {
  type CohortTable,
  fitPrognosis,
  type PrognosisResult,
  type PrognosisSpecification,
} from '../engine/study/index.ts';
import { type StreamedTask, streamSteps } from './stream-steps.ts';
import type { ThreadResult } from './thread-result.ts';

export interface CoxFitTask extends StreamedTask {
  readonly table: CohortTable;
  readonly specification: PrognosisSpecification;
}

export default function coxFit(task: CoxFitTask): Promise<ThreadResult<PrognosisResult>> {
  return streamSteps(task, () => fitPrognosis(task.table, task.specification));
}
