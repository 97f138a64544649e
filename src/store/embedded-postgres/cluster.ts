import { randomBytes } from 'node:crypto';
import {
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../engine/failure.ts';
import { type Account, nameOfFolder } from './account.ts';
import { logTail, withLog } from './log.ts';
import { runProgram } from './program.ts';

export const databaseUser = 'nomograph';
const stagingPrefix = 'new-';

/** Where PostgreSQL's own files lie below the data directory. */
export function clusterFolder(dataDirectory: string): string {
  return join(dataDirectory, 'cluster');
}

/** The password of the one database user: random, made once, readable by its owner alone. */
export async function readPassword(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, 'password');
  const made = `${file}.${randomBytes(6).toString('hex')}`;
  const present = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (present) return present.trim();
  await writeFile(made, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  // Linked, not renamed: of two processes that make one at once, the first wins and both read it.
  await link(made, file).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(made);
  return (await readFile(file, 'utf8')).trim();
}

/**
 * Makes the cluster if there is none: under a temporary name, then renamed, so that one that is there is whole.
 * Passwords are always asked for, text is UTF-8, and sorting is by code point on every machine.
 */
export async function createCluster(
  dataDirectory: string,
  binaries: string,
  account: Account,
): Promise<void> {
  const cluster = clusterFolder(dataDirectory);
  if (await exists(cluster)) return;
  const staging = await mkdtemp(join(dataDirectory, stagingPrefix));
  const made = join(staging, 'cluster');
  try {
    await mkdir(made, { mode: 0o700 });
    await writeFile(join(staging, 'password'), await readPassword(dataDirectory), { mode: 0o600 });
    if (account) {
      for (const path of [staging, made, join(staging, 'password')])
        await chown(path, account.uid, account.gid);
    }
    const name = await nameOfFolder(made, account);
    const status = await withLog(dataDirectory, (file) =>
      runProgram(join(binaries, 'bin/initdb'), made, account, file, [
        `--pgdata=${name}`,
        `--pwfile=${name}/../password`,
        `--username=${databaseUser}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ]),
    );
    if (status !== 0)
      throw new Failure(
        'SERVICE_UNAVAILABLE',
        `PostgreSQL cannot make its data directory. Its log ends:\n${await logTail(dataDirectory)}`,
        { path: dataDirectory, status },
      );
    await rename(made, cluster).catch(async (error) => {
      // Another process was quicker, with the same password.
      if (!(await exists(cluster))) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Removes what processes left that were killed while they made a cluster, as one does in seconds. */
export async function removeAbandoned(dataDirectory: string): Promise<void> {
  for (const name of await readdir(dataDirectory)) {
    if (!name.startsWith(stagingPrefix)) continue;
    const path = join(dataDirectory, name);
    const { mtimeMs } = await lstat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > 600_000) await rm(path, { recursive: true, force: true });
  }
}
