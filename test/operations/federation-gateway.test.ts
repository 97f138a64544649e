import { composeServices } from '@apollo/composition';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { createGatewayRuntime, type GatewayRuntime } from '@graphql-hive/gateway-runtime';
import http from '@graphql-mesh/transport-http';
import ws from '@graphql-mesh/transport-ws';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Registry } from '../support/registry.ts';
import { TestServer } from '../support/server.ts';
import { type SitedCohort, sitedCohort } from '../support/sited-cohort.ts';

interface Credentials {
  readonly authorization?: string;
}

let server: TestServer;
let cohort: SitedCohort;
let cancer: Registry;
let deaths: Registry;
let supergraphSdl: string;
let gateway: ApolloServer<Credentials>;
let analyst: Credentials;

const outcome = (endpoint: string, time: number) => ({ endpoint, time, timeUnit: 'MONTHS', event: true });

beforeAll(async () => {
  server = await TestServer.start();
  cohort = await sitedCohort(server, 'liver', ['north', 'south', 'none']);
  cancer = await new Registry('cancer', 'liver', {
    'liver-north': [outcome('RFS', 7)],
    'liver-south': [],
    stranger: [outcome('RFS', 1)],
  }).start();
  deaths = await new Registry('deaths', 'liver', {
    'liver-north': [outcome('DSS', 9)],
    'liver-south': [outcome('DSS', 11)],
  }).start();
  const { data } = (await server.post({ query: '{ _service { sdl } }' })).body;
  const { sdl } = data!._service as { sdl: string };
  const composed = composeServices([
    { name: 'nomograph', url: `${server.url}/graphql`, typeDefs: parse(sdl) },
    ...[cancer, deaths].map((each) => ({ name: each.name, url: each.url, typeDefs: parse(each.sdl) })),
  ]);
  expect(composed.errors).toBeUndefined();
  supergraphSdl = composed.supergraphSdl as string;
  gateway = new ApolloServer<Credentials>({
    gateway: new ApolloGateway({
      supergraphSdl,
      buildService: ({ url }) =>
        new RemoteGraphQLDataSource<Credentials>({
          url: url as string,
          willSendRequest: ({ request, context }) => {
            if (context.authorization) request.http?.headers.set('authorization', context.authorization);
          },
        }),
    }),
  });
  await gateway.start();
  const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
    'mutation { createApiKey(input: { name: "n", grants: [{ role: ANALYST, cohortKey: "liver", site: "north" }] }) { secret } }',
  );
  analyst = { authorization: `Bearer ${createApiKey.secret}` };
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([cancer.stop(), deaths.stop()]);
  await server.stop();
});

async function ask(query: string, variables = {}, contextValue: Credentials = server.signedIn) {
  const { body } = await gateway.executeOperation({ query, variables }, { contextValue });
  if (body.kind !== 'single') throw new Error('the gateway answers in parts');
  const { data, errors } = JSON.parse(JSON.stringify(body.singleResult));
  return { data, codes: errors?.map((error: { extensions: { code: string } }) => error.extensions.code) };
}

const patients = `query ($id: ID!) { cohort(id: $id) { patients { edges { node {
  subjectKey
  outcomes { endpoint }
  cancerOutcomes { endpoint time timeUnit event }
  deathsOutcomes { time }
} } } } }`;
const nodesOf = (data: { cohort: { patients: { edges: { node: object }[] } } }) =>
  data.cohort.patients.edges.map(({ node }) => node);

