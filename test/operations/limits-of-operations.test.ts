import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { LimitName, Limits } from '../../src/limits.ts';
import { TestServer } from '../support/server.ts';
import { type Asked, transportNames, transports } from '../support/transports.ts';

const { limits: defaults } = readConfig({});

describe('what an operation is', () => {
  /** The server reads them at each request. */
  const limits: { -readonly [Name in LimitName]: Limits[Name] } = { ...defaults };
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ limits });
  });
  afterAll(() => server.stop());

  const names = (count: number) => Array.from({ length: count }, (_, n) => `a${n}: id`).join(' ');
  const nested = (levels: number): string => {
    const chain = ['cohorts(first: 1)', 'edges', 'node'];
    while (chain.length < levels) chain.push('versions(first: 1)', 'edges', 'node', 'cohort');
    return chain.slice(0, levels - 1).reduceRight((inner, field) => `${field} { ${inner} }`, '__typename');
  };

  interface Edge {
    readonly limit: LimitName;
    readonly maximum: number;
    /** An operation of the size; it succeeds at the maximum. */
    readonly of: (size: number) => Asked;
    /** What is counted in the operation one larger, where that is not the maximum and one. */
    readonly actual?: number;
  }
  const edges: readonly Edge[] = [
    {
      limit: 'documentLength',
      maximum: 300,
      of: (size) => ({ query: `{ viewer { id } } #${'ü'.repeat(size - 19)}` }),
    },
    {
      limit: 'tokens',
      maximum: 40,
      of: (size) => ({ query: `{ viewer { ${'id '.repeat(size - 5)} } }` }),
    },
    { limit: 'depth', maximum: 9, of: (size) => ({ query: `{ ${nested(size)} }` }) },
    {
      limit: 'depth',
      maximum: 4,
      of: (size) => ({
        query: `{ ...A } fragment A on Query { cohorts(first: 1) { edges { ...B } } }
          fragment B on CohortEdge { node { ${size === 4 ? 'id' : 'covariates { name }'} } }`,
      }),
    },
    {
      limit: 'fields',
      maximum: 50,
      of: (size) => ({ query: `{ viewer { ${'id '.repeat(size - 1)} } }` }),
    },
    {
      limit: 'fields',
      // The operation and each of the fragments are counted by themselves: 2 (B), 2 + 2 × 2 (A), 1 + 1 + 6, and the rest.
      maximum: 20,
      of: (size) => ({
        query: `{ viewer { ...A ${'kind '.repeat(size - 16)} } }
          fragment A on Viewer { ...B ...B } fragment B on Viewer { id id }`,
      }),
    },
    { limit: 'rootFields', maximum: 6, of: (size) => ({ query: `{ ${'viewer { id } '.repeat(size)} }` }) },
    { limit: 'aliases', maximum: 7, of: (size) => ({ query: `{ viewer { ${names(size)} } }` }) },
    {
      limit: 'overlaps',
      maximum: 10,
      of: (size) => ({
        query: `{ viewer { id id id ...A ${size > 10 ? 'id' : ''} } } fragment A on Viewer { id id }`,
      }),
      actual: 15,
    },
    {
      limit: 'directives',
      maximum: 3,
      of: (size) => ({
        query: `query ($yes: Boolean! = true) { viewer { ${'... @include(if: $yes) { id } '.repeat(size)} } }`,
      }),
    },
    {
      limit: 'cost',
      maximum: 101,
      of: (size) => ({ query: `{ cohorts(first: ${size - 1}) { totalCount } }` }),
    },
    {
      limit: 'cost',
      maximum: 101,
      of: (size) => ({
        query: 'query ($first: Int!) { cohorts(first: $first) { totalCount } }',
        variables: { first: size - 1 },
      }),
    },
    {
      limit: 'cost',
      // The default page.
      maximum: 101,
      of: (size) => ({ query: `{ cohorts { totalCount } ${size > 101 ? '__typename' : ''} }` }),
    },
    {
      limit: 'cost',
      maximum: 11,
      of: (size) => ({
        query: 'query ($hashes: [String!]!) { objects(sha256: $hashes) { sha256 } }',
        variables: { hashes: Array.from({ length: size - 1 }, (_, n) => n.toString(16).padStart(64, '0')) },
      }),
    },
    {
      limit: 'listLength',
      maximum: 12,
      of: (size) => ({ query: '{ viewer { id } }', variables: { a: [{ b: Array(size).fill(1) }] } }),
    },
    {
      limit: 'textLength',
      maximum: 40,
      of: (size) => ({ query: '{ viewer { id } }', variables: { a: [{ b: 'ü'.repeat(size) }] } }),
    },
    {
      limit: 'textLength',
      maximum: 40,
      of: (size) => ({ query: '{ viewer { id } }', variables: { a: [{ ['b'.repeat(size)]: 1 }] } }),
    },
  ];

  describe.each(transportNames)('over %s', (transport) => {
    const ask = (asked: Asked) => transports[transport](server, asked);

    test.each(edges.map((edge, n) => [`${edge.limit} (${n})`, edge] as const))(
      'is held to %s',
      async (_name, { limit, maximum, of, actual = maximum + 1 }) => {
        limits[limit] = maximum;
        try {
          // Documents that were looked at once are not looked at again: these have not been.
          const unseen = ({ query, ...rest }: Asked): Asked => ({
            ...rest,
            query: limit === 'documentLength' ? query : `${query} #${transport}`,
          });
          const allowed = await ask(unseen(of(maximum)));
          if (limit === 'cost' && (of(maximum).query as string).includes('objects'))
            expect(allowed.errors?.[0].extensions.code).not.toBe('LIMIT_EXCEEDED');
          else expect(allowed.errors).toBeUndefined();
          const { data, errors } = await ask(unseen(of(maximum + 1)));
          expect(data ?? null).toBeNull();
          expect(errors).toEqual([
            {
              message: expect.stringContaining(`the limit is ${maximum}`),
              extensions: { code: 'LIMIT_EXCEEDED', details: { limit, maximum, actual } },
            },
          ]);
        } finally {
          limits[limit] = defaults[limit];
        }
      },
    );

    test('cannot hide what it costs behind an argument that cannot be read', async () => {
      const { errors } = await ask({
        query: `query ($none: Int) { unreadable: cohorts(first: $none) { totalCount }
          cohorts(first: 1000) { edges { node { versions(first: 1000) { totalCount } } } } ${transport === 'HTTP' ? '' : '__typename'} }`,
        variables: { none: null },
      });
      expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
        { code: 'LIMIT_EXCEEDED', details: { limit: 'cost' } },
      ]);
      const other = await ask({
        query: `query ($no: Boolean = true) { cohorts(first: 1000) { edges { node { versions(first: 1000) { totalCount } } } }
          cohort(key: "none") { id @include(if: $no) } }`,
        variables: { no: null },
      });
      expect(other.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    });

    test('has brackets 64 deep at most', async () => {
      const of = (depth: number) =>
        `{ cohort(key: ${'['.repeat(depth - 2)}${']'.repeat(depth - 2)}) { id } }`;
      expect((await ask({ query: of(64) })).errors?.[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect((await ask({ query: of(65) })).errors?.map(({ extensions }) => extensions)).toEqual([
        { code: 'LIMIT_EXCEEDED', details: { limit: 'nesting', maximum: 64, actual: 65 } },
      ]);
    });

    test('has variables 64 deep at most, the request and themselves among them', async () => {
      const of = (depth: number) => {
        let value: unknown = 1;
        for (let n = 2; n < depth; n++) value = n % 2 ? [value] : { value };
        return { query: '{ viewer { id } }', variables: { value } };
      };
      expect((await ask(of(64))).errors).toBeUndefined();
      expect((await ask(of(65))).errors?.map(({ extensions }) => extensions)).toEqual([
        { code: 'LIMIT_EXCEEDED', details: { limit: 'nesting', maximum: 64, actual: 65 } },
      ]);
    });

    test('has four directives in one place at most', async () => {
      const of = (count: number) => ({ query: `{ viewer { id ${'@include(if: true) '.repeat(count)} } }` });
      expect((await ask(of(4))).errors?.[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect((await ask(of(5))).errors?.map(({ extensions }) => extensions)).toEqual([
        { code: 'LIMIT_EXCEEDED', details: { limit: 'directivesOfOneField', maximum: 4, actual: 5 } },
      ]);
    });

    test('is told of twenty errors at most', async () => {
      const query = `{ ${Array.from({ length: 19 }, (_, n) => `field${n} `).join('')} viewer { x0 x1 x2 x3 } }`;
      const { errors } = await ask({ query });
      expect(errors).toHaveLength(21);
      expect(errors?.at(-1)?.message).toContain('Too many validation errors');
    });
  });

  test.each(['/graphql', '/graphql/stream'])('has values within the limit in its JSON: %s', async (path) => {
    const post = (values: number) =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: {
          ...server.signedIn,
          'content-type': 'application/json',
          accept: path === '/graphql' ? '*/*' : 'text/event-stream',
        },
        // The query, the variables, the list and its elements.
        body: JSON.stringify({
          query: '{ viewer { id } }',
          variables: { a: Array(values - 4).fill('x",[{') },
        }),
      });
    limits.values = 1000;
    try {
      expect((await post(1000)).status).toBe(200);
      const refused = await post(1001);
      expect(refused.status).toBe(400);
      expect((await refused.json()).errors[0].extensions).toEqual({
        code: 'LIMIT_EXCEEDED',
        details: { limit: 'values', maximum: 1000, actual: 1001 },
      });
    } finally {
      limits.values = defaults.values;
    }
  });
});
