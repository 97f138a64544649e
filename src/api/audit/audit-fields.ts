import {
  defaultFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Context } from '../context.ts';
import { patientRows, rowRules } from '../rights/scopes.ts';

/** Fields that give what belongs to patients in one piece, and what is in it. */
export const wholes: Readonly<Record<string, string>> = {
  'Study.result': 'Study',
  'Study.subjects': 'Study',
  'Cohort.featureMatrix': 'FeatureVector',
};

/**
 * Has every mutation of the schema done under audit, and note taken of every field that gives rows of patients. So a new field
 * or mutation is in the log without a word of its own.
 */
export function auditFields(schema: GraphQLSchema): GraphQLSchema {
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve = defaultFieldResolver } = field;
    field.resolve = (source, args, context: Context, info) =>
      context.audit.during(name, async () => resolve(source, args, context, info));
  }
  // What a page holds is noted with the page.
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && type !== schema.getMutationType() && !/(Edge|Connection)$/.test(type.name))
      for (const name of Object.keys(type.getFields())) {
        if (type === schema.getQueryType()) noteRoot(type, name);
        else noteField(type, name);
      }
  return schema;
}

/** A row that is asked for by its identifier, by this graph or by another subgraph. */
function noteRoot(query: GraphQLObjectType, name: string): void {
  const field = query.getFields()[name];
  const kind = getNamedType(field.type).name;
  if (!patientRows.has(kind) && name !== '_entities') return;
  const { resolve = defaultFieldResolver } = field;
  field.resolve = async (source, args, context: Context, info) => {
    const result: unknown = await resolve(source, args, context, info);
    if (name !== '_entities') await noteRow(kind, result, context);
    else {
      // One that fails concerns itself alone.
      const rows = await Promise.allSettled(result as readonly unknown[]);
      for (const [place, row] of rows.entries())
        if (row.status === 'fulfilled')
          await noteRow(args.representations[place].__typename, row.value, context);
    }
    return result;
  };
}

async function noteRow(
  kind: string,
  row: unknown,
  { audit, scopes }: Context,
  isNamed = true,
): Promise<void> {
  if (!row || !patientRows.has(kind)) return;
  const scope = await rowRules[kind].scopeOf(row as never, scopes);
  const cohortId = scope && 'cohortId' in scope ? scope.cohortId : null;
  audit.saw(kind, cohortId, isNamed ? (row as { id: string }).id : undefined);
}

function noteField(type: GraphQLObjectType, name: string): void {
  const field = type.getFields()[name];
  const kind = wholes[`${type.name}.${name}`] ?? getNamedType(field.type).name.replace(/Connection$/, '');
  if (!(`${type.name}.${name}` in wholes) && !patientRows.has(kind)) return;
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (source, args, context: Context, info) => {
    const cohortId: string | undefined = type.name === 'Cohort' ? source.id : source.cohortId;
    const result = resolve(source, args, context, info);
    if (cohortId !== undefined) context.audit.saw(kind, cohortId);
    // Of a patient's row, the way to it has told the cohort. What belongs to no cohort, as a file, leads into any.
    else if (!patientRows.has(type.name)) return noted(kind, result, context);
    return result;
  };
}

async function noted(kind: string, result: unknown, context: Context): Promise<unknown> {
  const found = await result;
  const { edges } = (found ?? {}) as { edges?: readonly { readonly node: unknown }[] };
  const rows = edges ? edges.map(({ node }) => node) : Array.isArray(found) ? found : [found];
  for (const row of rows) await noteRow(kind, row, context, false);
  return found;
}
