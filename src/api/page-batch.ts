import DataLoader from 'dataloader';
import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { readRows } from '../store/read-rows.ts';
import type { PageReader } from './paging.ts';
import { maxUnion, type Select, unionOf } from './value-batch.ts';

type Query = SelectQueryBuilder<ObjectLiteral>;

/**
 * Reads the pages of lists that are fields of rows: those that are asked for together by one statement for their rows'
 * identifiers and one for the rows, however many lists there are. A single list takes one.
 */
export class PageBatch implements PageReader {
  readonly #rows: DataLoader<Query, ObjectLiteral[]>;
  readonly #counts: DataLoader<Query, number>;

  constructor(dataSource: DataSource) {
    const options = { cache: false, maxBatchSize: maxUnion };
    this.#rows = new DataLoader(
      (queries) => readByKind(queries, (kind) => readLists(dataSource, kind)),
      options,
    );
    this.#counts = new DataLoader((queries) => readCounts(dataSource, queries), options);
  }

  rows<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): Promise<T[]> {
    return this.#rows.load(query as unknown as Query) as Promise<T[]>;
  }

  count<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): Promise<number> {
    return this.#counts.load(query as unknown as Query);
  }
}

/** Reads the lists of each kind of row, and of the same columns of it, together. */
async function readByKind<R>(
  queries: readonly Query[],
  read: (queries: readonly Query[]) => Promise<R[]>,
): Promise<R[]> {
  const kinds = [...Map.groupBy(queries, (query) => [query.alias, ...selected(query)].join()).values()];
  const results = new Map<Query, R>();
  await Promise.all(
    kinds.map(async (kind) => {
      for (const [place, result] of (await read(kind)).entries()) results.set(kind[place], result);
    }),
  );
  return queries.map((query) => results.get(query) as R);
}

async function readLists(dataSource: DataSource, queries: readonly Query[]): Promise<ObjectLiteral[][]> {
  if (queries.length === 1) return [await readRows(queries[0])];
  const found: { list: number; id: string }[] = await unionOf(
    dataSource,
    queries.map(identifiers),
    (list, sql) => `select ${list} as list, row_number() over () as rank, id from (${sql}) as page`,
    'order by list, rank',
  );
  if (found.length === 0) return queries.map(() => []);
  const [{ alias, expressionMap }] = queries;
  const query = dataSource
    .getRepository(expressionMap.mainAlias?.target as string)
    .createQueryBuilder(alias)
    .select(selected(queries[0]))
    .where(`${alias}.id = any (:ids)`, { ids: [...new Set(found.map(({ id }) => id))] });
  const rows = await readRows(query);
  const byId = new Map(rows.map((row) => [row.id as string, row]));
  const lists: ObjectLiteral[][] = queries.map(() => []);
  for (const { list, id } of found) {
    // One that was removed between the statements is not there any more.
    const row = byId.get(id);
    if (row) lists[list].push(row);
  }
  return lists;
}

async function readCounts(dataSource: DataSource, queries: readonly Query[]): Promise<number[]> {
  if (queries.length === 1) return [await queries[0].getCount()];
  const found: { list: number; count: number }[] = await unionOf(
    dataSource,
    queries.map(identifiers),
    (list, sql) => `select ${list} as list, count(*)::integer as count from (${sql}) as page`,
  );
  const counts = new Map(found.map(({ list, count }) => [list, count]));
  return queries.map((_query, list) => counts.get(list) ?? 0);
}

/** What of its rows a query asks for: their columns, or by its alias all of them. */
function selected({ expressionMap }: Query): string[] {
  return expressionMap.selects
    .filter(({ aliasName }) => aliasName !== 'sort_key')
    .map(({ selection }) => selection);
}

/** The query of the identifiers alone; what it is sorted by stays. */
function identifiers(query: Query): Select {
  const only = query.clone().select(`${query.alias}.id`, 'id');
  const sort = query.expressionMap.selects.find(({ aliasName }) => aliasName === 'sort_key');
  if (sort) only.addSelect(sort.selection, 'sort_key');
  const [sql, parameters] = only.getQueryAndParameters();
  return { sql, parameters: parameters as unknown[] };
}
