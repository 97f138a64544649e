import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

const create = /* GraphQL */ `
  mutation ($input: CreateCohortInput!) {
    createCohort(input: $input) {
      id key name description covariates { name kind unit levels description } createdAt patientCount endpoints
    }
  }
`;
const covariates = [
  { name: 'age', kind: 'NUMERIC', unit: 'years' },
  { name: 'sex', kind: 'CATEGORICAL', levels: ['F', 'M'], description: 'As registered.' },
];

interface CohortBody {
  readonly createCohort: { readonly id: string; readonly key: string };
}

async function createCohort(key: string, more: object = {}): Promise<string> {
  const { createCohort } = await server.client.run<CohortBody>(create, {
    input: { key, covariates, ...more },
  });
  return createCohort.id;
}

describe('createCohort', () => {
  test('creates a cohort, found again by id and by key', async () => {
    const { createCohort } = await server.client.run<CohortBody>(create, {
      input: { key: 'one', name: 'One', description: 'The first.', covariates },
    });
    expect(createCohort).toMatchObject({
      key: 'one',
      name: 'One',
      description: 'The first.',
      covariates: [
        { ...covariates[0], levels: null, description: null },
        { ...covariates[1], unit: null },
      ],
      patientCount: 0,
      endpoints: [],
    });
    const query = 'query ($id: ID, $key: String) { cohort(id: $id, key: $key) { id key } }';
    const expected = { cohort: { id: createCohort.id, key: 'one' } };
    expect(await server.client.run(query, { id: createCohort.id })).toEqual(expected);
    expect(await server.client.run(query, { key: 'one' })).toEqual(expected);
    expect(await server.client.run(query, { key: 'none' })).toEqual({ cohort: null });
    for (const variables of [{}, { id: createCohort.id, key: 'one' }])
      expect((await server.errorsOf(query, variables))[0].extensions.code).toBe('INPUT_INVALID');
  });

  test('again, and by many at once, gives the one that is there; another one under its key is a conflict', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => createCohort('twice')));
    expect(new Set(ids).size).toBe(1);
    expect(await createCohort('twice', { name: null })).toBe(ids[0]);
    for (const other of [
      { covariates: covariates.slice(1) },
      { covariates: [...covariates].reverse() },
      { name: 'Another' },
      { description: 'Another.' },
    ]) {
      const [error] = await server.errorsOf(create, { input: { key: 'twice', covariates, ...other } });
      expect(error, JSON.stringify(other)).toMatchObject({
        extensions: { code: 'CONFLICT', details: { cohort: 'twice' } },
        path: ['createCohort'],
      });
    }
  });

  test.each([
    ['an empty key', { key: '' }],
    ['a key with a slash', { key: '../etc' }],
    ['a long key', { key: 'k'.repeat(65) }],
    ['a covariate twice', { covariates: [covariates[0], covariates[0]] }],
    ['a covariate without a name', { covariates: [{ name: '', kind: 'NUMERIC' }] }],
    ['a numeric covariate with levels', { covariates: [{ name: 'a', kind: 'NUMERIC', levels: ['x'] }] }],
    ['a level twice', { covariates: [{ name: 'a', kind: 'CATEGORICAL', levels: ['x', 'x'] }] }],
    ['a NUL in a name', { name: 'a\0b' }],
    ['a NUL in a description', { description: 'a\0b' }],
    ['a NUL in a level', { covariates: [{ name: 'a', kind: 'CATEGORICAL', levels: ['x\0', 'y'] }] }],
    ['half a character in a unit', { covariates: [{ name: 'a', kind: 'NUMERIC', unit: '\ud800' }] }],
  ])('refuses %s', async (_what, change) => {
    const [error, ...others] = await server.errorsOf(create, {
      input: { key: 'bad', covariates, ...change },
    });
    expect(others).toEqual([]);
    expect(error.extensions.code).toBe('INPUT_INVALID');
    expect(await server.client.run('{ cohort(key: "bad") { id } }')).toEqual({ cohort: null });
  });

  test('takes no more covariates than it can check at once', async () => {
    const many = Array.from({ length: 50_000 }, (_, n) => ({ name: `c${n}`, kind: 'NUMERIC' }));
    const [error] = await server.errorsOf(create, { input: { key: 'many', covariates: many } });
    expect(error.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { field: 'covariates' } });
  });
});

