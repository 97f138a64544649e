import type { JobEventBody } from './job-event.ts';
import type { JobRun } from './job-run.ts';

/** Events a statement. */
const batchSize = 500;

/**
 * Writes a job's events in the order in which they are added. Those that come while a write is under way go together in
 * the next one, so that the database does not set the pace of many small events, and few wait for nothing.
 */
export class EventWriter {
  readonly #run: JobRun;
  #pending: JobEventBody[] = [];
  #writing: Promise<void> | undefined;

  constructor(run: JobRun) {
    this.#run = run;
  }

  add(...events: readonly JobEventBody[]): void {
    if (events.length === 0) return;
    this.#pending.push(...events);
    this.#writing ??= this.#write();
    // A failure is heard of in `flush`, but not where the work itself fails first, by cancellation say.
    this.#writing.catch(() => {});
  }

  /** Waits until all is written. Throws what kept the job from writing: then nothing that was added later is. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#pending.length > 0) await this.#run.emit(this.#pending.splice(0, batchSize));
    this.#writing = undefined;
  }
}
