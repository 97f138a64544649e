import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestServer } from '../support/server.ts';
import { type Asked, transportNames, transports } from '../support/transports.ts';
import { uploadMetadata } from '../support/tus.ts';

/** What must not be found in the log: it is in whatever is sent. */
const marker = 'xmarkedx';
/** A line that a log might take for its own, and what makes a terminal do as it is told. */
const forged = `${marker}\r\n{"level":50,"msg":"forged"}\u001b[2J\u001b]0;title\u0007\u2028\u0085`;

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  await server.client.run('mutation { createCohort(input: { key: "known" }) { id } }');
});
afterAll(() => server.stop());

function expectCleanLog(): void {
  expect(server.logged.length).toBeGreaterThan(0);
  for (const line of server.logged) {
    expect(line).not.toContain(marker);
    expect(line).not.toContain('forged');
    // One entry a line, and nothing in it but what can be printed.
    expect(() => JSON.parse(line)).not.toThrow();
    expect(line).toMatch(/^[^\p{Cc}\u2028\u2029]*\n$/u);
    expect(JSON.parse(line).level, line).toBeLessThan(50);
  }
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request whose path is sent as it is; `fetch` would tidy it up. */
async function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Reply> {
  const { hostname, port } = new URL(server.url);
  const sent = request({ hostname, port, method, path, headers: { ...server.signedIn, ...headers } });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const codesOf = ({ body }: Reply) =>
  ((JSON.parse(body).errors ?? []) as { extensions: { code: string } }[]).map(
    ({ extensions }) => extensions.code,
  );

describe('an operation that is none of this graph', () => {
  const unknown = '01900000-0000-7000-8000-000000000000';
  const add = `mutation ($cohortId: ID!, $key: String!) { addPatients(cohortId: $cohortId, patients: [{ subjectKey: $key }]) { id } }`;
  const requests: readonly (readonly [what: string, code: string, asked: (cohortId: string) => Asked])[] = [
    ['a broken document', 'GRAPHQL_PARSE_FAILED', () => ({ query: `{ ${marker} ` })],
    ['a document of control characters', 'GRAPHQL_PARSE_FAILED', () => ({ query: `{ ${forged} }` })],
    ['a field that is not there', 'GRAPHQL_VALIDATION_FAILED', () => ({ query: `{ ${marker} }` })],
    [
      'a variable of another type',
      'BAD_USER_INPUT',
      () => ({
        query: 'query ($first: Int!) { cohorts(first: $first) { totalCount } }',
        variables: { first: forged },
      }),
    ],
    [
      'a variable that is an object',
      'BAD_USER_INPUT',
      () => ({
        query: 'query ($key: String) { cohort(key: $key) { id } }',
        variables: { key: { [forged]: marker } },
      }),
    ],
    [
      'the name of another operation',
      'OPERATION_RESOLUTION_FAILURE',
      () => ({ query: '{ viewer { id } }', operationName: forged }),
    ],
    [
      'an id that is none',
      'INPUT_INVALID',
      () => ({ query: 'query ($id: ID) { cohort(id: $id) { id } }', variables: { id: forged } }),
    ],
    [
      'an id of nothing',
      'NOT_FOUND',
      () => ({ query: 'mutation ($id: ID!) { cancelJob(jobId: $id) { id } }', variables: { id: unknown } }),
    ],
    [
      'a patient whose key is a line of the log',
      'INPUT_INVALID',
      (cohortId) => ({ query: add, variables: { cohortId, key: forged } }),
    ],
    [
      'a patient of a cohort that is not there',
      'NOT_FOUND',
      () => ({ query: add, variables: { cohortId: unknown, key: marker } }),
    ],
    [
      'a cursor that is none',
      'CURSOR_INVALID',
      () => ({
        query: 'query ($after: String) { cohorts(after: $after) { edges { cursor } } }',
        variables: { after: forged },
      }),
    ],
    [
      'a cursor of another list',
      'CURSOR_INVALID',
      () => ({
        query: 'query ($after: String) { cohorts(after: $after) { edges { cursor } } }',
        variables: { after: Buffer.from(JSON.stringify(['Patient', marker, unknown])).toString('base64url') },
      }),
    ],
    [
      'a hash that is a path',
      'INPUT_INVALID',
      () => ({ query: '{ objects(sha256: ["../../../../etc/passwd"]) { sha256 } }' }),
    ],
    [
      'a document by a hash that is a path',
      'DOCUMENT_UNTRUSTED',
      () => ({ query: '', documentId: `../../${forged}` }),
    ],
  ];

  describe.each(transportNames)('over %s', (transport) => {
    test.each(requests)('%s is refused by %s, and not written down', async (_what, code, asked) => {
      const { cohort } = await server.client.run<{ cohort: { id: string } }>(
        '{ cohort(key: "known") { id } }',
      );
      const { errors } = await transports[transport](server, asked(cohort.id));
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
      expect(JSON.stringify(errors)).not.toMatch(/node_modules|\.ts:|\.js:|postgres|select /i);
      expectCleanLog();
    });
  });
});

describe('a body that is none', () => {
  const json = { 'content-type': 'application/json' };
  test.each([
    ['broken', 400, `{"query": "${marker}`],
    ['of another encoding', 400, Buffer.from(`{"query": "${marker}"}`, 'utf16le').toString('latin1')],
    ['too large', 413, JSON.stringify({ query: `{ viewer { id } } #${marker.repeat(600_000)}` })],
  ])('%s', async (_what, status, body) => {
    const reply = await send('POST', '/graphql', json, body).catch((error: NodeJS.ErrnoException) => {
      // The server has hung up on what it will not read.
      expect(['EPIPE', 'ECONNRESET']).toContain(error.code);
      return undefined;
    });
    if (reply) {
      expect(reply.status).toBe(status);
      expect(reply.body).not.toMatch(/node_modules|\.js:/);
    }
    expectCleanLog();
  });

  test.each(['gzip', 'br', marker])('compressed by %s', async (encoding) => {
    const reply = await send('POST', '/graphql', { ...json, 'content-encoding': encoding }, `not ${marker}`);
    expect(reply.status).toBe(400);
    expect(codesOf(reply)).toEqual(['INPUT_INVALID']);
    expectCleanLog();
  });
});

describe('headers', () => {
  async function raw(lines: readonly string[]): Promise<string> {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.end(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    return text(socket).catch(() => '');
  }
  const signedIn = () => `Authorization: Bearer ${server.token}`;

  test.each([
    ['a terminal’s commands', `User-Agent: ${marker}\u001b[2J`],
    ['a line broken by a lone LF', `X-Note: ${marker}\n{"level":50,"msg":"forged"}`],
    ['a line that goes on', `X-Note: ${marker}\r\n {"level":50,"msg":"forged"}`],
    ['a NUL', `X-Note: ${marker}\0`],
    ['a name with a space', `X Note: ${marker}`],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
  ])('with %s are no way into the log', async (_what, header) => {
    const answer = await raw(['GET /graphql?query=%7B__typename%7D HTTP/1.1', 'Host: a', signedIn(), header]);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|403)/);
    expect(answer).not.toContain(marker);
    expectCleanLog();
  });

  test('a token, a scheme and a cookie that are none', async () => {
    for (const headers of [
      { authorization: `Bearer ${marker}` },
      { authorization: `${marker} a` },
      { authorization: `Bearer nmg_${marker}` },
      { authorization: '', cookie: `nomograph_token=${marker}%0d%0aforged` },
    ] as Record<string, string>[]) {
      const reply = await send('POST', '/graphql', { ...headers, 'content-type': 'application/json' }, '{}');
      expect(reply.status).toBe(401);
      expect(JSON.stringify([reply.headers, reply.body])).not.toContain(marker);
    }
    expectCleanLog();
  });

  test('are not split by what a path holds', async () => {
    for (const path of [
      `/export/known%0d%0aset-cookie:${marker}/ibsi-a.csv`,
      `/export/known/ibsi-a%0d%0aset-cookie:${marker}.csv`,
      `/uploads/%0d%0aset-cookie:${marker}`,
      `/%0d%0aset-cookie:${marker}`,
    ]) {
      const reply = await send('GET', path);
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(reply.headers['set-cookie']).toBeUndefined();
    }
    expectCleanLog();
  });
});

describe('paths that lead out', () => {
  const ways = ['..', '%2e%2e', '..%2f..', '..%5c..', '%252e%252e', '....//', '%00', '%c0%ae%c0%ae', '/etc'];

  test.each(ways)('by %s: nothing is sent', async (way) => {
    // What would be found beside the uploads and the objects.
    await writeFile(join(server.directory, 'token-beside'), marker);
    for (const path of [
      `/uploads/${way}/token-beside`,
      `/uploads/${way}%2ftoken-beside`,
      `/export/${way}/token-beside.csv`,
      `/export/known/${way}%2ftoken-beside.csv`,
      `/studies/01900000-0000-7000-8000-000000000000/report/${way}/token-beside`,
      `/studies/${way}/report/token-beside`,
      `/${way}/token-beside`,
      `/graphql/${way}/token-beside`,
    ])
      for (const method of ['GET', 'HEAD', 'PATCH', 'DELETE']) {
        const headers = { 'tus-resumable': '1.0.0', 'upload-offset': '0' };
        const reply = await send(method, path, headers);
        expect(reply.status, `${method} ${path}`).toBeGreaterThanOrEqual(400);
        expect(reply.status, `${method} ${path}`).toBeLessThan(500);
        expect(reply.body).not.toContain(marker);
      }
    expect(await readdir(server.directory)).toContain('token-beside');
    expectCleanLog();
  });

  test('by the name of an upload: it is a name and no path', async () => {
    const before = await readdir(server.directory);
    for (const filename of ['../../evil', '/etc/evil', '..\\evil', `${forged}`, 'evil\0.nii']) {
      const reply = await send(
        'POST',
        '/uploads',
        {
          'tus-resumable': '1.0.0',
          'upload-length': '4',
          'content-type': 'application/offset+octet-stream',
          'upload-metadata': uploadMetadata({ filename, [marker]: marker }),
        },
        'evil',
      );
      expect(reply.status).toBe(422);
      expect(JSON.parse(reply.body)).toMatchObject({ code: expect.stringMatching(/^FILE_/) });
    }
    expect(await readdir(server.directory)).toEqual(before);
    expect(await readdir(join(server.directory, 'uploads'))).toEqual([]);
    expectCleanLog();
  });
});
