import { v7 as uuid } from 'uuid';
import { random } from '../../src/engine/statistics/random.ts';
import { FeatureVector, Outcome, Patient, Roi, Scan, StoredObject } from '../../src/store/entities/index.ts';
import { encodeFeatures } from '../../src/store/feature-values.ts';
import { insertNew } from '../../src/store/insert-new.ts';
import { createProfile } from '../../src/store/profiles.ts';
import type { TestServer } from './server.ts';
import { singleVoxel } from './single-voxel.ts';

/** A patient of `clinicalCohort` with all that a filter can ask for. */
export interface ClinicalPatient {
  readonly id: string;
  readonly subjectKey: string;
  readonly site: string | null;
  readonly covariates: Readonly<Record<string, number | string>>;
  readonly outcomes: readonly { readonly endpoint: string; readonly time: number; readonly event: boolean }[];
  readonly scans: readonly {
    readonly modality: string;
    readonly phase: string;
    readonly readers: readonly string[];
  }[];
}

export const clinicalCovariates = [
  { name: 'age', kind: 'NUMERIC', unit: 'years' },
  { name: 'afp', kind: 'NUMERIC' },
  { name: 'stage', kind: 'CATEGORICAL', levels: ['A', 'B', 'C'] },
  { name: 'o\'clock: "x"', kind: 'CATEGORICAL' },
] as const;

export const featureNames = ['f0', 'f1', 'f2'];

/** The hash that stands for any image or mask of the cohort. */
export const volumeHash = 'ab'.repeat(32);

/**
 * A cohort of patients with covariates, of which some are missing, outcomes, scans, regions and a feature vector a region, the
 * same for the same seed but for the identifiers.
 */
export async function clinicalCohort(
  server: TestServer,
  key: string,
  size: number,
  seed = 1,
): Promise<{ cohortId: string; patients: ClinicalPatient[] }> {
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation ($input: CreateCohortInput!) { createCohort(input: $input) { id } }',
    { input: { key, covariates: clinicalCovariates } },
  );
  const { manager } = server.nomograph.platform.dataSource;
  const stream = random(seed, 'clinical cohort');
  const chance = (p: number) => stream.uniform() < p;
  const one = <T>(of: readonly T[]): T => of[Math.floor(stream.uniform() * of.length)];
  const patients = Array.from({ length: size }, (_, n): ClinicalPatient => {
    const covariates: Record<string, number | string> = {};
    if (chance(0.9)) covariates.age = 40 + Math.floor(stream.uniform() * 10);
    if (chance(0.7)) covariates.afp = stream.normal() * 1e3;
    if (chance(0.8)) covariates.stage = one(['A', 'B', 'C']);
    if (chance(0.5)) covariates['o\'clock: "x"'] = one(["it's", 'ä', '']);
    return {
      id: uuid(),
      subjectKey: `${one(['p', 'P', 'é'])}${String((n * 37) % size).padStart(4, '0')}`,
      site: one(['north', 'south', null]),
      covariates,
      outcomes: ['OS', 'DFS']
        .filter(() => chance(0.8))
        .map((endpoint) => ({ endpoint, time: Math.round(stream.uniform() * 60), event: chance(0.5) })),
      scans: ['CT', 'MR']
        .flatMap((modality) => ['', 'ARTERIAL'].map((phase) => ({ modality, phase })))
        .filter(() => chance(0.5))
        .map((scan) => ({ ...scan, readers: ['r1', 'r2'].filter(() => chance(0.6)) })),
    };
  });
  await manager.upsert(StoredObject, singleVoxel(volumeHash), ['sha256']);
  const profile = await createProfile(manager, 'three features', { featureNames });
  const cohortId = createCohort.id;
  const placed = patients.flatMap(({ id: patientId, scans }) =>
    scans.map((scan) => ({ id: uuid(), patientId, ...scan })),
  );
  const regions = placed.flatMap(({ id: scanId, patientId, readers }) =>
    readers.map((reader) => ({ id: uuid(), scanId, patientId, reader })),
  );
  await insertNew(
    manager,
    Patient,
    patients.map(({ id, subjectKey, site, covariates }) => ({ id, cohortId, subjectKey, site, covariates })),
  );
  await insertNew(
    manager,
    Outcome,
    patients.flatMap(({ id: patientId, outcomes }) =>
      outcomes.map((outcome) => ({ id: uuid(), patientId, ...outcome })),
    ),
  );
  await insertNew(
    manager,
    Scan,
    placed.map(({ readers: _readers, ...scan }) => ({ ...scan, imageSha256: volumeHash })),
  );
  await insertNew(
    manager,
    Roi,
    regions.map(({ patientId: _patientId, ...roi }) => ({ ...roi, maskSha256: volumeHash, voxelCount: 9 })),
  );
  await insertNew(
    manager,
    FeatureVector,
    regions.map(({ id: roiId, patientId }) => ({
      id: uuid(),
      patientId,
      roiId,
      profileId: profile.id,
      contentKey: volumeHash,
      values: encodeFeatures(Float64Array.from(featureNames, () => stream.normal())),
      extractorVersion: 'test',
    })),
  );
  return { cohortId, patients };
}
