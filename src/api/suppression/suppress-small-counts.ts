import {
  type ConstDirectiveNode,
  DirectiveLocation,
  defaultFieldResolver,
  GraphQLBoolean,
  GraphQLDirective,
  type GraphQLField,
  GraphQLInt,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { Directive } from 'type-graphql';
import type { Context } from '../context.ts';
import { shapes } from './shapes.ts';
import { isSmall, withheldCells } from './withheld-cells.ts';

/** Fewer patients than this tell of somebody. */
const usualLeast = 5;

interface Suppression {
  /** Numbers of one column add up in the nearest type above that is marked itself. */
  readonly column?: string;
  readonly isTotal?: boolean;
}

/** Has a field's number of patients withheld where it is small; on a type, see the directive. */
export function SuppressSmallCounts({
  column,
  isTotal,
}: Suppression = {}): PropertyDecorator & MethodDecorator & ClassDecorator {
  const given = [
    `below: ${usualLeast}`,
    ...(column ? [`column: "${column}"`] : []),
    ...(isTotal ? ['isTotal: true'] : []),
  ];
  return Directive(`@suppressSmallCounts(${given.join(', ')})`);
}

/** The directive itself. */
export const suppressSmallCounts = new GraphQLDirective({
  name: 'suppressSmallCounts',
  description:
    'A number of patients that is withheld, as null, where it is small, from who may read aggregates but no rows. On a type: the numbers in it and in its parts add up, column by column, so that where one is withheld another is as well, lest it follow by subtraction.',
  locations: [DirectiveLocation.OBJECT, DirectiveLocation.FIELD_DEFINITION],
  args: {
    below: {
      type: new GraphQLNonNull(GraphQLInt),
      description: 'The least number that is shown, but for zero.',
    },
    column: { type: GraphQLString, description: 'Which numbers it adds up with.' },
    isTotal: { type: GraphQLBoolean, description: 'Whether it is what the others of the column add up to.' },
  },
});

/** Has small numbers withheld as the schema's directives say. */
export function withSuppression(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const isTable = directiveOf(type.astNode) !== null;
    const cells = isTable ? cellsOf(type, []) : [];
    const shape = shapes[type.name];
    if (isTable && cells.length === 0 && !shape) throw new Error(`${type.name} has no counts to withhold`);
    const known = new WeakMap<object, object>();
    const withheld = (source: object): object => {
      let copy = known.get(source);
      if (!copy) {
        copy = structuredClone(source);
        withholdCells(copy, cells);
        if (shape) copy = shape(copy as never, usualLeast);
        known.set(source, copy);
      }
      return copy;
    };
    for (const field of Object.values(type.getFields())) {
      const below = directiveOf(field.astNode)?.below;
      if (below !== undefined && isNonNullType(field.type))
        throw new Error(`${type.name}.${field.name} can be withheld, and so can be null`);
      if (isTable)
        wrap(
          field,
          (resolve) =>
            (source, ...rest) =>
              resolve(withheld(source), ...rest),
        );
      else if (below !== undefined)
        wrap(field, (resolve) => async (...asked) => {
          const count = (await resolve(...asked)) as number | null;
          return count !== null && isSmall(count, below) ? null : count;
        });
    }
  }
  return schema;
}

type Resolve = (source: object, args: object, context: Context, info: never) => unknown;

/** Gives the field another resolver for those who see aggregates alone. */
function wrap(field: GraphQLField<unknown, unknown>, change: (resolve: Resolve) => Resolve): void {
  const resolve = (field.resolve ?? defaultFieldResolver) as Resolve;
  const changed = change(resolve);
  field.resolve = (source, args, context, info) => {
    const { rights, scopes } = context as Context;
    const sees = rights.unlimited || rights.seesRows(scopes.at(info.path, source));
    return (sees ? resolve : changed)(source as object, args, context as Context, info as never);
  };
}

/** Where in a table a number stands: the fields that lead to it, through lists. */
interface Cell {
  readonly path: readonly string[];
  readonly below: number;
  readonly column: string;
  readonly isTotal: boolean;
}

function cellsOf(type: GraphQLObjectType, path: readonly string[]): Cell[] {
  return Object.values(type.getFields()).flatMap((field): Cell[] => {
    const directive = directiveOf(field.astNode);
    const way = [...path, field.name];
    if (directive) return [{ path: way, ...directive }];
    const inner = getNamedType(field.type);
    // Parts that are tables of their own look after themselves.
    return isObjectType(inner) && path.length < 2 && !directiveOf(inner.astNode) ? cellsOf(inner, way) : [];
  });
}

function withholdCells(table: object, cells: readonly Cell[]): void {
  for (const column of new Set(cells.map((cell) => cell.column))) {
    const own = cells.filter((cell) => cell.column === column);
    const { below } = own[0];
    const holders = (isTotal: boolean) =>
      own.filter((cell) => cell.isTotal === isTotal).flatMap(({ path }) => holdersOf(table, path));
    const counted = holders(false).filter(({ holder, key }) => typeof holder[key] === 'number');
    const counts = counted.map(({ holder, key }) => holder[key] as number);
    for (const place of withheldCells(counts, below)) counted[place].holder[counted[place].key] = null;
    for (const { holder, key } of holders(true))
      if (isSmall(holder[key] as number, below)) holder[key] = null;
  }
}

/** The objects that have the number at the end of a path. */
function holdersOf(
  root: object,
  path: readonly string[],
): { holder: Record<string, unknown>; key: string }[] {
  let objects: unknown[] = [root];
  for (const key of path.slice(0, -1))
    objects = objects
      .flatMap((object) => (object as Record<string, unknown>)[key])
      .filter((value) => value !== null && value !== undefined);
  return objects.map((holder) => ({ holder: holder as Record<string, unknown>, key: path[path.length - 1] }));
}

function directiveOf(
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined,
): Omit<Cell, 'path'> | null {
  const directive = node?.directives?.find(({ name }) => name.value === 'suppressSmallCounts');
  if (!directive) return null;
  const given = new Map(
    directive.arguments?.map(({ name, value }) => [name.value, 'value' in value ? value.value : null]),
  );
  return {
    below: Number(given.get('below')),
    column: String(given.get('column') ?? ''),
    isTotal: given.get('isTotal') === true,
  };
}
