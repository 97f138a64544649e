import { setTimeout } from 'node:timers/promises';
import { Failure } from '../../engine/failure.ts';
import type { ExtractionSpecification } from '../../jobs/extraction.ts';
import { ExtractionLog } from '../../jobs/extraction-log.ts';
import type { ExtractionCompleted } from '../../jobs/job-event.ts';
import type { JobRun } from '../../jobs/job-run.ts';
import { type JobCode, jobCodes } from '../../jobs/worker.ts';
import { contentKey } from '../../store/content-key.ts';
import { ExtractionProfile } from '../../store/entities/extraction-profile.ts';
import type { JobKind } from '../../store/entities/job.ts';
import { MockFeatures, type MockRegion } from './mock-features.ts';

/** What the features of a mock are said to be extracted by. */
export const mockVersion = 'mock';

/** Regions between one `JobProgress` and the next. */
const groupSize = 20;

/**
 * The jobs of a mock. Fits and studies are the real ones, which give the same events at every run; extraction reads no image and
 * makes its values up, and tells of them in groups of one size. Before each event passes a pause of `pace` milliseconds, so that
 * a page can be seen to move.
 */
export function mockJobs(seed: number, pace: number): Readonly<Record<JobKind, JobCode>> {
  return {
    EXTRACTION: (run) => mockExtraction(run, seed, pace),
    COX_FIT: (run) => jobCodes.COX_FIT(paced(run, pace)),
    STUDY: (run) => jobCodes.STUDY(paced(run, pace)),
    COHORT_ERASURE: jobCodes.COHORT_ERASURE,
  };
}

/** The same run, one event at a time. */
function paced(run: JobRun, pace: number): JobRun {
  if (pace === 0) return run;
  return {
    ...run,
    emit: async (bodies, manager) => {
      for (const body of bodies) {
        await setTimeout(pace, undefined, { signal: run.signal });
        await run.emit([body], manager);
      }
    },
  };
}

interface PendingRegion extends MockRegion {
  readonly roiId: string;
  readonly patientId: string;
  readonly imageSha256: string;
  readonly maskSha256: string;
  readonly label: number;
  readonly hasVector: boolean;
}

async function mockExtraction(run: JobRun, seed: number, pace: number): Promise<ExtractionCompleted> {
  const { profileId, modality, phase, reader } = run.job.specification as ExtractionSpecification;
  const profile = await run.dataSource.getRepository(ExtractionProfile).findOneByOrFail({ id: profileId });
  const regions: PendingRegion[] = await run.dataSource.query(
    `select roi.id as "roiId", patient.id as "patientId", patient.subject_key as subject, scan.modality, scan.phase,
       roi.reader, roi.session, roi.label, scan.image_sha256 as "imageSha256", roi.mask_sha256 as "maskSha256",
       exists (select from feature_vector v where v.roi_id = roi.id and v.profile_id = $2) as "hasVector"
     from roi join scan on scan.id = roi.scan_id join patient on patient.id = scan.patient_id
     where patient.cohort_id = $1
       and ($3::text is null or scan.modality = $3) and ($4::text is null or scan.phase = $4)
       and ($5::text is null or roi.reader = $5)
     order by patient.subject_key collate "C", scan.modality, scan.phase, roi.lesion, roi.reader, roi.session`,
    [run.job.cohortId, profileId, modality ?? null, phase ?? null, reader ?? null],
  );
  if (regions.length === 0)
    throw new Failure('NOT_FOUND', 'no region of interest of the cohort matches the extraction', {});
  const pending = regions.filter(({ hasVector }) => !hasVector);
  const features = new MockFeatures(seed, profile.featureNames);
  const log = new ExtractionLog(run, profileId, regions.length - pending.length, regions.length, mockVersion);
  await log.begin();
  for (let start = 0; start < pending.length; start += groupSize) {
    const group = pending.slice(start, start + groupSize);
    for (const region of group) {
      const { roiId, patientId, imageSha256, maskSha256, label } = region;
      const key = contentKey(mockVersion, seed, imageSha256, maskSha256, label, profile.featureNames);
      log.add(roiId, patientId, key, { values: features.of(region), diagnostics: {}, warnings: [] }, false);
    }
    if (pace > 0) await setTimeout(pace * group.length, undefined, { signal: run.signal });
    await log.write();
  }
  return log.summary();
}
