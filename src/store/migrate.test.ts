import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import { createEmptyDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createDataSource } from './data-source.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(() => database.drop());

const names = migrations.map(({ name }) => name);

/** Everything that somebody made in the database, by kind and name. */
async function contents(): Promise<string[]> {
  const dataSource = await createDataSource(database.url).initialize();
  const rows: { what: string }[] = await dataSource.query(
    `select c.relkind::text || ' ' || c.relname as what from pg_class c where c.relnamespace = 'public'::regnamespace
     union all select 'type ' || typname from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e'
     union all select 'function ' || proname from pg_proc where pronamespace = 'public'::regnamespace
     union all select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
     union all select 'schema ' || nspname from pg_namespace where nspname !~ '^(pg_|information_schema|public)'
     order by what`,
  );
  await dataSource.destroy();
  return rows.map(({ what }) => what);
}

describe('migrations', () => {
  test('bring an empty database to exactly what the entities say', async () => {
    expect(await migrate(database.url)).toEqual(names);
    const dataSource = await createDataSource(database.url).initialize();
    const { upQueries, downQueries } = await dataSource.driver.createSchemaBuilder().log();
    await dataSource.destroy();
    expect([...upQueries, ...downQueries].map(({ query }) => query)).toEqual([]);
  });

  test('run once', async () => {
    expect(await migrate(database.url)).toEqual(names);
    expect(await migrate(database.url)).toEqual([]);
  });

  test('run once by whomever comes first, while others wait', async () => {
    const ran = await Promise.all(Array.from({ length: 5 }, () => migrate(database.url)));
    expect(ran.flat()).toEqual(names);
  });

  test('can be taken back, and leave nothing', async () => {
    const before = await contents();
    await migrate(database.url);
    expect((await contents()).length).toBeGreaterThan(before.length + 20);
    const dataSource = await createDataSource(database.url).initialize();
    for (const _name of names) await dataSource.undoLastMigration({ transaction: 'all' });
    expect(await dataSource.query('select * from migration')).toEqual([]);
    await dataSource.query('drop table migration');
    await dataSource.destroy();
    expect(await contents()).toEqual(before);
    expect(await migrate(database.url)).toEqual(names);
  });

  test('give every model that is there its endpoint', async () => {
    const dataSource = await createDataSource(database.url).initialize();
    const before = names.indexOf('Studies1795422600000');
    expect(before).toBeGreaterThan(0);
    dataSource.migrations.splice(before);
    await dataSource.runMigrations();
    const id = '01900000-0000-7000-8000-000000000000';
    await dataSource.query(`insert into cohort (id, key, name) values ($1, 'c', 'c')`, [id]);
    await dataSource.query(
      `insert into job (id, kind, cohort_id, specification, content_key) values ($1, 'COX_FIT', $1, '{}', 'k')`,
      [id],
    );
    await dataSource.query(
      `insert into model (id, cohort_id, job_id, specification, content_key, result)
       values ($1, $1, $1, '{"endpoint": "DFS"}', 'k', '{}')`,
      [id],
    );
    await dataSource.destroy();
    expect(await migrate(database.url)).toEqual(names.slice(before));
    const migrated = await createDataSource(database.url).initialize();
    expect(await migrated.query('select endpoint, study_id, name from model')).toEqual([
      { endpoint: 'DFS', study_id: null, name: null },
    ]);
    await migrated.destroy();
  });
});
