import type { MessagePort } from 'node:worker_threads';
import { Failure } from '../engine/failure.ts';
import {
  type CohortTable,
  fitPrognosis,
  type PrognosisResult,
  type PrognosisSpecification,
} from '../engine/study/index.ts';
import { asThreadResult, type ThreadResult } from './thread-result.ts';

export interface CoxFitTask {
  readonly table: CohortTable;
  readonly specification: PrognosisSpecification;
  /** Takes each event as it happens. */
  readonly events: MessagePort;
  /** One element that becomes 1 when the work is no longer wanted. */
  readonly cancelled: Int32Array;
}

export default function coxFit(task: CoxFitTask): Promise<ThreadResult<PrognosisResult>> {
  return asThreadResult(() => {
    try {
      const steps = fitPrognosis(task.table, task.specification);
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        if (Atomics.load(task.cancelled, 0) === 1)
          throw new Failure('JOB_CANCELLED', 'the fit was cancelled');
        task.events.postMessage(step.value);
      }
    } finally {
      task.events.close();
    }
  });
}
