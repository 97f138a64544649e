import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../support/command.ts';
import { Issuer } from '../support/issuer.ts';
import { type GraphBody, TestServer } from '../support/server.ts';

let issuer: Issuer;
let server: TestServer;
let cohortId: string;
const secrets = ['Springfield', 'Shelbyville'];
beforeAll(async () => {
  issuer = await Issuer.start();
  server = await TestServer.start({ oidc: issuer.settings });
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation ($input: CreateCohortInput!) { createCohort(input: $input) { id } }',
    {
      input: {
        key: 'towns',
        covariates: [
          { name: 'age', kind: 'NUMERIC' },
          { name: 'town', kind: 'CATEGORICAL', levels: secrets, identifying: true },
          { name: 'born', kind: 'NUMERIC', identifying: true },
        ],
      },
    },
  );
  cohortId = createCohort.id;
  await server.client.run(
    'mutation ($id: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $id, patients: $patients) { id } }',
    {
      id: cohortId,
      patients: Array.from({ length: 12 }, (_, n) => ({
        subjectKey: `P${n}`,
        site: n % 2 ? 'north' : 'south',
        covariates: [
          { name: 'age', number: 50 + n },
          { name: 'town', level: secrets[n % 3 ? 0 : 1] },
          { name: 'born', number: 19_280_713 + n },
        ],
        outcomes: [{ endpoint: 'OS', time: n + 1, event: n % 3 === 0 }],
      })),
    },
  );
});
afterAll(async () => {
  await server.stop();
  await issuer.stop();
});

async function as(grants: readonly string[], query: string, variables: object = {}): Promise<GraphBody> {
  const headers = { authorization: `Bearer ${await issuer.token(grants)}` };
  return (await server.post({ query, variables }, headers)).body;
}
const codes = ({ errors = [] }: GraphBody) => errors.map(({ extensions }) => extensions.code);
const tells = (body: GraphBody) => /Springfield|Shelbyville|192807/.test(JSON.stringify(body));
const patients = (given = '') =>
  `{ cohort(key: "towns") { patients${given} { edges { node { subjectKey covariates { name number level } } } } } }`;

