import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { migrate } from '../../src/store/migrate.ts';

/** A database of a test's own, with the newest schema and nothing in it. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes one in about a tenth of a second: a copy of a template that is migrated once a run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = `${inject('testServer').prefix}_template`;
  return create(template);
}

/** One without a schema, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return create('template1');
}

async function create(template: string): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `${inject('testServer').prefix}_${randomBytes(4).toString('hex')}`;
  await withServer(server, async (client) => {
    if (template !== 'template1') await ensureTemplate(client, server, template);
    await client.query(`create database ${name} template ${template}`);
  });
  return {
    url: databaseUrl(server, name),
    drop: () => withServer(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  };
}

let started: Promise<string> | undefined;

/** The test files run in several processes: the first one that asks starts the server, the others adopt it. */
function serverUrl(): Promise<string> {
  const { url, dataDirectory } = inject('testServer');
  started ??= url
    ? Promise.resolve(url)
    : startEmbeddedPostgres({ dataDirectory: dataDirectory! }).then((server) => server.url);
  return started;
}

/** The first to come migrates the template; the lock lets the others wait until it is whole. */
async function ensureTemplate(client: pg.Client, server: string, template: string): Promise<void> {
  await client.query('select pg_advisory_lock(hashtext($1))', [template]);
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template]);
    if (rowCount) return;
    const unfinished = `${template}_unfinished`;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished}`);
    await migrate(databaseUrl(server, unfinished));
    await client.query(`alter database ${unfinished} rename to ${template}`);
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [template]);
  }
}

function databaseUrl(server: string, name: string): string {
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}

async function withServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
