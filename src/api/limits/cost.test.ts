import {
  type GraphQLSchema,
  getNullableType,
  getOperationAST,
  isListType,
  isObjectType,
  parse,
} from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSchema } from '../schema.ts';
import { costOf, longLists } from './cost.ts';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await createSchema();
});

function cost(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('there is no operation');
  return costOf(schema, { document, operation, variables });
}

describe('the cost of an operation', () => {
  test.each([
    ['a field', '{ viewer { id } }', 2],
    ['a list that nobody can tell the length of', '{ viewer { grants { role site } } }', 1 + 1 + 5 * 2],
    ['a page', '{ cohorts(first: 7) { edges { node { id key } } } }', 1 + 7 * (1 + 1 + 2)],
    ['the default page', '{ cohorts { totalCount } }', 1 + 100],
    ['no more than the greatest page', '{ cohorts(first: 2000000000) { totalCount } }', 1 + 1000],
    ['no less than one element', '{ cohorts(first: -5) { totalCount } }', 1 + 1],
    ['a long list', '{ extractionProfile(name: "a") { features { name } } }', 1 + 1 + 1500],
    ['fragments', '{ viewer { ...A } } fragment A on Viewer { id kind }', 3],
    ['what is left out', '{ viewer { id kind @skip(if: true) } }', 2],
    ['an argument that cannot be read', '{ viewer { id } cohorts(first: "x") { totalCount } }', 2],
  ])('counts %s', (_what, query, expected) => {
    expect(cost(query)).toBe(expected);
  });

  test('counts what variables say, and nothing where they are not those declared', () => {
    const query =
      'query ($first: Int!, $hashes: [String!]!) { cohorts(first: $first) { totalCount } objects(sha256: $hashes) { sha256 } }';
    expect(cost(query, { first: 7, hashes: ['a', 'b', 'c'] })).toBe(1 + 7 + 1 + 3);
    expect(cost(query, { first: 'x', hashes: [] })).toBe(0);
  });
});

test('long lists are lists of the schema', () => {
  for (const name of Object.keys(longLists)) {
    const [typeName, fieldName] = name.split('.');
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
    expect(field && isListType(getNullableType(field.type)), name).toBe(true);
  }
});
