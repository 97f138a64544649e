import { composeServices } from '@apollo/composition';
import {
  ApolloGateway,
  type GraphQLDataSource,
  LocalGraphQLDataSource,
  RemoteGraphQLDataSource,
} from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, parse, print, stripIgnoredCharacters } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { productsSubgraph } from '../support/products-subgraph.ts';
import { type SubgraphServer, serveSubgraph } from '../support/subgraph-server.ts';

// Apollo's compatibility tests for subgraphs, by their names, against their `products` schema as our builder makes it:
// https://github.com/apollographql/apollo-federation-subgraph-compatibility. A gateway stands where theirs has a router, and
// the other two subgraphs have other data than ours wherever a case asks whose value it is.

const federation = (...names: string[]) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ${JSON.stringify(names)})`;

const users = parse(`${federation('@key', '@shareable')}
  type User @key(fields: "email") {
    email: ID!
    name: String
    totalProductsCreated: Int @shareable
    yearsOfEmployment: Int!
  }`);

const inventory = parse(`${federation('@key', '@requires', '@shareable', '@external')}
  extend type Product @key(fields: "id") {
    id: ID! @external
    dimensions: ProductDimension @external
    delivery(zip: String): DeliveryEstimates @requires(fields: "dimensions { size weight }")
  }
  type ProductDimension @shareable { size: String weight: Float }
  type DeliveryEstimates { estimatedDelivery: String fastestDelivery: String }
  interface Inventory @key(fields: "id") { id: ID! products: [Product!]! }
  type OpenSourceInventory implements Inventory @key(fields: "id") { id: ID! products: [Product!]! }
  type Query { inventory(id: ID!): Inventory }`);

const oneUser = {
  email: 'support@apollographql.com',
  name: 'Another Name',
  totalProductsCreated: 4,
  yearsOfEmployment: 7,
};

let server: SubgraphServer;
let router: ApolloServer;
let sdl: string;
let supergraph: string;

interface Response {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly unknown[];
  readonly extensions?: object;
}

async function products(query: string, variables = {}, headers = {}): Promise<Response> {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Response;
}

async function routed(query: string, variables = {}): Promise<Response> {
  const { body } = await router.executeOperation({ query, variables });
  if (body.kind !== 'single') throw new Error('the gateway answers in parts');
  return { ...body.singleResult, data: JSON.parse(JSON.stringify(body.singleResult.data ?? null)) };
}

const entities = (of: string, ...representations: object[]) =>
  products(`query ($of: [_Any!]!) { _entities(representations: $of) { ${of} } }`, { of: representations });

beforeAll(async () => {
  server = await serveSubgraph(await productsSubgraph());
  const { data } = await products('query { _service { sdl } }');
  ({ sdl } = data!._service as { sdl: string });
  const local: Record<string, [DocumentNode, object]> = {
    users: [
      users,
      {
        User: {
          __resolveReference: ({ email }: typeof oneUser) => (email === oneUser.email ? oneUser : null),
        },
      },
    ],
    inventory: [
      inventory,
      {
        Query: {
          inventory: (_: unknown, { id }: { id: string }) =>
            id === 'apollo-oss' ? { id, products: [{ id: 'apollo-federation' }] } : null,
        },
        Inventory: { __resolveType: () => 'OpenSourceInventory' },
      },
    ],
  };
  const composed = composeServices([
    { name: 'products', url: server.url, typeDefs: parse(sdl) },
    ...Object.entries(local).map(([name, [typeDefs]]) => ({ name, typeDefs, url: `local:${name}` })),
  ]);
  expect(composed.errors).toBeUndefined();
  supergraph = composed.supergraphSdl as string;
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: ({ name, url }): GraphQLDataSource => {
      const [typeDefs, resolvers] = local[name] ?? [];
      if (!typeDefs) return new RemoteGraphQLDataSource({ url: url as string });
      return new LocalGraphQLDataSource(buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]));
    },
  });
  router = new ApolloServer({ gateway });
  await router.start();
});
afterAll(async () => {
  await router.stop();
  await server.stop();
});

test('introspection', () => {
  const expected: Record<string, readonly string[]> = {
    Product: [
      'id: ID!',
      'sku: String',
      'package: String',
      'variation: ProductVariation',
      'dimensions: ProductDimension',
      'createdBy: User',
      'notes: String',
      'research: [ProductResearch!]!',
    ],
    DeprecatedProduct: ['sku: String!', 'package: String!', 'reason: String', 'createdBy: User'],
    ProductVariation: ['id: ID!'],
    ProductResearch: ['study: CaseStudy!', 'outcome: String'],
    CaseStudy: ['caseNumber: ID!', 'description: String'],
    ProductDimension: ['size: String', 'weight: Float', 'unit: String'],
    User: [
      'averageProductsCreatedPerYear: Int',
      'email: ID!',
      'name: String',
      'totalProductsCreated: Int',
      'yearsOfEmployment: Int!',
    ],
    Query: [
      'product(id: ID!): Product',
      'deprecatedProduct(package: String!, sku: String!): DeprecatedProduct',
    ],
  };
  const told: Record<string, string[]> = {};
  for (const definition of parse(sdl).definitions)
    if (definition.kind === 'ObjectTypeDefinition')
      told[definition.name.value] = (definition.fields ?? []).map(({ name, type, arguments: given = [] }) => {
        const named = given.map((each) => `${each.name.value}: ${print(each.type)}`);
        return `${name.value}${named.length > 0 ? `(${named.sort().join(', ')})` : ''}: ${print(type)}`;
      });
  expect(told).toMatchObject(expected);
});

describe('@key single', () => {
  test('applies single field @key on User', () => {
    expect(stripIgnoredCharacters(sdl)).toMatch(
      /type User(@extends)?@key\(fields:"email"( resolvable:true)?\)/,
    );
  });

  test('resolves single field @key on User', async () => {
    expect(
      await entities('... on User { email name }', { __typename: 'User', email: oneUser.email }),
    ).toEqual({
      data: { _entities: [{ email: 'support@apollographql.com', name: 'Jane Smith' }] },
    });
  });
});

describe('@key multiple', () => {
  test('applies multiple field @key on DeprecatedProduct', () => {
    expect(stripIgnoredCharacters(sdl)).toMatch(/type DeprecatedProduct@key\(fields:"sku package"/);
  });

  test('resolves multiple field @key on DeprecatedProduct', async () => {
    const key = { sku: 'apollo-federation-v1', package: '@apollo/federation-v1' };
    expect(
      await entities('... on DeprecatedProduct { sku package reason }', {
        __typename: 'DeprecatedProduct',
        ...key,
      }),
    ).toEqual({ data: { _entities: [{ ...key, reason: 'Migrate to Federation V2' }] } });
  });
});

describe('@key composite', () => {
  test('applies composite object @key on ProductResearch', () => {
    expect(stripIgnoredCharacters(sdl)).toMatch(/type ProductResearch@key\(fields:"study { caseNumber }"/);
  });

  test('resolves composite object @key on ProductResearch', async () => {
    const answer = await entities('... on ProductResearch { study { caseNumber description } }', {
      __typename: 'ProductResearch',
      study: { caseNumber: '1234' },
    });
    expect(answer).toEqual({
      data: { _entities: [{ study: { caseNumber: '1234', description: 'Federation Study' } }] },
    });
  });
});

describe('repeatable @key', () => {
  test('applies repeatable @key directive on Product', () => {
    const normalized = stripIgnoredCharacters(sdl);
    const [head = ''] = normalized.match(/type Product@.*?\{id:ID!sku/) ?? [];
    for (const fields of ['id', 'sku package', 'sku variation { id }'])
      expect(head).toMatch(new RegExp(`@key\\(fields:"${fields}"( resolvable:true)?\\)`));
  });

  test('resolves multiple @key directives on Product', async () => {
    const answer = await entities(
      '... on Product { id sku }',
      { __typename: 'Product', id: 'apollo-federation' },
      { __typename: 'Product', sku: 'federation', package: '@apollo/federation' },
      { __typename: 'Product', sku: 'studio', variation: { id: 'platform' } },
    );
    const first = { id: 'apollo-federation', sku: 'federation' };
    expect(answer).toEqual({ data: { _entities: [first, first, { id: 'apollo-studio', sku: 'studio' }] } });
  });
});

const product = (of: string) =>
  [`query ($id: ID!) { product(id: $id) { ${of} } }`, { id: 'apollo-federation' }] as const;

test('@requires', async () => {
  // Years from `users`, a total from `products`.
  expect(await routed(...product('createdBy { averageProductsCreatedPerYear email }'))).toEqual({
    data: {
      product: { createdBy: { averageProductsCreatedPerYear: Math.round(1337 / 7), email: oneUser.email } },
    },
  });
});

test('@provides', async () => {
  const expected = {
    data: { product: { createdBy: { email: oneUser.email, totalProductsCreated: 1337 } } },
  };
  expect(await products(...product('createdBy { email totalProductsCreated }'))).toEqual(expected);
  expect(await routed(...product('createdBy { email totalProductsCreated }'))).toEqual(expected);
});

test('ftv1', async () => {
  const answer = await products('query { __typename }', {}, { 'apollo-federation-include-trace': 'ftv1' });
  expect(answer).toEqual({
    data: { __typename: 'Query' },
    extensions: { ftv1: expect.stringMatching(/^[\w+/=]{20,}$/) },
  });
  expect(await products('query { __typename }')).not.toHaveProperty('extensions');
});

test('@link', () => {
  const links = [...stripIgnoredCharacters(sdl).matchAll(/@link\(url:"([^"]+)" import:\[([^\]]+)\]\)/g)];
  const ours = links.filter(([, url]) => url!.startsWith('https://specs.apollo.dev/federation/'));
  expect(ours).toHaveLength(1);
  const [, url, imported = ''] = ours[0]!;
  expect(url).toMatch(/\/v2\.[0-3]$/);
  const known =
    'composeDirective extends external inaccessible interfaceObject key override provides requires shareable tag';
  expect([...known.split(' ').map((name) => `@${name}`), 'FieldSet']).toEqual(
    expect.arrayContaining(imported.match(/@?\w+/g)!),
  );
});

describe('@shareable', () => {
  test('should return @shareable directives in _service sdl', () => {
    expect(stripIgnoredCharacters(sdl)).toContain('type ProductDimension@shareable');
  });

  test('should be able to resolve @shareable ProductDimension types', async () => {
    expect(await routed(...product('dimensions { size weight }'))).toEqual({
      data: { product: { dimensions: { size: 'small', weight: 1 } } },
    });
  });
});

test('@tag', () => {
  expect(sdl).not.toContain('@federation__tag');
  expect(stripIgnoredCharacters(sdl)).toContain('notes:String@tag(name:"internal")');
});

describe('@override', () => {
  test('should return @override directives in _service sdl', () => {
    expect(stripIgnoredCharacters(sdl)).toContain('name:String@override(from:"users")');
  });

  test('should return overridden user name', async () => {
    expect(await routed(...product('createdBy { name }'))).toEqual({
      data: { product: { createdBy: { name: 'Jane Smith' } } },
    });
  });
});

describe('@inaccessible', () => {
  test('should return @inaccessible directives in _service sdl', async () => {
    expect(sdl).not.toContain('@federation__inaccessible');
    expect(stripIgnoredCharacters(sdl)).toContain('unit:String@inaccessible');
    expect((await routed(...product('dimensions { unit }'))).errors).toHaveLength(1);
  });

  test('should be able to query @inaccessible fields via the products schema directly', async () => {
    expect(await products(...product('dimensions { unit }'))).toEqual({
      data: { product: { dimensions: { unit: 'kg' } } },
    });
  });
});

test('@composeDirective', () => {
  const normalized = stripIgnoredCharacters(sdl);
  expect(normalized).toContain('@link(url:"https://myspecs.dev/myCustomDirective/v1.0" import:["@custom"])');
  expect(normalized).toMatch(/schema.*@composeDirective\(name:"@custom"\)/);
  expect(normalized).toContain('directive@custom on OBJECT');
  expect(normalized).toMatch(/type Product@custom/);
  expect(stripIgnoredCharacters(supergraph)).toMatch(/type Product@join__type.*@custom\{id:ID!dim/);
});

describe('@interfaceObject', () => {
  test('verifies schema contains entity type marked as @interfaceObject', () => {
    expect(stripIgnoredCharacters(sdl)).toMatch(
      /type Inventory@interfaceObject@key\(fields:"id"( resolvable:true)?\)/,
    );
  });

  test('verifies @interfaceObject entity returns new fields', async () => {
    const query = 'query ($id: ID!) { inventory(id: $id) { deprecatedProducts { sku reason } } }';
    expect(await routed(query, { id: 'apollo-oss' })).toEqual({
      data: {
        inventory: {
          deprecatedProducts: [{ sku: 'apollo-federation-v1', reason: 'Migrate to Federation V2' }],
        },
      },
    });
  });
});
