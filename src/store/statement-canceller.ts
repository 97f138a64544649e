import pg from 'pg';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';

/** A server that does not answer is not waited for. */
const patienceMilliseconds = 5_000;
/** Who cancels something cancels more: the connection is kept for this long. */
const idleMilliseconds = 10_000;

/**
 * Cancels what connections have under way, by a connection of its own: those of the data source may all be taken by what is to be
 * cancelled.
 */
export class StatementCanceller {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  #backends = new Set<number>();
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(dataSource: DataSource, log: Logger) {
    this.#log = log;
    this.#pool = new pg.Pool({
      connectionString: (dataSource.options as { readonly url: string }).url,
      application_name: 'nomograph cancel',
      max: 1,
      idleTimeoutMillis: idleMilliseconds,
      allowExitOnIdle: true,
      connectionTimeoutMillis: patienceMilliseconds,
      query_timeout: patienceMilliseconds,
    });
    // Where it breaks while it is idle, the next is another one.
    this.#pool.on('error', () => {});
  }

  /** Returns when the server has told its processes, or cannot be asked. */
  cancel(backends: readonly number[]): Promise<void> {
    for (const backend of backends) this.#backends.add(backend);
    // All that come while one is under way go together.
    this.#next ??= this.#last = this.#last.then(() => this.#send());
    return this.#next;
  }

  async #send(): Promise<void> {
    const backends = [...this.#backends];
    this.#backends = new Set();
    this.#next = undefined;
    try {
      await this.#pool.query('select pg_cancel_backend(pid) from unnest($1::integer[]) as pid', [backends]);
    } catch (error) {
      this.#log.warn({ err: error }, 'statements could not be cancelled');
    }
  }
}
