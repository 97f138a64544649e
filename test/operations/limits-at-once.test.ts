import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Limits } from '../../src/limits.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { TestServer } from '../support/server.ts';
import { type Asked, transportNames, transports } from '../support/transports.ts';

const { limits: defaults } = readConfig({});

describe('what is open, under way and asked for at once', () => {
  const limits: Limits = {
    ...defaults,
    bodyBytes: 2000,
    messageBytes: 1000,
    requestSeconds: 1,
    sockets: 2,
    operationsPerSocket: 3,
    streams: 2,
    jobs: 3,
    jobsOfCohort: 2,
  };
  let server: TestServer;
  let others: string;
  beforeAll(async () => {
    // Nobody works on the jobs.
    server = await TestServer.start({ limits, role: 'api' });
    const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
      'mutation { createApiKey(input: { name: "others", grants: [{ role: ADMIN }] }) { secret } }',
    );
    others = createApiKey.secret;
  });
  afterAll(() => server.stop());

  test.each(['/graphql', '/graphql/stream'])('a body of 2000 bytes to %s', async (path) => {
    const post = (bytes: number, headers: Record<string, string> = {}) => {
      const body = JSON.stringify({ query: '{ viewer { id } }' });
      return fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { ...server.signedIn, 'content-type': 'application/json', ...headers },
        body: body + ' '.repeat(bytes - body.length),
      });
    };
    expect((await post(2000, { accept: path === '/graphql' ? '*/*' : 'text/event-stream' })).status).toBe(
      200,
    );
    const refused = await post(2001);
    expect(refused.status).toBe(413);
    expect((await refused.json()).errors[0].extensions).toEqual({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'bodyBytes', maximum: 2000, actual: 2001 },
    });
  });

  test('a message of 1000 bytes over a WebSocket', async () => {
    const socket = await RawSocket.signedIn(server);
    const ping = (bytes: number) => `{"type":"ping","payload":{"a":"${'x'.repeat(bytes - 34)}"}}`;
    expect(ping(1000)).toHaveLength(1000);
    socket.send(ping(1000));
    expect((await socket.next())?.type).toBe('pong');
    socket.send(ping(1001));
    expect((await socket.closed).code).toBe(1009);
  });

  test('two sockets of one who is signed in', async () => {
    const open = [await RawSocket.signedIn(server), await RawSocket.signedIn(server)];
    const connect = async (token: string) => {
      const socket = await RawSocket.open(server.url);
      socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
      return socket;
    };
    expect(await (await connect(server.token)).closed).toEqual({
      code: 1013,
      reason: expect.stringMatching(/^LIMIT_EXCEEDED: 3 sockets .*the limit is 2$/),
    });
    const other = await connect(others);
    expect((await other.next())?.type).toBe('connection_ack');
    other.terminate();
    open[0].terminate();
    await open[0].closed;
    await expect
      .poll(async () => {
        const again = await connect(server.token);
        const message = await again.next();
        again.terminate();
        return message?.type;
      })
      .toBe('connection_ack');
    open[1].terminate();
    await open[1].closed;
  });

  test('two event streams of one who is signed in', async () => {
    const jobId = await queuedJob();
    const follow = (token: string) => {
      const abort = new AbortController();
      const response = fetch(`${server.url}/graphql/stream`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'text/event-stream',
        },
        body: JSON.stringify({ query: `subscription { jobEvents(jobId: "${jobId}") { sequence } }` }),
        signal: abort.signal,
      });
      return { response, leave: () => abort.abort() };
    };
    const open = [follow(server.token), follow(server.token)];
    for (const { response } of open) expect((await response).status).toBe(200);
    const third = await follow(server.token).response;
    expect(third.status).toBe(429);
    expect((await third.json()).errors[0].extensions).toEqual({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'streams', maximum: 2, actual: 3 },
    });
    const other = follow(others);
    expect((await other.response).status).toBe(200);
    other.leave();
    for (const { leave } of open) leave();
    await expect
      .poll(async () => {
        const again = follow(server.token);
        const { status } = await again.response;
        again.leave();
        return status;
      })
      .toBe(200);
  });

  test('three operations on a socket', async () => {
    const jobId = await queuedJob();
    const query = `subscription { jobEvents(jobId: "${jobId}") { sequence } }`;
    const socket = await RawSocket.signedIn(server);
    const first = async (id: string) => {
      socket.subscribe(id, query);
      for (;;) {
        const message = await socket.next();
        if (!message || message.id === id) return message;
      }
    };
    for (const id of ['1', '2', '3']) expect((await first(id))?.type).toBe('next');
    expect(await first('4')).toMatchObject({
      type: 'error',
      payload: [
        {
          extensions: {
            code: 'LIMIT_EXCEEDED',
            details: { limit: 'operationsPerSocket', maximum: 3, actual: 4 },
          },
        },
      ],
    });
    socket.send({ type: 'complete', id: '2' });
    await expect.poll(async () => (await first(randomUUID()))?.type).toBe('next');
    socket.terminate();
    await socket.closed;
  });

  test('two jobs on a cohort, three of one who is signed in, however many are asked for at once', async () => {
    const { dataSource } = server.nomograph.platform;
    const end = () => dataSource.query("update job set state = 'CANCELLED', finished_at = now()");
    await end();
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(createCohort));
    const ask = (cohortId: string, n: number, token = server.token) =>
      transports.HTTP(server, extraction(cohortId, n), token);
    const codesOf = (answers: Awaited<ReturnType<typeof ask>>[]) =>
      answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions));
    const onOne = await Promise.all([1, 2, 3, 4, 5].map((n) => ask(a, n)));
    expect(codesOf(onOne)).toEqual(
      Array(3).fill({
        code: 'LIMIT_EXCEEDED',
        details: { limit: 'jobsOfCohort', maximum: 2, actual: 3 },
      }),
    );
    const onOthers = await Promise.all([ask(b, 1), ask(c, 1)]);
    expect(codesOf(onOthers)).toEqual([
      { code: 'LIMIT_EXCEEDED', details: { limit: 'jobs', maximum: 3, actual: 4 } },
    ]);
    // The same work joins the job that is there.
    const repeated = onOne.findIndex(({ errors }) => !errors);
    expect(codesOf([await ask(a, repeated + 1)])).toEqual([]);
    expect(codesOf(await Promise.all([ask(b, 2, others), ask(c, 2, others)]))).toEqual([]);
    expect(codesOf([await transports.WebSocket(server, extraction(b, 3))])).toMatchObject([
      { details: { limit: 'jobs' } },
    ]);
    await end();
    expect(codesOf([await ask(c, 3)])).toEqual([]);
  });

  test.each(transportNames)('a second for a query over %s', async (transport) => {
    const { dataSource } = server.nomograph.platform;
    const holder = dataSource.createQueryRunner();
    await holder.startTransaction();
    try {
      await holder.query('lock table extraction_profile in access exclusive mode');
      const answer = await transports[transport](server, {
        query: `{ extractionProfiles(first: ${transport.length}) { totalCount } }`,
      });
      expect(answer.data ?? null).toBeNull();
      expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([
        { code: 'LIMIT_EXCEEDED', details: { limit: 'requestSeconds', maximum: 1, actual: 1 } },
      ]);
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
    const after = await transports[transport](server, { query: '{ extractionProfiles { totalCount } }' });
    expect(after.errors).toBeUndefined();
  });

  async function createCohort(key: string): Promise<string> {
    const { createCohort: made } = await server.client.run<{ createCohort: { id: string } }>(
      'mutation ($key: String!) { createCohort(input: { key: $key }) { id } }',
      { key },
    );
    return made.id;
  }

  const extraction = (cohortId: string, n: number): Asked => ({
    query: 'mutation ($input: ExtractFeaturesInput!) { extractFeatures(input: $input) { id } }',
    variables: { input: { cohortId, profile: 'ibsi-digital', filter: { reader: `reader-${n}` } } },
  });

  let job: Promise<string> | undefined;
  function queuedJob(): Promise<string> {
    job ??= createCohort('queued').then(async (cohortId) => {
      const { query, variables } = extraction(cohortId, 1);
      const { extractFeatures } = await server.client.run<{ extractFeatures: { id: string } }>(
        query as string,
        variables as object,
      );
      return extractFeatures.id;
    });
    return job;
  }
});
