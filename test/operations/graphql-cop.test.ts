import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  buildSchema,
  execute,
  FieldsOnCorrectTypeRule,
  GraphQLError,
  KnownDirectivesRule,
  parse,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { checks } from '../support/graphql-cop.ts';
import { TestServer } from '../support/server.ts';

const names = Object.keys(checks);

describe('graphql-cop, in production', () => {
  let server: TestServer;
  beforeAll(async () => {
    const { development, introspection } = readConfig({ NODE_ENV: 'production' });
    server = await TestServer.start({ development, introspection });
  });
  afterAll(() => server.stop());

  test.each(names)('finds no %s', async (name) => {
    expect(await checks[name]({ url: server.url, headers: server.signedIn })).toBe(false);
    expect(await checks[name]({ url: server.url, headers: {} })).toBe(false);
  });

  test('reaches a graph that answers', async () => {
    expect((await server.post({ query: 'query cop { __typename }' })).body).toEqual({
      data: { __typename: 'Query' },
    });
  });
});

/** What the checks find where nothing is refused: each of them can find something. */
describe('graphql-cop, on a server that does as it is told', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const schema = buildSchema(
      readFileSync(resolve(import.meta.dirname, '../../schema/schema.graphql'), 'utf8'),
    );
    const answer = async (query: string) => {
      try {
        const document = parse(query);
        const errors = validate(schema, document, [FieldsOnCorrectTypeRule, KnownDirectivesRule]);
        const result = errors.length > 0 ? { errors } : await execute({ schema, document });
        return { ...result, extensions: { tracing: { version: 1 } } };
      } catch (error) {
        const { message, stack } = error as GraphQLError;
        return { errors: [{ message, extensions: { exception: { stacktrace: stack } } }] };
      }
    };
    server = createServer(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
      const body = await text(request);
      const given = body.startsWith('query=')
        ? new URLSearchParams(body).get('query')
        : searchParams.get('query');
      if (pathname !== '/graphql' || !(given || body)) {
        response.end('<title>GraphiQL</title>');
        return;
      }
      const asked = given === null ? JSON.parse(body) : { query: given };
      const answers = Array.isArray(asked)
        ? await Promise.all(asked.map(({ query }) => answer(query)))
        : await answer(asked.query);
      response.end(JSON.stringify(answers));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((done) => server.close(done)));

  test.each(names)('finds %s', async (name) => {
    expect(await checks[name]({ url, headers: {} })).toBe(true);
  });
});
