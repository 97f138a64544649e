import type { Nomograph } from '../../server.ts';
import { contentKey } from '../../store/content-key.ts';
import { StoredObject } from '../../store/entities/index.ts';
import { insertNew } from '../../store/insert-new.ts';
import { type SyntheticCohort, syntheticCohort } from '../../synthetic/cohort.ts';
import { followJob } from '../demo/follow-job.ts';
import type { GraphClient } from '../demo/graph-client.ts';
import * as operations from '../demo/operations.ts';
import { createSyntheticCohort, type KnownPatient, knownPatients } from '../demo/upload-cohort.ts';

/** The cohort that a mock begins with. */
export const mockCohortKey = 'mock';

const voxelCount = 1_000;

/**
 * Brings the synthetic cohort of a seed into the graph, with scans and regions whose files nobody ever made, then its features and a
 * completed study, by jobs like any other.
 */
export async function fillMock(
  { platform }: Nomograph,
  client: GraphClient,
  seed: number,
  patients: number,
): Promise<void> {
  const cohort = syntheticCohort({ seed, patients });
  const cohortId = await createSyntheticCohort(client, mockCohortKey, cohort);
  const known = await knownPatients(client, mockCohortKey);
  const scans = cohort.patients.flatMap(({ subject, scans }) =>
    scans.map(({ modality, phase, rois }) => ({
      patientId: (known.get(subject) as KnownPatient).id,
      modality,
      phase,
      imageSha256: hashOf(seed, subject, modality, phase),
      rois: rois.map(({ reader, session }) => ({
        reader,
        session,
        maskSha256: hashOf(seed, subject, modality, phase, reader, session),
      })),
    })),
  );
  const hashes = scans.flatMap(({ imageSha256, rois }) => [
    imageSha256,
    ...rois.map(({ maskSha256 }) => maskSha256),
  ]);
  await inBatches(hashes, async (batch) => {
    await insertNew(platform.dataSource.manager, StoredObject, batch.map(objectOf));
  });
  const ids: string[] = [];
  await inBatches(scans, async (batch) => {
    const { addScans } = await client.run<{ addScans: { id: string }[] }>(operations.addScans, {
      scans: batch.map(({ rois: _rois, ...scan }) => scan),
    });
    ids.push(...addScans.map(({ id }) => id));
  });
  const rois = scans.flatMap(({ rois }, index) => rois.map((roi) => ({ scanId: ids[index], ...roi })));
  await inBatches(rois, (batch) => client.run(operations.addRois, { rois: batch }));
  const { extractFeatures } = await client.run<Started>(operations.extractFeatures, { input: { cohortId } });
  await followJob(client, extractFeatures.id, () => {});
  const { createStudy } = await client.run<Started>(operations.createStudy, {
    input: studyOf(cohort, cohortId),
  });
  const { runStudy } = await client.run<Started>(operations.runStudy, { id: createStudy.id });
  await followJob(client, runStudy.id, () => {});
}

type Started = Record<'extractFeatures' | 'createStudy' | 'runStudy', { readonly id: string }>;

function studyOf(cohort: SyntheticCohort, cohortId: string): object {
  const subjects = (group: string) =>
    cohort.patients.filter((patient) => patient.group === group).map(({ subject }) => subject);
  return {
    cohortId,
    name: 'CT and MR radiomics',
    sources: ['CT', 'MR'].map((modality) => ({
      name: modality,
      modality,
      phases: ['VENOUS'],
      reader: 'reader-1',
      session: 1,
      repeats: [
        { kind: 'WITHIN_READER', session: 2 },
        { kind: 'BETWEEN_READERS', reader: 'reader-2' },
      ],
    })),
    covariates: cohort.covariates.map(({ name }) => name),
    split: { given: { training: subjects('TRAINING'), validation: subjects('VALIDATION') } },
    replicates: 20,
  };
}

/** The hash of a file that is not there: nothing reads it. */
function hashOf(...labels: readonly (string | number)[]): string {
  return contentKey('mock file', ...labels);
}

/** The same small volume for every image and mask. */
function objectOf(sha256: string) {
  return {
    sha256,
    byteLength: 20_480,
    format: 'NIFTI1',
    size: [64, 64, 16],
    spacing: [1.5, 1.5, 5],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    voxelType: 'INT16',
    labels: { 1: voxelCount },
  };
}

async function inBatches<T>(items: readonly T[], write: (batch: readonly T[]) => Promise<unknown>) {
  for (let start = 0; start < items.length; start += 1000) await write(items.slice(start, start + 1000));
}
