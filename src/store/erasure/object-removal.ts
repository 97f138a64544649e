import { rm } from 'node:fs/promises';
import type { DataSource, EntityManager } from 'typeorm';
import type { ObjectStore } from '../object-store.ts';

/**
 * Keeps files of the store, by hash, from being removed, or kept again, until the transaction ends. Whoever refers to a file
 * that may have been there before takes this first, and then makes sure that it is there.
 */
export async function lockObjects(manager: EntityManager, hashes: readonly string[]): Promise<void> {
  // In one order, so that nobody waits for who waits for them.
  await manager.query(
    'select pg_advisory_xact_lock(hashtextextended(hash, 0)) from unnest($1::text[]) as hash',
    [[...new Set(hashes)].sort()],
  );
}

const batchSize = 100;

/**
 * Removes the files that are to go, unless somebody has come to refer to one since. Safe to repeat, and to call from several
 * processes at once: what was cut off is gone on with by the next.
 */
export async function removeObjects(dataSource: DataSource, objects: ObjectStore): Promise<void> {
  for (;;) {
    const rows: { sha256: string }[] = await dataSource.query(
      `select sha256 from object_removal order by sha256 limit ${batchSize}`,
    );
    for (const { sha256 } of rows)
      await dataSource.transaction(async (manager) => {
        await lockObjects(manager, [sha256]);
        const [{ used }]: { used: boolean }[] = await manager.query(
          `select exists (select from object where sha256 = $1) or exists (select from report_file where sha256 = $1) as used`,
          [sha256],
        );
        if (!used) await rm(objects.path(sha256), { force: true });
        await manager.query('delete from object_removal where sha256 = $1', [sha256]);
      });
    if (rows.length < batchSize) return;
  }
}
