import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import type { Limits } from '../limits.ts';
import { contentKey } from '../store/content-key.ts';
import { Job, type JobKind } from '../store/entities/job.ts';
import { traceCarrier } from '../tracing.ts';
import type { EventLog } from './event-log.ts';

/** Jobs whose worker died too often end here, so that their log gets its last event. */
const lostQueue = 'lost';
export const queueName = (kind: JobKind) => kind.toLowerCase().replaceAll('_', '-');

/** What stands in the queue for a job: which, and the trace of the request that asked for it. */
export interface QueuedJob {
  readonly jobId: string;
  readonly trace?: Readonly<Record<string, string>>;
}

/** What a job is asked for. */
interface JobRequest {
  readonly kind: JobKind;
  readonly cohortId: string;
  readonly specification: object;
  /** The principal that asks. */
  readonly requestedBy: string;
}

/** Puts jobs on the queue of the same PostgreSQL, and takes them off. */
export class JobQueue {
  readonly boss: PgBoss;
  readonly #dataSource: DataSource;
  readonly #events: EventLog;
  readonly #limits: Pick<Limits, 'jobs' | 'jobsOfCohort'>;

  constructor(
    url: string,
    dataSource: DataSource,
    events: EventLog,
    log: Logger,
    limits: Pick<Limits, 'jobs' | 'jobsOfCohort'>,
  ) {
    this.#limits = limits;
    this.#dataSource = dataSource;
    this.#events = events;
    this.boss = new PgBoss({
      connectionString: url,
      application_name: 'nomograph queue',
      max: 4,
      useListenNotify: true,
      schedule: false,
      // Its spans would carry the words of errors; a job has a span of ours.
      openTelemetry: { enabled: false },
      // A worker that dies is noticed by its missing heartbeat; look for that often.
      superviseIntervalSeconds: 10,
      monitorIntervalSeconds: 10,
    });
    this.boss.on('error', (error) => log.error({ err: error }, 'job queue'));
  }

  async start(kinds: readonly JobKind[]): Promise<void> {
    await this.boss.start();
    await this.boss.createQueue(lostQueue);
    for (const kind of kinds) {
      await this.boss.createQueue(queueName(kind), {
        notify: true,
        // An orderly stop of the process counts as an attempt too.
        retryLimit: 10,
        heartbeatSeconds: 20,
        expireInSeconds: 24 * 3600 - 1,
        deadLetter: lostQueue,
      });
    }
  }

  /**
   * Creates a job with its first event and puts it on the queue, all in one transaction. While the same work is under
   * way for the cohort, returns that job instead of a second one. Throws `LIMIT_EXCEEDED` where too many are under way.
   */
  async enqueue(request: JobRequest): Promise<Job> {
    const { kind, cohortId, specification } = request;
    const key = contentKey(kind, cohortId, specification);
    for (let attempt = 0; attempt < 3; attempt++) {
      const active = await this.#dataSource
        .getRepository(Job)
        .createQueryBuilder('job')
        .where('job.content_key = :key and job.finished_at is null', { key })
        .getOne();
      if (active) return active;
      try {
        return await this.#dataSource.transaction((manager) => this.#create(manager, request, key));
      } catch (error) {
        // Somebody else created the same job between the two statements: look again.
        if (!(error instanceof QueryFailedError && error.driverError?.code === '23505')) throw error;
      }
    }
    throw new Failure('CONFLICT', 'the same job is being created again and again by others', { kind });
  }

  async #create(manager: EntityManager, request: JobRequest, key: string): Promise<Job> {
    const { kind } = request;
    const id = uuid();
    await this.#requireRoom(manager, request);
    await manager.insert(Job, { id, ...request, contentKey: key });
    const [{ ahead }]: { ahead: number }[] = await manager.query(
      "select count(*)::int as ahead from job where kind = $1 and state = 'QUEUED' and id <> $2",
      [kind, id],
    );
    await this.#events.append(id, [{ type: 'JobQueued', place: ahead + 1 }], {}, manager);
    await this.boss.send(queueName(kind), { jobId: id, trace: traceCarrier() } satisfies QueuedJob, {
      db: {
        executeSql: async (text, values) => ({ rows: await manager.query(text, values as unknown[]) }),
      },
    });
    return manager.findOneByOrFail(Job, { id });
  }

  async #requireRoom(manager: EntityManager, { cohortId, requestedBy }: JobRequest): Promise<void> {
    // Jobs are created one after another, so that two requests cannot both take the last place.
    await manager.query("select pg_advisory_xact_lock(hashtext('nomograph jobs'))");
    const [under]: { jobs: number; jobsOfCohort: number }[] = await manager.query(
      `select count(*) filter (where requested_by = $1)::int as jobs,
        count(*) filter (where cohort_id = $2)::int as "jobsOfCohort" from job where finished_at is null`,
      [requestedBy, cohortId],
    );
    for (const limit of ['jobs', 'jobsOfCohort'] as const) {
      const maximum = this.#limits[limit];
      if (under[limit] < maximum) continue;
      const whose = limit === 'jobs' ? 'of who is signed in' : 'on the cohort';
      throw new Failure(
        'LIMIT_EXCEEDED',
        `${under[limit]} jobs ${whose} are queued or running; the limit is ${maximum}`,
        { limit, maximum, actual: under[limit] + 1 },
      );
    }
  }

  /** Ends a job at once in the log; whoever runs it hears of it and stops. Throws `NOT_FOUND` or `JOB_FINISHED`. */
  async cancel(jobId: string): Promise<Job> {
    const repository = this.#dataSource.getRepository(Job);
    const cancelled = await this.#dataSource.transaction((manager) =>
      this.#events.append(jobId, [{ type: 'JobCancelled' }], { state: 'CANCELLED' }, manager),
    );
    const job = await repository.findOneBy({ id: jobId });
    if (!job) throw new Failure('NOT_FOUND', `there is no job ${jobId}`, { jobId });
    if (!cancelled)
      throw new Failure('JOB_FINISHED', `job ${jobId} has ended already: ${job.state}`, {
        jobId,
        state: job.state,
      });
    return job;
  }

  /** Lets jobs under way go on for a while, then leaves them to the next process. */
  async stop(): Promise<void> {
    await this.boss.stop({ graceful: true, timeout: 20_000 });
  }

  /** Marks jobs as failed whose every attempt ended without a word, as when the process was killed. */
  async watchLost(): Promise<void> {
    await this.boss.work<{ jobId: string }>(lostQueue, { pollingIntervalSeconds: 2 }, async ([{ data }]) => {
      const failure = new Failure(
        'INTERNAL',
        'every process that ran this job ended before the job did',
      ).toJSON();
      await this.#events.append(data.jobId, [{ type: 'JobFailed', failure }], { state: 'FAILED', failure });
    });
  }
}
