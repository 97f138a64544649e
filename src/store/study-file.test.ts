import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../engine/failure.ts';
import { checkStudySpecification, studyDefaults } from '../engine/study/index.ts';
import { parseStudyFile, readStudyFile } from './study-file.ts';
import { readStudyTables, type TabulatedStudy } from './study-tables.ts';

const head = `data:
  patients: clinical.csv
  subject: id
  outcomes: { DFS: { time: dfs_time, event: dfs_event } }
`;

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('a study file', () => {
  test('has the paper’s settings where it is silent', () => {
    const { data: _, ...rest } = parseStudyFile(head, 'study.yaml');
    const { endpoints: _e, sources: _s, covariates: _c, ...defaults } = studyDefaults;
    expect(rest).toEqual(defaults);
  });

  test.each([
    ['replicates: many', 5, 'replicates'],
    ['lamda: MIN', 5, 'lamda'],
    ['horizons: [24, x]', 5, 'horizons.1'],
    ['horizons:\n  - 24\n  - x', 7, 'horizons.1'],
    ['lambda: BEST', 5, 'lambda'],
    ['split: { trainingFraction: all }', 5, 'split.trainingFraction'],
    ['split: { column: set, training: 1 }', 5, 'split.validation'],
    ['split: { seed: 3, training: [a], validation: [b] }', 5, 'split.seed'],
    ['split: { training: [a], validation: b }', 5, 'split.validation'],
    ['folds: { column: fold, count: 3 }', 5, 'folds.count'],
    ['exclusions:\n  - covariate: age', 6, 'exclusions.0.reason'],
    ['endpoints:\n  - name: DFS\n    from: surgery', 7, 'endpoints.0.from'],
  ])('names line and field of %j', (text, line, field) => {
    const failure = failureOf(() => parseStudyFile(head + text, 'study.yaml'));
    expect(failure.code).toBe('INPUT_INVALID');
    expect(failure.details).toMatchObject({ file: 'study.yaml', line, field });
    expect(failure.message).toMatch(
      new RegExp(`^study.yaml, line ${line}: ${field.replaceAll('.', '\\.')}: `),
    );
  });

  test.each([
    ['data: [', 'FILE_CORRUPT'],
    ['a: 1\na: 2', 'FILE_CORRUPT'],
    ['', 'INPUT_INVALID'],
    ['- 1', 'INPUT_INVALID'],
    ['data: { patients: a.csv }', 'INPUT_INVALID'],
    [`a: &a [1]\nb: &b [${'*a,'.repeat(60)}]\nc: [${'*b,'.repeat(60)}]`, 'FILE_CORRUPT'],
  ])('that is %j fails with %s', (text, code) => {
    expect(failureOf(() => parseStudyFile(text, 'study.yaml')).code).toBe(code);
  });

  test('that is not there is named', async () => {
    await expect(readStudyFile('/nowhere/study.yaml')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

describe('the tables of a study', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'study-tables-'));
    const tables = {
      'clinical.csv': `id,dfs_time,dfs_event,os_time,os_event,age,stage,set,fold
a,12,1,20,1,61,II,train,1
b,8,0,8,0,,I,train,2
c,30,1,40,0,70,III,test,
d,5,,5,1,55,Unknown,train,1
`,
      'ct.csv': 'id,f1,f2,diagnostics_Versions\nc,3,30,x\na,1,10,x\nd,4,,x\nz,9,9,x\n',
      'again.csv': 'id,f2,f1\na,11,1.5\nd,41,4.5\n',
    };
    for (const [name, text] of Object.entries(tables)) await writeFile(join(folder, name), text);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = (text: string): Promise<TabulatedStudy> =>
    readStudyTables(join(folder, 'study.yaml'), parseStudyFile(text, 'study.yaml'));
  const data = `data:
  patients: clinical.csv
  subject: id
  outcomes:
    DFS: { time: dfs_time, event: dfs_event }
    OS: { time: os_time, event: os_event, unit: DAYS }
`;
  const rest = `  covariates: { stage: { levels: [I, II, III], missing: [Unknown] } }
  sources:
    CT: { features: ct.csv, repeats: [{ kind: WITHIN_READER, name: later, features: again.csv }] }
`;

  test('become the patients in the order of their table, with what each has', async () => {
    const { data: study, notes } = await read(data + rest);
    expect(study.subjects).toEqual(['a', 'b', 'c', 'd']);
    const [dfs, os] = study.outcomes;
    expect(dfs).toEqual({
      name: 'DFS',
      time: Float64Array.of(12, 8, 30, Number.NaN),
      event: Uint8Array.of(1, 0, 1, 0),
      timeUnit: 'MONTHS',
    });
    expect(os.timeUnit).toBe('DAYS');
    const [source] = study.sources;
    expect(source.features).toEqual(['CT_f1', 'CT_f2']);
    expect([...source.values]).toEqual([1, Number.NaN, 3, 4, 10, Number.NaN, 30, Number.NaN]);
    expect([...source.present]).toEqual([1, 0, 1, 1]);
    const [again] = source.repeats;
    // By the columns' names, whatever their order.
    expect({ ...again, rows: [...again.rows], values: [...again.values] }).toEqual({
      kind: 'WITHIN_READER',
      name: 'later',
      rows: [0, 3],
      values: [1.5, 4.5, 11, 41],
    });
    expect(study.covariates.find(({ name }) => name === 'stage')).toEqual({
      name: 'stage',
      kind: 'CATEGORICAL',
      levels: ['I', 'II', 'III'],
      codes: Int32Array.of(1, 0, 2, -1),
    });
    expect(notes).toEqual([
      'CT: 2 features of ct.csv.',
      '1 rows of ct.csv are of no patient of clinical.csv.',
    ]);
  });

  test('complete the specification', async () => {
    const { specification } =
      await read(`${data}${rest}split: { column: set, training: train, validation: test }
folds: { column: fold }
`);
    checkStudySpecification(specification);
    expect(specification.endpoints.map(({ name, outcomes }) => [name, outcomes])).toEqual([
      ['DFS', ['DFS']],
      ['OS', ['OS']],
    ]);
    expect(specification.covariates).toEqual(['age', 'stage']);
    expect(specification.split).toEqual({ kind: 'GIVEN', training: ['a', 'b', 'd'], validation: ['c'] });
    expect(specification.folds).toEqual({ kind: 'GIVEN', foldOf: { a: 1, b: 2, d: 1 } });
    expect(specification.sources).toMatchObject([
      { name: 'CT', repeats: [{ kind: 'WITHIN_READER', reader: 'later' }] },
    ]);
  });

  test('may be one, and need no column of subjects then', async () => {
    const text = data.replace('  subject: id\n', '');
    const { data: study } = await read(
      `${text}  sources: { X: { features: clinical.csv, columns: ['a*'] } }\ncovariates: []\n`,
    );
    expect(study.subjects).toEqual(['line 2', 'line 3', 'line 4', 'line 5']);
    expect(study.sources[0].features).toEqual(['X_age']);
    await expect(read(text + rest)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      details: { field: 'data.subject' },
    });
  });

  test.each([
    ['a missing table', data.replace('clinical', 'none'), 'FILE_UNREADABLE', /none\.csv/],
    ['a missing column', data.replace('os_time', 'death'), 'TABLE_COLUMN_MISSING', /death/],
    [
      'a level that is not listed',
      `${data}  covariates: { stage: { levels: [I, II] } }`,
      'TABLE_VALUE_INVALID',
      /line 4: stage is "III"/,
    ],
    [
      'text for a number',
      `${data}  covariates: { stage: { kind: NUMERIC } }`,
      'TABLE_VALUE_INVALID',
      /line 2: stage is "II"/,
    ],
    [
      'a split that is neither',
      `${data}split: { column: set, training: train, validation: other }`,
      'TABLE_VALUE_INVALID',
      /line 4: set is "test"/,
    ],
    [
      'a pattern that fits nothing',
      `${data}  sources: { CT: { features: ct.csv, columns: ['g*'] } }`,
      'TABLE_COLUMN_MISSING',
      /g\*/,
    ],
    ['a covariate that is not there', `${data}covariates: [weight]`, 'TABLE_COLUMN_MISSING', /weight/],
  ])('with %s fail by name', async (_, text, code, message) => {
    await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
