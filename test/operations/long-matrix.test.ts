import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FeatureVector } from '../../src/store/entities/index.ts';
import { decodeFeatures, encodeFeatures } from '../../src/store/feature-values.ts';
import { createProfile } from '../../src/store/profiles.ts';
import { TestServer } from '../support/server.ts';
import { transportNames, transports } from '../support/transports.ts';

const cohorts = ['a', 'b', 'c'] as const;
const size = 150;
const names = Array.from({ length: 1000 }, (_, n) => `f${n}`);

/** The value of a feature of a patient: no two cells of the cohorts are alike. */
const cell = (cohort: string, row: number, feature: number) =>
  Math.sin(cohorts.indexOf(cohort as 'a') * 1e6 + row * 1e3 + feature);
const whole = Object.fromEntries(
  cohorts.map((cohort) => [
    cohort,
    Float64Array.from({ length: size * names.length }, (_, n) =>
      cell(cohort, Math.floor(n / names.length), n % names.length),
    ),
  ]),
);

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
  const { manager } = server.nomograph.platform.dataSource;
  const profile = await createProfile(manager, 'long', { featureNames: names });
  for (const key of cohorts) {
    const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
      'mutation ($key: String!) { createCohort(input: { key: $key }) { id } }',
      { key },
    );
    const { addPatients } = await server.client.run<{ addPatients: { id: string }[] }>(
      'mutation ($id: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $id, patients: $patients) { id } }',
      {
        id: createCohort.id,
        patients: Array.from({ length: size }, (_, n) => ({ subjectKey: String(n).padStart(4, '0') })),
      },
    );
    await manager.insert(
      FeatureVector,
      addPatients.map(({ id }, row) => ({
        id: uuid(),
        patientId: id,
        profileId: profile.id,
        contentKey: 'ab'.repeat(32),
        values: encodeFeatures(Float64Array.from(names, (_, feature) => cell(key, row, feature))),
        extractorVersion: 'test',
      })),
    );
  }
}, 30_000);
afterAll(() => server.stop());

const query = `query ($cohort: String!, $first: Int! = ${size}, $names: [String!]) {
  cohort(key: $cohort) { featureMatrix(profile: "long", first: $first, names: $names) { values rows { patient { subjectKey } } } }
}`;
interface Data {
  readonly cohort: { readonly featureMatrix: { readonly values: string; readonly rows: readonly unknown[] } };
}

function check(data: unknown, cohort: string, rows = size): void {
  const { featureMatrix } = (data as Data).cohort;
  expect(featureMatrix.rows.length).toBe(rows);
  const found = decodeFeatures(Buffer.from(featureMatrix.values, 'base64'));
  expect(found.length).toBe(rows * names.length);
  expect(found.findIndex((value, place) => value !== whole[cohort]?.[place])).toBe(-1);
}

/** Asks for the matrix; the answer has begun, and is not read. */
function begin(variables: object): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { ...server.signedIn, 'content-type': 'application/json' };
    const sent = request(`${server.url}/graphql`, { method: 'POST', headers });
    sent.on('error', reject).on('response', (response) => resolve(response.pause()));
    sent.end(JSON.stringify({ query, variables }));
  });
}

test.each(transportNames)('a long matrix comes whole over %s', async (transport) => {
  for (const rows of [size, 131, 132]) {
    const { data, errors } = await transports[transport](server, {
      query,
      variables: { cohort: 'b', first: rows },
    });
    expect(errors).toBeUndefined();
    check(data, 'b', rows);
  }
});

test('long matrices asked for at once are each their own, though others go in their midst', async () => {
  for (let round = 0; round < 3; round++) {
    await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const cohort = cohorts[n % cohorts.length];
        const rows = size - (n % 4);
        if (n % 5 === round) return void (await begin({ cohort })).destroy();
        const { data } = await transports.HTTP(server, { query, variables: { cohort, first: rows } });
        check(data, cohort, rows);
      }),
    );
  }
});

test('a matrix that its client is slow to take stays its own, whatever others ask for', async () => {
  // More than the system keeps for a client: 12 MB.
  const wide = Array(10).fill(names).flat();
  const slow = await begin({ cohort: 'a', names: wide });
  const others = await Promise.all(['b', 'c', 'b'].map((cohort) => begin({ cohort, names: wide })));
  for (const other of others) await json(other);
  const { data } = (await json(slow)) as { data: Data };
  const found = decodeFeatures(Buffer.from(data.cohort.featureMatrix.values, 'base64'));
  expect(found.length).toBe(size * wide.length);
  const differs = found.findIndex(
    (value, place) =>
      value !== whole.a?.[Math.floor(place / wide.length) * names.length + (place % names.length)],
  );
  expect(differs).toBe(-1);
});

test('a matrix that is asked for twice in one operation is twice in its answer', async () => {
  const twice = query.replace('{ values', '{ values again: values').replace('rows {', 'rows { values');
  const { body } = await server.post({ query: twice, variables: { cohort: 'c' } });
  check(body.data, 'c');
  const { values, again } = (body.data as { cohort: { featureMatrix: Record<string, unknown> } }).cohort
    .featureMatrix;
  expect(again).toBe(values);
});
