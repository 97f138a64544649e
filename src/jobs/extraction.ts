import { Failure } from '../engine/failure.ts';
import {
  type ConventionalProfile,
  extractorVersion,
  parseParameters,
  profileFeatureNames,
} from '../engine/radiomics/index.ts';
import { contentKey } from '../store/content-key.ts';
import { ExtractionProfile } from '../store/entities/extraction-profile.ts';
import { FeatureVector } from '../store/entities/feature-vector.ts';
import { decodeFeatures } from '../store/feature-values.ts';
import type { ExtractedFeatures } from './extract.worker.ts';
import { ExtractionLog } from './extraction-log.ts';
import type { ExtractionCompleted } from './job-event.ts';
import type { JobRun } from './job-run.ts';

/** Which regions of a cohort to extract, and how. Absent filters take every region. */
export interface ExtractionSpecification {
  readonly profileId: string;
  readonly modality?: string;
  readonly phase?: string;
  readonly reader?: string;
}

interface PendingRoi {
  readonly roi_id: string;
  readonly patient_id: string;
  readonly image_sha256: string;
  readonly mask_sha256: string;
  readonly label: number;
}

/**
 * Extracts the features of every region that has no vector under the profile yet. A region that fails is said and
 * left out; the others go on. The same content is computed once, in this job or before, and copied to each of its regions.
 */
export async function runExtraction(
  run: JobRun,
  specification: ExtractionSpecification,
): Promise<ExtractionCompleted> {
  const { dataSource } = run;
  const row = await dataSource.getRepository(ExtractionProfile).findOneBy({ id: specification.profileId });
  if (!row?.parameters) {
    throw new Failure(
      'PROFILE_INVALID',
      `profile ${row?.name ?? specification.profileId} holds imported features and cannot extract`,
    );
  }
  const profile = parseParameters(row.parameters, row.name);
  const { pending, finished } = await findRegions(run, specification);
  const byContent = Map.groupBy(pending, (roi) => vectorKey(roi, row));
  const places = placesOf(profile, row);
  const known = await knownVectors(run, [...byContent.keys()]);
  const log = new ExtractionLog(run, row.id, finished, pending.length + finished);
  await log.begin();

  const next = byContent.entries();
  const lane = async () => {
    for (const [key, rois] of next) {
      run.signal.throwIfAborted();
      const vectorId = known.get(key);
      const features = await (vectorId
        ? readFeatures(run, vectorId)
        : compute(run, rois[0], profile, places)
      ).catch((error: unknown) => {
        if (error instanceof Failure) return error;
        throw error;
      });
      rois.forEach((roi, index) => {
        if (features instanceof Failure) log.addFailure(roi.roi_id, features);
        else log.add(roi.roi_id, roi.patient_id, key, features, vectorId !== undefined || index > 0);
      });
      await log.writeIfDue();
    }
  };
  // One lane more than there are threads keeps every thread busy while a finished region is written down.
  const lanes = await Promise.allSettled(Array.from({ length: run.threads.count + 1 }, lane));
  const interrupted = lanes.find((ended) => ended.status === 'rejected');
  if (interrupted) throw interrupted.reason;
  await log.write();
  return log.summary();
}

/** Equal keys have equal values in equal order: image, mask, label, settings, names and the extractor's version. */
function vectorKey(roi: PendingRoi, { parameters, featureNames }: ExtractionProfile): string {
  return contentKey(
    extractorVersion,
    roi.image_sha256,
    roi.mask_sha256,
    roi.label,
    parameters as object,
    featureNames,
  );
}

/**
 * Where the extractor's values stand for each of the row's names. PostgreSQL keeps the keys of settings in an order of
 * its own, so that the extractor may take classes and images in another order than when the profile was created.
 */
function placesOf(profile: ConventionalProfile, row: ExtractionProfile): Int32Array {
  const places = new Map(profileFeatureNames(profile).map((name, place) => [name, place]));
  return Int32Array.from(row.featureNames, (name) => {
    const place = places.get(name);
    if (place === undefined) throw new Error(`profile ${row.name} names ${name}, which it does not extract`);
    return place;
  });
}

/** A vector for each of the keys that has one, in whatever cohort. */
async function knownVectors(run: JobRun, keys: readonly string[]): Promise<Map<string, string>> {
  const rows: { content_key: string; id: string }[] = await run.dataSource.query(
    'select distinct on (content_key) content_key, id from feature_vector where content_key = any ($1) order by content_key, id',
    [keys],
  );
  return new Map(rows.map((row) => [row.content_key, row.id]));
}

async function readFeatures({ dataSource }: JobRun, id: string): Promise<ExtractedFeatures> {
  const { values, diagnostics, warnings } = await dataSource
    .getRepository(FeatureVector)
    .findOneByOrFail({ id });
  return { values: decodeFeatures(values), diagnostics, warnings };
}

async function compute(
  { threads, objects }: JobRun,
  roi: PendingRoi,
  profile: ConventionalProfile,
  places: Int32Array,
): Promise<ExtractedFeatures> {
  const features = await threads.extract({
    image: { sha256: roi.image_sha256, path: objects.path(roi.image_sha256) },
    mask: { sha256: roi.mask_sha256, path: objects.path(roi.mask_sha256) },
    label: roi.label,
    profile,
  });
  return { ...features, values: Float64Array.from(places, (place) => features.values[place]) };
}

/** The cohort's regions that match, those without a vector in the order of their images so that a decoded image is used again. */
async function findRegions(run: JobRun, { profileId, modality, phase, reader }: ExtractionSpecification) {
  const rows: (PendingRoi & { has_vector: boolean })[] = await run.dataSource.query(
    `select roi.id as roi_id, scan.patient_id, scan.image_sha256, roi.mask_sha256, roi.label,
       exists (select from feature_vector v where v.roi_id = roi.id and v.profile_id = $2) as has_vector
     from roi join scan on scan.id = roi.scan_id join patient on patient.id = scan.patient_id
     where patient.cohort_id = $1
       and ($3::text is null or scan.modality = $3) and ($4::text is null or scan.phase = $4)
       and ($5::text is null or roi.reader = $5)
     order by scan.id, roi.id`,
    [run.job.cohortId, profileId, modality ?? null, phase ?? null, reader ?? null],
  );
  if (rows.length === 0)
    throw new Failure('NOT_FOUND', 'no region of interest of the cohort matches the extraction', {});
  const pending = rows.filter((row) => !row.has_vector);
  return { pending, finished: rows.length - pending.length };
}
