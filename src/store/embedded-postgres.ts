import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Failure } from '../engine/failure.ts';
import { clusterFolder } from './embedded-postgres/cluster.ts';
import { logFile, logTail } from './embedded-postgres/log.ts';
import { findPostmaster } from './embedded-postgres/postmaster.ts';
import { Presence } from './embedded-postgres/presence.ts';
import { endServer, launchServer } from './embedded-postgres/server.ts';

const patience = 120_000;

/** A running PostgreSQL on this machine's loopback address. */
export interface EmbeddedPostgres {
  /** `postgres://…@127.0.0.1:port/nomograph` */
  readonly url: string;
  /** Whether it ran already, started by another process. */
  readonly adopted: boolean;
  /**
   * To be called when this process's own connections are closed. Ends the server if nobody else uses it, whoever
   * started it; else leaves that to the last one. Does nothing the second time.
   */
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
 * server, and the last one to call `stop` ends it. A server outlives a process that dies; the next one adopts it.
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
    const presence = running?.port && (await Presence.enter(dataDirectory, running.port));
    if (presence) {
      log(`using the PostgreSQL that runs on ${dataDirectory}, port ${running.port}`);
      return handle(dataDirectory, presence, true);
    }
    if (running) {
      // It starts, recovers or stops.
      await setTimeout(50);
    } else {
      log(`starting PostgreSQL on ${dataDirectory}`);
      const launched = await launchServer(dataDirectory);
      const started = launched ? await findPostmaster(cluster) : undefined;
      const own = started?.port && (await Presence.enter(dataDirectory, started.port));
      if (own) return handle(dataDirectory, own, false);
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

function handle(dataDirectory: string, presence: Presence, adopted: boolean): EmbeddedPostgres {
  const stop = async () => {
    const lastOne = await presence.leave();
    if (!lastOne) return;
    await endServer(dataDirectory);
    await lastOne.end();
  };
  let stopped: Promise<void> | undefined;
  return {
    url: presence.url,
    adopted,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
