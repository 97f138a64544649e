import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { predictPatient, type StudyModelResult } from '../../src/engine/study/index.ts';
import { jsonHash } from '../../src/store/content-key.ts';
import { eventsOf, startFit } from '../support/job-events.ts';
import { TestServer } from '../support/server.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';

const fixture = studyFixture(5, 60, 12);
const settings = {
  endpoints: [{ name: 'OS' }],
  sources: studySources,
  covariates: ['age', 'invasion'],
  horizons: [12, 24],
  folds: { count: 4 },
  replicates: 10,
};

interface FittedModel {
  readonly id: string;
  readonly name: string;
  readonly nomogram: object | null;
  readonly result: StudyModelResult;
}

let server: TestServer;
let cohortId: string;
let patientIds: ReadonlyMap<string, string>;
let studyId: string;
let models: FittedModel[];
beforeAll(async () => {
  server = await TestServer.start();
  ({ cohortId, patientIds } = await cohortOfStudy(server, 'graph', fixture));
  studyId = await createStudy(server, { cohortId, name: 'graph', ...settings });
  await eventsOf(server, await startStudy(server, studyId));
  models = await server.nomograph.platform.dataSource.query(
    'select id, name, result from model where study_id = $1',
    [studyId],
  );
}, 120_000);
afterAll(() => server.stop());

const model = (name: string) => models.find((one) => one.name === name) as FittedModel;

const predict = /* GraphQL */ `
  query ($modelId: ID!, $patient: PredictedPatientInput!, $horizons: [Float!]) {
    predict(modelId: $modelId, patient: $patient, horizons: $horizons) {
      ... on UnpredictablePatient { failure { code details } }
      ... on PatientPrediction {
        radscore linearPredictor riskGroup totalPoints
        survival { horizon survival lower upper isWithinFollowUp }
        points { variable points }
      }
    }
  }
`;
interface Predicted {
  readonly predict: {
    readonly radscore: number | null;
    readonly linearPredictor: number;
    readonly riskGroup: string;
    readonly totalPoints: number | null;
    readonly survival: readonly { readonly horizon: number; readonly survival: number }[];
    readonly points: readonly { readonly variable: string; readonly points: number }[] | null;
  };
}
const ask = async (modelId: string, patient: object, horizons?: number[]) =>
  (await server.client.run<Predicted>(predict, { modelId, patient, ...(horizons && { horizons }) })).predict;

