import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from '../support/server.ts';

// The distinct connections mode of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md.

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

const authorization = () => `Bearer ${server.nomograph.token}`;

function request(body: object | string, headers: Record<string, string> = {}, method = 'POST') {
  return fetch(`${server.nomograph.url}/graphql/stream`, {
    method,
    headers: {
      authorization: authorization(),
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...headers,
    },
    ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
}

describe('Server-Sent Events', () => {
  it('answer a query by one event and an end', async () => {
    const answer = await request({ query: '{ __typename }' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const text = await answer.text();
    expect(text).toContain('event: next\ndata: {"data":{"__typename":"Query"}}\n\n');
    expect(text.trimEnd().endsWith('event: complete\ndata:')).toBe(true);
  });

  it('tell the same as a socket does, and come to the same end', async () => {
    const jobId = await finishedJob();
    const query = 'subscription ($jobId: ID!) { jobEvents(jobId: $jobId) { __typename sequence } }';
    const client = createClient({
      url: `${server.nomograph.url}/graphql/stream`,
      headers: { authorization: authorization() },
      retryAttempts: 0,
    });
    const streamed: unknown[] = [];
    for await (const { data } of client.iterate({ query, variables: { jobId } })) {
      streamed.push((data as { jobEvents: unknown }).jobEvents);
    }
    client.dispose();
    const told: unknown[] = [];
    for await (const data of server.client.subscribe<{ jobEvents: unknown }>(query, { jobId })) {
      told.push(data.jobEvents);
    }
    expect(streamed.length).toBeGreaterThan(1);
    expect(streamed).toEqual(told);
  });

  it('let go of a subscription whose client is gone', async () => {
    const { events } = server.nomograph.platform;
    const jobId = await waitingJob();
    const before = events.followerCount;
    const query = `subscription { jobEvents(jobId: "${jobId}") { sequence } }`;
    const { body } = await request({ query });
    await expect.poll(() => events.followerCount).toBe(before + 1);
    await body?.cancel();
    await expect.poll(() => events.followerCount).toBe(before);
  });

  it.each([
    ['a broken document', '{ nothing', 'GRAPHQL_PARSE_FAILED'],
    ['an invalid document', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('refuse %s by its code', async (_, query, code) => {
    const answer = await request({ query });
    expect(await answer.text()).toContain(`"code":"${code}"`);
  });

  it('are for who is signed in', async () => {
    expect((await request({ query: '{ __typename }' }, { authorization: 'Bearer none' })).status).toBe(401);
  });

  it.each(['PUT', 'DELETE'])('know no %s: every operation has a stream of its own', async (method) => {
    expect((await request({}, {}, method)).status).toBe(405);
  });

  it.each([
    ['text that is no JSON', 'hello', {}, 400],
    ['a body without a document', {}, {}, 400],
    ['another content type', 'query=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('refuse %s', async (_, body, headers, status) => {
    const answer = await request(body, headers as Record<string, string>);
    expect([answer.status, 400]).toContain(status);
    await answer.text();
  });
});

async function cohort(): Promise<string> {
  const key = `sse-${Math.random()}`;
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation ($input: CreateCohortInput!) { createCohort(input: $input) { id } }',
    { input: { key, name: key } },
  );
  return createCohort.id;
}

/** A job that is over at once, for the cohort has no outcomes to fit to. */
async function finishedJob(): Promise<string> {
  const { fitCoxModel } = await server.client.run<{ fitCoxModel: { id: string } }>(
    'mutation ($input: FitCoxModelInput!) { fitCoxModel(input: $input) { id } }',
    { input: { cohortId: await cohort(), endpoint: 'OS', covariates: ['age'] } },
  );
  return fitCoxModel.id;
}

/** A job that nobody works on, and which therefore never ends. */
async function waitingJob(): Promise<string> {
  const [{ id }]: { id: string }[] = await server.nomograph.platform.dataSource.query(
    `insert into job (id, kind, cohort_id, specification, content_key)
     values (gen_random_uuid(), 'COX_FIT', $1, '{}', repeat('1', 64)) returning id`,
    [await cohort()],
  );
  return id;
}
