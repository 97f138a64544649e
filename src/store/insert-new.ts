import type { EntityManager, EntityTarget, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';

/** Rows a statement; PostgreSQL takes 65,535 parameters, and no entity has more than a dozen columns. */
const rowsAtOnce = 4_000;

/** Inserts rows, leaving out those whose keys are there already or are being added by somebody else, for whom it waits. */
export async function insertNew<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  rows: readonly QueryDeepPartialEntity<T>[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await manager
      .createQueryBuilder()
      .insert()
      .into(entity)
      .values(rows.slice(start, start + rowsAtOnce))
      .orIgnore()
      // The rows that come back are fewer than those given where some are left out, and TypeORM would mix them up.
      .updateEntity(false)
      .execute();
  }
}
