import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Failure } from '../../engine/failure.ts';
import { nameOfFolder, serverAccount } from './account.ts';
import { installBinaries } from './binaries.ts';
import { clusterFolder, createCluster, removeAbandoned } from './cluster.ts';
import { withLog } from './log.ts';
import { findPostmaster } from './postmaster.ts';
import { runProgram } from './program.ts';

/** A server that this process started. */
export interface Server {
  /** Ends it if it is still the process `pid`: clients are cut off, what was committed is on disk. */
  stop(pid: number): Promise<void>;
}

/**
 * Starts a server and waits until it is ready; undefined if it did not start. `pg_ctl` does it, since it detaches the
 * server from this process and its terminal, and on Windows drops an administrator's rights.
 */
export async function launchServer(dataDirectory: string): Promise<Server | undefined> {
  const cluster = clusterFolder(dataDirectory);
  const account = await serverAccount(cluster);
  const binaries = await installBinaries(dataDirectory, account);
  await createCluster(dataDirectory, binaries, account);
  await removeAbandoned(dataDirectory);
  const name = await nameOfFolder(cluster, account);
  const control = (args: readonly string[]) =>
    withLog(dataDirectory, (file) =>
      runProgram(join(binaries, 'bin/pg_ctl'), cluster, account, file, [
        `--pgdata=${name}`,
        '--wait',
        '--timeout=60',
        ...args,
      ]),
    );
  const settings = {
    listen_addresses: '127.0.0.1',
    port: await choosePort(dataDirectory),
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
  };
  const flags = Object.entries(settings).map(([key, value]) => `-c ${key}=${value}`);
  const status = await control(['start', '-o', flags.join(' ')]);
  if (status !== 0) return undefined;
  return {
    async stop(pid) {
      if ((await findPostmaster(cluster))?.pid !== pid) return;
      if ((await control(['stop', '--mode=fast'])) !== 0)
        throw new Failure('SERVICE_UNAVAILABLE', `The embedded PostgreSQL, process ${pid}, did not stop.`, {
          pid,
        });
    },
  };
}

/** The port of the last time if it is free, so that clients find a restarted server again; else any free one. */
async function choosePort(dataDirectory: string): Promise<number> {
  const file = join(dataDirectory, 'port');
  const last = Number.parseInt(await readFile(file, 'utf8').catch(() => '0'), 10);
  const port = await listenBriefly(last).catch(() => listenBriefly(0));
  if (port !== last) await writeFile(file, `${port}\n`);
  return port;
}

function listenBriefly(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
