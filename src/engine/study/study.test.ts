import { describe, expect, it } from 'vitest';
import { finish, source, studyFixture } from '../../../test/support/study-fixture.ts';
import { random } from '../statistics/random.ts';
import { replicateStudy, runStudy, type StudyData, StudyOptimism, type StudyResult } from './index.ts';
import { fitStudy } from './study.ts';

const { data, specification } = studyFixture();

describe('a study', () => {
  const result = finish(runStudy(data, specification));
  const [endpoint] = result.endpoints;

  it('builds the five models of the paper', () => {
    expect(endpoint.models.map(({ name, failure }) => [name, failure])).toEqual([
      ['CT', null],
      ['MR', null],
      ['CT+MR', null],
      ['CLINICAL', null],
      ['CT+MR+CLINICAL', null],
    ]);
  });

  it('finds the signal of both modalities and of the clinical covariates', () => {
    const c = endpoint.models.map(({ result }) => result?.concordance.map(({ estimate }) => estimate));
    const [ct, mr, both, , all] = c as [number, number][];
    expect(Math.min(ct[0], mr[0])).toBeGreaterThan(0.6);
    expect(both[0]).toBeGreaterThan(Math.max(ct[0], mr[0]));
    expect(all[1]).toBeGreaterThan(0.7);
  });

  it('drops the feature on which readers disagree', () => {
    const [agreement] = result.agreement;
    expect(agreement).toMatchObject({ source: 'CT', entered: 16, remaining: 15 });
    const [stage] = endpoint.models[0].attrition;
    expect(stage).toMatchObject({ stage: 'AGREEMENT', dropped: [{ reason: 'DISAGREEMENT', count: 1 }] });
  });

  it('holds plain JSON, without a NaN', () => {
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('gives the same result for the same value', () => {
    const again = studyFixture();
    expect(JSON.stringify(finish(runStudy(again.data, again.specification)))).toBe(JSON.stringify(result));
  });

  it('learns nothing from validation patients', () => {
    const rows = result.patients.subsets.flatMap((subset, row) => (subset === 'VALIDATION' ? [row] : []));
    const other = finish(runStudy(shuffleRows(data, rows), specification));
    expect(other.patients.subsets).toEqual(result.patients.subsets);
    expect(JSON.stringify(trainingOf(other))).toBe(JSON.stringify(trainingOf(result)));
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(result));
  });

  it('is corrected by resamples that may be made anywhere', () => {
    const repeated = { ...specification, pipelineReplicates: 3 };
    const fitted = finish(fitStudy(data, repeated));
    const optimism = new StudyOptimism(repeated, fitted);
    const replicates = [2, 1, 0].map((replicate) => replicateStudy(data, repeated, replicate)).reverse();
    for (const replicate of replicates) optimism.add(JSON.parse(JSON.stringify(replicate)));
    const whole = finish(runStudy(data, repeated));
    expect(JSON.stringify(optimism.finish())).toBe(JSON.stringify(whole));
    const { pipelineOptimism } = whole.endpoints[0].models[4].result ?? {};
    expect(pipelineOptimism).toMatchObject({ method: 'PLUS_632', replicates: 3 });
    expect(pipelineOptimism?.corrected).toBeLessThan(pipelineOptimism?.apparent as number);
  });
});

describe('a study that cannot have it all', () => {
  const outcomeOf = (changed: Partial<StudyData>, about = {}) => {
    const [endpoint] = finish(runStudy({ ...data, ...changed }, { ...specification, ...about })).endpoints;
    return Object.fromEntries(endpoint.models.map(({ name, failure }) => [name, failure?.code ?? 'FITTED']));
  };

  it('goes on without a source that nobody has', () => {
    const warned = finish(runStudy({ ...data, sources: data.sources.slice(0, 1) }, specification));
    expect(warned.warnings.map(({ code, subject }) => [code, subject])).toEqual([['SOURCE_ABSENT', 'MR']]);
    expect(outcomeOf({ sources: data.sources.slice(0, 1) })).toEqual({
      CT: 'FITTED',
      MR: 'SOURCE_EMPTY',
      'CT+MR': 'SOURCE_EMPTY',
      CLINICAL: 'FITTED',
      'CT+MR+CLINICAL': 'SOURCE_EMPTY',
    });
  });

  it('says at which stage the last feature fell', () => {
    const { endpoints } = finish(runStudy(data, { ...specification, univariateP: 1e-12 }));
    expect(endpoints[0].models[0].failure).toMatchObject({
      code: 'SELECTION_EMPTY',
      details: { stage: 'UNIVARIATE', candidates: 15 },
    });
    expect(endpoints[0].models[3].failure).toBeNull();
  });

  it('says that there are fewer events than folds', () => {
    const [{ time, ...outcome }] = data.outcomes;
    const event = new Uint8Array(time.length);
    for (const row of [1, 2, 4]) event[row] = 1;
    const outcomes = [{ ...outcome, time, event }];
    expect(Object.values(outcomeOf({ outcomes }, { univariateP: 1, clinicalP: 1 })).slice(0, 3)).toEqual([
      'TOO_FEW_EVENTS',
      'TOO_FEW_EVENTS',
      'TOO_FEW_EVENTS',
    ]);
  });

  it('has a failure for every model where all are censored', () => {
    const [outcome] = data.outcomes;
    const outcomes = [{ ...outcome, event: new Uint8Array(outcome.time.length) }];
    expect(new Set(Object.values(outcomeOf({ outcomes })))).toEqual(new Set(['NO_EVENTS']));
  });

  it('counts patients without a modality out of its models alone', () => {
    const [ct, mr] = data.sources;
    const present = mr.present.map((_, row) => (row % 4 === 0 ? 0 : 1));
    const values = mr.values.map((value, at) => (present[at % present.length] === 1 ? value : Number.NaN));
    const { endpoints } = finish(
      runStudy({ ...data, sources: [ct, { ...mr, present, values, repeats: [] }] }, specification),
    );
    const sizes = endpoints[0].models.map(({ result }) => result?.patients.training);
    expect(sizes[1]).toBeLessThan(sizes[0] as number);
    expect(sizes[3]).toBe(sizes[0]);
  });

  it.each([
    ['COMPLETE_CASE', 'ROWS', 0],
    ['MEDIAN', 'COVARIATES_IMPUTED', 1],
  ] as const)('takes missing covariates as asked: %s', (missingCovariates, code, count) => {
    const [age, invasion] = data.covariates;
    if (age.kind !== 'NUMERIC') throw new Error('age is a number');
    const covariates = [
      { ...age, values: age.values.map((value, row) => (row % 5 === 0 ? Number.NaN : value)) },
      invasion,
    ];
    const { endpoints } = finish(
      runStudy({ ...data, covariates }, { ...specification, missingCovariates, clinicalP: 1 }),
    );
    const clinical = endpoints[0].models[3].result;
    expect(clinical?.warnings.filter((warning) => warning.code === code)).toHaveLength(count);
    expect((clinical?.patients.training ?? 0) < 77).toBe(missingCovariates === 'COMPLETE_CASE');
  });

  it('leaves out a horizon that nobody reached', () => {
    const { endpoints, warnings } = finish(runStudy(data, { ...specification, horizons: [12, 600] }));
    expect(endpoints[0].horizons).toEqual([12]);
    expect(warnings.map(({ code, subject }) => [code, subject])).toEqual([['HORIZON_PAST_FOLLOW_UP', '600']]);
  });

  it('names collinear and separating covariates', () => {
    const [age] = data.covariates;
    if (age.kind !== 'NUMERIC') throw new Error('age is a number');
    const covariates = [
      age,
      { ...age, name: 'age in days', values: age.values.map((value) => 365.25 * value) },
    ];
    const { endpoints } = finish(
      runStudy(
        { ...data, covariates },
        { ...specification, covariates: ['age', 'age in days'], clinicalP: 1, sources: [] },
      ),
    );
    expect(endpoints[0].models[0].result?.warnings).toMatchObject([
      { code: 'COVARIATE_DROPPED', subject: 'age in days' },
    ]);
  });

  it('needs no validation patients', () => {
    const split = { kind: 'GIVEN', training: data.subjects, validation: [] } as const;
    const { endpoints } = finish(runStudy(data, { ...specification, split, sources: [source('CT')] }));
    expect(endpoints[0].models.map(({ result }) => result?.concordance.length)).toEqual([1, 1, 1]);
  });
});

/** What training alone says: models, attrition, training's own measures and corrections. */
function trainingOf(result: StudyResult): unknown {
  const isTraining = ({ subset }: { subset: string }) => subset === 'TRAINING';
  return result.endpoints.map(({ models }) =>
    models.map(({ attrition, result: model }) => ({
      attrition,
      radscore: model?.radscore,
      model: model?.model,
      prediction: model?.prediction,
      cutpointTest: model?.cutpointTest,
      concordance: model?.concordance.filter(isTraining),
      curves: model?.curves.filter(isTraining),
      predictions: model?.predictions.filter(isTraining),
      performance: model?.performance.filter(isTraining),
      calibration: model?.calibration.filter(isTraining),
      nomogram: model?.nomogram,
      optimism: model?.optimism,
    })),
  );
}

/** Deals the outcomes, covariates and features of some patients out among them anew. */
function shuffleRows(data: StudyData, rows: readonly number[]): StudyData {
  const order = random(3, 'shuffle').permutation(rows.length);
  const from = data.subjects.map((_, row) => row);
  const to = [...from];
  rows.forEach((row, place) => {
    from[row] = rows[order[place]];
    to[rows[order[place]]] = row;
  });
  const patients = data.subjects.length;
  return {
    ...data,
    outcomes: data.outcomes.map((outcome) => ({
      ...outcome,
      // Events stay, for the seeded split is stratified by them.
      time: outcome.time.map((_, row) => outcome.time[from[row]]),
    })),
    covariates: data.covariates.map((column) =>
      column.kind === 'NUMERIC'
        ? { ...column, values: column.values.map((_, row) => column.values[from[row]]) }
        : { ...column, codes: column.codes.map((_, row) => column.codes[from[row]]) },
    ),
    sources: data.sources.map((features) => ({
      ...features,
      values: features.values.map((_, at) => features.values[at - (at % patients) + from[at % patients]]),
      repeats: features.repeats.map((reading) => ({ ...reading, rows: reading.rows.map((row) => to[row]) })),
    })),
  };
}
