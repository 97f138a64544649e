import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { RawSocket } from '../support/raw-socket.ts';
import { TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

const anyQuery = '{ cohorts { totalCount } }';

describe('whoever is not signed in gets nothing', () => {
  test.each([
    ['no token', {}],
    ['an empty one', { authorization: '' }],
    ['a wrong one', { authorization: 'Bearer wrong' }],
    ['one of another scheme', { authorization: 'Basic bm9tb2dyYXBo' }],
    ['a wrong cookie', { cookie: 'nomograph_token=wrong' }],
    ['a malformed cookie', { cookie: 'nomograph_token=%e0%a4%a' }],
  ])('over HTTP: %s', async (_what, headers) => {
    for (const body of [{ query: anyQuery }, { query: '{ __schema { types { name } } }' }, 'garbage']) {
      const answer = await server.post(body, headers as Record<string, string>);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      expect(answer.body.data).toBeUndefined();
    }
    const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent(anyQuery)}`, {
      headers: { ...(headers as Record<string, string>), 'apollo-require-preflight': '1' },
    });
    expect(response.status).toBe(401);
  });

  test.each([
    ['no token', undefined],
    ['an empty one', { authorization: '' }],
    ['a wrong one', { authorization: 'Bearer wrong' }],
    ['a number', { authorization: 1 }],
  ])('over a WebSocket: %s', async (_what, payload) => {
    const socket = await RawSocket.open(server.url);
    socket.send({ type: 'connection_init', ...(payload && { payload }) });
    socket.subscribe('1', anyQuery);
    expect(await socket.closed).toMatchObject({
      code: 4403,
      reason: expect.stringContaining('UNAUTHENTICATED'),
    });
    expect(await socket.next()).toBeUndefined();
  });

  test('over a WebSocket: at another address', async () => {
    const socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}/uploads`, 'graphql-transport-ws');
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(404);
  });

  test('over a WebSocket: an operation before the sign-in', async () => {
    const socket = await RawSocket.open(server.url);
    socket.subscribe('1', anyQuery);
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  test('in a browser: the sandbox sends to the sign-in', async () => {
    const response = await fetch(`${server.url}/`, { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/sign-in');
  });

  test('but may ask whether the server is up', async () => {
    expect(await (await fetch(`${server.url}/live`)).json()).toEqual({ status: 'live' });
    expect(await (await fetch(`${server.url}/ready`)).json()).toMatchObject({ status: 'ready' });
  });
});

describe('the cookie of a browser', () => {
  async function signIn(token: string): Promise<Response> {
    return fetch(`${server.url}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ token }),
      redirect: 'manual',
    });
  }

  test('is given for the token alone, out of reach for scripts and other sites', async () => {
    expect((await signIn('wrong')).status).toBe(401);
    const response = await signIn(server.token);
    expect(response.status).toBe(303);
    const cookie = response.headers.get('set-cookie') as string;
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Strict/);
    const [pair] = cookie.split(';');
    expect((await server.post({ query: anyQuery }, { cookie: pair })).status).toBe(200);
    const page = await fetch(`${server.url}/`, { headers: { cookie: pair } });
    expect(await page.text()).toContain('<html');
  });

  test('cannot be used by a form or an image of another site', async () => {
    const cookie = `nomograph_token=${server.token}`;
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { cookie, 'content-type': type },
        body: JSON.stringify({ query: anyQuery }),
      });
      expect(response.status).toBe(400);
    }
    const get = await fetch(`${server.url}/graphql?query=${encodeURIComponent(anyQuery)}`, {
      headers: { cookie },
    });
    expect(get.status).toBe(400);
    expect(get.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('opens a WebSocket from a page of this server, and from no other', async () => {
    const cookie = `nomograph_token=${server.token}`;
    const open = async (origin: string | undefined) => {
      const socket = await RawSocket.open(server.url, { cookie, ...(origin && { origin }) });
      socket.send({ type: 'connection_init' });
      const message = await socket.next();
      socket.terminate();
      return message?.type ?? (await socket.closed).code;
    };
    expect(await open(server.url)).toBe('connection_ack');
    const { port } = new URL(server.url);
    for (const origin of [
      undefined,
      'null',
      'https://evil.example',
      `http://evil.example:${port}`,
      `http://127.0.0.1:${Number(port) + 1}`,
      `${server.url}.evil.example`,
    ])
      expect(await open(origin), origin).toBe(4403);
  });
});

describe('an error has the same code over HTTP and over a WebSocket', () => {
  const cohort = 'query ($id: ID) { cohort(id: $id) { key } }';
  test.each<[what: string, code: string, query: string, variables?: object]>([
    ['a failure', 'INPUT_INVALID', cohort, { id: 'nothing' }],
    ['a failure with details', 'LIMIT_EXCEEDED', '{ cohorts(first: 0) { totalCount } }'],
    [
      'a failure in a mutation',
      'NOT_FOUND',
      'mutation { cancelJob(jobId: "01900000-0000-7000-8000-000000000000") { id } }',
    ],
    [
      'text that the database cannot keep',
      'INPUT_INVALID',
      'query ($key: String) { cohort(key: $key) { id } }',
      { key: 'a\0' },
    ],
    ['a document that cannot be parsed', 'GRAPHQL_PARSE_FAILED', '{ cohorts'],
    ['an empty document', 'GRAPHQL_PARSE_FAILED', ' '],
    ['a field that is not there', 'GRAPHQL_VALIDATION_FAILED', '{ nothing }'],
    [
      'a variable of a wrong type',
      'BAD_USER_INPUT',
      'query ($first: Int!) { cohorts(first: $first) { totalCount } }',
      { first: 'x' },
    ],
    [
      'a variable that is missing',
      'BAD_USER_INPUT',
      'query ($first: Int!) { cohorts(first: $first) { totalCount } }',
    ],
    [
      'no operation of the name',
      'OPERATION_RESOLUTION_FAILURE',
      'query A { cohorts { totalCount } } query B { cohorts { totalCount } }',
    ],
    ['too many tokens', 'LIMIT_EXCEEDED', `{ ${'a '.repeat(10_001)} }`],
  ])('%s', async (_what, code, query, variables) => {
    const overHttp = (await server.post({ query, variables })).body.errors ?? [];
    const socket = await RawSocket.signedIn(server);
    const overSocket = await socket.errorsOf(query, variables);
    socket.terminate();
    expect(overHttp.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(overSocket.map(({ message, extensions }) => ({ message, extensions }))).toEqual(
      overHttp.map(({ message, extensions }) => ({ message, extensions })),
    );
    expect(JSON.stringify([overHttp, overSocket])).not.toMatch(/node_modules|stacktrace|\.ts:/);
  });

  test('a query and a mutation over a WebSocket are answered like those over HTTP', async () => {
    const socket = await RawSocket.signedIn(server);
    const create = 'mutation ($key: String!) { createCohort(input: { key: $key }) { key patientCount } }';
    socket.subscribe('1', create, { key: 'by-socket' });
    expect(await socket.next()).toEqual({
      type: 'next',
      id: '1',
      payload: { data: { createCohort: { key: 'by-socket', patientCount: 0 } } },
    });
    expect(await socket.next()).toEqual({ type: 'complete', id: '1' });
    socket.subscribe('2', 'query ($key: String!) { cohort(key: $key) { key } }', { key: 'by-socket' });
    expect((await socket.next())?.payload).toEqual({ data: { cohort: { key: 'by-socket' } } });
    socket.terminate();
    expect(await server.client.run('{ cohort(key: "by-socket") { key } }')).toEqual({
      cohort: { key: 'by-socket' },
    });
  });
});

describe('requests that are none', () => {
  test.each([
    ['no JSON', '{', 400, 'INPUT_INVALID'],
    ['no object', '[]', 400, 'BAD_REQUEST'],
    ['no query', '{}', 400, 'BAD_REQUEST'],
    [
      'a body that is too large',
      JSON.stringify({ query: anyQuery, variables: { a: 'x'.repeat(9 * 2 ** 20) } }),
      413,
      'LIMIT_EXCEEDED',
    ],
  ])('%s', async (_what, body, status, code) => {
    const answer = await server.post(body);
    expect(answer.status).toBe(status);
    expect(answer.body.errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
  });

  test('a WebSocket message that is none, or too large, closes the socket and nothing else', async () => {
    const other = await RawSocket.signedIn(server);
    for (const [message, code] of [
      ['garbage', 4400],
      ['{"type":"nothing"}', 4400],
      [JSON.stringify({ type: 'ping', payload: { a: 'x'.repeat(300_000) } }), 1009],
    ] as const) {
      const socket = await RawSocket.signedIn(server);
      socket.send(message);
      expect((await socket.closed).code).toBe(code);
    }
    other.subscribe('1', anyQuery);
    expect((await other.next())?.type).toBe('next');
    other.terminate();
  });

  test('an address where nothing is', async () => {
    const response = await fetch(`${server.url}/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});
