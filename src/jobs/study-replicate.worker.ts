import {
  replicateStudy,
  type StudyData,
  type StudyReplicate,
  type StudySpecification,
} from '../engine/study/index.ts';
import { planStudy, type StudyPlan } from '../engine/study/study-plan.ts';
import { asThreadResult, type ThreadResult } from './thread-result.ts';

export interface StudyReplicateTask {
  /** Which run it is for: all its replicates have the same data and specification. */
  readonly runId: string;
  readonly data: StudyData;
  readonly specification: StudySpecification;
  readonly replicate: number;
}

/** What all replicates of a run begin with is worked out once a thread. */
let last: { readonly runId: string; readonly plan: StudyPlan } | undefined;

/** One resample in which the whole selection is repeated. */
export default function studyReplicate(task: StudyReplicateTask): Promise<ThreadResult<StudyReplicate[]>> {
  const { runId, data, specification, replicate } = task;
  return asThreadResult(() => {
    if (last?.runId !== runId) last = { runId, plan: planStudy(data, specification) };
    return replicateStudy(data, specification, replicate, last.plan);
  });
}
