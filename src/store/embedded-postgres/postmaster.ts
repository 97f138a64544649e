import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { link, readFile, readlink, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The server's main process as its lock file `postmaster.pid` tells of it. */
export interface Postmaster {
  readonly pid: number;
  /** Undefined until the server listens. */
  readonly port: number | undefined;
}

/**
 * The server that works on the folder `cluster`, starting and stopping ones included; undefined if there is none.
 * A lock file whose number now belongs to another process is removed: PostgreSQL would take that process for a server.
 */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const [first, , , fourth] = text.split('\n');
  const pid = Number.parseInt(first ?? '', 10);
  // A lock file that a dead server left is PostgreSQL's own to judge and replace.
  if (!(pid > 0) || !isAlive(pid)) return undefined;
  if (await isPostmaster(pid, cluster)) return { pid, port: Number.parseInt(fourth ?? '', 10) || undefined };
  await removeStale(file, text);
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A server's working directory is its data; where that cannot be asked, its command line has to do. */
async function isPostmaster(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return folder !== undefined && folder === (await realpath(cluster));
  }
  const run = promisify(execFile);
  const [command, ...args] =
    process.platform === 'win32'
      ? ['tasklist', '/NH', '/FO', 'CSV', '/FI', `PID eq ${pid}`]
      : ['ps', '-o', 'command=', '-p', String(pid)];
  const { stdout } = await run(command as string, args).catch(() => ({ stdout: '' }));
  return stdout.includes('postgres');
}

/**
 * Two processes may find the same stale file, and the slower one must not remove the lock of a server that the quicker
 * one has started since. So the file is first moved aside, which one alone can do, and put back if it is not the stale one.
 */
async function removeStale(file: string, text: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8')) !== text) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}
