import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type LimitName, type Limits, limitNames, limitTable, settingOf } from '../../src/limits.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { TestServer } from '../support/server.ts';
import { type Asked, transportNames, transports } from '../support/transports.ts';

const { limits: defaults } = readConfig({});

describe('the settings', () => {
  test('are one for each limit', () => {
    expect(settingOf('addressRequestsPerMinute')).toBe('NOMOGRAPH_MAX_ADDRESS_REQUESTS_PER_MINUTE');
    for (const name of limitNames) {
      expect(defaults[name]).toBe(limitTable[name][0]);
      expect(readConfig({ [settingOf(name)]: '7' }).limits).toEqual({ ...defaults, [name]: 7 });
      for (const wrong of ['0', '-1', '1.5', 'x', '1e12'])
        expect(() => readConfig({ [settingOf(name)]: wrong }), `${name} ${wrong}`).toThrow(settingOf(name));
    }
  });

  test('are all in docs/limits.md', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/limits.md'), 'utf8');
    const rows = limitNames.map((name) => {
      const [value, counts] = limitTable[name];
      return `| \`${settingOf(name)}\` | \`${name}\` | ${value} | ${counts} |\n`;
    });
    expect(page).toContain(rows.join(''));
  });
});

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

describe('how often anybody asks', () => {
  test('who is signed in, over whatever transport, and from wherever', async () => {
    const server = await TestServer.start({ limits: { ...defaults, requestsPerMinute: 5 } });
    try {
      const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
        'mutation { createApiKey(input: { name: "others", grants: [{ role: READER }] }) { secret } }',
      );
      const asked = { query: '{ viewer { id } }' };
      for (const transport of ['HTTP', 'WebSocket', 'event stream', 'HTTP'] as const)
        expect((await transports[transport](server, asked)).errors).toBeUndefined();
      for (const transport of transportNames) {
        const { errors } = await transports[transport](server, asked);
        expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
          { code: 'LIMIT_EXCEEDED', details: { limit: 'requestsPerMinute', maximum: 5 } },
        ]);
      }
      const answer = await server.post(asked);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      for (const path of ['/uploads', '/metrics', '/export/a/b.csv'])
        expect((await fetch(`${server.url}${path}`, { headers: server.signedIn })).status, path).toBe(429);
      for (const transport of transportNames)
        expect((await transports[transport](server, asked, createApiKey.secret)).errors).toBeUndefined();
    } finally {
      await server.stop();
    }
  });

  test('an address, signed in or not', async () => {
    const server = await TestServer.start({ limits: { ...defaults, addressRequestsPerMinute: 6 } });
    try {
      for (let n = 0; n < 5; n++)
        expect((await server.post({}, { authorization: 'Bearer wrong' })).status).toBe(401);
      (await RawSocket.open(server.url)).terminate();
      const answer = await server.post({ query: '{ viewer { id } }' });
      expect(answer.status).toBe(429);
      expect(answer.body.errors?.[0].extensions).toMatchObject({
        code: 'LIMIT_EXCEEDED',
        details: { limit: 'addressRequestsPerMinute', maximum: 6, actual: 7 },
      });
      expect(answer.headers.get('retry-after')).not.toBeNull();
      expect(
        (await fetch(`${server.url}/sign-in`, { method: 'POST', body: new URLSearchParams({ token: 'x' }) }))
          .status,
      ).toBe(429);
      await expect(RawSocket.open(server.url)).rejects.toThrow('429');
      for (const path of ['/live', '/ready']) expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});
