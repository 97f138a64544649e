import DataLoader from 'dataloader';
import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { maxUnion, unionOf } from '../value-batch.ts';

/** A row as the JSON of what is asked for of it, and of its columns those that tell its place in a list. */
export type JsonRow<T> = Partial<T> & { readonly json: string };

type Query = SelectQueryBuilder<ObjectLiteral>;

/** Reads lists of such rows: those that are asked for together by one statement. */
export function jsonRows(dataSource: DataSource): DataLoader<Query, JsonRow<ObjectLiteral>[]> {
  return new DataLoader(
    async (queries) => {
      const selects = queries.map((query) => {
        const [sql, parameters] = query.getQueryAndParameters();
        return { sql, parameters: parameters as unknown[] };
      });
      if (selects.length === 1)
        return [await dataSource.query(selects[0].sql, selects[0].parameters as unknown[])];
      // What lists are sorted by may be of different types.
      const found: { list: number; row: JsonRow<ObjectLiteral> }[] = await unionOf(
        dataSource,
        selects,
        (list, sql) =>
          `select ${list} as list, row_number() over () as rank, to_jsonb(page) - 'sort_key' as row from (${sql}) as page`,
        'order by list, rank',
      );
      const lists: JsonRow<ObjectLiteral>[][] = queries.map(() => []);
      for (const { list, row } of found) lists[list].push(row);
      return lists;
    },
    { cache: false, maxBatchSize: maxUnion },
  );
}
