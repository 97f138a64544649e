import { randomBytes } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { eventsOf } from '../support/job-events.ts';
import { RecordedSpans } from '../support/recorded-spans.ts';
import { TestServer } from '../support/server.ts';

/** What no span may carry: it stands in every value that a client gives. */
const mark = 'MARKED';
let spans: RecordedSpans;
let server: TestServer;
let cohortId: string;
beforeAll(async () => {
  spans = new RecordedSpans();
  server = await TestServer.start();
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation CreateCohort($input: CreateCohortInput!) { createCohort(input: $input) { id } }',
    { input: { key: `${mark}-cohort`, covariates: [{ name: `${mark} age`, kind: 'NUMERIC' }] } },
  );
  cohortId = createCohort.id;
  await server.client.run(
    'mutation Add($cohortId: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $cohortId, patients: $patients) { id } }',
    {
      cohortId,
      patients: Array.from({ length: 40 }, (_, n) => ({
        subjectKey: `${mark}-${n}`,
        covariates: [{ name: `${mark} age`, number: 40 + ((n * 7) % 31) }],
        outcomes: [{ endpoint: `${mark} OS`, time: 1 + ((n * 13) % 37), event: n % 3 > 0 }],
      })),
    },
  );
});
afterAll(async () => {
  await server.stop();
  spans.stop();
});

/** A caller's trace, and the header that says so. */
function caller(): { traceId: string; spanId: string; headers: Record<string, string> } {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, headers: { ...server.signedIn, traceparent: `00-${traceId}-${spanId}-01` } };
}

const page = `query Page($cohort: String!) { cohort(key: $cohort) { patients { edges { node { subjectKey outcomes { time } } } totalCount } } }`;
const variables = { cohort: `${mark}-cohort` };

test('a request is part of its caller’s trace, and its statements of the request’s', async () => {
  const { traceId, spanId, headers } = caller();
  await server.post({ query: page, variables, operationName: 'Page' }, headers);
  await vi.waitFor(() => expect(spans.of(traceId).some(({ name }) => name === 'POST /graphql')).toBe(true));
  const [request, ...others] = spans.of(traceId).reverse();
  expect(request.parentSpanContext?.spanId).toBe(spanId);
  expect(request.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/graphql',
    'http.response.status_code': 200,
    'graphql.operation.type': 'query',
    'graphql.operation.name': 'Page',
  });
  // The cohort, its patients with their outcomes, how many they are.
  expect(others.length).toBeGreaterThanOrEqual(3);
  for (const { name, parentSpanContext, attributes } of others) {
    expect(name).toBe('SELECT');
    expect(parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(attributes['db.query.text']).toMatch(/from/i);
  }
});

test('an operation over a socket is part of the trace of its upgrade', async () => {
  const { traceId, headers } = caller();
  class Traced extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { headers });
    }
  }
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: Traced,
    connectionParams: { authorization: headers.authorization },
  });
  for await (const { errors } of client.iterate({ query: page, variables })) expect(errors).toBeUndefined();
  await client.dispose();
  const operation = spans.of(traceId).find(({ name }) => name === 'graphql query');
  expect(operation?.attributes).toEqual({
    'graphql.operation.type': 'query',
    'graphql.operation.name': 'Page',
  });
  const statements = spans.of(traceId).filter(({ name }) => name === 'SELECT');
  expect(statements.length).toBeGreaterThanOrEqual(3);
});

test('a job goes on with the trace of the request that asked for it, with its stages and statements', async () => {
  const { traceId, headers } = caller();
  const { body } = await server.post(
    {
      query: 'mutation Fit($input: FitCoxModelInput!) { fitCoxModel(input: $input) { id } }',
      variables: { input: { cohortId, endpoint: `${mark} OS`, covariates: [`${mark} age`] } },
    },
    headers,
  );
  const { id } = (body.data as { fitCoxModel: { id: string } }).fitCoxModel;
  expect((await eventsOf(server, id)).at(-1)?.__typename).toBe('CoxFitCompleted');
  const job = await vi.waitFor(() => {
    const found = spans.of(traceId).find(({ name }) => name === 'job COX_FIT');
    if (!found) throw new Error('the job has no span yet');
    return found;
  });
  expect(job.attributes).toEqual({ 'nomograph.job.id': id, 'nomograph.job.attempt': 1 });
  const ofJob = spans
    .of(traceId)
    .filter((span) => span.parentSpanContext?.spanId === job.spanContext().spanId);
  const names = new Set(ofJob.map(({ name }) => name));
  for (const name of ['stage load', 'stage cox-fit', 'stage keep', 'SELECT']) expect(names).toContain(name);
});

test('what fails says so by its code, without its words', async () => {
  const { traceId, headers } = caller();
  const outcome = { endpoint: 'OS', time: -1, event: true };
  const patients = [{ subjectKey: `${mark}-bad`, outcomes: [outcome] }];
  const query =
    'mutation Add($cohortId: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $cohortId, patients: $patients) { id } }';
  const { body } = await server.post({ query, variables: { cohortId, patients } }, headers);
  expect(body.errors?.[0].extensions.code).toBe('TIME_INVALID');
  const request = await vi.waitFor(() => {
    const found = spans.of(traceId).find(({ name }) => name === 'POST /graphql');
    if (!found) throw new Error('the request has no span yet');
    return found;
  });
  expect(request.status.code).toBe(2);
});

test('a path is told by its route', async () => {
  const { traceId, headers } = caller();
  await fetch(`${server.url}/export/${mark}-cohort/${mark}.csv`, { headers });
  const [{ name }] = await vi.waitFor(() => {
    const found = spans.of(traceId).filter(({ kind }) => kind === 1);
    expect(found).toHaveLength(1);
    return found;
  });
  expect(name).toBe('GET /export/:cohort/:file');
});

test('no span carries a value of a client’s or a patient’s, and none has an event with an error’s words', async () => {
  await server.client.run(
    `query Filtered($cohort: String!, $filter: PatientFilterInput!, $order: PatientOrderInput!) {
      cohort(key: $cohort) { patients(filter: $filter, orderBy: $order) { totalCount edges { node { id } } } } }`,
    {
      ...variables,
      filter: {
        all: [{ covariate: { name: `${mark} age`, is: { range: { from: 41 } } } }, { sites: [mark] }],
      },
      order: { covariate: { name: `${mark} age` } },
    },
  );
  expect(spans.all.length).toBeGreaterThan(70);
  for (const { name, attributes, status, events } of spans.all) {
    expect(JSON.stringify([name, attributes, status])).not.toContain(mark);
    expect(events).toEqual([]);
  }
});

test('what polls by itself makes no traces of single statements', () => {
  const roots = spans.all.filter(({ parentSpanContext }) => parentSpanContext === undefined);
  for (const { name } of roots) expect(name).toMatch(/^(POST|GET|graphql|job) /);
});
