import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
} from 'graphql';
import { createResolversMap } from 'type-graphql';
import { checkRepresentations } from './representations.ts';

/** What another subgraph, or the gateway, knows of an entity: the fields of one of its keys, as they came. */
export type Representation = Readonly<Record<string, unknown>>;

/** Finds an entity by what is known of it; null where there is none. What it throws concerns that entity alone. */
export type ReferenceResolver<C = never> = (representation: Representation, context: C) => unknown;

interface SubgraphOptions<C> {
  /** By entity, as the types are called that carry `@key`. */
  readonly references: Readonly<Record<string, ReferenceResolver<C>>>;
  /** The directives of the schema itself: `@link` to the specification, and to others. */
  readonly links: readonly string[];
}

/**
 * A schema as a subgraph of Federation 2: it has `_entities`, which the references resolve, and `_service`, and serves
 * standalone as before. Specification: https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
 */
export function asSubgraph<C>(
  schema: GraphQLSchema,
  { references, links }: SubgraphOptions<C>,
): GraphQLSchema {
  const sdl = `extend schema ${links.join(' ')}\n\n${printSchemaWithDirectives(schema)}`;
  const resolvers = createResolversMap(schema) as Record<string, Record<string, unknown>>;
  for (const [name, resolve] of Object.entries(references))
    resolvers[name] = {
      ...resolvers[name],
      // Async, so that one that fails does not take the others with it.
      __resolveReference: async (representation: Representation, context: C) =>
        (await resolve(representation, context)) ?? null,
    };
  const subgraph = buildSubgraphSchema([
    { typeDefs: parse(sdl, { noLocation: true }), resolvers: resolvers as never },
  ]);
  keepExtensions(schema, subgraph);
  describe(subgraph);
  const { _entities: entities, _service: service } = subgraph.getQueryType()?.getFields() ?? {};
  if (entities) checkRepresentations(entities, new Set(Object.keys(references)));
  if (service) defineOneOf(service, schema);
  return withoutUnlinked(subgraph);
}

/** The directive by which a schema takes names of the specification of Federation 2. */
export function federationLink(...names: readonly string[]): string {
  return `@link(url: "https://specs.apollo.dev/federation/v2.3", import: ${JSON.stringify(names)})`;
}

/** What packages keep at types and fields is no part of the SDL. */
function keepExtensions(from: GraphQLSchema, to: GraphQLSchema): void {
  for (const [name, type] of Object.entries(from.getTypeMap())) {
    const copy = to.getType(name);
    if (!copy || name.startsWith('__')) continue;
    Object.assign(copy.extensions, type.extensions);
    if (!hasFields(type) || !hasFields(copy)) continue;
    const fields = copy.getFields();
    for (const { name, extensions } of Object.values(type.getFields()))
      Object.assign(fields[name].extensions, extensions);
  }
}

function hasFields(
  type: GraphQLNamedType,
): type is GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType {
  return isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
}

/** Composition does not know `@oneOf` yet, which is GraphQL's own: the published SDL defines what it uses of it. */
function defineOneOf(service: GraphQLField<unknown, unknown>, schema: GraphQLSchema): void {
  const { resolve = defaultFieldResolver } = service;
  if (!Object.values(schema.getTypeMap()).some((type) => isInputObjectType(type) && type.isOneOf)) return;
  service.resolve = (...asked) => {
    const { sdl } = resolve(...asked) as { sdl: string };
    return { sdl: `${sdl}\n\ndirective @oneOf on INPUT_OBJECT\n` };
  };
}

/** Says what the specification's own types are for, as all of ours do. */
function describe(schema: GraphQLSchema): void {
  const query = schema.getQueryType()?.getFields();
  const service = schema.getType('_Service');
  const told = {
    _Any: schema.getType('_Any'),
    _Entity: schema.getType('_Entity'),
    _Service: service,
    sdl: isObjectType(service) ? service.getFields().sdl : undefined,
    _entities: query?._entities,
    representations: query?._entities?.args[0],
    _service: query?._service,
    FieldSet: schema.getType('FieldSet'),
    link__Import: schema.getType('link__Import'),
    link__Purpose: schema.getType('link__Purpose'),
  };
  for (const [name, part] of Object.entries(told))
    if (part) part.description = descriptions[name as keyof typeof told];
}

/** The specification's own directives that the schema does not link are of no use to who reads it. */
function withoutUnlinked(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  return new GraphQLSchema({
    ...config,
    directives: config.directives.filter(({ name }) => !name.startsWith('federation__')),
    types: config.types.filter(({ name }) => !name.startsWith('federation__')),
  });
}

const descriptions = {
  _Any: 'What another subgraph knows of an entity: its `__typename` and the fields of one of its keys.',
  _Entity: 'What other subgraphs may refer to.',
  _Service: 'This graph as a subgraph.',
  sdl: 'The SDL that composition reads.',
  _entities: 'Entities that other subgraphs refer to, in order; null for those that are not there.',
  representations: 'What is known of each, at most 1000.',
  _service: 'This graph as a subgraph.',
  FieldSet: 'A selection of fields.',
  link__Import: 'A name that is taken from a linked specification.',
  link__Purpose: 'What a linked specification is needed for.',
};
