import type { QueryDeepPartialEntity } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { FeatureVector, Roi, Scan, StoredObject } from '../../src/store/entities/index.ts';
import { encodeFeatures } from '../../src/store/feature-values.ts';
import { createProfile } from '../../src/store/profiles.ts';
import type { TestServer } from './server.ts';
import { singleVoxel } from './single-voxel.ts';
import type { StudyFixture } from './study-fixture.ts';

const sha256 = 'cd'.repeat(32);

/** Where the fixture's sources come from in the store. */
export const studySources = ['CT', 'MR'].map((modality) => ({
  name: modality,
  profile: `features of ${modality}`,
  modality,
  reader: 'r1',
  session: 1,
  repeats: [{ kind: 'BETWEEN_READERS', reader: 'r2' }],
}));

/**
 * A fixture's study as a cohort of the server: patients and outcomes by the graph, features as if they had been
 * extracted. Gives the cohort's id, and the patients' ids by subject key.
 */
export async function cohortOfStudy(
  server: TestServer,
  key: string,
  { data }: StudyFixture,
): Promise<{ cohortId: string; patientIds: ReadonlyMap<string, string> }> {
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation ($input: CreateCohortInput!) { createCohort(input: $input) { id } }',
    {
      input: {
        key,
        covariates: data.covariates.map((column) => ({
          name: column.name,
          kind: column.kind,
          ...(column.kind === 'CATEGORICAL' && { levels: column.levels }),
        })),
      },
    },
  );
  const cohortId = createCohort.id;
  const patients = data.subjects.map((subjectKey, row) => ({
    subjectKey,
    covariates: data.covariates.map((column) =>
      column.kind === 'NUMERIC'
        ? { name: column.name, number: column.values[row] }
        : { name: column.name, level: column.levels[column.codes[row]] },
    ),
    outcomes: data.outcomes.map(({ name, time, event }) => ({
      endpoint: name,
      time: time[row],
      event: event[row] === 1,
    })),
  }));
  const { addPatients } = await server.client.run<{ addPatients: { id: string; subjectKey: string }[] }>(
    'mutation ($cohortId: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $cohortId, patients: $patients) { id subjectKey } }',
    { cohortId, patients },
  );
  const ids = addPatients.map(({ id }) => id);
  const { manager } = server.nomograph.platform.dataSource;
  await manager.upsert(StoredObject, singleVoxel(sha256), ['sha256']);
  for (const source of data.sources) {
    const featureNames = source.features.map((name) => name.slice(source.name.length + 1));
    const profile = await createProfile(manager, `features of ${source.name}`, { featureNames });
    const scans = ids.map((patientId) => ({
      id: uuid(),
      patientId,
      modality: source.name,
      imageSha256: sha256,
    }));
    const rois: QueryDeepPartialEntity<Roi>[] = [];
    const vectors: QueryDeepPartialEntity<FeatureVector>[] = [];
    const read = (reader: string, row: number, from: Float64Array, rows: number, place: number) => {
      const roiId = uuid();
      rois.push({ id: roiId, scanId: scans[row].id, reader, maskSha256: sha256, voxelCount: 9 });
      const values = Float64Array.from(featureNames, (_name, feature) => from[feature * rows + place]);
      vectors.push({
        id: uuid(),
        patientId: ids[row],
        roiId,
        profileId: profile.id,
        contentKey: sha256,
        values: encodeFeatures(values),
        extractorVersion: 'test',
      });
    };
    for (const row of ids.keys()) read('r1', row, source.values, ids.length, row);
    for (const { rows, values } of source.repeats)
      for (const [place, row] of rows.entries()) read('r2', row, values, rows.length, place);
    await manager.insert(Scan, scans);
    await manager.insert(Roi, rois);
    await manager.insert(FeatureVector, vectors);
  }
  return { cohortId, patientIds: new Map(addPatients.map(({ id, subjectKey }) => [subjectKey, id])) };
}

/** Creates a study; gives its id. */
export async function createStudy(server: TestServer, input: object): Promise<string> {
  const { createStudy: study } = await server.client.run<{ createStudy: { id: string } }>(
    'mutation ($input: StudyInput!) { createStudy(input: $input) { id } }',
    { input },
  );
  return study.id;
}

/** Starts a study; gives the job's id. */
export async function startStudy(server: TestServer, id: string): Promise<string> {
  const { runStudy } = await server.client.run<{ runStudy: { id: string } }>(
    'mutation ($id: ID!) { runStudy(id: $id) { id } }',
    { id },
  );
  return runStudy.id;
}