describe('a covariate that identifies patients', () => {
  test('is marked where the cohort defines it, and shows its levels to curators alone', async () => {
    const query = '{ cohort(key: "towns") { covariates { name identifying levels } } }';
    const shown = (levels: readonly string[] | null) => ({
      cohort: {
        covariates: [
          { name: 'age', identifying: false, levels: null },
          { name: 'town', identifying: true, levels },
          { name: 'born', identifying: true, levels: null },
        ],
      },
    });
    for (const grant of ['reader:towns', 'analyst:towns', 'curator:towns:north'])
      expect((await as([grant], query)).data).toEqual(shown(null));
    expect((await as(['curator:towns'], query)).data).toEqual(shown(secrets));
  });

  test('is no covariate of a patient to analysts, also where they ask for it by name or by another way', async () => {
    const ways = [
      patients(),
      patients().replace('covariates {', 'covariates(names: ["town", "born"]) {'),
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Patient { covariates { name number level } } } }`,
    ];
    const [{ id }] = await server.nomograph.platform.dataSource.query('select id from patient limit 1');
    const of = [{ __typename: 'Patient', id }];
    for (const query of ways) {
      const body = await as(['analyst:towns'], query, { of });
      expect(codes(body)).toEqual([]);
      expect(tells(body)).toBe(false);
      expect(tells(await as(['curator:towns'], query, { of }))).toBe(true);
    }
  });

  test('is seen of the patients of the sites that somebody curates', async () => {
    const { data } = await as(['analyst:towns', 'curator:towns:north'], patients());
    const { edges } = (data as { cohort: { patients: unknown } }).cohort.patients as {
      edges: { node: { subjectKey: string; covariates: { name: string }[] } }[];
    };
    expect(edges).toHaveLength(12);
    for (const { node } of edges) {
      const isNorth = Number(node.subjectKey.slice(1)) % 2 === 1;
      expect(node.covariates.map(({ name }) => name)).toEqual(isNorth ? ['age', 'born', 'town'] : ['age']);
    }
  });

  const questions = [
    '(filter: { covariate: { name: "town", is: { in: [{ level: "Springfield" }] } } })',
    '(filter: { covariate: { name: "born", is: { range: { from: 19280715 } } } })',
    '(filter: { any: [{ not: { all: [{ covariate: { name: "born", is: { known: false } } }] } }] })',
    '(orderBy: { covariate: { name: "born" } })',
  ];
  const counts = [
    'distribution(covariate: "town") { all { levels { level count } } covariate { levels } }',
    'distribution(covariate: "born") { all { summary { mean } } }',
    'distribution(covariate: "age", by: { covariate: "town" }) { groups { level counts { count } } }',
    'distribution(covariate: "age", filter: { covariate: { name: "town", is: { in: [{ level: "Springfield" }] } } }) { all { count } }',
    'patientCount(filter: { covariate: { name: "town", is: { in: [{ level: "Springfield" }] } } })',
  ];
  test.each(counts)('is in no count and no distribution for analysts: %s', async (field) => {
    for (const grants of [['analyst:towns'], ['analyst:towns', 'curator:towns:north']]) {
      const body = await as(grants, `{ cohort(key: "towns") { ${field} } }`);
      expect(codes(body)).toEqual(['FORBIDDEN']);
      expect(tells(body)).toBe(false);
    }
  });

  test.each(questions)('cannot be asked about by analysts: %s', async (given) => {
    const query = patients(given);
    for (const grants of [['analyst:towns'], ['analyst:towns', 'curator:towns:north']]) {
      const body = await as(grants, query);
      expect(codes(body)).toEqual(['FORBIDDEN']);
      expect(tells(body)).toBe(false);
    }
    for (const grants of [['curator:towns'], ['curator:towns:north'], ['admin:*']])
      expect(codes(await as(grants, query))).toEqual([]);
  });

  test('is in no model and no study, whoever asks: what is made of it would tell everybody', async () => {
    const study = (name: string, more: string) =>
      `mutation { createStudy(input: { cohortId: "${cohortId}", name: "${name}", endpoints: [{ name: "OS" }], sources: [{ name: "CT", profile: "pyradiomics-default" }], ${more} }) { id } }`;
    for (const query of [
      `mutation { fitCoxModel(input: { cohortId: "${cohortId}", endpoint: "OS", covariates: ["age", "born"] }) { id } }`,
      study('by town', 'covariates: ["age", "town"]'),
      study(
        'but for a town',
        'exclusions: [{ reason: "x", covariate: "town", equals: [{ level: "Springfield" }] }]',
      ),
    ])
      for (const grants of [['analyst:towns'], ['curator:towns'], ['admin:*']])
        expect((await as(grants, query)).errors).toMatchObject([
          { extensions: { code: 'FORBIDDEN', details: { covariate: expect.stringMatching(/town|born/) } } },
        ]);
  });

  test('can be marked as it is imported, and then its levels are not listed', async () => {
    const table = join(server.directory, 'towns.csv');
    await writeFile(table, 'patient,age,town\nP1,60,Springfield\nP2,61,Shelbyville\n');
    const imported = await runCommand(['import', table, '--cohort', 'imported', '--identifying', 'town'], {
      DATABASE_URL: server.database.url,
      NOMOGRAPH_DATA: server.directory,
    });
    expect(imported).toMatchObject({ code: 0 });
    const body = await as(
      ['analyst:imported'],
      '{ cohort(key: "imported") { covariates { name identifying levels } patients { edges { node { covariates { name level } } } } } }',
    );
    expect(body.data).toMatchObject({
      cohort: {
        covariates: [
          { name: 'age', identifying: false },
          { name: 'town', identifying: true },
        ],
      },
    });
    expect(tells(body)).toBe(false);
  });
});
