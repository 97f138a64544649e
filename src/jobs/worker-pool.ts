import { setFlagsFromString } from 'node:v8';
import { Piscina } from 'piscina';

/** Worker threads, begun as they are needed, that take one task at a time, below the event loop's priority where the system allows it. */
export function workerPool(count: number): Piscina {
  // Arrays count towards the heap: from V8's usual start of some 30 MiB it would be marked anew for each region or fold, by
  // helper threads that then compete with the other workers for the processor. Applies to heaps that begin after this.
  setFlagsFromString('--initial-heap-size=128');
  return new Piscina({
    minThreads: 0,
    maxThreads: count,
    idleTimeout: 30_000,
    concurrentTasksPerWorker: 1,
    niceIncrement: 10,
    // A worker that sleeps in Atomics.wait for its next task would not get round to closing the port of its last one.
    atomics: 'disabled',
  });
}
