import pg from 'pg';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmptyDatabase, type TestDatabase } from '../../test/support/database.ts';
import { Failure } from '../engine/failure.ts';

import { createDataSource } from './data-source.ts';
import { beyondOperation, StatementScope, scopeStatements } from './statement-scope.ts';

let database: TestDatabase;
let dataSource: DataSource;
let begin: () => StatementScope;
let canceller: pg.Client;
beforeAll(async () => {
  database = await createEmptyDatabase();
  dataSource = await createDataSource(database.url).initialize();
  begin = scopeStatements(dataSource, pino({ enabled: false }));
  canceller = new pg.Client(database.url);
  await canceller.connect();
});
afterAll(async () => {
  await canceller.end();
  await dataSource.destroy();
  await database.drop();
});

const reason = new Failure('SERVICE_UNAVAILABLE', 'nobody waits');
const sleep = (seconds: number) =>
  dataSource.query('select pg_sleep($1), pg_backend_pid() as backend', [seconds]);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('ends what is under way, and what is to come, with its reason', async () => {
  const scope = begin();
  const answers = scope.run(() => Promise.allSettled([sleep(60), sleep(60)]));
  await pause(20);
  scope.end(reason);
  for (const answer of await answers) expect(answer).toEqual({ status: 'rejected', reason });
  await expect(scope.run(() => sleep(0))).rejects.toBe(reason);
  await expect(scope.run(() => beyondOperation(() => sleep(0)))).resolves.toHaveLength(1);
  await expect(begin().run(() => sleep(0))).resolves.toHaveLength(1);
});

test('ends a statement that is not yet at the server', async () => {
  const scope = begin();
  const answer = scope.run(() => sleep(60));
  scope.end(reason);
  await expect(answer).rejects.toBe(reason);
});

test('rolls a transaction back, whatever of it is under way', async () => {
  const scope = begin();
  await dataSource.query('create table change (number integer)');
  const change = scope.run(() =>
    dataSource.transaction(async (manager) => {
      await manager.query('insert into change values (1)');
      await Promise.all([manager.query('select pg_sleep(60)'), manager.query('select pg_sleep(60)')]);
    }),
  );
  await pause(50);
  scope.end(reason);
  await expect(change).rejects.toBe(reason);
  expect(await dataSource.query('select * from change')).toEqual([]);
  const open = await dataSource.query(
    "select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
  );
  expect(open).toEqual([]);
});

test('gives a connection back when no cancellation is on its way to it', async () => {
  let cancelled: number[] = [];
  const slow = new StatementScope({
    cancel: async (backends) => {
      await pause(100);
      cancelled = [...backends];
      await canceller.query('select pg_cancel_backend($1)', [backends[0]]);
    },
  });
  const answer = slow.run(() => sleep(0.05));
  await pause(20);
  slow.end(reason);
  // It ended by itself, before the cancellation came.
  await expect(answer).resolves.toHaveLength(1);
  const [{ backend }] = await sleep(0.2);
  expect(cancelled).toEqual([backend]);
});
