import { Piscina } from 'piscina';
import type { SyntheticCohort } from '../../synthetic/cohort.ts';
import { ProgressBar } from '../progress-bar.ts';
import type { GraphClient } from './graph-client.ts';
import * as operations from './operations.ts';
import type { SynthesiseTask, SyntheticScanFiles } from './synthesise.worker.ts';

interface CohortScans {
  readonly cohort: {
    readonly id: string;
    readonly patients: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly edges: readonly { readonly node: KnownPatient }[];
    };
  };
}

export interface KnownPatient {
  readonly id: string;
  readonly subjectKey: string;
  readonly scans: readonly {
    readonly modality: string;
    readonly phase: string;
    readonly rois: readonly object[];
  }[];
}

const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** Uploads at the same time; more do not go faster on one machine. */
const lanes = 4;

/**
 * Brings a synthetic cohort into the graph as any client would: the cohort, its patients with covariates and outcomes, the
 * image and mask files by tus, then scans and regions that refer to them. What is there already is left out. Returns the cohort's id.
 */
export async function uploadCohort(
  client: GraphClient,
  key: string,
  cohort: SyntheticCohort,
): Promise<string> {
  const cohortId = await createSyntheticCohort(client, key, cohort);
  const known = await knownPatients(client, key);
  const missing = cohort.patients.flatMap(({ subject, scans }, index) => {
    const patient = known.get(subject) as KnownPatient;
    const regions = patient.scans.reduce((sum, scan) => sum + scan.rois.length, 0);
    const wanted = scans.reduce((sum, scan) => sum + scan.rois.length, 0);
    return patient.scans.length === scans.length && regions === wanted
      ? []
      : [{ index, patientId: patient.id }];
  });
  const bar = new ProgressBar('Drawing and uploading', 'patients');
  let done = cohort.patients.length - missing.length;
  bar.update(done, cohort.patients.length);
  if (missing.length === 0) return cohortId;
  const threads = new Piscina<SynthesiseTask, SyntheticScanFiles[]>({
    filename: new URL(`./synthesise.worker${extension}`, import.meta.url).href,
    maxThreads: 2,
  });
  try {
    const next = missing[Symbol.iterator]();
    const lane = async () => {
      for (const { index, patientId } of next) {
        const scans = await threads.run({ seed: cohort.seed, patients: cohort.patients.length, index });
        await uploadScans(client, patientId, scans);
        bar.update(++done, cohort.patients.length);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    await threads.destroy();
  }
  return cohortId;
}

/** Creates a synthetic cohort with its patients, covariates and outcomes, and without scans; returns its id. */
export async function createSyntheticCohort(
  client: GraphClient,
  key: string,
  cohort: SyntheticCohort,
): Promise<string> {
  const { createCohort } = await client.run<{ createCohort: { id: string } }>(operations.createCohort, {
    input: {
      key,
      name: `Synthetic HCC, ${cohort.patients.length} patients`,
      description: cohort.description,
      covariates: cohort.covariates.map(({ levels, unit, ...covariate }) => ({
        ...covariate,
        ...(unit && { unit }),
        ...(levels.length > 0 && { levels }),
      })),
    },
  });
  await addPatients(client, createCohort.id, cohort);
  return createCohort.id;
}

async function addPatients(client: GraphClient, cohortId: string, cohort: SyntheticCohort): Promise<void> {
  const kinds = new Map(cohort.covariates.map(({ name, kind }) => [name, kind]));
  const patients = cohort.patients.map(({ subject, covariates, outcomes }) => ({
    subjectKey: subject,
    covariates: Object.entries(covariates).map(([name, value]) =>
      kinds.get(name) === 'NUMERIC' ? { name, number: value } : { name, level: value },
    ),
    outcomes: Object.entries(outcomes).map(([endpoint, { time, event }]) => ({
      endpoint,
      time,
      event: Boolean(event),
    })),
  }));
  for (let start = 0; start < patients.length; start += 1000) {
    await client.run(operations.addPatients, { cohortId, patients: patients.slice(start, start + 1000) });
  }
}

/** The patients of a cohort by subject key. */
export async function knownPatients(client: GraphClient, key: string): Promise<Map<string, KnownPatient>> {
  const known = new Map<string, KnownPatient>();
  for (let after: string | null = null; ; ) {
    const { cohort }: CohortScans = await client.run(operations.cohortScans, { key, after });
    for (const { node } of cohort.patients.edges) known.set(node.subjectKey, node);
    if (!cohort.patients.pageInfo.hasNextPage) return known;
    after = cohort.patients.pageInfo.endCursor;
  }
}

async function uploadScans(
  client: GraphClient,
  patientId: string,
  scans: readonly SyntheticScanFiles[],
): Promise<void> {
  const files = scans.flatMap((scan) => [scan.image, ...scan.rois.map((roi) => roi.mask)]);
  const { objects } = await client.run<{ objects: { sha256: string }[] }>(operations.knownObjects, {
    sha256: [...new Set(files.map((file) => file.sha256))],
  });
  const stored = new Set(objects.map((object) => object.sha256));
  for (const { bytes, name, sha256 } of files) {
    if (!stored.has(sha256)) await client.upload(bytes, name, sha256);
    stored.add(sha256);
  }
  const { addScans } = await client.run<{ addScans: { id: string }[] }>(operations.addScans, {
    scans: scans.map(({ modality, phase, image }) => ({
      patientId,
      modality,
      phase,
      imageSha256: image.sha256,
    })),
  });
  await client.run(operations.addRois, {
    rois: scans.flatMap((scan, index) =>
      scan.rois.map(({ reader, session, mask }) => ({
        scanId: addScans[index].id,
        reader,
        session,
        maskSha256: mask.sha256,
      })),
    ),
  });
}
