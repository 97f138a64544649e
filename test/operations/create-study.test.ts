import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventsOf } from '../support/job-events.ts';
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

let server: TestServer;
let cohortId: string;
beforeAll(async () => {
  server = await TestServer.start();
  ({ cohortId } = await cohortOfStudy(server, 'graph', fixture));
});
afterAll(() => server.stop());

describe('createStudy', () => {
  const mutation = 'mutation ($input: StudyInput!) { createStudy(input: $input) { id } }';

  test("takes the paper's settings where nothing else is asked for", async () => {
    const id = await createStudy(server, { cohortId, name: 'defaults', covariates: ['age'] });
    const { study } = await server.client.run<{
      study: { specification: object; endpoints: null; result: null };
    }>(
      `query ($id: ID!) { study(id: $id) { result endpoints { endpoint } specification {
         iccThreshold univariateP correlationThreshold clinicalP minimumGroup lambda horizons missingCovariates
         replicates pipelineReplicates seed endpoints { name outcomes origin landmark } } } }`,
      { id },
    );
    expect(study).toMatchObject({
      result: null,
      endpoints: null,
      specification: {
        iccThreshold: 0.75,
        univariateP: 0.05,
        correlationThreshold: 0.8,
        clinicalP: 0.05,
        minimumGroup: 0.1,
        lambda: 'MIN',
        horizons: [24, 48, 60],
        endpoints: [
          { name: 'DFS', outcomes: ['DFS'], origin: 'surgery', landmark: 0 },
          { name: 'OS', outcomes: ['OS'], origin: 'surgery', landmark: 0 },
        ],
      },
    });
  });

  test('keeps splits, folds and exclusions as they are given', async () => {
    const subjects = fixture.data.subjects;
    const input = {
      cohortId,
      name: 'given',
      ...settings,
      split: { given: { training: subjects.slice(0, 45), validation: subjects.slice(45) } },
      folds: { given: subjects.slice(0, 45).map((subject, place) => ({ subject, fold: 1 + (place % 5) })) },
      exclusions: [
        { reason: 'old', covariate: 'age', equals: [{ number: 99 }] },
        { reason: 'never', covariate: 'invasion', equals: [{ level: 'unknown' }] },
        { reason: 'no CT', withoutSource: 'CT' },
      ],
    };
    const id = await createStudy(server, input);
    const { study } = await server.client.run<{ study: { specification: object } }>(
      `query ($id: ID!) { study(id: $id) { specification {
         split { ... on GivenSplit { training validation } } folds { ... on GivenFolds { patients { subject fold } } }
         exclusions { reason covariate equals { number level } withoutSource } } } }`,
      { id },
    );
    expect(study.specification).toMatchObject({
      split: input.split.given,
      folds: { patients: input.folds.given },
      exclusions: [
        { reason: 'old', covariate: 'age', equals: [{ number: 99, level: null }], withoutSource: null },
        { reason: 'never', equals: [{ number: null, level: 'unknown' }] },
        { reason: 'no CT', covariate: null, equals: [], withoutSource: 'CT' },
      ],
    });
    const events = await eventsOf(server, await startStudy(server, id));
    expect(events.at(-1)?.__typename).toBe('StudyCompleted');
  });

  test.each<[string, object, string, object]>([
    ['nothing to study', { sources: [], covariates: [] }, 'INPUT_INVALID', { field: 'sources' }],
    ['an empty name', { name: '' }, 'INPUT_INVALID', { field: 'name' }],
    ['a name with a NUL', { name: 'a\0b' }, 'INPUT_INVALID', { field: 'name' }],
    [
      'half a character',
      { exclusions: [{ reason: 'a\ud800', covariate: 'age' }] },
      'INPUT_INVALID',
      { field: 'exclusions[0].reason' },
    ],
    ['a covariate that is not there', { covariates: ['bmi'] }, 'COVARIATE_INVALID', { covariate: 'bmi' }],
    [
      'an exclusion by a covariate that is not there',
      { exclusions: [{ reason: 'fat', covariate: 'bmi' }] },
      'COVARIATE_INVALID',
      { covariate: 'bmi' },
    ],
    [
      'a profile that is not there',
      { sources: [{ name: 'CT', profile: 'none' }] },
      'NOT_FOUND',
      { profile: 'none' },
    ],
    [
      'a cohort that is not there',
      { cohortId: '01900000-0000-7000-8000-000000000000' },
      'NOT_FOUND',
      { cohortId: '01900000-0000-7000-8000-000000000000' },
    ],
    ['a p above 1', { univariateP: 1.5 }, 'INPUT_INVALID', { field: 'univariateP' }],
    ['one fold', { folds: { count: 1 } }, 'INPUT_INVALID', { field: 'folds.count' }],
    ['falling horizons', { horizons: [48, 24] }, 'INPUT_INVALID', { field: 'horizons[1]' }],
    [
      'half of a resample too many',
      { pipelineReplicates: -1 },
      'INPUT_INVALID',
      { field: 'pipelineReplicates' },
    ],
    [
      'more covariates than can be',
      { covariates: Array(2000).fill('age') },
      'LIMIT_EXCEEDED',
      { field: 'covariates' },
    ],
  ])('refuses %s', async (_what, input, code, details) => {
    const errors = await server.errorsOf(mutation, {
      input: { cohortId, name: 'bad', ...settings, ...input },
    });
    expect(errors.map(({ extensions }) => extensions)).toMatchObject([{ code, details }]);
  });

  test.each<[string, object]>([
    ['two kinds of split', { split: { seeded: {}, given: { training: [], validation: [] } } }],
    ['no kind of folds', { folds: {} }],
    ['a value of no kind', { exclusions: [{ reason: 'x', covariate: 'age', equals: [{}] }] }],
    ['a text for a number', { univariateP: 'low' }],
    ['an unknown field', { alpha: 1 }],
  ])('refuses by the schema alone: %s', async (_what, input) => {
    const errors = await server.errorsOf(mutation, {
      input: { cohortId, name: 'bad', ...settings, ...input },
    });
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });
});
