import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { Failure } from '../../engine/failure.ts';
import { databaseUser, readPassword } from './cluster.ts';

const databaseName = 'nomograph';
/** The lock that whoever uses the server shares, and that the last one takes alone to end it. */
const lock = 7_140_553_017;

/** With what pg's types leave out: whether the connection alone keeps the process alive. */
type Client = pg.Client & { ref(): void; unref(): void };

/**
 * A process's word that it uses the server: a connection that holds the lock. It ends with the process, however that
 * ends, and unlike a pool's connections it does not come and go with the work.
 */
export class Presence {
  /** The application's database. */
  readonly url: string;
  readonly #server: string;
  readonly #client: Client;

  private constructor(server: string, client: Client) {
    this.url = `${server}/${databaseName}`;
    this.#server = server;
    this.#client = client;
  }

  /** Enters, the database made if there is none; undefined if the server is not ready, or the last one just ends it. */
  static async enter(dataDirectory: string, port: number): Promise<Presence | undefined> {
    const password = await readPassword(dataDirectory);
    const server = `postgres://${databaseUser}:${password}@127.0.0.1:${port}`;
    const client = newClient(server);
    try {
      await client.connect();
      if (await holds(client, 'pg_try_advisory_lock_shared')) {
        await createDatabase(client);
        // A process that has nothing else to do may end without leaving.
        client.unref();
        return new Presence(server, client);
      }
    } catch (error) {
      if ((error as { code?: string }).code === '28P01')
        throw new Failure(
          'CONFIG_INVALID',
          `The password in ${join(dataDirectory, 'password')} is not that of the database beside it.`,
          { path: dataDirectory },
        );
    }
    await client.end().catch(() => {});
    return undefined;
  }

  /** Leaves. For the last one, a connection that keeps others from entering until it ends; undefined for any other. */
  async leave(): Promise<{ end(): Promise<void> } | undefined> {
    this.#client.ref();
    await this.#client.end().catch(() => {});
    const client = newClient(this.#server);
    const end = () => client.end().catch(() => {});
    try {
      await client.connect();
      if ((await holds(client, 'pg_try_advisory_lock')) && (await isAlone(client))) return { end };
    } catch {
      // The server is gone, or about to be.
    }
    await end();
    return undefined;
  }
}

function newClient(server: string): Client {
  const client = new pg.Client({
    connectionString: `${server}/postgres`,
    application_name: 'nomograph presence',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
  });
  client.on('error', () => {});
  return client as Client;
}

async function holds(
  client: pg.Client,
  take: 'pg_try_advisory_lock' | 'pg_try_advisory_lock_shared',
): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(`select ${take}($1) as held`, [lock]);
  return rows[0]?.held === true;
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
  if (rowCount !== 0) return;
  await client.query(`create database ${databaseName}`).catch((error) => {
    // Another process created it at this moment.
    if (error.code !== '42P04' && error.code !== '23505') throw error;
  });
}

/** Whether there is no other client: a user's own, say, or one whose presence was lost when the server crashed. */
async function isAlone(client: pg.Client): Promise<boolean> {
  // Connections that were closed a moment ago, as a pool's are, are still there for a while.
  for (let look = 0; look < 20; look++) {
    const { rowCount } = await client.query(
      "select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1",
    );
    if (rowCount === 0) return true;
    await setTimeout(50);
  }
  return false;
}
