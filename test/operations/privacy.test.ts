import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Job, Model, Study } from '../../src/store/entities/index.ts';
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
/** What came back, whatever its form. */
const dataOf = async <T>(grants: readonly string[], query: string) => (await as(grants, query)).data as T;
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

describe('small numbers', () => {
  let study: string;
  let model: string;
  beforeAll(async () => {
    const { manager } = server.nomograph.platform.dataSource;
    study = uuid();
    model = uuid();
    const summary = {
      patients: 9,
      missing: 3,
      mean: 60,
      standardDeviation: 2,
      median: 61,
      lowerQuartile: 59,
      upperQuartile: 62,
      normalityP: 0.5,
    };
    const result = {
      patients: {
        candidates: 40,
        excluded: [
          { reason: 'a', patients: 2 },
          { reason: 'b', patients: 7 },
        ],
        training: 21,
        validation: 10,
        subsets: [],
      },
      characteristics: [
        {
          kind: 'CATEGORICAL',
          name: 'stage',
          levels: [
            { level: 'A', training: 10, validation: 4 },
            { level: 'B', training: 8, validation: 4 },
            { level: 'C', training: 3, validation: 2 },
          ],
          missing: { training: 0, validation: 0 },
          test: null,
          p: null,
        },
        {
          kind: 'NUMERIC',
          name: 'age',
          training: { ...summary, patients: 21, missing: 0 },
          validation: summary,
          test: 'T',
          p: 0.4,
        },
      ],
      agreement: [],
      endpoints: [],
      warnings: [],
    };
    await manager.insert(Study, {
      id: study,
      cohortId,
      name: 'with few',
      specification: {
        endpoints: [],
        sources: [],
        covariates: [],
        exclusions: [],
        split: { kind: 'SEEDED' },
      } as never,
      completedAt: new Date(),
      result: result as never,
    });
    const job = uuid();
    await manager.insert(Job, {
      id: job,
      kind: 'COX_FIT',
      cohortId,
      specification: {},
      contentKey: 'e'.repeat(64),
    });
    const times = Array.from({ length: 8 }, (_, n) => n + 1);
    const curve = (patients: number) => ({
      subset: 'TRAINING',
      riskGroup: 'HIGH',
      patients,
      events: 2,
      time: times.slice(0, patients),
      survival: times.slice(0, patients).map((time) => 1 - time / 10),
      lower: times.slice(0, patients).map(() => 0.1),
      upper: times.slice(0, patients).map(() => 0.9),
      atRisk: times.slice(0, patients).map((time) => patients + 1 - time),
      eventCount: times.slice(0, patients).map(() => 1),
      censoredCount: times.slice(0, patients).map(() => 0),
      median: 6,
      medianLower: 3,
      medianUpper: null,
    });
    await manager.insert(Model, {
      id: model,
      cohortId,
      jobId: job,
      endpoint: 'OS',
      specification: {},
      contentKey: 'f'.repeat(64),
      result: {
        model: { coefficients: [] },
        concordance: [],
        curves: [curve(8), curve(4)],
        comparisons: [],
        cutpoint: 0,
        warnings: [],
        predictions: [],
      },
    });
  });

  const everyone = [['reader:towns'], ['analyst:towns:north', 'reader:towns']];
  const attrition = '{ attrition { candidates training validation excluded { reason patients } } }';

  test('of a study are withheld from readers, with another that hides them', async () => {
    const query = `{ study(id: "${study}") ${attrition} }`;
    for (const grants of everyone)
      expect((await as(grants, query)).data).toEqual({
        study: {
          attrition: {
            candidates: 40,
            training: 21,
            validation: 10,
            excluded: [
              { reason: 'a', patients: null },
              { reason: 'b', patients: null },
            ],
          },
        },
      });
    expect(JSON.stringify((await as(['analyst:towns'], query)).data)).toContain('"patients":2');
  });

  test('of Table 1 are withheld column by column, and what few values tell', async () => {
    const query = `{ study(id: "${study}") { characteristics {
      ... on CategoricalCharacteristic { levels { level training validation } missing { training validation } }
      ... on NumericCharacteristic { training { patients missing mean median lowerQuartile } validation { patients missing mean median } } } } }`;
    for (const grants of everyone)
      expect((await as(grants, query)).data).toEqual({
        study: {
          characteristics: [
            {
              levels: [
                { level: 'A', training: 10, validation: null },
                { level: 'B', training: null, validation: null },
                { level: 'C', training: null, validation: null },
              ],
              missing: { training: 0, validation: 0 },
            },
            {
              // A quartile is the value of one, with five on either side or it is not shown.
              training: { patients: 21, missing: 0, mean: 60, median: 61, lowerQuartile: 59 },
              validation: { patients: null, missing: null, mean: null, median: null },
            },
          ],
        },
      });
    expect(JSON.stringify((await as(['analyst:towns'], query)).data)).not.toContain('null');
  });

  test('at risk end a curve, and few patients have none', async () => {
    const query = `{ model(id: "${model}") { survivalCurves { patients events time survival atRisk eventCount censoredCount lower upper median medianLower } } }`;
    const none = {
      time: [],
      survival: [],
      lower: [],
      upper: [],
      atRisk: [],
      eventCount: [],
      censoredCount: [],
    };
    for (const grants of everyone) {
      const { model: told } = await dataOf<{ model: { survivalCurves: object[] } }>(grants, query);
      expect(told.survivalCurves).toMatchObject([
        { patients: 8, events: null, time: [1, 2, 3, 4], atRisk: [8, 7, 6, 5], median: null, medianLower: 3 },
        { patients: null, events: null, median: null, ...none },
      ]);
    }
    const { model: told } = await dataOf<{ model: { survivalCurves: object[] } }>(['analyst:towns'], query);
    expect(told.survivalCurves).toMatchObject([
      { events: 2, median: 6 },
      { patients: 4, atRisk: [4, 3, 2, 1] },
    ]);
  });

  test('of a cohort are withheld, unless who asks may see the rows that are counted', async () => {
    const query = '{ cohort(key: "few") { patientCount } }';
    await server.client.run(
      'mutation { createCohort(input: { key: "few", covariates: [{ name: "stage", kind: CATEGORICAL, levels: ["A", "B", "C"] }] }) { id } }',
    );
    const { dataSource } = server.nomograph.platform;
    const add = (site: string, stage: string, count: number) =>
      dataSource.query(
        `insert into patient (id, cohort_id, subject_key, site, covariates)
         select gen_random_uuid(), cohort.id, $1 || $2 || n, $1, jsonb_build_object('stage', $2) from cohort, generate_series(1, $3) n where key = 'few'`,
        [site, stage, count],
      );
    await add('north', 'A', 3);
    const counted = async (grants: readonly string[]) => (await as(grants, query)).data;
    expect(await counted(['reader:few'])).toEqual({ cohort: { patientCount: null } });
    expect(await counted(['reader:few', 'analyst:few:south'])).toEqual({ cohort: { patientCount: null } });
    const { cohort } = await server.client.run<{ cohort: { id: string } }>('{ cohort(key: "few") { id } }');
    await server.client.run('mutation ($id: ID!) { freezeCohort(id: $id) { number } }', { id: cohort.id });
    const versions = '{ cohort(key: "few") { versions { edges { node { patientCount } } } } }';
    for (const [grant, patientCount] of [
      ['reader:few', null],
      ['analyst:few', 3],
    ] as const)
      expect((await as([grant], versions)).data).toEqual({
        cohort: { versions: { edges: [{ node: { patientCount } }] } },
      });
    expect(await counted(['analyst:few:north'])).toEqual({ cohort: { patientCount: 3 } });
    await add('south', 'B', 6);
    await add('south', 'C', 10);
    expect(await counted(['reader:few'])).toEqual({ cohort: { patientCount: 19 } });

    const distribution =
      '{ cohort(key: "few") { distribution(covariate: "stage") { all { count missing levels { level count } } } } }';
    expect((await as(['reader:few'], distribution)).data).toEqual({
      cohort: {
        distribution: {
          all: {
            count: 19,
            missing: 0,
            levels: [
              { level: 'A', count: null },
              { level: 'B', count: null },
              { level: 'C', count: 10 },
            ],
          },
        },
      },
    });
    expect(JSON.stringify((await as(['analyst:few'], distribution)).data)).not.toContain('null');
  });

  test('cannot be made by readers of the difference of two', async () => {
    for (const field of [
      'patientCount(filter: { not: { sites: ["north"] } })',
      'distribution(covariate: "age", filter: { not: { subjectKeys: ["P1"] } }) { all { count } }',
      'distribution(covariate: "age", by: { outcome: "OS" }) { all { count } }',
      'distribution(covariate: "age", bins: { edges: [50, 51, 90] }) { all { count } }',
      'distribution(covariate: "age", bins: { count: 11 }) { all { count } }',
      'distribution(covariate: "age", quantiles: [0.31]) { all { count } }',
    ])
      expect(codes(await as(['reader:towns'], `{ cohort(key: "towns") { ${field} } }`)), field).toEqual([
        'FORBIDDEN',
      ]);
  });

  test('of a histogram are withheld with the numbers of single patients', async () => {
    const query =
      '{ cohort(key: "towns") { distribution(covariate: "age") { all { count missing bins { count } summary { mean sd quantiles { probability value } } } } } }';
    const { cohort } = await dataOf<{
      cohort: { distribution: { all: { bins: { count: number | null }[] } } };
    }>(['reader:towns'], query);
    const { all } = cohort.distribution;
    expect(all).toMatchObject({
      count: 12,
      missing: 0,
      summary: {
        mean: 55.5,
        sd: expect.any(Number),
        quantiles: [0, 0.25, 0.5, 0.75, 1].map((probability) => ({
          probability,
          value: probability === 0.5 ? 55.5 : null,
        })),
      },
    });
    expect(all.bins.every(({ count }) => count === null || count === 0)).toBe(true);
  });
});