describe('predict', () => {
  test.each(['CT', 'CT+MR', 'CLINICAL', 'CT+MR+CLINICAL'])(
    'says of every patient of the study what the study said: %s',
    async (name) => {
      const { id, result } = model(name);
      expect(result.predictions.length).toBeGreaterThan(40);
      for (const { row, radscore, linearPredictor, riskGroup } of result.predictions.slice(0, 8)) {
        const patientId = patientIds.get(fixture.data.subjects[row]);
        const said = await ask(id, { patientId });
        expect(said.linearPredictor).toBeCloseTo(linearPredictor, 9);
        expect(said.riskGroup).toBe(riskGroup);
        if (radscore === null) expect(said.radscore).toBeNull();
        else expect(said.radscore).toBeCloseTo(radscore, 9);
        expect(said.survival.map(({ horizon }) => horizon)).toEqual(settings.horizons);
      }
    },
  );

  test('takes values in place of a patient, and gives the points of the nomogram', async () => {
    const { id, result } = model('CT+MR+CLINICAL');
    const covariates = [
      { name: 'radscore', number: 0.3 },
      { name: 'age', number: 64 },
      { name: 'invasion', level: 'present' },
    ];
    const said = await ask(id, { covariates }, [1, 12, 500]);
    const values = { radscore: 0.3, age: 64, invasion: 'present' };
    const { survival, ...wanted } = predictPatient(result.prediction, values, [1, 12, 500]);
    expect(said).toMatchObject(wanted);
    expect(said.survival).toEqual(survival.map((at) => expect.objectContaining(at)));
    expect(said.survival[2]).toMatchObject({ horizon: 500, isWithinFollowUp: false });
    expect(said.points?.map(({ variable }) => variable)).toEqual(
      result.nomogram?.variables.map(({ name }) => name),
    );
    const total = said.points?.reduce((sum, { points }) => sum + points, 0) as number;
    expect(said.totalPoints).toBeCloseTo(total, 9);
    // What the nomogram reads off the total is what the model predicts.
    const {
      pointsPerUnit,
      variables,
      center,
      survival: axes,
    } = result.nomogram as never as {
      pointsPerUnit: number;
      variables: { least: number }[];
      center: number;
      survival: { baseline: number }[];
    };
    const least = variables.reduce((sum, axis) => sum + axis.least, 0);
    const predictor = total / pointsPerUnit + least - center;
    expect(axes[0].baseline ** Math.exp(predictor)).toBeCloseTo(said.survival[1].survival, 9);
  });

  test('serves a model that was fitted by itself', async () => {
    const jobId = await startFit(server, { cohortId, endpoint: 'OS', covariates: ['age', 'invasion'] });
    const end = (await eventsOf(server, jobId)).at(-1) as unknown as { modelId: string };
    const patientId = patientIds.get('P007');
    const said = await ask(end.modelId, { patientId });
    expect(said.survival.map(({ horizon }) => horizon)).toEqual([24, 48, 60]);
    expect(said).toMatchObject({ radscore: null, points: null, totalPoints: null });
    const { model: found } = await server.client.run<{
      model: { predictions: { edges: { node: { linearPredictor: number; patient: { id: string } } }[] } };
    }>(
      'query ($id: ID!) { model(id: $id) { study { id } radscore { lambda } nomogram { maximum } predictions { edges { node { linearPredictor patient { id } } } } } }',
      { id: end.modelId },
    );
    expect(found).toMatchObject({ study: null, radscore: null, nomogram: null });
    const node = found.predictions.edges.find((edge) => edge.node.patient.id === patientId)?.node;
    expect(said.linearPredictor).toBeCloseTo(node?.linearPredictor as number, 9);
  });

  test.each<[string, object, string, object?]>([
    ['an unknown patient', { patientId: '01900000-0000-7000-8000-000000000000' }, 'NOT_FOUND'],
    ['no identifier', { patientId: 'x' }, 'INPUT_INVALID'],
    [
      'a missing covariate',
      { covariates: [{ name: 'radscore', number: 1 }] },
      'COVARIATE_INVALID',
      { covariate: 'invasion' },
    ],
    [
      'a level that is none',
      {
        covariates: [
          { name: 'radscore', number: 1 },
          { name: 'age', number: 50 },
          { name: 'invasion', level: 'unsure' },
        ],
      },
      'COVARIATE_INVALID',
      { covariate: 'invasion' },
    ],
    [
      'a number and a level',
      { covariates: [{ name: 'age', number: 1, level: 'x' }] },
      'INPUT_INVALID',
      { covariate: 'age' },
    ],
    ['both a patient and values', { patientId: 'x', covariates: [] }, 'BAD_USER_INPUT'],
    ['neither', {}, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_what, patient, code, details = {}) => {
    const variables = { modelId: model('CT+MR+CLINICAL').id, patient };
    const { data, errors = [] } = (await server.post({ query: predict, variables })).body;
    // What a patient lacks is an answer; what was asked wrongly is an error.
    if (code === 'COVARIATE_INVALID') expect(data).toMatchObject({ predict: { failure: { code, details } } });
    else expect(errors[0].extensions).toMatchObject({ code, ...(code !== 'BAD_USER_INPUT' && { details }) });
  });

  test('refuses a horizon before time, and a model that is not there', async () => {
    const patient = { covariates: [{ name: 'radscore', number: 1 }] };
    const { id } = model('CT');
    expect(
      (await server.errorsOf(predict, { modelId: id, patient, horizons: [-1] }))[0].extensions,
    ).toMatchObject({ code: 'ARGUMENT_INVALID', details: { argument: 'horizons', index: 0 } });
    expect((await server.errorsOf(predict, { modelId: studyId, patient }))[0].extensions.code).toBe(
      'NOT_FOUND',
    );
  });
});

describe('createStudyReport', () => {
  const mutation =
    'mutation ($id: ID!) { createStudyReport(id: $id) { path mediaType byteLength sha256 url createdAt } }';
  interface Report {
    readonly createStudyReport: readonly {
      readonly path: string;
      readonly mediaType: string;
      readonly byteLength: number;
      readonly sha256: string;
      readonly url: string;
    }[];
  }

  test('keeps files that can be fetched by who is signed in', async () => {
    const { createStudyReport: files } = await server.client.run<Report>(mutation, { id: studyId });
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['report.html', 'result.json', 'study.json']),
    );
    for (const { mediaType, byteLength, sha256, url } of files) {
      const response = await fetch(`${server.url}${url}`, { headers: server.signedIn });
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(`${mediaType}; charset=utf-8`);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(bytes.byteLength).toBe(byteLength);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      expect((await fetch(`${server.url}${url}`)).status).toBe(401);
    }
    const result = await fetch(`${server.url}/studies/${studyId}/report/result.json`, {
      headers: server.signedIn,
    });
    const { study } = await server.client.run<{
      study: { provenance: { resultHash: string }; report: { path: string }[] };
    }>('query ($id: ID!) { study(id: $id) { provenance { resultHash } report { path } } }', { id: studyId });
    expect(jsonHash(await result.json())).toBe(study.provenance.resultHash);
    expect(study.report.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
    // Equal inputs give equal bytes.
    const again = await server.client.run<Report>(mutation, { id: studyId });
    expect(again.createStudyReport.map(({ sha256 }) => sha256)).toEqual(files.map(({ sha256 }) => sha256));
  });

  test.each([
    'nothing.html',
    '../report.html',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    'report.html%00',
    'tables',
  ])('gives nothing else: %s', async (path) => {
    const response = await fetch(`${server.url}/studies/${studyId}/report/${path}`, {
      headers: server.signedIn,
    });
    expect(response.status).toBe(404);
    expect((await response.json()).errors[0].extensions.code).toBe('NOT_FOUND');
  });

  test('refuses a study without a result', async () => {
    const id = await createStudy(server, { cohortId, name: 'not run', ...settings });
    expect((await server.errorsOf(mutation, { id }))[0].extensions.code).toBe('NOT_FOUND');
    const answer = await fetch(`${server.url}/studies/nothing/report/report.html`, {
      headers: server.signedIn,
    });
    expect(answer.status).toBe(400);
  });
});

