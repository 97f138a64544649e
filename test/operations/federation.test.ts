import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchema } from '../../src/api/schema.ts';
import { TestServer } from '../support/server.ts';
import { type SitedCohort, sitedCohort } from '../support/sited-cohort.ts';
import { statementsOf } from '../support/statement-count.ts';

let server: TestServer;
let cohort: SitedCohort;
let reader: string;
beforeAll(async () => {
  server = await TestServer.start();
  cohort = await sitedCohort(server, 'liver', ['north', 'south']);
  const { data } = (
    await server.post({
      query:
        'mutation { createApiKey(input: { name: "n", grants: [{ role: ANALYST, cohortKey: "liver", site: "north" }] }) { secret } }',
    })
  ).body;
  reader = (data as { createApiKey: { secret: string } }).createApiKey.secret;
});
afterAll(() => server.stop());

const query = `query ($of: [_Any!]!) {
  _entities(representations: $of) {
    __typename
    ... on Cohort { cohortKey: key }
    ... on Patient { subjectKey }
    ... on Scan { modality }
    ... on Study { name }
    ... on Model { endpoint }
  }
}`;

const entities = async (of: unknown, headers?: Record<string, string>) =>
  (await server.post({ query, variables: { of } }, headers)).body;

test('composes with the subgraph of a registry that knows patients by their pseudonyms', async () => {
  const { data } = (await server.post({ query: '{ _service { sdl } }' })).body;
  const { sdl } = (data as { _service: { sdl: string } })._service;
  const registry = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Patient @key(fields: "cohort { key } subjectKey") { subjectKey: String! cohort: Cohort! deaths: [Death!]! }
    type Cohort @key(fields: "key") { key: String! }
    type Death { endpoint: String! time: Float! }`;
  const { errors, supergraphSdl } = composeServices([
    { name: 'nomograph', url: server.url, typeDefs: parse(sdl) },
    { name: 'registry', url: server.url, typeDefs: parse(registry) },
  ]);
  expect(errors).toBeUndefined();
  expect(supergraphSdl).toContain('deaths: [Death!]!');
});

test('gives entities by each of their keys, in order', async () => {
  const { north } = cohort.patients;
  const answer = await entities([
    { __typename: 'Study', id: cohort.study },
    { __typename: 'Cohort', id: cohort.id },
    { __typename: 'Cohort', key: 'liver' },
    { __typename: 'Patient', id: north.patient },
    { __typename: 'Patient', subjectKey: north.subjectKey, cohort: { key: 'liver' } },
    { __typename: 'Patient', subjectKey: 'nobody', cohort: { key: 'liver' } },
    { __typename: 'Scan', id: north.scan },
    { __typename: 'Model', id: cohort.model },
  ]);
  expect(answer).toEqual({
    data: {
      _entities: [
        { __typename: 'Study', name: 'the study of liver' },
        { __typename: 'Cohort', cohortKey: 'liver' },
        { __typename: 'Cohort', cohortKey: 'liver' },
        { __typename: 'Patient', subjectKey: north.subjectKey },
        { __typename: 'Patient', subjectKey: north.subjectKey },
        null,
        { __typename: 'Scan', modality: expect.any(String) },
        { __typename: 'Model', endpoint: 'OS' },
      ],
    },
  });
});

test('gives nobody what the graph itself would not: what cannot be seen is not there', async () => {
  const { north, south } = cohort.patients;
  const of = [
    { __typename: 'Patient', id: north.patient },
    { __typename: 'Patient', id: south.patient },
    { __typename: 'Patient', subjectKey: north.subjectKey, cohort: { key: 'liver' } },
    { __typename: 'Patient', subjectKey: south.subjectKey, cohort: { key: 'liver' } },
    { __typename: 'Scan', id: south.scan },
  ];
  const answer = await entities(of, { authorization: `Bearer ${reader}` });
  const seen = { __typename: 'Patient', subjectKey: north.subjectKey };
  expect(answer).toEqual({ data: { _entities: [seen, null, seen, null, null] } });
});

test('looks references up by a statement a kind of key, however many there are', async () => {
  const { platform } = server.nomograph;
  const schema = await createSchema();
  const grants = [{ role: 'ADMIN' as const, cohortKey: 'liver', site: null }];
  const principal = { id: 'user:a', kind: 'TOKEN' as const, expiresAt: null, grants, storedGrants: [] };
  const of = ({ patient, scan, subjectKey }: SitedCohort['patients'][string]) => [
    { __typename: 'Patient', id: patient },
    { __typename: 'Patient', subjectKey, cohort: { key: 'liver' } },
    { __typename: 'Scan', id: scan },
    { __typename: 'Cohort', key: 'liver' },
    { __typename: 'Study', id: cohort.study },
    { __typename: 'Model', id: cohort.model },
  ];
  const { north, south } = cohort.patients;
  const counts: number[] = [];
  for (const representations of [of(north!), [...of(north!), ...of(south!)]]) {
    const { statements, data } = await statementsOf(schema, platform, principal, query, {
      of: representations,
    });
    expect((data as { _entities: unknown[] })._entities).not.toContain(null);
    counts.push(statements.length);
  }
  // As many as there are kinds of keys; to whom the scan belongs is known by then.
  expect(counts).toEqual([6, 6]);
});

test('refuses what is no reference, and lets the others be', async () => {
  const { patient } = cohort.patients.north;
  for (const bad of [{ __typename: 'Grant', id: '1' }, { __typename: 'Query' }, { id: '1' }, 1, 'x', []]) {
    const { errors } = await entities([bad]);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['INPUT_INVALID']);
  }
  const many = Array.from({ length: 1001 }, () => ({ __typename: 'Cohort', key: 'liver' }));
  expect((await entities(many)).errors?.[0].extensions.code).toBe('LIMIT_EXCEEDED');
  const { data, errors } = await entities([
    { __typename: 'Patient', id: 'no identifier' },
    { __typename: 'Patient', id: patient },
    { __typename: 'Patient', subjectKey: 'a' },
    { __typename: 'Cohort', key: 'a\0' },
  ]);
  expect(data?._entities).toEqual([null, expect.objectContaining({ __typename: 'Patient' }), null, null]);
  expect(errors?.map(({ extensions, path }) => [path?.[1], extensions.code]).sort()).toEqual([
    [0, 'INPUT_INVALID'],
    [2, 'INPUT_INVALID'],
    [3, 'INPUT_INVALID'],
  ]);
});

test('tells a gateway that asks for it the time of each field, and nobody else', async () => {
  const body = { query: '{ viewer { id } }' };
  const traced = await server.post(body, { ...server.signedIn, 'apollo-federation-include-trace': 'ftv1' });
  expect(traced.body).toMatchObject({
    data: {},
    extensions: { ftv1: expect.stringMatching(/^[\w+/=]{20,}$/) },
  });
  expect((await server.post(body)).body).not.toHaveProperty('extensions');
});
