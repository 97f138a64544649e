import type { WorkOptions } from 'pg-boss';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import type { CoxSpecification } from '../store/cox-specification.ts';
import { Job, type JobKind, jobKinds } from '../store/entities/job.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { SpanKind, traced, traceOf } from '../tracing.ts';
import { type CohortErasureSpecification, runCohortErasure } from './cohort-erasure.ts';
import { runCoxFit } from './cox-fit.ts';
import type { EventLog } from './event-log.ts';
import { type ExtractionSpecification, runExtraction } from './extraction.ts';
import type { CohortErased, CoxFitCompleted, ExtractionCompleted, StudyCompleted } from './job-event.ts';
import type { JobRun } from './job-run.ts';
import type { Notifications } from './notifications.ts';
import { type JobQueue, type QueuedJob, queueName } from './queue.ts';
import { runStudy, type StudyJob } from './study.ts';
import type { Threads } from './threads.ts';

/** The work of a kind of job: tells of itself by `run.emit`, and ends in the final event. */
export type JobCode = (
  run: JobRun,
) => Promise<ExtractionCompleted | CoxFitCompleted | StudyCompleted | CohortErased>;

export const jobCodes: Readonly<Record<JobKind, JobCode>> = {
  EXTRACTION: (run) => runExtraction(run, run.job.specification as ExtractionSpecification),
  COX_FIT: (run) => runCoxFit(run, run.job.specification as CoxSpecification),
  STUDY: (run) => runStudy(run, run.job.specification as StudyJob),
  COHORT_ERASURE: (run) => runCohortErasure(run, run.job.specification as CohortErasureSpecification),
};

interface WorkerParts {
  readonly dataSource: DataSource;
  readonly objects: ObjectStore;
  readonly threads: Threads;
  readonly queue: JobQueue;
  readonly events: EventLog;
  readonly notifications: Notifications;
  readonly log: Logger;
  /** In place of the real work: a server for front ends in development has some of its own. */
  readonly codes?: Readonly<Record<JobKind, JobCode>> | undefined;
}

/** Takes jobs off the queue and runs them, one of each kind at a time, until it is stopped. */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #stopping = new AbortController();

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const { queue } = this.#parts;
    for (const kind of jobKinds) {
      let worker = '';
      worker = await queue.boss.work<QueuedJob, void, WorkOptions & { includeMetadata: true }>(
        queueName(kind),
        { includeMetadata: true, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 5 },
        async ([{ data, signal, retryCount, retryLimit }]) => {
          try {
            const attempt = retryCount + 1;
            const span = {
              kind: SpanKind.CONSUMER,
              attributes: { 'nomograph.job.id': data.jobId, 'nomograph.job.attempt': attempt },
              parent: traceOf(data.trace),
            };
            await traced(`job ${kind}`, span, () =>
              this.#run(data.jobId, signal, attempt, retryCount >= retryLimit),
            );
          } finally {
            // Look for the next job at once: pg-boss would first sit out the interval since it began this one.
            queue.boss.notifyWorker(worker);
          }
        },
      );
    }
    await queue.watchLost();
  }

  /** Interrupts what runs; it goes back on the queue, and what it had finished stays. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Interruption());
    await this.#parts.queue.stop();
  }

  async #run(jobId: string, expired: AbortSignal, attempt: number, isLastAttempt: boolean): Promise<void> {
    const { dataSource, events, notifications, objects, threads, log, codes = jobCodes } = this.#parts;
    const job = await dataSource.getRepository(Job).findOneBy({ id: jobId });
    if (!job || !(await events.append(jobId, [{ type: 'JobStarted', attempt }], { state: 'RUNNING' })))
      return;
    const ended = new AbortController();
    const signal = AbortSignal.any([expired, this.#stopping.signal, ended.signal]);
    const emit: JobRun['emit'] = async (bodies, manager) => {
      signal.throwIfAborted();
      if (await events.append(jobId, bodies, {}, manager)) return;
      ended.abort(new Failure('JOB_CANCELLED', 'the job was cancelled'));
      signal.throwIfAborted();
    };
    // A cancellation is an event like any other: whenever the log grows, see whether it was the end.
    const unsubscribe = notifications.subscribe(jobId, () => {
      isEnded(dataSource, jobId).then(
        (over) => over && ended.abort(new Failure('JOB_CANCELLED', 'the job was cancelled')),
        () => {},
      );
    });
    try {
      const completed = await codes[job.kind]({ job, dataSource, objects, threads, events, signal, emit });
      await events.append(jobId, [completed], { state: 'COMPLETED' });
      log.info({ jobId, kind: job.kind }, 'job completed');
    } catch (error) {
      if (ended.signal.aborted) return;
      if (signal.aborted || (isInfrastructure(error) && !isLastAttempt)) throw error;
      const failure =
        error instanceof Failure
          ? error
          : new Failure('INTERNAL', 'the job failed by a defect of the program');
      if (failure !== error) log.error({ err: error, jobId, kind: job.kind }, 'job failed');
      await events.append(jobId, [{ type: 'JobFailed', failure: failure.toJSON() }], {
        state: 'FAILED',
        failure: failure.toJSON(),
      });
    } finally {
      unsubscribe();
    }
  }
}

/** Thrown into a job when its process stops; the queue gives the job to the next process. */
class Interruption extends Error {
  override readonly message = 'the process is stopping';
}

async function isEnded(dataSource: DataSource, jobId: string): Promise<boolean> {
  const [row]: { ended: boolean }[] = await dataSource.query(
    'select finished_at is not null as ended from job where id = $1',
    [jobId],
  );
  return row?.ended ?? true;
}

/** The connection to the database failed: the work itself may well succeed at the next attempt. */
function isInfrastructure(error: unknown): boolean {
  const code =
    (error as { driverError?: { code?: string }; code?: string })?.driverError?.code ??
    (error as { code?: string })?.code;
  return code !== undefined && /^(ECONN|EPIPE|ETIMEDOUT|08|57P)/.test(code);
}
