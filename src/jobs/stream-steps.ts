import type { MessagePort } from 'node:worker_threads';
import { Failure } from '../engine/failure.ts';
import { asThreadResult, type ThreadResult } from './thread-result.ts';

/** How a task in a worker thread tells of its steps, and how it hears that nobody wants it any more. */
export interface StreamedTask {
  /** Takes each event as it happens. */
  readonly events: MessagePort;
  /** One element that becomes 1 when the work is no longer wanted. */
  readonly cancelled: Int32Array;
}

/** Runs a generator of events in a worker thread to its result; ends with `JOB_CANCELLED` between two events. */
export function streamSteps<Event, Result>(
  { events, cancelled }: StreamedTask,
  begin: () => Generator<Event, Result, void>,
): Promise<ThreadResult<Result>> {
  return asThreadResult(() => {
    try {
      const steps = begin();
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        if (Atomics.load(cancelled, 0) === 1) throw new Failure('JOB_CANCELLED', 'the work was cancelled');
        events.postMessage(step.value);
      }
    } finally {
      events.close();
    }
  });
}
