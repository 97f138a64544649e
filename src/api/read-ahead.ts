import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import type { Loaders } from './loaders.ts';
import { listFields } from './row-lists.ts';
import { type Operation, selectedFields } from './selected-fields.ts';

interface Row {
  readonly id: string;
}

/**
 * Reads the lists of a page's rows, and of the rows in them, that the operation will ask for: by the statements that it
 * would take anyway, but before its fields are resolved. These are then there at once, and a page of a hundred patients
 * needs no promises by the thousand. `path` leads by fields, each with its type, from the one under way to that of the
 * rows, which are of the type `type`.
 */
export async function readAhead(
  loaders: Loaders,
  info: GraphQLResolveInfo,
  path: readonly (readonly [type: string, field: string])[],
  type: string,
  rows: readonly Row[],
): Promise<void> {
  let nodes = info.fieldNodes;
  for (const [of, field] of path) nodes = fieldsNamed(info, of, nodes).get(field) ?? [];
  await readLists(loaders, info, type, rows, nodes);
}

async function readLists(
  loaders: Loaders,
  operation: Operation,
  type: string,
  rows: readonly Row[],
  nodes: readonly FieldNode[],
): Promise<void> {
  if (rows.length === 0 || !listFields[type]) return;
  const fields = fieldsNamed(operation, type, nodes);
  await Promise.all(
    Object.entries(listFields[type]).map(async ([name, { loader, of }]) => {
      const asked = fields.get(name);
      if (!asked) return;
      const found: readonly Row[] = await loaders[loader].readAhead(rows.map(({ id }) => id));
      await readLists(loaders, operation, of, found, asked);
    }),
  );
}

/** The fields selected under some, by the name that the schema has for them. */
function fieldsNamed(
  operation: Operation,
  type: string,
  nodes: readonly FieldNode[],
): Map<string, FieldNode[]> {
  const fields = [...selectedFields(operation, type, nodes).values()].flat();
  return Map.groupBy(fields, ({ name }) => name.value);
}
