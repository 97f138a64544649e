import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { random } from '../../src/engine/statistics/random.ts';
import {
  type CohortTable,
  fitPrognosis,
  type PrognosisEvent,
  type PrognosisResult,
} from '../../src/engine/study/index.ts';
import { cohortOfScans } from '../support/cohort-of-scans.ts';
import { eventsOf, startExtraction, startFit, type ToldEvent } from '../support/job-events.ts';
import { TestServer } from '../support/server.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

const patientCount = 60;
const draw = random(11, 'cox-fit.test');
/** Patients by subject key, with a missing value here and there. */
const patients = Array.from({ length: patientCount }, (_, n) => {
  const age = Math.round(40 + 40 * draw.uniform());
  const stage = ['I', 'II', 'III'][Math.floor(3 * draw.uniform())];
  const hazard = Math.exp(0.03 * (age - 60) + (stage === 'III' ? 0.8 : 0));
  return {
    subjectKey: `P${String(n).padStart(3, '0')}`,
    age: n === 7 ? undefined : age,
    stage: n === 8 ? undefined : stage,
    // No patient 9 in follow-up; ties on purpose.
    time: n === 9 ? undefined : Math.ceil((-20 * Math.log(draw.uniform())) / hazard),
    event: draw.uniform() < 0.7,
  };
});

const table: CohortTable = {
  subjects: patients.map(({ subjectKey }) => subjectKey),
  time: Float64Array.from(patients, ({ time }) => time ?? Number.NaN),
  event: Uint8Array.from(patients, ({ time, event }) => (time !== undefined && event ? 1 : 0)),
  timeUnit: 'MONTHS',
  covariates: [
    { name: 'age', kind: 'NUMERIC', values: Float64Array.from(patients, ({ age }) => age ?? Number.NaN) },
    {
      name: 'stage',
      kind: 'CATEGORICAL',
      levels: ['I', 'II', 'III'],
      codes: Int32Array.from(patients, ({ stage }) => (stage ? ['I', 'II', 'III'].indexOf(stage) : -1)),
    },
  ],
};
const split = { trainingFraction: 0.6, seed: 3, stratifyByEvent: true };

let server: TestServer;
let cohortId: string;
beforeAll(async () => {
  server = await TestServer.start();
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation ($input: CreateCohortInput!) { createCohort(input: $input) { id } }',
    {
      input: {
        key: 'cox',
        covariates: [
          { name: 'age', kind: 'NUMERIC' },
          { name: 'stage', kind: 'CATEGORICAL', levels: ['I', 'II', 'III'] },
          { name: 'constant', kind: 'NUMERIC' },
        ],
      },
    },
  );
  cohortId = createCohort.id;
  await server.client.run(
    'mutation ($cohortId: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $cohortId, patients: $patients) { id } }',
    {
      cohortId,
      patients: patients.map(({ subjectKey, age, stage, time, event }) => ({
        subjectKey,
        covariates: [
          { name: 'constant', number: 1 },
          ...(age === undefined ? [] : [{ name: 'age', number: age }]),
          ...(stage === undefined ? [] : [{ name: 'stage', level: stage }]),
        ],
        outcomes: [
          ...(time === undefined ? [] : [{ endpoint: 'OS', time, event }]),
          { endpoint: 'never', time: 5, event: false },
          { endpoint: 'mixed', time: 5, event: true, timeUnit: subjectKey === 'P000' ? 'DAYS' : 'YEARS' },
        ],
      })),
    },
  );
});
afterAll(() => server.stop());

function directly(specification: Parameters<typeof fitPrognosis>[1]): {
  events: PrognosisEvent[];
  result: PrognosisResult;
} {
  const events: PrognosisEvent[] = [];
  const steps = fitPrognosis(table, specification);
  for (;;) {
    const step = steps.next();
    if (step.done) return { events, result: step.value };
    events.push(step.value);
  }
}

const nested: Record<string, string> = {
  ConcordanceEstimated: 'concordance',
  SurvivalCurveEstimated: 'curve',
  RiskGroupsCompared: 'comparison',
  WarningRaised: 'warning',
};
/** An event of the engine in the form in which the graph tells it. */
function asTold({ type, ...fields }: PrognosisEvent): object {
  return { __typename: type, ...(nested[type] ? { [nested[type]]: fields } : fields) };
}
const told = (events: readonly ToldEvent[]) =>
  events.filter(({ __typename }) => !['JobQueued', 'JobStarted', 'CoxFitCompleted'].includes(__typename));

