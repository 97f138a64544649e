import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import {
  type ExtractionProfile as EngineProfile,
  extractorVersion,
  parseProfile,
} from '../engine/radiomics/index.ts';
import { contentKey } from '../store/content-key.ts';
import { ExtractionProfile } from '../store/entities/extraction-profile.ts';
import { FeatureVector } from '../store/entities/feature-vector.ts';
import { decodeFeatures, encodeFeatures } from '../store/feature-values.ts';
import type { ExtractionCompleted, JobEventBody } from './job-event.ts';
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

/** Results are written together, this often at the least, so that the database does not set the pace. */
const flushMilliseconds = 150;

/**
 * Extracts the features of every region that has no vector under the profile yet. A region that fails is said and
 * left out; the others go on. Content that was extracted before is copied, not computed again.
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
  const profile = parseProfile(row.parameters, row.name);
  const { pending, finished } = await findRegions(run, specification);
  const total = pending.length + finished;
  let extracted = 0;
  let failed = 0;
  let known = finished;
  await run.emit({ type: 'JobProgress', stage: 'EXTRACTION', done: finished, total });

  let vectors: FeatureVector[] = [];
  let events: JobEventBody[] = [];
  let lastFlush = Date.now();
  let flushing = Promise.resolve();
  const flush = () => {
    const batch = { vectors, events, done: known + extracted + failed };
    vectors = [];
    events = [];
    lastFlush = Date.now();
    flushing = flushing.then(async () => {
      // Another job may have extracted the same region meanwhile: its row stands.
      await dataSource
        .createQueryBuilder()
        .insert()
        .into(FeatureVector)
        .values(batch.vectors)
        .orIgnore()
        .execute();
      await run.emit(...batch.events, { type: 'JobProgress', stage: 'EXTRACTION', done: batch.done, total });
    });
    return flushing;
  };

  const next = pending[Symbol.iterator]();
  const lane = async () => {
    for (const roi of next) {
      run.signal.throwIfAborted();
      const key = vectorKey(roi, row.parameters as object);
      const outcome = await extractRoi(run, roi, key, profile).catch((error: unknown) => {
        if (error instanceof Failure) return error;
        throw error;
      });
      if (outcome instanceof Failure) {
        failed++;
        events.push({ type: 'RoiFailed', roiId: roi.roi_id, failure: outcome.toJSON() });
      } else {
        if (outcome.reused) known++;
        else extracted++;
        const { features } = outcome;
        const vector = dataSource.manager.create(FeatureVector, {
          id: uuid(),
          patientId: roi.patient_id,
          roiId: roi.roi_id,
          profileId: row.id,
          contentKey: key,
          extractorVersion,
          values: encodeFeatures(features.values),
          diagnostics: features.diagnostics,
          warnings: [...features.warnings],
        });
        vectors.push(vector);
        events.push({
          type: 'RoiExtracted',
          roiId: roi.roi_id,
          featureVectorId: vector.id,
          reused: outcome.reused,
        });
      }
      if (Date.now() - lastFlush >= flushMilliseconds) await flush();
    }
  };
  // One lane more than there are threads keeps every thread busy while a finished region is written down.
  const lanes = await Promise.allSettled(Array.from({ length: run.threads.count + 1 }, lane));
  // What is done stays done, even when the job was interrupted.
  await flush();
  const interrupted = lanes.find((ended) => ended.status === 'rejected');
  if (interrupted) throw interrupted.reason;
  return { type: 'ExtractionCompleted', extracted, known, failed };
}

/** Equal keys have equal values: image, mask, label, settings and the extractor's version. */
function vectorKey(roi: PendingRoi, parameters: object): string {
  return contentKey(extractorVersion, roi.image_sha256, roi.mask_sha256, roi.label, parameters);
}

async function extractRoi(run: JobRun, roi: PendingRoi, key: string, profile: EngineProfile) {
  const same = await run.dataSource.getRepository(FeatureVector).findOneBy({ contentKey: key });
  if (same) {
    const { diagnostics, warnings } = same;
    return { reused: true, features: { values: decodeFeatures(same.values), diagnostics, warnings } };
  }
  const features = await run.threads.extract({
    image: { sha256: roi.image_sha256, path: run.objects.path(roi.image_sha256) },
    mask: { sha256: roi.mask_sha256, path: run.objects.path(roi.mask_sha256) },
    label: roi.label,
    profile,
  });
  return { reused: false, features };
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