test('compareStudies shows C-indices side by side, and what differs', async () => {
  const other = await createStudy(server, {
    cohortId,
    name: 'other',
    ...settings,
    sources: studySources.slice(0, 1),
    univariateP: 0.2,
  });
  await eventsOf(server, await startStudy(server, other));
  const notRun = await createStudy(server, { cohortId, name: 'not run', ...settings });
  const { compareStudies: compared } = await server.client.run<{
    compareStudies: {
      studies: { name: string }[];
      differences: { field: string; values: unknown[] }[];
      concordance: {
        endpoint: string;
        model: string;
        subset: string;
        concordance: ({ estimate: number } | null)[];
      }[];
    };
  }>(
    `query ($ids: [ID!]!) { compareStudies(ids: $ids) {
       studies { name } differences { field values }
       concordance { endpoint model subset concordance { estimate lower upper } } } }`,
    { ids: [studyId, other, notRun] },
  );
  expect(compared.studies.map(({ name }) => name)).toEqual(['graph', 'other', 'not run']);
  expect(compared.differences.map(({ field }) => field)).toEqual(['sources', 'univariateP']);
  expect(compared.differences[1].values).toEqual([0.05, 0.2, 0.05]);
  const rows = compared.concordance.filter(({ subset }) => subset === 'VALIDATION');
  expect(rows.map((row) => row.model).sort()).toEqual(
    ['CLINICAL', 'CT', 'CT+CLINICAL', 'CT+MR', 'CT+MR+CLINICAL', 'MR'].sort(),
  );
  const of = (name: string) => rows.find((row) => row.model === name)?.concordance.map((c) => c?.estimate);
  const validation = model('CT').result.concordance.find(({ subset }) => subset === 'VALIDATION');
  expect(of('CT')?.[0]).toBe(validation?.estimate);
  expect(of('CT')?.[1]).toEqual(expect.any(Number));
  expect(of('MR')?.slice(1)).toEqual([undefined, undefined]);
  expect(
    (
      await server.errorsOf('query ($ids: [ID!]!) { compareStudies(ids: $ids) { studies { id } } }', {
        ids: Array(21).fill(studyId),
      })
    )[0].extensions.code,
  ).toBe('LIMIT_EXCEEDED');
});