const model = /* GraphQL */ `
  query ($id: ID!) {
    model(id: $id) {
      id specification contentKey endpoint cutpoint createdAt cohort { key } job { id kind }
      coefficients { name coefficient standardError z p hazardRatio hazardRatioLower hazardRatioUpper }
      concordance { subset estimate standardError lower upper comparablePairs }
      survivalCurves { subset riskGroup patients events time survival lower upper atRisk eventCount censoredCount median medianLower medianUpper }
      riskComparisons { subset logRank { statistic degreesOfFreedom p } }
      warnings { code message subject }
      predictions(first: 1000) { totalCount edges { node { subset linearPredictor radscore riskGroup patient { subjectKey } model { id } } } }
    }
  }
`;

interface ModelBody {
  readonly model: {
    readonly id: string;
    readonly predictions: {
      readonly edges: readonly { readonly node: { readonly patient: { readonly subjectKey: string } } }[];
    };
    readonly [field: string]: unknown;
  };
}

describe('fitCoxModel', () => {
  test.each([
    ['a split', { ties: 'EFRON', split }],
    ['all patients', { ties: 'BRESLOW', split: null }],
  ] as const)('tells and keeps what the engine says: %s', async (_what, specification) => {
    const input = { cohortId, endpoint: 'OS', covariates: ['age', 'stage'], ...specification };
    const jobId = await startFit(server, input);
    const events = await eventsOf(server, jobId);
    const { events: expected, result } = directly(specification);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, index) => index + 1));
    expect(told(events)).toMatchObject(expected.map(asTold));
    expect(told(events).map(({ __typename }) => __typename)).toContain('FitIterated');
    const end = events.at(-1) as ToldEvent;
    expect(end).toMatchObject({ __typename: 'CoxFitCompleted', reused: false });

    const { model: kept } = await server.client.run<ModelBody>(model, { id: end.modelId });
    expect(kept).toMatchObject({
      endpoint: 'OS',
      cutpoint: result.cutpoint,
      cohort: { key: 'cox' },
      job: { id: jobId, kind: 'COX_FIT' },
      coefficients: result.model.coefficients,
      warnings: result.warnings,
    });
    expect(kept.concordance).toMatchObject(withoutType(result.concordance));
    expect(kept.survivalCurves).toMatchObject(withoutType(result.curves));
    expect(kept.riskComparisons).toMatchObject(withoutType(result.comparisons));
    const predictions = kept.predictions.edges.map(({ node }) => node);
    predictions.sort((a, b) => (a.patient.subjectKey < b.patient.subjectKey ? -1 : 1));
    expect(predictions).toEqual(
      result.predictions.map(({ row, ...prediction }) => ({
        ...prediction,
        patient: { subjectKey: patients[row].subjectKey },
        model: { id: kept.id },
      })),
    );
    expect(predictions).toHaveLength(patientCount - 3);
  });

  test('fits the same model once; the second time all is told as if it were new', async () => {
    const input = { cohortId, endpoint: 'OS', covariates: ['age', 'stage'], split };
    const first = await eventsOf(server, await startFit(server, input));
    const second = await eventsOf(server, await startFit(server, { ...input, ties: 'EFRON', features: [] }));
    expect(second.at(-1)).toMatchObject({ reused: true, modelId: first.at(-1)?.modelId });
    const sorted = (events: readonly ToldEvent[]) =>
      told(events)
        .filter(({ __typename }) => __typename !== 'FitIterated')
        .map(({ jobId: _job, sequence: _sequence, recordedAt: _recorded, ...event }) => JSON.stringify(event))
        .sort();
    expect(sorted(second)).toEqual(sorted(first));
    const { cohort } = await server.client.run<{ cohort: { models: { totalCount: number } } }>(
      '{ cohort(key: "cox") { models { totalCount edges { node { endpoint } } } } }',
    );
    expect(cohort.models.totalCount).toBe(2);
  });

  test('joins a fit that is under way', async () => {
    const input = { cohortId, endpoint: 'OS', covariates: ['age'] };
    // The fit does not begin before everybody has asked for it.
    const asked = Promise.withResolvers<void>();
    const { events } = server.nomograph.platform;
    const append = events.append.bind(events);
    const spy = vi.spyOn(events, 'append').mockImplementation(async (jobId, bodies, ...more) => {
      if (bodies.some(({ type }) => type === 'JobStarted')) await asked.promise;
      return append(jobId, bodies, ...more);
    });
    const ids = await Promise.all(Array.from({ length: 8 }, () => startFit(server, input)));
    asked.resolve();
    spy.mockRestore();
    expect(new Set(ids).size).toBe(1);
    await eventsOf(server, ids[0]);
    expect(await startFit(server, input)).not.toBe(ids[0]);
  });

  test.each<[string, object, string, object?]>([
    ['no events', { endpoint: 'never', covariates: ['age'] }, 'NO_EVENTS'],
    [
      'an endpoint that nobody has',
      { endpoint: 'PFS', covariates: ['age'] },
      'NOT_FOUND',
      { endpoint: 'PFS' },
    ],
    [
      'an unknown covariate',
      { endpoint: 'OS', covariates: ['bmi'] },
      'COVARIATE_INVALID',
      { covariate: 'bmi' },
    ],
    [
      'a constant covariate',
      { endpoint: 'OS', covariates: ['constant'] },
      'COVARIATE_INVALID',
      { covariates: ['constant'] },
    ],
    [
      'times in several units',
      { endpoint: 'mixed', covariates: ['age'] },
      'INPUT_INVALID',
      { endpoint: 'mixed' },
    ],
    [
      'a fraction above 1',
      { endpoint: 'OS', covariates: ['age'], split: { trainingFraction: 1.5 } },
      'ARGUMENT_INVALID',
      { argument: 'trainingFraction' },
    ],
  ])('ends in one failure: %s', async (_what, input, code, details = {}) => {
    const jobId = await startFit(server, { cohortId, ...input });
    const events = await eventsOf(server, jobId);
    expect(events.at(-1)).toMatchObject({ __typename: 'JobFailed', failure: { code } });
    expect((events.at(-1) as { failure?: { details: object } } | undefined)?.failure?.details).toMatchObject(
      details,
    );
    const query = 'query ($id: ID!) { job(id: $id) { state failure { code } model { id } } }';
    expect(await server.client.run(query, { id: jobId })).toEqual({
      job: { state: 'FAILED', failure: { code }, model: null },
    });
  });

  test.each<[string, object, string]>([
    ['nothing to fit', { endpoint: 'OS' }, 'INPUT_INVALID'],
    [
      'a profile that is not there',
      { endpoint: 'OS', features: [{ profile: 'none', names: ['x'] }] },
      'NOT_FOUND',
    ],
    [
      'a cohort that is not there',
      { endpoint: 'OS', covariates: ['age'], cohortId: '01900000-0000-7000-8000-000000000000' },
      'NOT_FOUND',
    ],
    ['an endpoint with a NUL', { endpoint: 'O\0S', covariates: ['age'] }, 'INPUT_INVALID'],
    ['half a character', { endpoint: 'O\ud800S', covariates: ['age'] }, 'INPUT_INVALID'],
    [
      'more covariates than can be',
      { endpoint: 'OS', covariates: new Array(20_000).fill('age') },
      'LIMIT_EXCEEDED',
    ],
    [
      'more selections than can be',
      { endpoint: 'OS', features: new Array(20_000).fill({ profile: 'x', names: [] }) },
      'LIMIT_EXCEEDED',
    ],
  ])('refuses at once: %s', async (_what, input, code) => {
    const errors = await server.errorsOf(
      'mutation ($input: FitCoxModelInput!) { fitCoxModel(input: $input) { id } }',
      { input: { cohortId, ...input } },
    );
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
  });
});

