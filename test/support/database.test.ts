import pg from 'pg';
import { expect, test } from 'vitest';
import { createEmptyDatabase, createTestDatabase } from './database.ts';

async function tables(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("select tablename from pg_tables where schemaname = 'public'");
  await client.end();
  return rows.map(({ tablename }) => tablename);
}

test('databases of tests have the schema, are apart, and go', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const client = new pg.Client({ connectionString: one.url });
  client.on('error', () => {});
  await client.connect();
  await client.query('create table only_here ()');
  expect(await tables(one.url)).toEqual(expect.arrayContaining(['patient', 'migration', 'only_here']));
  expect(await tables(other.url)).not.toContain('only_here');
  await one.drop();
  await expect(tables(one.url)).rejects.toMatchObject({ code: '3D000' });
  await other.drop();
});

test('an empty database has no table', async () => {
  const empty = await createEmptyDatabase();
  expect(await tables(empty.url)).toEqual([]);
  await empty.drop();
});
