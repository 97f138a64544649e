import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Failure } from '../../engine/failure.ts';
import { nameOfFolder, serverAccount } from './account.ts';
import { installBinaries } from './binaries.ts';
import { clusterFolder, createCluster, removeAbandoned } from './cluster.ts';
import { withLog } from './log.ts';
import { findPostmaster } from './postmaster.ts';
import { runProgram } from './program.ts';

/**
 * Starts a server and waits until it is ready; false if it did not start. `pg_ctl` does it, since it detaches the
 * server from this process and its terminal, and on Windows drops an administrator's rights.
 */
export async function launchServer(dataDirectory: string): Promise<boolean> {
  const account = await serverAccount(clusterFolder(dataDirectory));
  await createCluster(dataDirectory, await installBinaries(dataDirectory, account), account);
  await removeAbandoned(dataDirectory);
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
  return (await control(dataDirectory, ['start', '--wait', '--timeout=60', '-o', flags.join(' ')])) === 0;
}

/** Ends the server, whoever started it, and waits until it is gone: clients are cut off, what was committed is on disk. */
export async function endServer(dataDirectory: string): Promise<void> {
  const cluster = clusterFolder(dataDirectory);
  const server = await findPostmaster(cluster);
  if (!server) return;
  await control(dataDirectory, ['stop', '--mode=fast', '--no-wait']);
  const deadline = Date.now() + 60_000;
  // pg_ctl would also wait for the end of a server that somebody starts right after this one.
  while ((await findPostmaster(cluster))?.pid === server.pid) {
    if (Date.now() > deadline)
      throw new Failure(
        'SERVICE_UNAVAILABLE',
        `The embedded PostgreSQL, process ${server.pid}, did not stop.`,
        { pid: server.pid },
      );
    await setTimeout(20);
  }
}

/** Runs `pg_ctl`; returns its exit status. */
async function control(dataDirectory: string, args: readonly string[]): Promise<number> {
  const cluster = clusterFolder(dataDirectory);
  const account = await serverAccount(cluster);
  const binaries = await installBinaries(dataDirectory, account);
  const name = await nameOfFolder(cluster, account);
  return withLog(dataDirectory, (file) =>
    runProgram(join(binaries, 'bin/pg_ctl'), cluster, account, file, [`--pgdata=${name}`, ...args]),
  );
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
