import {
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  Float: (value) => typeof value === 'number' && Number.isFinite(value),
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  ID: (value) => typeof value === 'string',
  DateTimeISO: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  JSON: () => true,
  JSONObject: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  FloatVector: (value) => Array.isArray(value) && value.every((one) => one === null || Number.isFinite(one)),
};

/**
 * In what a value that came over the wire differs from a type of the schema: each place where a field is unknown, a
 * value is of another type, or null where that may not be.
 */
export function conforms(schema: GraphQLSchema, typeName: string, value: unknown): string[] {
  const type = schema.getType(typeName) as GraphQLOutputType;
  return faults(schema, type, value, typeName);
}

function faults(schema: GraphQLSchema, type: GraphQLOutputType, value: unknown, path: string): string[] {
  if (isNonNullType(type))
    return value === null || value === undefined
      ? [`${path} is null`]
      : faults(schema, type.ofType, value, path);
  if (value === null) return [];
  if (isListType(type))
    return Array.isArray(value)
      ? value.flatMap((item, index) => faults(schema, type.ofType, item, `${path}[${index}]`))
      : [`${path} is no list`];
  if (isEnumType(type))
    return type.getValues().some(({ name }) => name === value) ? [] : [`${path} is ${value}`];
  if (isObjectType(type) || isAbstractType(type)) {
    const { __typename: name = type.name, ...fields } = value as Record<string, unknown>;
    const actual = schema.getType(String(name));
    if (!isObjectType(actual)) return [`${path} is of the type ${name}, which the schema lacks`];
    if (isAbstractType(type) && !schema.isSubType(type, actual)) return [`${path} is no ${type.name}`];
    return Object.entries(fields).flatMap(([field, inner]) => {
      const definition = actual.getFields()[field];
      return definition
        ? faults(schema, definition.type, inner, `${path}.${field}`)
        : [`${path}.${field} is unknown`];
    });
  }
  const check = scalars[type.name];
  if (!check) return [`${path}: the scalar ${type.name} is not known here`];
  return check(value) ? [] : [`${path} is ${JSON.stringify(value)}, no ${type.name}`];
}