describe('through a gateway over this graph and two registries', () => {
  test('patients have the outcomes of all three, and each registry is asked once', async () => {
    cancer.asked.length = 0;
    deaths.asked.length = 0;
    const { data, codes } = await ask(patients, { id: cohort.id });
    expect(codes).toBeUndefined();
    expect(nodesOf(data)).toEqual([
      {
        subjectKey: 'liver-none',
        outcomes: [{ endpoint: 'OS of liver-none' }],
        cancerOutcomes: null,
        deathsOutcomes: null,
      },
      {
        subjectKey: 'liver-north',
        outcomes: [{ endpoint: 'OS of liver-north' }],
        cancerOutcomes: [outcome('RFS', 7)],
        deathsOutcomes: [{ time: 9 }],
      },
      {
        subjectKey: 'liver-south',
        outcomes: [{ endpoint: 'OS of liver-south' }],
        cancerOutcomes: [],
        deathsOutcomes: [{ time: 11 }],
      },
    ]);
    expect([cancer.asked, deaths.asked]).toEqual([[3], [3]]);
  });

  test("a registry's patients have our scans, and those whom we do not know have none", async () => {
    const { data } = await ask('{ cancerPatients { subjectKey site deathsOutcomes { time } } }');
    expect(data.cancerPatients).toEqual([
      { subjectKey: 'liver-north', site: 'north', deathsOutcomes: [{ time: 9 }] },
      { subjectKey: 'liver-south', site: 'south', deathsOutcomes: [{ time: 11 }] },
      { subjectKey: 'stranger', site: null, deathsOutcomes: null },
    ]);
    const known = await ask('{ deathsPatients { subjectKey cancerOutcomes { time } scans { modality } } }');
    expect(known.data.deathsPatients).toEqual([
      { subjectKey: 'liver-north', cancerOutcomes: [{ time: 7 }], scans: [{ modality: 'CT' }] },
      { subjectKey: 'liver-south', cancerOutcomes: [], scans: [{ modality: 'CT' }] },
    ]);
  });

  test('each sees what their own rights allow', async () => {
    const { data } = await ask(patients, { id: cohort.id }, analyst);
    expect(nodesOf(data)).toEqual([expect.objectContaining({ subjectKey: 'liver-north' })]);
    const direct = await ask(
      'query ($id: ID!) { patient(id: $id) { subjectKey deathsOutcomes { time } } }',
      { id: cohort.patients.south!.patient },
      analyst,
    );
    expect(direct).toEqual({ data: { patient: null }, codes: undefined });
    const fromRegistry = await ask('{ deathsPatients { subjectKey site } }', {}, analyst);
    expect(fromRegistry.data.deathsPatients).toEqual([
      { subjectKey: 'liver-north', site: 'north' },
      { subjectKey: 'liver-south', site: null },
    ]);
    const nobody = await ask(patients, { id: cohort.id }, {});
    expect(nobody).toEqual({ data: { cohort: null }, codes: ['UNAUTHENTICATED'] });
  });

  test('what is wrong is said by the code of the subgraph that found it', async () => {
    expect(await ask(patients, { id: 'no identifier' })).toEqual({
      data: { cohort: null },
      codes: ['INPUT_INVALID'],
    });
    expect((await ask(patients, { id: cohort.job })).data).toEqual({ cohort: null });
    expect((await ask('{ cohorts { edges { node { nothing } } } }')).codes).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
  });

  // The last one: the registry comes back at another address.
  test('a registry that is down costs its own fields alone', async () => {
    await deaths.stop();
    const { data, codes } = await ask(patients, { id: cohort.id });
    expect(codes).toHaveLength(1);
    expect(nodesOf(data)[1]).toEqual({
      subjectKey: 'liver-north',
      outcomes: [{ endpoint: 'OS of liver-north' }],
      cancerOutcomes: [outcome('RFS', 7)],
      deathsOutcomes: null,
    });
  });
});

// Over each of the two ways that a subscription can go from the gateway to this graph.
describe.each([
  ['a WebSocket', (options: object) => ({ subscriptions: { kind: 'ws', options } })],
  ['Server-Sent Events', () => ({ subscriptions: { kind: 'http', location: '/graphql/stream' } })],
])('a subscription through Hive Gateway over %s', (_way, optionsOf) => {
  let hive: GatewayRuntime;
  beforeAll(() => {
    const credentials = { authorization: '{context.headers.authorization}' };
    hive = createGatewayRuntime({
      supergraph: supergraphSdl,
      logging: false,
      transports: { http, ws },
      transportEntries: {
        nomograph: {
          headers: Object.entries(credentials),
          options: optionsOf({ connectionParams: credentials }),
        },
      },
    });
  });
  afterAll(() => hive[Symbol.asyncDispose]());

  async function* subscribe(after: number, headers: Credentials = server.signedIn) {
    const query =
      'subscription ($id: ID!, $after: Int!) { jobEvents(jobId: $id, after: $after) { __typename sequence } }';
    const response = await hive.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query, variables: { id: cohort.job, after } }),
    });
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks)
        if (block.startsWith('event: next')) yield JSON.parse(block.slice(block.indexOf('data: ') + 6));
    }
  }

  test('gives every event once and in order, those of the past and those to come', async () => {
    const { events } = server.nomograph.platform;
    const already = (await events.read(cohort.job, 0)).length;
    const told: object[] = [];
    for await (const { data, errors } of subscribe(0)) {
      expect(errors).toBeUndefined();
      told.push(data.jobEvents);
      // Only once the past has arrived does the rest happen.
      if (told.length === already)
        for (const done of [1, 2])
          await events.append(cohort.job, [{ type: 'JobProgress', stage: 'EXTRACTION', done, total: 2 }]);
      if (told.length === already + 2) break;
    }
    expect(told).toEqual(
      [
        ...Array.from({ length: already }, (_, at) => (at === 0 ? 'JobQueued' : 'JobProgress')),
        'JobProgress',
        'JobProgress',
      ].map((__typename, at) => ({ __typename, sequence: at + 1 })),
    );
    for await (const { data } of subscribe(1)) {
      expect(data.jobEvents).toEqual({ __typename: 'JobProgress', sequence: 2 });
      break;
    }
  });

  test('gives nothing to who may not see the job', async () => {
    for await (const { data, errors } of subscribe(0, analyst)) {
      expect([data ?? null, errors.map(({ extensions }: { extensions: object }) => extensions)]).toEqual([
        null,
        [expect.objectContaining({ code: 'NOT_FOUND' })],
      ]);
    }
  });
});
