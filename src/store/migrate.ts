import { createDataSource } from './data-source.ts';

/** Any number will do, as long as every process that migrates takes the same lock. */
const migrationLock = 0x6e6f6d6f;

/** Brings the database at `url` to the newest schema; returns the names of the migrations that ran. Safe to call from several processes at once. */
export async function migrate(url: string): Promise<string[]> {
  const dataSource = await createDataSource(url).initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [migrationLock]);
    const ran = await dataSource.runMigrations({ transaction: 'all' });
    return ran.map((migration) => migration.name);
  } finally {
    await lock.query('select pg_advisory_unlock_all()');
    await lock.release();
    await dataSource.destroy();
  }
}
