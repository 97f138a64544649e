import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/**
 * The rows of a query of one entity, as `getMany` gives them, in a fraction of its time: TypeORM groups the rows of joins,
 * looks at each value, and keeps what it needs to save an entity. These are plain objects to be read, of columns which
 * the driver itself gives in the entity's form.
 */
export async function readRows<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): Promise<T[]> {
  const { metadata } = query.expressionMap.mainAlias as NonNullable<typeof query.expressionMap.mainAlias>;
  if (metadata.columns.some(({ transformer }) => transformer)) return query.getMany();
  const columns = metadata.columns.filter(({ isSelect }) => isSelect);
  const names = columns.map(({ propertyName }) => propertyName);
  const keys = columns.map(({ databaseName }) => `${query.alias}_${databaseName}`);
  const found: Record<string, unknown>[] = await query.getRawMany();
  return found.map((row) => {
    const read: Record<string, unknown> = {};
    for (let place = 0; place < names.length; place++) read[names[place]] = row[keys[place]];
    return read as T;
  });
}