test('features of one region a patient are covariates; several that match are refused', async () => {
  const subjects = Array.from({ length: 12 }, (_, n) => `F${String(n).padStart(2, '0')}`);
  const { cohortId: id } = await cohortOfScans(
    server,
    'features',
    subjects.map((subject, n) => ({
      subject,
      image: imageFile(100 + n),
      masks: [
        { reader: 'r1', bytes: maskFile(1, {}, 1) },
        { reader: 'r2', bytes: maskFile(1, {}, 2) },
      ],
    })),
  );
  await server.nomograph.platform.dataSource.query(
    `insert into outcome (id, patient_id, endpoint, time, event)
     select gen_random_uuid(), id, 'OS', 1 + (row_number() over (order by subject_key) * 7) % 12, true from patient where cohort_id = $1`,
    [id],
  );
  await eventsOf(server, await startExtraction(server, id));
  const names = ['original_firstorder_Mean', 'original_glcm_Idm'];
  const fit = async (selection: object) =>
    eventsOf(
      server,
      await startFit(server, {
        cohortId: id,
        endpoint: 'OS',
        features: [{ profile: 'pyradiomics-default', names, ...selection }],
      }),
    );
  const refused = await fit({});
  expect(refused.at(-1)).toMatchObject({
    __typename: 'JobFailed',
    failure: { code: 'INPUT_INVALID', details: { subject: 'F00' } },
  });
  const events = await fit({ reader: 'r1', modality: 'CT', phase: 'ARTERIAL', session: 1, lesion: '1' });
  const estimated = events.find(({ __typename }) => __typename === 'ModelEstimated');
  expect(
    (estimated as unknown as { coefficients: { name: string }[] }).coefficients.map(({ name }) => name),
  ).toEqual(names.map((name) => `CT_ARTERIAL_${name}`));
  const unknown = await fit({ reader: 'r1', names: ['original_nothing'] });
  expect(unknown.at(-1)).toMatchObject({
    __typename: 'JobFailed',
    failure: { code: 'COVARIATE_INVALID', details: { covariate: 'original_nothing' } },
  });
});

function withoutType(values: readonly object[]): object[] {
  return values.map((value) => Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'type')));
}