const addPatients = /* GraphQL */ `
  mutation ($cohortId: ID!, $patients: [PatientInput!]!) {
    addPatients(cohortId: $cohortId, patients: $patients) {
      id subjectKey cohort { id } covariates { name number level }
      outcomes { endpoint time timeUnit event } scans { id } predictions { id }
    }
  }
`;
const patientOf = (subjectKey: string, more: object = {}) => ({
  subjectKey,
  covariates: [
    { name: 'age', number: 61.5 },
    { name: 'sex', level: 'F' },
  ],
  outcomes: [
    { endpoint: 'DFS', time: 12.25, event: true },
    { endpoint: 'OS', time: 30, event: false, timeUnit: 'MONTHS' },
  ],
  ...more,
});

describe('addPatients', () => {
  test('adds patients in order; the same again stay, with other values they are a conflict', async () => {
    const cohortId = await createCohort('patients');
    const patients = [patientOf('b'), patientOf('a', { covariates: [], outcomes: [] })];
    const first = await server.client.run<{ addPatients: { id: string }[] }>(addPatients, {
      cohortId,
      patients,
    });
    expect(first.addPatients).toMatchObject([
      {
        subjectKey: 'b',
        cohort: { id: cohortId },
        covariates: [
          { name: 'age', number: 61.5, level: null },
          { name: 'sex', number: null, level: 'F' },
        ],
        outcomes: [
          { endpoint: 'DFS', time: 12.25, timeUnit: 'MONTHS', event: true },
          { endpoint: 'OS', time: 30, timeUnit: 'MONTHS', event: false },
        ],
        scans: [],
        predictions: [],
      },
      { subjectKey: 'a', covariates: [], outcomes: [] },
    ]);
    const more = [patientOf('c'), ...[...patients].reverse()];
    const second = await server.client.run<typeof first>(addPatients, { cohortId, patients: more });
    expect(second.addPatients.slice(1)).toEqual([...first.addPatients].reverse());
    expect(
      await server.client.run(
        'query ($id: ID!) { patient(id: $id) { subjectKey } cohort(key: "patients") { endpoints } }',
        {
          id: first.addPatients[0].id,
        },
      ),
    ).toEqual({ patient: { subjectKey: 'b' }, cohort: { endpoints: ['DFS', 'OS'] } });
    for (const other of [
      { covariates: [{ name: 'age', number: 61 }] },
      { outcomes: [{ endpoint: 'OS', time: 30, event: true }] },
    ]) {
      const [error] = await server.errorsOf(addPatients, {
        cohortId,
        patients: [patientOf('z'), patientOf('b', other)],
      });
      expect(error.extensions).toMatchObject({ code: 'CONFLICT', details: { subject: 'b' } });
    }
    expect(await subjects('patients')).toEqual(['a', 'b', 'c']);
  });

  test('by many at once gives each patient once', async () => {
    const cohortId = await createCohort('at-once');
    const patients = Array.from({ length: 50 }, (_, n) => patientOf(`s${n}`));
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        server.client.run<{ addPatients: { id: string }[] }>(addPatients, {
          cohortId,
          patients: n % 2 ? patients : [...patients].reverse(),
        }),
      ),
    );
    const ids = answers.map(({ addPatients }) => addPatients.map(({ id }) => id).sort());
    for (const other of ids) expect(other).toEqual(ids[0]);
    expect(await subjects('at-once')).toHaveLength(50);
  });

  test.each([
    [
      'a covariate that is not the cohort’s',
      { covariates: [{ name: 'bmi', number: 1 }] },
      'COVARIATE_INVALID',
      { subject: 'bad', covariate: 'bmi' },
    ],
    [
      'text for a number',
      { covariates: [{ name: 'age', level: 'old' }] },
      'COVARIATE_INVALID',
      { subject: 'bad', covariate: 'age', value: 'old' },
    ],
    [
      'an unknown level',
      { covariates: [{ name: 'sex', level: 'x' }] },
      'COVARIATE_INVALID',
      { subject: 'bad', covariate: 'sex', value: 'x' },
    ],
    [
      'a number for a level',
      { covariates: [{ name: 'sex', number: 1 }] },
      'COVARIATE_INVALID',
      { subject: 'bad', covariate: 'sex', value: 1 },
    ],
    [
      'a number and a level',
      { covariates: [{ name: 'age', number: 1, level: 'x' }] },
      'INPUT_INVALID',
      { subject: 'bad', covariate: 'age' },
    ],
    [
      'neither number nor level',
      { covariates: [{ name: 'age' }] },
      'INPUT_INVALID',
      { subject: 'bad', covariate: 'age' },
    ],
    [
      'a covariate twice',
      {
        covariates: [
          { name: 'age', number: 1 },
          { name: 'age', number: 1 },
        ],
      },
      'TABLE_KEY_DUPLICATE',
      { subject: 'bad', covariate: 'age' },
    ],
    [
      'a covariate called __proto__',
      { covariates: [{ name: '__proto__', number: 1 }] },
      'COVARIATE_INVALID',
      { subject: 'bad', covariate: '__proto__' },
    ],
    [
      'a negative time',
      { outcomes: [{ endpoint: 'OS', time: -0.5, event: true }] },
      'TIME_INVALID',
      { subject: 'bad', endpoint: 'OS', value: '-0.5' },
    ],
    [
      'an endpoint twice',
      {
        outcomes: [
          { endpoint: 'OS', time: 1, event: true },
          { endpoint: 'OS', time: 2, event: true },
        ],
      },
      'TABLE_KEY_DUPLICATE',
      { key: 'OS' },
    ],
    [
      'an endpoint without a name',
      { outcomes: [{ endpoint: '', time: 1, event: true }] },
      'INPUT_INVALID',
      { field: 'endpoint' },
    ],
    ['an empty key', { subjectKey: '' }, 'INPUT_INVALID', { field: 'subjectKey' }],
    ['a NUL in the key', { subjectKey: 'a\0' }, 'INPUT_INVALID', { field: 'subjectKey' }],
    ['half a character in the key', { subjectKey: 'a\udc00' }, 'INPUT_INVALID', { field: 'subjectKey' }],
    ['a key twice', { subjectKey: 'good' }, 'TABLE_KEY_DUPLICATE', { key: 'good' }],
  ])('refuses %s, and all the others with it', async (_what, change, code, details) => {
    const cohortId = await createCohort('strict');
    const [error, ...others] = await server.errorsOf(addPatients, {
      cohortId,
      patients: [patientOf('good'), patientOf('bad', change)],
    });
    expect(others).toEqual([]);
    expect(error.extensions).toMatchObject({ code, details });
    expect(await subjects('strict')).toEqual([]);
  });

  test('refuses an unknown cohort, a thing that is no id, times that JSON cannot say, and too many', async () => {
    const cohortId = await createCohort('limits');
    const codeFor = async (variables: object) =>
      (await server.errorsOf(addPatients, variables))[0].extensions.code;
    expect(await codeFor({ cohortId: '01900000-0000-7000-8000-000000000000', patients: [] })).toBe(
      'NOT_FOUND',
    );
    expect(await codeFor({ cohortId: "' or 1=1 --", patients: [] })).toBe('INPUT_INVALID');
    const many = Array.from({ length: 1001 }, (_, n) => patientOf(`p${n}`));
    expect(await codeFor({ cohortId, patients: many })).toBe('LIMIT_EXCEEDED');
    expect(
      await codeFor({
        cohortId,
        patients: [patientOf('p', { outcomes: [{ endpoint: 'OS', time: null, event: true }] })],
      }),
    ).toBe('BAD_USER_INPUT');
    const { addPatients: none } = await server.client.run<{ addPatients: [] }>(addPatients, {
      cohortId,
      patients: [],
    });
    expect(none).toEqual([]);
  });

  test('takes a thousand at once', async () => {
    const cohortId = await createCohort('thousand');
    const patients = Array.from({ length: 1000 }, (_, n) => patientOf(`p${n}`));
    const { addPatients: added } = await server.client.run<{ addPatients: { subjectKey: string }[] }>(
      addPatients,
      { cohortId, patients },
    );
    expect(added.map(({ subjectKey }) => subjectKey)).toEqual(patients.map(({ subjectKey }) => subjectKey));
  });
});

async function subjects(key: string): Promise<string[]> {
  const { cohort } = await server.client.run<{
    cohort: { patients: { edges: { node: { subjectKey: string } }[] } };
  }>(
    'query ($key: String!) { cohort(key: $key) { patients(first: 1000) { edges { node { subjectKey } } } } }',
    { key },
  );
  return cohort.patients.edges.map(({ node }) => node.subjectKey);
}
