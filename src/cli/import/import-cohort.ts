import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../../engine/failure.ts';
import type { Warning } from '../../engine/warning.ts';
import type { Inspection } from '../../jobs/inspect.worker.ts';
import { objectRow } from '../../jobs/object-row.ts';
import type { Threads } from '../../jobs/threads.ts';
import type { AuditedChange, AuditLog } from '../../store/audit/audit-log.ts';
import { createCohort } from '../../store/cohorts.ts';
import { contentKey } from '../../store/content-key.ts';
import { type Cohort, FeatureVector, type Patient, StoredObject } from '../../store/entities/index.ts';
import { lockObjects } from '../../store/erasure/object-removal.ts';
import { encodeFeatures } from '../../store/feature-values.ts';
import { insertNew } from '../../store/insert-new.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import { addPatients } from '../../store/patients.ts';
import { createProfile } from '../../store/profiles.ts';
import { addRois, addScans } from '../../store/scans.ts';
import { commandPrincipal } from '../command-principal.ts';
import type { Manifest, ManifestRegion } from './manifest.ts';
import { type RegionVolumes, readRegionVolumes } from './region-volumes.ts';

interface ImportParts {
  readonly dataSource: DataSource;
  readonly objects: ObjectStore;
  readonly threads: Threads;
  readonly auditLog: AuditLog;
}

export interface ImportSummary {
  readonly cohortId: string;
  readonly cohort: string;
  readonly patients: number;
  readonly outcomes: number;
  readonly scans: number;
  readonly regions: number;
  /** The profile that names the imported features, where there are any. */
  readonly profile: string | null;
  readonly features: number;
}

/**
 * Brings a manifest into the store, all of it or nothing: every file is read and checked first, then all rows are
 * written in one transaction.
 */
