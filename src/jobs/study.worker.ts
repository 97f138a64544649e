import {
  fitStudy,
  type StudyData,
  type StudyResult,
  type StudySpecification,
} from '../engine/study/index.ts';
import { type StreamedTask, streamSteps } from './stream-steps.ts';
import type { ThreadResult } from './thread-result.ts';

export interface StudyTask extends StreamedTask {
  readonly data: StudyData;
  readonly specification: StudySpecification;
}

/** The whole study but for the repeated selection. */
export default function study(task: StudyTask): Promise<ThreadResult<StudyResult>> {
  return streamSteps(task, () => fitStudy(task.data, task.specification));
}
