import pg from 'pg';
import type { Logger } from 'pino';

type Wake = () => void;

/**
 * Listens on one PostgreSQL channel over one dedicated connection and wakes those who wait for a key. A notification
 * only says "look again": it may be lost, repeated or late, and after each reconnection everybody is woken.
 */
export class Notifications {
  readonly #url: string;
  readonly #channel: string;
  readonly #log: Logger;
  readonly #waiting = new Map<string, Set<Wake>>();
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(url: string, channel: string, log: Logger) {
    this.#url = url;
    this.#channel = channel;
    this.#log = log;
  }

  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'nomograph notifications',
      keepAlive: true,
    });
    client.on('error', (error) => this.#reconnect(client, error));
    client.on('end', () => this.#reconnect(client));
    client.on('notification', ({ payload }) => {
      for (const wake of this.#waiting.get(payload ?? '') ?? []) wake();
    });
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(this.#channel)}`);
    if (this.#stopped) {
      await client.removeAllListeners('end').end();
      return;
    }
    this.#client = client;
    for (const wakes of this.#waiting.values()) for (const wake of wakes) wake();
  }

  /** Calls `wake` at each notification whose payload is `key`, until the returned function is called. */
  subscribe(key: string, wake: Wake): () => void {
    const wakes = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, wakes.add(wake));
    return () => {
      wakes.delete(wake);
      if (wakes.size === 0 && this.#waiting.get(key) === wakes) this.#waiting.delete(key);
    };
  }

  /** How many wait at the moment. */
  get subscriberCount(): number {
    let count = 0;
    for (const wakes of this.#waiting.values()) count += wakes.size;
    return count;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  #reconnect(client: pg.Client, error?: Error): void {
    if (this.#stopped || this.#retry || (this.#client && client !== this.#client)) return;
    this.#log.warn({ err: error, channel: this.#channel }, 'notifications interrupted, reconnecting');
    this.#client = undefined;
    client
      .removeAllListeners('end')
      .end()
      .catch(() => {});
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.start().catch((failed: Error) => this.#reconnect(client, failed));
    }, 500);
  }
}
