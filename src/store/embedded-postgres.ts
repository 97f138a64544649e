import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { Failure } from '../engine/failure.ts';
import { clusterFolder, databaseUser, readPassword } from './embedded-postgres/cluster.ts';
import { logFile, logTail } from './embedded-postgres/log.ts';
import { findPostmaster } from './embedded-postgres/postmaster.ts';
import { launchServer } from './embedded-postgres/server.ts';

const databaseName = 'nomograph';
const patience = 120_000;

/** A running PostgreSQL on this machine's loopback address. */
export interface EmbeddedPostgres {
  /** `postgres://…@127.0.0.1:port/nomograph` */
  readonly url: string;
  /** Whether it ran already, started by another process; then `stop` leaves it running. */
  readonly adopted: boolean;
  /** Ends the server, its clients' transactions rolled back; does nothing the second time. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Everything of the server's lies in it: data, password, port and log. */
  readonly dataDirectory: string;
  readonly log?: (line: string) => void;
}

/**
 * Starts the PostgreSQL of the package @embedded-postgres/<platform> on `dataDirectory`, which is made if it is not
 * there, or adopts the one that runs on it. Any number of processes may call this at once: one of them starts the
 * server. A server outlives a starter that dies without calling `stop`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDirectory = resolve(options.dataDirectory);
  try {
    await mkdir(dataDirectory, { recursive: true });
    return await startOrAdopt(dataDirectory, options.log ?? (() => {}));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR', 'ENOSPC'].includes(code ?? '')) throw error;
    throw new Failure(
      'CONFIG_INVALID',
      `The embedded PostgreSQL cannot work in ${dataDirectory}: ${message}.`,
      { path: dataDirectory },
    );
  }
}

async function startOrAdopt(dataDirectory: string, log: (line: string) => void): Promise<EmbeddedPostgres> {
  const cluster = clusterFolder(dataDirectory);
  const deadline = Date.now() + patience;
  for (let launches = 0; ; ) {
    const running = await findPostmaster(cluster);
    const url = running?.port && (await connect(dataDirectory, running.port));
    if (url) {
      log(`using the PostgreSQL that runs on ${dataDirectory}, port ${running.port}`);
      return { url, adopted: true, stop: async () => {} };
    }
    if (running) {
      // It starts, recovers or stops.
      await setTimeout(50);
    } else {
      log(`starting PostgreSQL on ${dataDirectory}`);
      const launched = await launchServer(dataDirectory);
      const started = await findPostmaster(cluster);
      const own = launched && started?.port && (await connect(dataDirectory, started.port));
      if (own) return { url: own, adopted: false, stop: once(() => launched.stop(started.pid)) };
      // Another process was quicker, the port was taken, or processes of a killed server have not all ended yet.
      launches++;
      if (launches === 6 && !(await findPostmaster(cluster))) break;
      await setTimeout(50 * 2 ** launches);
    }
    if (Date.now() > deadline) break;
  }
  throw new Failure(
    'SERVICE_UNAVAILABLE',
    `The embedded PostgreSQL does not start. Its log ends:\n${await logTail(dataDirectory)}`,
    { path: logFile(dataDirectory) },
  );
}

/** The database's address once it answers there; it is created if it is not. Undefined if the server is not ready. */
async function connect(dataDirectory: string, port: number): Promise<string | undefined> {
  const password = await readPassword(dataDirectory);
  const server = `postgres://${databaseUser}:${password}@127.0.0.1:${port}`;
  const client = new pg.Client({ connectionString: `${server}/postgres`, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '28P01')
      throw new Failure(
        'CONFIG_INVALID',
        `The password in ${join(dataDirectory, 'password')} is not that of the database beside it.`,
        { path: dataDirectory },
      );
    // 42P04, 23505: another process created it at this moment.
    if (code !== '42P04' && code !== '23505') return undefined;
  } finally {
    await client.end().catch(() => {});
  }
  return `${server}/${databaseName}`;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
