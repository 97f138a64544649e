import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import { isId, isText } from '../store/checks.ts';
import type { Role } from '../store/entities/grant.ts';
import { Access } from './rights/access.ts';

/** The most rows that one page may hold. */
export const maxPageSize = 1000;

@Access('READER')
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
interface Keyset<T> {
  /** The list's name: a cursor of another list is refused. */
  readonly list: string;
  readonly columns: readonly (keyof T & string)[];
  readonly descending?: boolean;
}

/**
 * One page of a query by keyset: rows after the cursor's row by the order of `keyset.columns`. Costs the same at the
 * end of a long list as at its start, and neither skips nor repeats rows when others are added meanwhile.
 */
export async function pageOf<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  { first, after }: PageArguments,
  keyset: Keyset<T>,
): Promise<Page<T>> {
  const alias = query.alias;
  const counted = query.clone();
  const limit = requirePageSize(first);
  const columns = keyset.columns.map((column) => `${alias}.${column}`);
  if (after !== null) {
    const values = decodeCursor(
      after,
      keyset.list,
      keyset.columns.map((column) => (column === 'id' ? 'id' : 'text')),
    );
    const places = values.map((_value, index) => `:after${index}`);
    query.andWhere(`(${columns.join(', ')}) ${keyset.descending ? '<' : '>'} (${places.join(', ')})`);
    query.setParameters(Object.fromEntries(values.map((value, index) => [`after${index}`, value])));
  }
  for (const column of columns) query.addOrderBy(column, keyset.descending ? 'DESC' : 'ASC');
  const rows = await query.limit(limit + 1).getMany();
  const edges = rows.slice(0, limit).map((node) => ({
    node,
    cursor: encodeCursor(
      keyset.list,
      keyset.columns.map((column) => node[column]),
    ),
  }));
  return toPage(edges, rows.length > limit, after !== null, () => counted.getCount());
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

/** What a cursor holds of a row: an identifier, a text, or the number of an event. */
type KeyKind = 'id' | 'text' | 'sequence';

const isKey: Record<KeyKind, (value: unknown) => boolean> = {
  id: (value) => typeof value === 'string' && isId(value),
  text: (value) => typeof value === 'string' && isText(value),
  sequence: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) < 2 ** 31,
};

/** The key values in a cursor. Throws `CURSOR_INVALID` unless it can have been made by `encodeCursor` for the same list. */
export function decodeCursor(cursor: string, list: string, kinds: readonly KeyKind[]): (string | number)[] {
  try {
    const [found, ...values] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const areKeys =
      values.length === kinds.length && kinds.every((kind, index) => isKey[kind](values[index]));
    if (found === list && areKeys) return values as (string | number)[];
  } catch {
    // Falls through: malformed.
  }
  throw new Failure(
    'CURSOR_INVALID',
    `the cursor "${cursor.slice(0, 40)}" is malformed or belongs to another list than ${list}`,
    { list },
  );
}
