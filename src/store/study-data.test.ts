import type { DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { singleVoxel } from '../../test/support/single-voxel.ts';
import type { SourceDefinition, StudySpecification } from '../engine/study/study-specification.ts';
import { studyDefaults } from '../engine/study/study-specification.ts';
import { createCohort } from './cohorts.ts';
import { createDataSource } from './data-source.ts';
import { FeatureVector, Roi, Scan, StoredObject } from './entities/index.ts';
import { encodeFeatures } from './feature-values.ts';
import { addPatients } from './patients.ts';
import { createProfile } from './profiles.ts';
import { loadStudyData, studyDataHash } from './study-data.ts';

const sha256 = 'ab'.repeat(32);
let database: TestDatabase;
let dataSource: DataSource;
let cohortId: string;
let profileId: string;
const patientIds = new Map<string, string>();

/** What a feature's value says: which patient, phase, reading and feature. */
const numberOf = (subject: string, phase: string, reader: string, session: number, feature: number) =>
  Number(subject.slice(1)) * 1000 +
  (phase === 'VENOUS' ? 100 : 0) +
  (reader === 'b' ? 20 : 0) +
  session * 2 +
  feature;

async function addScan(subject: string, modality: string, phase: string): Promise<string> {
  const id = uuid();
  const patientId = patientIds.get(subject) as string;
  await dataSource.manager.insert(Scan, { id, patientId, modality, phase, imageSha256: sha256 });
  return id;
}

async function addReading(
  subject: string,
  scanId: string,
  phase: string,
  reader: string,
  session = 1,
  lesion = '1',
) {
  const roiId = uuid();
  await dataSource.manager.insert(Roi, {
    id: roiId,
    scanId,
    reader,
    session,
    lesion,
    maskSha256: sha256,
    voxelCount: 9,
  });
  await dataSource.manager.insert(FeatureVector, {
    id: uuid(),
    patientId: patientIds.get(subject) as string,
    roiId,
    profileId,
    contentKey: sha256,
    values: encodeFeatures(
      Float64Array.from([0, 1], (feature) => numberOf(subject, phase, reader, session, feature)),
    ),
    extractorVersion: 'test',
  });
}

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource(database.url).initialize();
  const { manager } = dataSource;
  const cohort = await createCohort(manager, {
    key: 'c',
    covariates: [
      { name: 'age', kind: 'NUMERIC' },
      { name: 'sex', kind: 'CATEGORICAL', levels: ['f', 'm'] },
      { name: 'spare', kind: 'NUMERIC' },
    ],
  });
  cohortId = cohort.id;
  const patients = await addPatients(
    manager,
    cohort,
    // Not in the order of their keys; P3 has no covariate and no OS.
    ['P3', 'P1', 'P2', 'P4'].map((subjectKey) => ({
      subjectKey,
      covariates: subjectKey === 'P3' ? {} : { age: 50 + Number(subjectKey.slice(1)), sex: 'm', spare: 1 },
      outcomes: [
        { endpoint: 'DFS', time: Number(subjectKey.slice(1)), timeUnit: 'MONTHS' as const, event: true },
        ...(subjectKey === 'P3'
          ? []
          : [{ endpoint: 'OS', time: 9, timeUnit: 'MONTHS' as const, event: false }]),
        {
          endpoint: 'MIXED',
          time: 9,
          timeUnit: subjectKey === 'P1' ? ('DAYS' as const) : ('MONTHS' as const),
          event: false,
        },
      ],
    })),
  );
  for (const patient of patients) patientIds.set(patient.subjectKey, patient.id);
  profileId = (await createProfile(manager, 'two', { featureNames: ['x', 'y'] })).id;
  await manager.insert(StoredObject, singleVoxel(sha256));
  // P4 has no scan at all, P2 no venous phase.
  for (const subject of ['P1', 'P2', 'P3'])
    for (const phase of subject === 'P2' ? ['ARTERIAL'] : ['ARTERIAL', 'VENOUS']) {
      const scan = await addScan(subject, 'CT', phase);
      await addReading(subject, scan, phase, 'a');
      // P3 was read again, once by each; P1 by the second reader in one phase alone.
      if (subject === 'P3') await addReading(subject, scan, phase, 'a', 2);
      if (subject === 'P3' || (subject === 'P1' && phase === 'VENOUS'))
        await addReading(subject, scan, phase, 'b');
    }
  const mr = await addScan('P1', 'MR', '');
  await addReading('P1', mr, '', 'a');
  await addReading('P1', mr, '', 'a', 1, '2');
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const ct: SourceDefinition = {
  name: 'CT',
  profile: 'two',
  modality: 'CT',
  phases: ['VENOUS', 'ARTERIAL'],
  reader: 'a',
  session: 1,
  lesion: null,
  repeats: [
    { kind: 'WITHIN_READER', reader: null, session: 2 },
    { kind: 'BETWEEN_READERS', reader: 'b', session: null },
    { kind: 'BETWEEN_READERS', reader: 'nobody', session: null },
  ],
};
const mr: SourceDefinition = { ...ct, name: 'MR', modality: 'MR', phases: [], lesion: '2', repeats: [] };
const specification: StudySpecification = {
  ...studyDefaults,
  sources: [ct, mr, { ...mr, name: 'PT', modality: 'PT' }],
  covariates: ['sex'],
  exclusions: [{ reason: 'young', covariate: 'age', equals: [51], withoutSource: null }],
};
const load = (more: Partial<StudySpecification> = {}, patientId: string | null = null) =>
  loadStudyData(dataSource, cohortId, { ...specification, ...more }, patientId);

test('patients by their keys, outcomes and covariates with what is missing, those of the exclusions too', async () => {
  const { data, patientIds: ids } = await load();
  expect(data.subjects).toEqual(['P1', 'P2', 'P3', 'P4']);
  expect(ids).toEqual(data.subjects.map((subject) => patientIds.get(subject)));
  expect(data.outcomes).toEqual([
    {
      name: 'DFS',
      timeUnit: 'MONTHS',
      time: Float64Array.of(1, 2, 3, 4),
      event: Uint8Array.of(1, 1, 1, 1),
    },
    {
      name: 'OS',
      timeUnit: 'MONTHS',
      time: Float64Array.of(9, 9, Number.NaN, 9),
      event: new Uint8Array(4),
    },
  ]);
  expect(data.covariates).toEqual([
    { name: 'sex', kind: 'CATEGORICAL', levels: ['f', 'm'], codes: Int32Array.of(1, 1, -1, 1) },
    { name: 'age', kind: 'NUMERIC', values: Float64Array.of(51, 52, Number.NaN, 54) },
  ]);
});

test('a column a feature and phase, in shared memory; who lacks a phase is not present', async () => {
  const { data } = await load();
  expect(data.sources.map(({ name }) => name)).toEqual(['CT', 'MR']);
  const [source, lesion] = data.sources;
  expect(source.features).toEqual(['CT_VENOUS_x', 'CT_VENOUS_y', 'CT_ARTERIAL_x', 'CT_ARTERIAL_y']);
  expect(source.values.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(source.present).toEqual(Uint8Array.of(1, 0, 1, 0));
  const expected = ['VENOUS', 'VENOUS', 'ARTERIAL', 'ARTERIAL'].flatMap((phase, j) => [
    numberOf('P1', phase, 'a', 1, j % 2),
    Number.NaN,
    numberOf('P3', phase, 'a', 1, j % 2),
    Number.NaN,
  ]);
  expect([...source.values]).toEqual(expected);
  expect(lesion.features).toEqual(['MR_x', 'MR_y']);
  expect([...lesion.present]).toEqual([1, 0, 0, 0]);
});

test('repeated readings hold those who were read again in every phase', async () => {
  const [{ repeats }] = (await load()).data.sources;
  expect(repeats.map(({ name, rows }) => [name, [...rows]])).toEqual([
    ['a, session 2', [2]],
    ['b, session 1', [2]],
    ['nobody, session 1', []],
  ]);
  expect([...repeats[1].values]).toEqual(
    ['VENOUS', 'VENOUS', 'ARTERIAL', 'ARTERIAL'].map((phase, j) => numberOf('P3', phase, 'b', 1, j % 2)),
  );
});

test('one patient alone', async () => {
  const { data, patientIds: ids } = await load({}, patientIds.get('P3'));
  expect(ids).toEqual([patientIds.get('P3')]);
  expect(data.subjects).toEqual(['P3']);
  expect([...data.outcomes[0].time]).toEqual([3]);
  expect(data.sources.map(({ name }) => name)).toEqual(['CT']);
  expect(data.sources[0].values[0]).toBe(numberOf('P3', 'VENOUS', 'a', 1, 0));
});

test('the hash is of the values: the same for the same, another for any other', async () => {
  const { data } = await load();
  const hash = studyDataHash(data);
  expect(studyDataHash((await load({ seed: 99 })).data)).toBe(hash);
  const [source] = data.sources;
  source.values[0] += 2 ** -40;
  expect(studyDataHash(data)).not.toBe(hash);
  expect(studyDataHash((await load({ covariates: ['spare'] })).data)).not.toBe(hash);
});

test.each<[string, Partial<StudySpecification>, string, object]>([
  [
    'several vectors a patient',
    { sources: [{ ...mr, lesion: null }] },
    'INPUT_INVALID',
    { source: 'MR', subject: 'P1' },
  ],
  [
    'a profile that is not there',
    { sources: [{ ...ct, profile: 'none' }] },
    'NOT_FOUND',
    { profile: 'none' },
  ],
  [
    'features of one name',
    { sources: [ct, { ...ct, phases: ['ARTERIAL'] }] },
    'INPUT_INVALID',
    { feature: 'CT_ARTERIAL_x' },
  ],
  ['a covariate that is not there', { covariates: ['bmi'] }, 'COVARIATE_INVALID', { covariate: 'bmi' }],
  [
    'times in several units',
    { endpoints: [{ name: 'E', outcomes: ['MIXED'], origin: null, landmark: 0 }] },
    'INPUT_INVALID',
    { endpoint: 'MIXED' },
  ],
])('refuses %s', async (_what, more, code, details) => {
  await expect(load(more)).rejects.toMatchObject({ code, details });
});
