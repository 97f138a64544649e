import { Repeater } from '@graphql-yoga/subscription';
import type { DataSource, EntityManager } from 'typeorm';
import { Failure, type FailureJson } from '../engine/failure.ts';
import type { Job, JobState } from '../store/entities/job.ts';
import type { JobEventBody, LoggedEvent } from './job-event.ts';
import { isFinal } from './job-event.ts';
import type { Notifications } from './notifications.ts';

export const jobEventChannel = 'nomograph_job_event';

/** Events read at once; a reader that is far behind catches up in pages of this size. */
const pageSize = 500;
/** A reader looks by itself this often, in case that a notification was lost. */
const pollMilliseconds = 5_000;

// The job's row is locked by the update until the transaction ends, so numbers become visible in order and without
// gaps whoever writes; a job that has ended takes no more events.
const appendSql = `
  with updated as (
    update job set
      last_sequence = last_sequence + jsonb_array_length($2::jsonb),
      state = coalesce($3, state),
      failure = coalesce($4::jsonb, failure),
      started_at = case when $3 = 'RUNNING' then coalesce(started_at, now()) else started_at end,
      finished_at = case when $3 in ('COMPLETED', 'FAILED', 'CANCELLED') then now() end
    where id = $1 and finished_at is null
    returning id, last_sequence - jsonb_array_length($2::jsonb) as previous
  ), added as (
    insert into job_event (job_id, sequence, type, payload)
    select updated.id, updated.previous + event.ordinality, event.value ->> 'type', event.value
    from updated, jsonb_array_elements($2::jsonb) with ordinality as event (value, ordinality)
  )
  select pg_notify('${jobEventChannel}', id::text) from updated`;

const readSql = `
  select asked.place::integer, event.sequence, event.payload, event.recorded_at
  from unnest($1::uuid[], $2::integer[], $3::integer[]) with ordinality as asked (job_id, after, size, place)
  cross join lateral (
    select sequence, payload, recorded_at from job_event
    where job_id = asked.job_id and sequence > asked.after order by sequence limit asked.size
  ) as event
  order by asked.place, event.sequence`;

interface StoredEvent {
  readonly sequence: number;
  readonly payload: JobEventBody;
  readonly recorded_at: Date;
}

/** Which events of which job. */
export interface EventPage {
  readonly jobId: string;
  readonly after: number;
  readonly limit: number;
}

/** Throws `INPUT_INVALID` for a sequence number that the job has not reached: a client cannot have seen it. */
export function requireReached({ id, lastSequence }: Job, after: number): void {
  if (after <= lastSequence) return;
  throw new Failure(
    'INPUT_INVALID',
    `after is ${after}, but the newest event of job ${id} is ${lastSequence}`,
    {
      field: 'after',
      value: after,
      newest: lastSequence,
    },
  );
}

/** The append-only log of every job's events: the one truth that subscriptions read. */
export class EventLog {
  readonly #dataSource: DataSource;
  readonly #notifications: Notifications;

  constructor(dataSource: DataSource, notifications: Notifications) {
    this.#dataSource = dataSource;
    this.#notifications = notifications;
  }

  /**
   * Appends events to a job's log and, in the same transaction, brings the job to a new state where the last event
   * means one. Returns false, and writes nothing, when the job has ended already (it was cancelled, say).
   */
  async append(
    jobId: string,
    events: readonly JobEventBody[],
    change: { state?: JobState; failure?: FailureJson } = {},
    manager: EntityManager = this.#dataSource.manager,
  ): Promise<boolean> {
    const rows: unknown[] = await manager.query(appendSql, [
      jobId,
      JSON.stringify(events),
      change.state ?? null,
      change.failure ? JSON.stringify(change.failure) : null,
    ]);
    return rows.length > 0;
  }

  /** The job's events with a sequence number above `after`, in order, at most `limit`. */
  async read(jobId: string, after: number, limit = pageSize): Promise<LoggedEvent[]> {
    return (await this.readEach([{ jobId, after, limit }]))[0];
  }

  /** The same of several jobs, by one statement. */
  async readEach(asked: readonly EventPage[]): Promise<LoggedEvent[][]> {
    const rows: (StoredEvent & { readonly place: number })[] = await this.#dataSource.query(readSql, [
      asked.map(({ jobId }) => jobId),
      asked.map(({ after }) => after),
      asked.map(({ limit }) => limit),
    ]);
    const pages: LoggedEvent[][] = asked.map(() => []);
    for (const { place, sequence, recorded_at, payload } of rows) {
      const { jobId } = asked[place - 1];
      pages[place - 1].push({ jobId, sequence, recordedAt: recorded_at, body: payload });
    }
    return pages;
  }

  /**
   * The job's events above `after`, those of the past and then those to come, each once and in order; ends after the
   * job's final event. Leaving the iteration at any moment frees everything.
   */
  follow(jobId: string, after: number): AsyncIterableIterator<LoggedEvent> {
    // A Repeater rather than an async generator: a generator that waits for its next event cannot be ended from outside.
    return new Repeater<LoggedEvent>(async (push, stop) => {
      let left = false;
      let wake = () => {};
      let woken = false;
      const unsubscribe = this.#notifications.subscribe(jobId, () => {
        woken = true;
        wake();
      });
      stop.then(() => {
        left = true;
        wake();
      });
      try {
        for (let last = after; !left; ) {
          woken = false;
          const events = await this.read(jobId, last);
          for (const event of events) {
            if (left) return;
            await push(event);
            last = event.sequence;
            if (isFinal(event.body)) return;
          }
          if (events.length === 0) {
            if (await this.#hasEnded(jobId, last)) return;
            if (!woken && !left)
              await new Promise<void>((resolve) => {
                const timer = setTimeout(resolve, pollMilliseconds);
                wake = () => {
                  clearTimeout(timer);
                  resolve();
                };
              });
          }
        }
      } finally {
        unsubscribe();
        stop();
      }
    });
  }

  /** How many readers follow at the moment, the worker of each running job included: for tests of leaks and for metrics. */
  get followerCount(): number {
    return this.#notifications.subscriberCount;
  }

  /** True when nothing above `last` will ever come: the client has seen the end before, or the job is gone. */
  async #hasEnded(jobId: string, last: number): Promise<boolean> {
    const [job]: { finished_at: Date | null; last_sequence: number }[] = await this.#dataSource.query(
      'select finished_at, last_sequence from job where id = $1',
      [jobId],
    );
    return !job || (job.finished_at !== null && job.last_sequence <= last);
  }
}
