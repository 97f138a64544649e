import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';
import type { DataSource, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import type { Failure } from '../engine/failure.ts';
import { StatementCanceller } from './statement-canceller.ts';

/** A statement that goes on is cancelled again after this long: one that was on its way to the server heard nothing. */
const repeatMilliseconds = 100;

const scopes = new AsyncLocalStorage<StatementScope | undefined>();

/**
 * The statements of one operation, whatever part of the program makes them, so that they end when nobody waits for them any longer.
 * On the way of an operation that is answered it costs no statement and no connection.
 */
export class StatementScope {
  /** Connections with statements under way, and how many: those of one connection wait for each other. */
  readonly #underWay = new Map<QueryRunner, number>();
  readonly #canceller: Pick<StatementCanceller, 'cancel'>;
  /** Whether it changes anything, so that it is not for its client to end it by going away. */
  isChange = false;
  #reason: Failure | undefined;
  #round: Promise<void> | undefined;

  constructor(canceller: Pick<StatementCanceller, 'cancel'>) {
    this.#canceller = canceller;
  }

  /** Has statements belong to the operation, those that are made later on too. */
  run<T>(work: () => T): T {
    return scopes.run(this, work);
  }

  /** Cancels the statements under way, which fail with the reason, as do those to come. A transaction is rolled back. */
  end(reason: Failure): void {
    if (this.#reason) return;
    this.#reason = reason;
    void this.#cancel();
  }

  async #cancel(): Promise<void> {
    while (this.#underWay.size > 0) {
      this.#round = this.#canceller.cancel([...this.#underWay.keys()].map(backendOf));
      await this.#round;
      await new Promise((resolve) => setTimeout(resolve, repeatMilliseconds).unref());
    }
  }

  /** What is to be waited for before a statement is sent. Throws the reason where the operation has ended. */
  begin(runner: QueryRunner, query: string): Promise<void> | undefined {
    if (!this.#reason) {
      this.#underWay.set(runner, (this.#underWay.get(runner) ?? 0) + 1);
      return;
    }
    if (!/^rollback/i.test(query)) throw this.#reason;
    // The one statement that is still to come, and not to be hit: the connection would go back to the pool with its transaction.
    this.#underWay.delete(runner);
    return this.#round;
  }

  /** What is to be waited for before the connection is used again: a cancellation on its way would hit what comes next. */
  finish(runner: QueryRunner, error: unknown): Promise<void> | undefined {
    const left = (this.#underWay.get(runner) ?? 1) - 1;
    if (left > 0) this.#underWay.set(runner, left);
    else this.#underWay.delete(runner);
    const reason = this.#reason;
    if (!reason) return;
    const isCancelled = (error as { code?: string } | undefined)?.code === '57014';
    return Promise.resolve(this.#round).then(() => {
      if (isCancelled) throw reason;
    });
  }
}

/** Does work whose statements belong to no operation: it is to be finished, whoever has stopped waiting. */
export function beyondOperation<T>(work: () => Promise<T>): Promise<T> {
  return scopes.run(undefined, work);
}

/** Lets statements of the data source belong to operations; returns how to begin one. */
export function scopeStatements(dataSource: DataSource, log: Logger): () => StatementScope {
  const subscriber: EntitySubscriberInterface = {
    beforeQuery: ({ queryRunner, query }) => scopes.getStore()?.begin(queryRunner, query),
    afterQuery: ({ queryRunner, error }) => scopes.getStore()?.finish(queryRunner, error),
  };
  dataSource.subscribers.push(subscriber);
  const canceller = new StatementCanceller(dataSource, log);
  return () => new StatementScope(canceller);
}

/** The process of the server that a connection's statements run in. */
function backendOf(runner: QueryRunner): number {
  const { databaseConnection } = runner as unknown as { readonly databaseConnection: { processID: number } };
  return databaseConnection.processID;
}
