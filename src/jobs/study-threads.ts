import {
  type StudyData,
  type StudyEvent,
  StudyOptimism,
  type StudyReplicate,
  type StudyResult,
  type StudySpecification,
} from '../engine/study/index.ts';
import type { Threads } from './threads.ts';

export interface StudyRun {
  /** Unique among the runs of the threads. */
  readonly runId: string;
  readonly data: StudyData;
  readonly specification: StudySpecification;
}

/**
 * Runs a study in worker threads, the repeated selection on all of them. What is told and found is the same on any
 * number of threads, in the same order.
 */
export async function runStudyInThreads(
  threads: Threads,
  { runId, data, specification }: StudyRun,
  onEvent: (event: StudyEvent) => void,
  signal: AbortSignal,
): Promise<StudyResult> {
  const fitted = await threads.fitStudy(data, specification, onEvent, signal);
  if (specification.pipelineReplicates === 0) return fitted;
  const optimism = new StudyOptimism(specification, fitted);
  const early = new Map<number, StudyReplicate[]>();
  let due = 0;
  const replicates = Array(specification.pipelineReplicates).keys();
  const lane = async () => {
    for (const replicate of replicates) {
      signal.throwIfAborted();
      early.set(replicate, await threads.replicateStudy({ runId, data, specification, replicate }));
      for (; early.has(due); due++) {
        for (const event of optimism.add(early.get(due) as StudyReplicate[])) onEvent(event);
        early.delete(due);
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: threads.count }, lane));
  const interrupted = lanes.find((ended) => ended.status === 'rejected');
  if (interrupted) throw interrupted.reason;
  return optimism.finish();
}
