import {
  type DocumentNode,
  execute,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import type { Logger } from 'typeorm';
import { createContext, type Platform } from '../../src/api/context.ts';
import type { Principal } from '../../src/api/rights/principal.ts';

/** Arguments of fields that need some, by `Type.field`. */
export type GivenArguments = Readonly<Record<string, string>>;

/** A list of the graph, the type of its rows, and how to write a selection on each of them. */
export interface RowList {
  readonly name: string;
  readonly type: GraphQLObjectType;
  write(selection: string): string;
}

/**
 * Every list that a query field, or a field of a row that is got by one, gives: connections page by `$n`, so that one
 * variable says how many rows there are.
 */
export function listsOf(schema: GraphQLSchema, starts: readonly string[], given: GivenArguments): RowList[] {
  const query = schema.getQueryType() as GraphQLObjectType;
  const lists: RowList[] = [];
  for (const start of starts) {
    const [field, text = ''] = start.split(/(?=\()/);
    const type = getNamedType(query.getFields()[field!]!.type) as GraphQLObjectType;
    const around = (inner: string) => `${field}${text} { ${inner} }`;
    const own = listOf(start, query.getFields()[field!]!, `${field}`, text);
    if (own) lists.push(own);
    else
      for (const inner of Object.values(type.getFields())) {
        const list = listOf(`${start} ${inner.name}`, inner, inner.name, given[`${type.name}.${inner.name}`]);
        if (list) lists.push({ ...list, write: (selection) => around(list.write(selection)) });
      }
  }
  return lists;
}

function listOf(
  name: string,
  field: GraphQLField<unknown, unknown>,
  text: string,
  args = '',
): RowList | undefined {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return undefined;
  if (type.name.endsWith('Connection')) {
    const node = nodeOf(type);
    return {
      name,
      type: node as GraphQLObjectType,
      write: (selection) =>
        `${text}${paged(field, args, '$n')} { totalCount pageInfo { endCursor } edges { node { ${selection} } } }`,
    };
  }
  const list = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
  return list && 'id' in type.getFields()
    ? { name, type, write: (selection) => `${text}${args} { ${selection} }` }
    : undefined;
}

function nodeOf(connection: GraphQLObjectType): GraphQLNamedType {
  const edge = getNamedType(connection.getFields().edges!.type) as GraphQLObjectType;
  return getNamedType(edge.getFields().node!.type);
}

/** The arguments with the length of the page among them, where the field takes one. */
function paged(field: GraphQLField<unknown, unknown>, args: string, first: string): string {
  if (!field.args.some(({ name }) => name === 'first')) return args;
  return args === '' ? `(first: ${first})` : args.replace(/\)$/, `, first: ${first})`);
}

/**
 * One field of a type with all that is below it: parts to their leaves, and where it leads to rows, each of their fields,
 * of which those that lead to other rows again ask for no more than that they are there.
 */
export function fieldSelection(
  schema: GraphQLSchema,
  owner: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  given: GivenArguments,
  left = 1,
): string {
  const place = `${owner.name}.${field.name}`;
  const args = paged(field, given[place] ?? '', '2');
  const missing = field.args.find(
    ({ name, type, defaultValue }) =>
      isNonNullType(type) && defaultValue === undefined && !args.includes(`${name}:`),
  );
  if (missing) throw new Error(`say which ${missing.name} ${place} is asked with`);
  const type = getNamedType(field.type);
  const below = (inner: GraphQLNamedType): string => {
    const isRow = isObjectType(inner) && 'id' in inner.getFields();
    if (isAbstractType(inner))
      return `__typename ${schema
        .getPossibleTypes(inner)
        .map((each) => `... on ${each.name} { ${below(each)} }`)
        .join(' ')}`;
    if (isRow && left === 0) return '__typename';
    return Object.values((inner as GraphQLObjectType).getFields())
      .map((each) => fieldSelection(schema, inner as GraphQLObjectType, each, given, isRow ? left - 1 : left))
      .join(' ');
  };
  if (isLeafType(type)) return `${field.name}${args}`;
  if (isObjectType(type) && type.name.endsWith('Connection'))
    return `${field.name}${args} { totalCount edges { cursor node { ${below(nodeOf(type))} } } }`;
  return `${field.name}${args} { ${below(type)} }`;
}

/** The statements that an operation takes, and what it gives. */
export async function statementsOf(
  schema: GraphQLSchema,
  platform: Platform,
  principal: Principal,
  document: DocumentNode | string,
  variableValues: Record<string, unknown>,
): Promise<{ readonly statements: readonly string[]; readonly data: unknown }> {
  const contextValue = await createContext(platform, principal);
  const { statements, result } = await statementsDuring(platform, async () =>
    execute({
      schema,
      document: typeof document === 'string' ? parse(document) : document,
      contextValue,
      variableValues,
    }),
  );
  const { data, errors = [] } = result;
  if (errors.length > 0) throw errors[0];
  return { statements, data };
}

/** Does some work, and tells which statements the program made meanwhile, those of its own in the background among them. */
export async function statementsDuring<R>(
  { dataSource }: Platform,
  work: () => Promise<R>,
): Promise<{ readonly statements: readonly string[]; readonly result: R }> {
  const statements: string[] = [];
  const before = dataSource.logger;
  dataSource.logger = { logQuery: (sql: string) => statements.push(sql) } as unknown as Logger;
  try {
    return { result: await work(), statements };
  } finally {
    dataSource.logger = before;
  }
}
