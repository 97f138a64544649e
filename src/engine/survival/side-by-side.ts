import { ColumnRequest } from './column-request.ts';
import { type PenalisedDesign } from './penalised-design.ts';

/** A calculation on a design that yields its progress, and what it asks of the columns. */
export type Job<Step, Result> = Generator<ColumnRequest | Step, Result, void>;

/**
 * Runs jobs on a design, as many at a time as it serves side by side. Yields the progress of each in the order of the jobs:
 * of the first that is not done as it comes, of the others when it is their turn.
 *
 * @returns the jobs' results.
 */
export function* runSideBySide<Step, Result>(
  design: PenalisedDesign,
  jobs: readonly Job<Step, Result>[],
): Generator<Step, Result[], void> {
  const results = new Array<Result>(jobs.length);
  const waiting = jobs.map((): Step[] => []);
  const requests = new Map<number, ColumnRequest>();
  const isDone = new Uint8Array(jobs.length);
  let running: number[] = [];
  let begun = 0;
  let front = 0;
  for (;;) {
    while (running.length < design.sideBySide && begun < jobs.length) running.push(begun++);
    if (running.length === 0) return results;
    for (const job of running) {
      if (requests.has(job)) continue;
      let next = jobs[job].next();
      for (; !next.done && !(next.value instanceof ColumnRequest); next = jobs[job].next()) {
        if (job === front) yield next.value;
        else waiting[job].push(next.value);
      }
      if (!next.done) {
        requests.set(job, next.value as ColumnRequest);
        continue;
      }
      results[job] = next.value;
      isDone[job] = 1;
      while (front < jobs.length && isDone[front] === 1) {
        front++;
        if (front < jobs.length) yield* waiting[front].splice(0);
      }
    }
    running = running.filter((job) => isDone[job] === 0);
    const answered = most(requests);
    design.serve(answered.map(([, request]) => request));
    for (const [job] of answered) requests.delete(job);
  }
}

/** Those of the precision that most are of: columns of the other are read when more ask for them. */
function most(requests: ReadonlyMap<number, ColumnRequest>): [number, ColumnRequest][] {
  const all = [...requests];
  if (all.length < 2) return all;
  const single = all.filter(([, { precision }]) => precision === 'single');
  if (2 * single.length >= all.length) return single;
  return all.filter(([, { precision }]) => precision === 'double');
}
