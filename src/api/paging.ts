import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import { isId, isText } from '../store/checks.ts';
import type { Role } from '../store/entities/grant.ts';
import { readRows } from '../store/read-rows.ts';
import { Shareable } from './federation/directives.ts';
import { Access } from './rights/access.ts';

/** The most rows that one page may hold. */
export const maxPageSize = 1000;

@Access('READER')
@Shareable()
@ObjectType({ description: 'Where a page of a connection lies in the whole list.' })
export class PageInfo {
  @Field({ description: 'Whether more follows after this page.' })
  hasNextPage: boolean;

  @Field({ description: 'Whether this page was asked for after a cursor.' })
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge.' })
  startCursor: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last edge: give it as `after` for the next page.',
  })
  endCursor: string | null;
}

export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: PageInfo;
  /** Counted when it is read, which is when a client asks for it. */
  readonly totalCount: Promise<number>;
}

/** The Relay connection and edge types of a node type, named after it; the list itself is what a rule is for. */
export function connectionOf<T extends object>(
  node: ClassType<T>,
  name: string,
  role: Role = 'READER',
): ClassType<Page<T>> {
  @Access(role)
  @ObjectType(`${name}Edge`, { description: `A ${name} in a list, with its place in it.` })
  class Edge {
    @Field({ description: 'The place of this edge in the list; opaque, valid for this list alone.' })
    cursor: string;

    @Field(() => node, { description: `The ${name}.` })
    node: T;
  }

  @Access(role)
  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class Connection {
    @Field(() => [Edge], { description: 'The page, in order.' })
    edges: Edge[];

    @Field(() => PageInfo, { description: 'Where the page lies in the list.' })
    pageInfo: PageInfo;

    @Field(() => Int, { description: 'The length of the whole list; counted only when asked for.' })
    totalCount: number;
  }
  return Connection as unknown as ClassType<Page<T>>;
}

export interface PageArguments {
  readonly first: number;
  readonly after: string | null;
}

/** The columns that a list is sorted by; the last one is unique, so that each row has one place. */
export interface Keyset<T> {
  /** The list's name: a cursor of another list is refused. */
  readonly list: string;
  readonly columns: readonly (keyof T & string)[];
  readonly descending?: boolean;
  /** What the list is sorted by before the columns. Rows without it come last, in either direction. */
  readonly sort?: SortKey<T> | undefined;
}

export interface SortKey<T> {
  /** An expression, of which a row's value is `valueOf` it. */
  readonly sql: string;
  readonly parameters: ObjectLiteral;
  readonly kind: 'NUMERIC' | 'CATEGORICAL';
  readonly descending: boolean;
  valueOf(row: T): number | string | null | Promise<number | string | null>;
}

/** The pages and counts of the lists of one operation, by few statements. */
export interface PageReader {
  rows<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): Promise<T[]>;
  count<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): Promise<number>;
}

const oneByOne: PageReader = {
  rows: readRows,
  count: (query) => query.getCount(),
};

/**
 * One page of a query by keyset: rows after the cursor's row by the order of `keyset`. Costs the same at the end of a
 * long list as at its start, and neither skips nor repeats rows when others are added meanwhile. A list that is a field of
 * a row takes the operation's `reader`, so that all rows' lists are read together.
 */
export async function pageOf<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  { first, after }: PageArguments,
  keyset: Keyset<T>,
  reader: PageReader = oneByOne,
): Promise<Page<T>> {
  const alias = query.alias;
  const counted = query.clone();
  const limit = requirePageSize(first);
  const { list, sort, descending } = keyset;
  const columns = keyset.columns.map((column) => `${alias}.${column}`);
  if (after !== null) {
    const kinds = keyset.columns.map(
      (column): KeyKind => (column === 'id' || column === 'sequence' ? column : 'text'),
    );
    const [value, ...values] = decodeCursor(after, list, [...(sort ? [sort.kind] : []), ...kinds]);
    if (!sort) values.unshift(value as string);
    const places = values.map((_value, index) => `:after${index}`);
    const later = `(${columns.join(', ')}) ${descending ? '<' : '>'} (${places.join(', ')})`;
    query.andWhere(sort ? laterBy(sort, value, later) : later, { afterSort: value });
    query.setParameters(Object.fromEntries(values.map((each, index) => [`after${index}`, each])));
  }
  if (sort) {
    query.addSelect(sort.sql, 'sort_key').setParameters(sort.parameters);
    query.addOrderBy('sort_key', sort.descending ? 'DESC' : 'ASC', 'NULLS LAST');
  }
  for (const column of columns) query.addOrderBy(column, descending ? 'DESC' : 'ASC');
  const rows = await reader.rows(query.limit(limit + 1));
  const edges = await Promise.all(
    rows.slice(0, limit).map(async (node) => ({
      node,
      cursor: encodeCursor(list, [
        ...(sort ? [await sort.valueOf(node)] : []),
        ...keyset.columns.map((column) => node[column]),
      ]),
    })),
  );
  return toPage(edges, rows.length > limit, after !== null, () => reader.count(counted));
}

/** The rows after one of the value, of which `later` are those after it among rows of the same value. */
function laterBy({ sql, kind, descending }: SortKey<never>, value: unknown, later: string): string {
  if (value === null) return `(${sql} is null and ${later})`;
  const given = kind === 'NUMERIC' ? ':afterSort::double precision' : ':afterSort::text';
  return `(${sql} is null or ${sql} ${descending ? '<' : '>'} ${given} or (${sql} = ${given} and ${later}))`;
}

export function toPage<T>(
  edges: readonly { readonly cursor: string; readonly node: T }[],
  hasNextPage: boolean,
  hasPreviousPage: boolean,
  totalCount: () => Promise<number>,
): Page<T> {
  const pageInfo = {
    hasNextPage,
    hasPreviousPage,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return {
    edges,
    pageInfo,
    get totalCount() {
      return totalCount();
    },
  };
}

export function requirePageSize(first: number): number {
  if (Number.isInteger(first) && first >= 1 && first <= maxPageSize) return first;
  throw new Failure('LIMIT_EXCEEDED', `first is ${first}; a page holds 1 to ${maxPageSize} rows`, {
    field: 'first',
    value: first,
    limit: maxPageSize,
  });
}

export function encodeCursor(list: string, values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
}

/** What a cursor holds of a row: an identifier, a text, the number of an event, or what its list is sorted by. */
type KeyKind = 'id' | 'text' | 'sequence' | SortKey<never>['kind'];

const isKey: Record<KeyKind, (value: unknown) => boolean> = {
  id: (value) => typeof value === 'string' && isId(value),
  text: (value) => typeof value === 'string' && isText(value),
  sequence: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) < 2 ** 31,
  NUMERIC: (value) => value === null || Number.isFinite(value),
  CATEGORICAL: (value) => value === null || (typeof value === 'string' && isText(value)),
};

/** The key values in a cursor. Throws `CURSOR_INVALID` unless it can have been made by `encodeCursor` for the same list. */
export function decodeCursor(
  cursor: string,
  list: string,
  kinds: readonly KeyKind[],
): (string | number | null)[] {
  try {
    const [found, ...values] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const areKeys =
      values.length === kinds.length && kinds.every((kind, index) => isKey[kind](values[index]));
    if (found === list && areKeys) return values as (string | number | null)[];
  } catch {
    // Falls through: malformed.
  }
  throw new Failure(
    'CURSOR_INVALID',
    `the cursor "${cursor.slice(0, 40)}" is malformed or belongs to another list than ${list}`,
    { list },
  );
}
