import {
  type DocumentNode,
  execute,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { pino } from 'pino';
import { createContext, type Platform } from '../../src/api/context.ts';
import { presentError } from '../../src/api/present-error.ts';
import type { Principal } from '../../src/api/rights/principal.ts';

/** A field of the root with its arguments, where ways through the graph begin. */
export interface Start {
  readonly field: string;
  readonly arguments: string;
  /** The object type that the field gives here, where it can give several. */
  readonly of?: string;
}

/** A field on a way: `Type.field`, and how it is written. */
interface Step {
  readonly place: string;
  readonly owner: string;
  readonly text: string;
  readonly name: string;
}

/** A field of the schema and the way by which it is asked for: the last step is the field itself. */
export interface Cell {
  readonly place: string;
  readonly steps: readonly Step[];
  readonly document: DocumentNode;
}

/** What came back for one cell. */
export interface CellAnswer {
  /** The values of the field, wherever the way led to one. */
  readonly values: readonly unknown[];
  readonly codes: readonly string[];
  /** All that was told, but for bytes, which spell anything by chance. */
  readonly text: string;
}

const logged = pino({ level: 'silent' });

/**
 * Asks for every field of every object type, by the shortest ways from the starts; several ways a type, as a list on one
 * may be empty. `arguments` are those of fields that need some, by `Type.field`.
 */
export function cellsOf(
  schema: GraphQLSchema,
  starts: readonly Start[],
  given: Readonly<Record<string, string>>,
  waysPerType = 3,
): Map<string, Cell[]> {
  const query = schema.getQueryType() as GraphQLObjectType;
  const ways = new Map<string, Step[][]>();
  const queue: { type: GraphQLNamedType; way: Step[] }[] = starts.map(({ field, arguments: text, of }) => ({
    type: (of && schema.getType(of)) || getNamedType(query.getFields()[field]!.type),
    way: [{ place: `Query.${field}`, owner: 'Query', name: field, text: `${field}${text}` }],
  }));
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { type, way } = next;
    const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    for (const object of objects) {
      const known = ways.get(object.name) ?? [];
      const comesBack = way.slice(1).some(({ owner }) => owner === object.name);
      if (known.length >= waysPerType || comesBack || way.length > 7) continue;
      ways.set(object.name, [...known, way]);
      for (const field of Object.values(object.getFields()))
        if (!isLeafType(getNamedType(field.type)))
          queue.push({ type: getNamedType(field.type), way: [...way, stepOf(object, field.name, given)] });
    }
  }
  const cells = new Map<string, Cell[]>();
  const add = (steps: readonly Step[]) => {
    const document = parse(`query { ${written(schema, steps)} }`);
    const [invalid] = validate(schema, document);
    if (invalid) throw invalid;
    const { place } = steps.at(-1) as Step;
    cells.set(place, [...(cells.get(place) ?? []), { place, steps, document }]);
  };
  for (const start of queueOf(starts)) add([start]);
  for (const [name, found] of ways)
    for (const field of Object.values((schema.getType(name) as GraphQLObjectType).getFields()))
      for (const way of found)
        add([...way, stepOf(schema.getType(name) as GraphQLObjectType, field.name, given)]);
  return cells;
}

function queueOf(starts: readonly Start[]): Step[] {
  return starts.map(({ field, arguments: text }) => ({
    place: `Query.${field}`,
    owner: 'Query',
    name: field,
    text: `${field}${text}`,
  }));
}

function stepOf(object: GraphQLObjectType, name: string, given: Readonly<Record<string, string>>): Step {
  const place = `${object.name}.${name}`;
  const needs = object
    .getFields()
    [name]!.args.some(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined);
  if (needs && !given[place]) throw new Error(`say which arguments ${place} is asked with`);
  return { place, owner: object.name, name, text: `${name}${given[place] ?? ''}` };
}

/** A way written down; `beside` are fields that are asked for with the one at its end. */
function written(
  schema: GraphQLSchema,
  [step, ...rest]: readonly Step[],
  beside: readonly Step[] = [],
): string {
  const { owner, name, text } = step as Step;
  const type = getNamedType((schema.getType(owner) as GraphQLObjectType).getFields()[name]!.type);
  if (rest.length === 0)
    return [
      isLeafType(type) ? text : `${text} { __typename }`,
      ...beside.map((other) => written(schema, [other])),
    ].join(' ');
  const inner = written(schema, rest, beside);
  return isAbstractType(type) ? `${text} { ... on ${rest[0]!.owner} { ${inner} } }` : `${text} { ${inner} }`;
}

/** Cells by the way to what they are fields of: those of one can be asked for together. Fields of the root are each by itself. */
export function byWay(cells: Iterable<Cell>): Cell[][] {
  const wayTo = ({ steps }: Cell) =>
    (steps.length === 1 ? [...steps, null] : steps.slice(0, -1)).map((step) => [step?.owner, step?.text]);
  return [...Map.groupBy(cells, (cell) => JSON.stringify(wayTo(cell))).values()];
}

/**
 * Asks for cells of one way in one operation. Gives what came back for each, as if it had been asked for by itself; null where
 * there are errors, of which one may take away what the others had to tell.
 */
export async function answersTogether(
  schema: GraphQLSchema,
  platform: Platform,
  principal: Principal,
  [first, ...others]: readonly Cell[],
): Promise<CellAnswer[] | null> {
  const { steps } = first as Cell;
  const document = parse(
    `query { ${written(
      schema,
      steps,
      others.map((cell) => cell.steps.at(-1) as Step),
    )} }`,
  );
  const { data, presented, text } = await answerTo(schema, platform, principal, document);
  if (presented.length > 0) return null;
  return [first as Cell, ...others].map((cell) => ({ values: valuesOf(data, cell), codes: [], text }));
}

/** Asks as a principal, in this process. */
export async function answerOf(
  schema: GraphQLSchema,
  platform: Platform,
  principal: Principal,
  cell: Cell,
): Promise<CellAnswer> {
  const { data, presented, text } = await answerTo(schema, platform, principal, cell.document);
  const codes = presented.map(({ extensions }) => String(extensions?.code));
  return { values: valuesOf(data, cell), codes, text };
}

function valuesOf(data: unknown, { steps }: Cell): unknown[] {
  let values: unknown[] = [data];
  for (const { name } of steps)
    values = values
      .flatMap((value) =>
        value === null || value === undefined ? [] : (value as Record<string, unknown>)[name],
      )
      .flat(2)
      .filter((value) => value !== null && value !== undefined);
  return values;
}

async function answerTo(
  schema: GraphQLSchema,
  platform: Platform,
  principal: Principal,
  document: DocumentNode,
) {
  const contextValue = await createContext(platform, principal);
  const { data, errors = [] } = await execute({ schema, document, contextValue });
  const presented = errors.map((error) => presentError(error, logged));
  return {
    data,
    presented,
    text: JSON.stringify([
      data,
      presented.map(({ message, extensions }) => [message, extensions]),
    ]).replaceAll(/"[A-Za-z0-9+/]{500,}={0,2}"/g, '"bytes"'),
  };
}
