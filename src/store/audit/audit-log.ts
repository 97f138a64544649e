import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { DataSource, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import { Failure } from '../../engine/failure.ts';
import { type AuditEvent, appendEvents } from './chain.ts';

/** Somebody's change while it is under way: what it is about is found out as it goes. */
export interface AuditedChange {
  readonly principal: string;
  readonly action: string;
  /** A noun of the graph, and which. */
  object: { readonly kind: string; readonly id: string } | null;
  readonly cohorts: Set<string>;
  details: Readonly<Record<string, unknown>> | null;
}

/** A change, and the transaction that its entry was written in. */
interface ChangeUnderWay {
  readonly change: AuditedChange;
  readonly at: Date;
  runner: QueryRunner | null;
  committed: boolean;
}

/** Entries of reads wait this long for others to be written with. */
const patienceMilliseconds = 100;
/** After a failure the next attempt waits this long. */
const retryMilliseconds = 1_000;
const batchSize = 1_000;
/** More than this can only wait where the database takes none: then nothing is to be read either. */
const maxWaiting = 50_000;

/**
 * Writes the audit log. The entry of a change is written in the transaction of the change, so that there is none of them
 * without the other. Entries of reads, and of what was refused, are written soon after, in their order, many at once.
 */
export class AuditLog {
  readonly #dataSource: DataSource;
  readonly #log: Logger;
  readonly #changes = new AsyncLocalStorage<ChangeUnderWay>();
  #waiting: AuditEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(dataSource: DataSource, log: Logger) {
    this.#dataSource = dataSource;
    this.#log = log;
    dataSource.subscribers.push(this.#subscriber);
  }

  /**
   * Does a change. Its entry is written by the first transaction in it that writes anything, as the last before the commit; for a change
   * that wrote nothing, as where all was there already, and for one that failed, afterwards.
   */
  async during<T>(change: AuditedChange, work: () => Promise<T>): Promise<T> {
    this.requireRoom();
    const underWay: ChangeUnderWay = { change, at: new Date(), runner: null, committed: false };
    try {
      const result = await this.#changes.run(underWay, work);
      if (!underWay.committed) this.record(...eventsOf(underWay, 'OK'));
      return result;
    } catch (error) {
      this.record(...eventsOf(underWay, error instanceof Failure ? error.code : 'INTERNAL'));
      throw error;
    }
  }

  /** Adds entries to those that are written next. */
  record(...events: readonly AuditEvent[]): void {
    this.#waiting.push(...events);
    if (!this.#stopped) this.#timer ??= setTimeout(() => this.#flushLater(), patienceMilliseconds).unref();
  }

  /** Writes entries before it returns, after all that wait: for what is not to begin without them. */
  async write(...events: readonly AuditEvent[]): Promise<void> {
    this.record(...events);
    await this.flush();
  }

  /** Throws `SERVICE_UNAVAILABLE` where entries wait in such numbers that they cannot be written. */
  requireRoom(): void {
    if (this.#waiting.length < maxWaiting) return;
    throw new Failure('SERVICE_UNAVAILABLE', 'the audit log cannot be written at the moment');
  }

  /** Writes all that waits. */
  flush(): Promise<void> {
    // One after the other, so that entries keep their order; the failure of one is not the next one's.
    this.#writing = this.#writing.catch(() => {}).then(() => this.#writeWaiting());
    return this.#writing;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.flush();
  }

  #flushLater(): void {
    this.#timer = undefined;
    this.flush().catch((error: Error) => {
      this.#log.error({ err: error }, 'the audit log could not be written');
      if (!this.#stopped) this.#timer ??= setTimeout(() => this.#flushLater(), retryMilliseconds).unref();
    });
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, batchSize);
      await this.#append(batch);
      this.#waiting = this.#waiting.slice(batch.length);
    }
  }

  /** By a connection of the pool itself: these statements are of no operation, and of no change that may be under way. */
  async #append(events: readonly AuditEvent[]): Promise<void> {
    const client = await (this.#dataSource.driver as unknown as { readonly master: Pool }).master.connect();
    let failure: Error | undefined;
    try {
      await client.query('begin');
      await appendEvents(
        { query: async (sql, parameters) => (await client.query(sql, parameters)).rows },
        events,
      );
      await client.query('commit');
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      // A connection with a broken transaction is not given back, but closed.
      client.release(failure);
    }
  }

  readonly #subscriber: EntitySubscriberInterface = {
    beforeTransactionCommit: async ({ queryRunner }) => {
      const underWay = this.#changes.getStore();
      if (!underWay || underWay.committed || isNested(queryRunner)) return;
      // A transaction that has only read has no number.
      const [{ number }] = await queryRunner.query('select pg_current_xact_id_if_assigned()::text as number');
      if (number === null) return;
      await appendEvents(queryRunner, eventsOf(underWay, 'OK'));
      underWay.runner = queryRunner;
    },
    afterTransactionCommit: async ({ queryRunner }) => {
      const underWay = this.#changes.getStore();
      if (underWay?.runner === queryRunner) underWay.committed = true;
    },
  };
}

/** A savepoint within a transaction is no end of it. */
function isNested(queryRunner: QueryRunner): boolean {
  return (queryRunner as unknown as { transactionDepth: number }).transactionDepth > 1;
}

/** One entry, or one for each cohort that the change is on, so that whoever administers a cohort sees it. */
function eventsOf({ change, at }: ChangeUnderWay, outcome: string): AuditEvent[] {
  const { principal, action, object, cohorts, details } = change;
  return (cohorts.size > 0 ? [...cohorts] : [null]).map((cohortId) => ({
    at,
    principal: principal.toWellFormed(),
    action,
    objectKind: object?.kind ?? null,
    objectId: object?.id ?? null,
    cohortId,
    outcome,
    details,
  }));
}
