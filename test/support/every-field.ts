import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
} from 'graphql';

/**
 * The selection of every field of a type down to its leaves, of every implementation of an interface. Fields that lead to
 * another noun of the graph (they have an `id`), or into a list by pages, are left out, as a selection would never end.
 */
export function everyField(schema: GraphQLSchema, type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (isInterfaceType(named)) {
    const own = Object.keys(named.getFields());
    const parts = schema
      .getPossibleTypes(named)
      .map((each) => `... on ${each.name} { ${['__typename', ...fieldsOf(schema, each, own)].join(' ')} }`);
    return `{ __typename ${own.join(' ')} ${parts.join(' ')} }`;
  }
  return isObjectType(named) ? `{ ${['__typename', ...fieldsOf(schema, named)].join(' ')} }` : '';
}

function fieldsOf(schema: GraphQLSchema, type: GraphQLObjectType, without: readonly string[] = []): string[] {
  return Object.values(type.getFields())
    .filter(({ name, type: of }) => !without.includes(name) && !leadsAway(getNamedType(of)))
    .map(({ name, type: of }) => `${name} ${everyField(schema, of)}`.trim());
}

function leadsAway(type: ReturnType<typeof getNamedType>): boolean {
  return isObjectType(type) && ('id' in type.getFields() || type.name.endsWith('Connection'));
}
