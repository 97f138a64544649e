import type { DataSource, EntityManager } from 'typeorm';
import type { Job } from '../store/entities/job.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { EventLog } from './event-log.ts';
import type { JobEventBody } from './job-event.ts';
import type { Threads } from './threads.ts';

/** What a job's code has at hand while it runs. */
export interface JobRun {
  readonly job: Job;
  readonly dataSource: DataSource;
  readonly objects: ObjectStore;
  readonly threads: Threads;
  /** The logs of all jobs; its own by `emit`. */
  readonly events: EventLog;
  /** Fires when the job was cancelled or the process is to stop. */
  readonly signal: AbortSignal;
  /** Writes events to the job's log, as part of the manager's transaction where one is given. Throws once the job has ended. */
  emit(events: readonly JobEventBody[], manager?: EntityManager): Promise<void>;
}
