import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { Loaders } from './loaders.ts';

type Fragments = GraphQLResolveInfo['fragments'];

interface Row {
  readonly id: string;
}

interface RowList {
  readonly loader: 'outcomesOfPatient' | 'scansOfPatient' | 'predictionsOfPatient' | 'roisOfScan';
  /** The type of its rows. */
  readonly of: string;
}

/** The lists of rows, by type and field, that take no argument. */
const lists: Readonly<Record<string, Readonly<Record<string, RowList>>>> = {
  Patient: {
    outcomes: { loader: 'outcomesOfPatient', of: 'Outcome' },
    scans: { loader: 'scansOfPatient', of: 'Scan' },
    predictions: { loader: 'predictionsOfPatient', of: 'Prediction' },
  },
  Scan: { rois: { loader: 'roisOfScan', of: 'Roi' } },
};

/**
 * Reads the lists of a page's rows, and of the rows in them, that the operation will ask for: by the statements that it
 * would take anyway, but before its fields are resolved. These are then there at once, and a page of a hundred patients needs no promises by
 * the thousand. `path` leads from the field under way to that of the rows.
 */
export async function readAhead(
  loaders: Loaders,
  { fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
  path: readonly string[],
  type: string,
  rows: readonly Row[],
): Promise<void> {
  let nodes = fieldNodes;
  for (const name of path) nodes = selected(nodes, fragments).get(name) ?? [];
  await readLists(loaders, fragments, type, rows, nodes);
}

async function readLists(
  loaders: Loaders,
  fragments: Fragments,
  type: string,
  rows: readonly Row[],
  nodes: readonly FieldNode[],
): Promise<void> {
  if (rows.length === 0 || !lists[type]) return;
  const fields = selected(nodes, fragments);
  await Promise.all(
    Object.entries(lists[type]).map(async ([name, { loader, of }]) => {
      const asked = fields.get(name);
      if (!asked) return;
      const found: readonly Row[] = await loaders[loader].readAhead(rows.map(({ id }) => id));
      await readLists(loaders, fragments, of, found, asked);
    }),
  );
}

/** The fields selected under some, by name: all that may be asked for, whatever conditions they stand under. */
function selected(nodes: readonly FieldNode[], fragments: Fragments): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        found.set(name, [...(found.get(name) ?? []), selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments[selection.name.value];
        if (fragment) collect(fragment.selectionSet);
      }
    }
  };
  for (const { selectionSet } of nodes) if (selectionSet) collect(selectionSet);
  return found;
}