export async function importCohort(
  parts: ImportParts,
  key: string,
  manifest: Manifest,
  onFile: (done: number, total: number) => void,
): Promise<ImportSummary> {
  const scratch = await mkdtemp(join(parts.objects.root, 'incoming-'));
  try {
    const volumes = await readRegionVolumes(parts.threads, manifest, scratch, onFile);
    const change: AuditedChange = {
      principal: commandPrincipal(),
      action: 'import',
      object: null,
      cohorts: new Set(),
      details: null,
    };
    return await parts.auditLog.during(change, () =>
      parts.dataSource.transaction(async (manager) => {
        const summary = await write(parts.objects, manager, key, manifest, volumes);
        const { cohortId: id, cohort: _key, profile: _profile, ...counts } = summary;
        change.object = { kind: 'Cohort', id };
        change.cohorts.add(id);
        change.details = counts;
        return summary;
      }),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function write(
  objects: ObjectStore,
  manager: EntityManager,
  key: string,
  manifest: Manifest,
  volumes: ReadonlyMap<ManifestRegion, RegionVolumes>,
): Promise<ImportSummary> {
  const cohort = await createCohort(manager, { key, covariates: manifest.covariates });
  const patients = await inBatches(manifest.patients, (batch) => addPatients(manager, cohort, batch));
  const { scans, regions } = await addFiles(manager, manifest, patients, volumes);
  const profile = manifest.features ? await addFeatures(manager, cohort, manifest.features, patients) : null;
  await lockObjects(
    manager,
    volumesOf(volumes).map(({ sha256 }) => sha256),
  );
  // Last, so that whatever the database refuses leaves no file behind.
  for (const { path, sha256 } of volumesOf(volumes)) await copyInto(objects, path, sha256);
  return {
    cohortId: cohort.id,
    cohort: cohort.key,
    patients: patients.length,
    outcomes: manifest.patients.reduce((sum, patient) => sum + patient.outcomes.length, 0),
    scans,
    regions,
    profile,
    features: manifest.features?.names.length ?? 0,
  };
}

function volumesOf(volumes: ReadonlyMap<ManifestRegion, RegionVolumes>): Inspection[] {
  return [...volumes.values()].flatMap(({ image, mask }) => (mask ? [image, mask] : [image]));
}

async function addFiles(
  manager: EntityManager,
  { regions }: Manifest,
  patients: readonly Patient[],
  volumes: ReadonlyMap<ManifestRegion, RegionVolumes>,
) {
  if (regions.length === 0) return { scans: 0, regions: 0 };
  const hash = (region: ManifestRegion) => (volumes.get(region) as RegionVolumes).image.sha256;
  await insertNew(manager, StoredObject, volumesOf(volumes).map(objectRow));
  const patientOf = new Map(patients.map((patient) => [patient.subjectKey, patient.id]));
  const scanKey = ({ subjectKey, modality, phase }: ManifestRegion) =>
    JSON.stringify([subjectKey, modality, phase]);
  const scans = new Map<string, ManifestRegion>();
  for (const region of regions) {
    const known = scans.get(scanKey(region));
    if (known && hash(known) !== hash(region)) {
      throw new Failure(
        'CONFLICT',
        `line ${region.line}: subject ${region.subjectKey} has another ${region.modality} ${region.phase} image on line ${known.line}`,
        {
          line: region.line,
          subject: region.subjectKey,
        },
      );
    }
    if (!known) scans.set(scanKey(region), region);
  }
  const stored = await inBatches([...scans.values()], (batch) =>
    addScans(
      manager,
      batch.map((region) => ({
        patientId: patientOf.get(region.subjectKey) as string,
        modality: region.modality,
        phase: region.phase,
        imageSha256: hash(region),
      })),
    ),
  );
  const scanIds = new Map([...scans.keys()].map((key, index) => [key, stored[index].id]));
  const drawn = regions.flatMap((region) => {
    const mask = volumes.get(region)?.mask;
    return mask ? [{ region, mask }] : [];
  });
  await inBatches(drawn, (batch) =>
    addRois(
      manager,
      batch.map(({ region, mask }) => ({
        scanId: scanIds.get(scanKey(region)) as string,
        lesion: region.lesion,
        reader: region.reader,
        session: region.session,
        label: region.label,
        maskSha256: mask.sha256,
      })),
    ),
  );
  return { scans: scans.size, regions: drawn.length };
}

/** Keeps imported features as vectors of patients under a profile of the cohort's own; returns the profile's name. */
async function addFeatures(
  manager: EntityManager,
  cohort: Cohort,
  features: NonNullable<Manifest['features']>,
  patients: readonly Patient[],
): Promise<string> {
  const profile = await createProfile(manager, `${cohort.key}-imported`, { featureNames: features.names });
  const vectors = patients.map((patient, index) => {
    const values = features.vectors[index];
    const undefinedNames = features.names.filter((_name, column) => Number.isNaN(values[column]));
    return {
      id: uuid(),
      patientId: patient.id,
      roiId: null,
      profileId: profile.id,
      contentKey: contentKey('imported', features.names, values),
      values: encodeFeatures(values),
      extractorVersion: 'imported',
      diagnostics: {},
      warnings: undefinedNames.map(
        (name): Warning => ({
          code: 'FEATURE_UNDEFINED',
          message: `${name} is missing in the imported table.`,
          subject: name,
        }),
      ),
    };
  });
  await inBatches(vectors, async (batch) => {
    await manager
      .createQueryBuilder()
      .insert()
      .into(FeatureVector)
      .values([...batch])
      .orIgnore()
      .execute();
    return [];
  });
  await requireSameVectors(manager, profile.id, vectors, patients);
  return profile.name;
}

async function requireSameVectors(
  manager: EntityManager,
  profileId: string,
  vectors: readonly { readonly patientId: string; readonly contentKey: string }[],
  patients: readonly Patient[],
): Promise<void> {
  const rows: { patient_id: string; content_key: string }[] = await manager.query(
    'select patient_id, content_key from feature_vector where profile_id = $1 and roi_id is null',
    [profileId],
  );
  const stored = new Map(rows.map((row) => [row.patient_id, row.content_key]));
  const changed = vectors.findIndex((vector) => stored.get(vector.patientId) !== vector.contentKey);
  if (changed < 0) return;
  const subject = patients[changed].subjectKey;
  throw new Failure('CONFLICT', `subject ${subject} has other imported features already`, { subject });
}

/** Statements have at most 65,535 parameters: writes go in batches. */
async function inBatches<T, R>(
  items: readonly T[],
  write: (batch: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const written: R[] = [];
  for (let start = 0; start < items.length; start += 1000)
    written.push(...(await write(items.slice(start, start + 1000))));
  return written;
}

async function copyInto(objects: ObjectStore, path: string, sha256: string): Promise<void> {
  if (await objects.has(sha256)) return;
  const temporary = join(objects.root, `incoming-${uuid()}`);
  try {
    await copyFile(path, temporary);
    await objects.keep(temporary, sha256);
  } finally {
    await rm(temporary, { force: true });
  }
}
