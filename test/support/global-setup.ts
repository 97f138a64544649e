import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { endServer } from './end-server.ts';

const folderPrefix = 'nomograph-test-';

/** Where the databases of this test run live: on a server that is there, or on one that the first asker starts. */
export interface TestServer {
  /** Begins the name of every database that the run makes. */
  readonly prefix: string;
  readonly url?: string;
  readonly dataDirectory?: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

/**
 * Gives the whole run one database server: the embedded one in a temporary folder, or the one at
 * NOMOGRAPH_TEST_DATABASE_URL. Whatever was made on it is gone afterwards.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `nomograph_test_${randomBytes(4).toString('hex')}`;
  const url = process.env.NOMOGRAPH_TEST_DATABASE_URL;
  if (url) {
    project.provide('testServer', { prefix, url });
    return () => dropAll(url, prefix);
  }
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  await chmod(folder, 0o755);
  const dataDirectory = join(folder, 'postgres');
  project.provide('testServer', { prefix, dataDirectory });
  return () => remove(folder);
}

async function remove(folder: string): Promise<void> {
  await endServer(join(folder, 'postgres'));
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** Ends and removes what runs left behind that were killed: the folder's name has the number of their process. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.match(`^${folderPrefix}(\\d+)-`)?.[1]);
    if (pid > 0 && !isRunning(pid)) await remove(join(tmpdir(), name));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function dropAll(url: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('select datname from pg_database where starts_with(datname, $1)', [
    prefix,
  ]);
  for (const { datname } of rows) await client.query(`drop database "${datname}" with (force)`);
  await client.end();
}