test('createStudy gives the same study for the same specification, and refuses another one of the name', async () => {
  expect(await createStudy(server, { cohortId, name: 'graph', ...settings })).toBe(studyId);
  const [error] = await server.errorsOf(
    'mutation ($input: StudyInput!) { createStudy(input: $input) { id } }',
    {
      input: { cohortId, name: 'graph', ...settings, seed: 2 },
    },
  );
  expect(error.extensions).toMatchObject({ code: 'CONFLICT', details: { study: 'graph' } });
});

describe('runStudy', () => {
  test.each<[string, object, string, object]>([
    ['an endpoint that nobody has', { endpoints: [{ name: 'PFS' }] }, 'NOT_FOUND', { endpoint: 'PFS' }],
    [
      'a split of patients who are not there',
      { split: { given: { training: ['X1'], validation: [] } } },
      'NOT_FOUND',
      { subject: 'X1' },
    ],
    [
      'readings that match twice',
      { sources: [{ ...studySources[0], reader: null, session: null, repeats: [] }] },
      'INPUT_INVALID',
      { source: 'CT' },
    ],
  ])('ends in one failure: %s', async (name, input, code, details) => {
    const id = await createStudy(server, { cohortId, name, ...settings, ...input });
    const events = await eventsOf(server, await startStudy(server, id));
    expect(events.at(-1)).toMatchObject({ __typename: 'JobFailed', failure: { code, details } });
    const { study } = await server.client.run<{ study: object }>(
      'query ($id: ID!) { study(id: $id) { completedAt job { id } result } }',
      { id },
    );
    expect(study).toEqual({ completedAt: null, job: null, result: null });
  });

  test('a model that cannot be built is a typed outcome, and the others still come', async () => {
    const id = await createStudy(server, {
      cohortId,
      name: 'without MR',
      ...settings,
      sources: [studySources[0], { ...studySources[1], modality: 'US' }],
    });
    const events = await eventsOf(server, await startStudy(server, id));
    expect(events.at(-1)?.__typename).toBe('StudyCompleted');
    const { study } = await server.client.run<{
      study: { endpoints: { models: { name: string; outcome: { __typename: string } }[] }[] };
    }>(
      `query ($id: ID!) { study(id: $id) { endpoints { models { name outcome {
         __typename ... on UnfittedModel { failure { code message } } ... on Model { id name } } } } } }`,
      { id },
    );
    const outcomes = Object.fromEntries(
      study.endpoints[0].models.map(({ name, outcome }) => [name, outcome.__typename]),
    );
    expect(outcomes).toMatchObject({ CT: 'Model', MR: 'UnfittedModel', CLINICAL: 'Model' });
    expect(events.filter(({ __typename }) => __typename === 'ModelNotFitted').map((e) => e.model)).toContain(
      'MR',
    );
  });

  test('is refused where the data have changed since', async () => {
    await server.client.run(
      'mutation ($cohortId: ID!) { addPatients(cohortId: $cohortId, patients: [{ subjectKey: "late", outcomes: [{ endpoint: "OS", time: 3, event: true }] }]) { id } }',
      { cohortId },
    );
    const [error] = await server.errorsOf('mutation ($id: ID!) { runStudy(id: $id) { id } }', {
      id: studyId,
    });
    expect(error.extensions).toMatchObject({ code: 'CONFLICT', details: { studyId } });
    const missing = '01900000-0000-7000-8000-000000000000';
    const [unknown] = await server.errorsOf('mutation ($id: ID!) { runStudy(id: $id) { id } }', {
      id: missing,
    });
    expect(unknown.extensions.code).toBe('NOT_FOUND');
  });
});
