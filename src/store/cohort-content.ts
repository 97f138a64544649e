import { createHash } from 'node:crypto';
import { type DataSource, In } from 'typeorm';
import { jsonHash } from './content-key.ts';
import { Cohort } from './entities/cohort.ts';

/** What a version of a cohort says of its data. */
export interface CohortContent {
  readonly contentHash: string;
  readonly patientCount: number;
  readonly scanCount: number;
  readonly roiCount: number;
}

interface PatientContent {
  readonly subject: string;
  readonly scans: readonly { readonly rois: readonly unknown[] }[];
}

/** Patients at once: a batch is some hundred kilobytes. */
const batchSize = 1000;

/** What there is to say of one cohort. */
export async function readCohortContent(dataSource: DataSource, cohortId: string): Promise<CohortContent> {
  const content = (await readCohortContents(dataSource, [cohortId])).get(cohortId);
  if (!content) throw new Error(`there is no cohort ${cohortId}`);
  return content;
}

/**
 * SHA-256 over the covariates' definitions and, patient by patient in the order of the subject keys' code points, the site,
 * covariates, outcomes, scans with their images' hashes, and regions with their masks' hashes. Identifiers and times of
 * creation do not count, so that equal data have equal hashes in any database. All is read as of one moment, by a statement a batch
 * of patients, however many cohorts they are of.
 */
export function readCohortContents(
  dataSource: DataSource,
  cohortIds: readonly string[],
): Promise<Map<string, CohortContent>> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const cohorts = await manager.find(Cohort, {
      select: { id: true, covariates: true },
      where: { id: In([...cohortIds]) },
    });
    const tallies = new Map(cohorts.map(({ id, covariates }) => [id, new Tally(covariates)]));
    await manager.query(declareContents, [cohortIds]);
    for (;;) {
      const batch: (PatientContent & { cohort: string })[] = await manager.query(
        `fetch ${batchSize} from contents`,
      );
      for (const { cohort, ...patient } of batch) tallies.get(cohort)?.add(patient);
      if (batch.length < batchSize) break;
    }
    return new Map([...tallies].map(([id, tally]) => [id, tally.content()]));
  });
}

class Tally {
  readonly #hash = createHash('sha256');
  #patientCount = 0;
  #scanCount = 0;
  #roiCount = 0;

  constructor(covariates: Cohort['covariates']) {
    this.#hash.update(jsonHash(covariates));
  }

  add(patient: PatientContent): void {
    this.#hash.update(jsonHash(patient));
    this.#patientCount++;
    this.#scanCount += patient.scans.length;
    for (const { rois } of patient.scans) this.#roiCount += rois.length;
  }

  content(): CohortContent {
    return {
      contentHash: this.#hash.digest('hex'),
      patientCount: this.#patientCount,
      scanCount: this.#scanCount,
      roiCount: this.#roiCount,
    };
  }
}

const declareContents = `
  declare contents no scroll cursor for
  select patient.cohort_id as cohort, patient.subject_key as subject, patient.site, patient.covariates,
    array(select jsonb_build_array(endpoint, time, time_unit, event) from outcome
      where patient_id = patient.id order by endpoint collate "C") as outcomes,
    array(select jsonb_build_object('modality', modality, 'phase', phase, 'image', image_sha256, 'rois',
        (select coalesce(jsonb_agg(jsonb_build_array(lesion, reader, session, label, mask_sha256)
          order by lesion collate "C", reader collate "C", session), '[]') from roi where scan_id = scan.id))
      from scan where patient_id = patient.id order by modality collate "C", phase collate "C") as scans
  from patient where cohort_id = any ($1) order by cohort_id, subject_key collate "C"`;
