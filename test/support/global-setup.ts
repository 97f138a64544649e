import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { endServer } from './end-server.ts';

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
  const folder = await mkdtemp(join(tmpdir(), 'nomograph-test-'));
  await chmod(folder, 0o755);
  const dataDirectory = join(folder, 'postgres');
  project.provide('testServer', { prefix, dataDirectory });
  return async () => {
    await endServer(dataDirectory);
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
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
