import { createHash } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
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

/**
 * SHA-256 over the covariates' definitions and, patient by patient in the order of the subject keys' code points, the site,
 * covariates, outcomes, scans with their images' hashes, and regions with their masks' hashes. Identifiers and times of
 * creation do not count, so that equal data have equal hashes in any database. All is read as of one moment.
 */
export function readCohortContent(dataSource: DataSource, cohortId: string): Promise<CohortContent> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const { covariates } = await manager.findOneByOrFail(Cohort, { id: cohortId });
    const hash = createHash('sha256').update(jsonHash(covariates));
    let patientCount = 0;
    let scanCount = 0;
    let roiCount = 0;
    for (let after = ''; ; ) {
      const batch = await readPatients(manager, cohortId, after);
      for (const patient of batch) {
        hash.update(jsonHash(patient));
        patientCount++;
        scanCount += patient.scans.length;
        for (const { rois } of patient.scans) roiCount += rois.length;
      }
      if (batch.length < batchSize) break;
      after = batch[batch.length - 1].subject;
    }
    return { contentHash: hash.digest('hex'), patientCount, scanCount, roiCount };
  });
}

function readPatients(manager: EntityManager, cohortId: string, after: string): Promise<PatientContent[]> {
  return manager.query(
    `select patient.subject_key as subject, patient.site, patient.covariates,
       array(select jsonb_build_array(endpoint, time, time_unit, event) from outcome
         where patient_id = patient.id order by endpoint collate "C") as outcomes,
       array(select jsonb_build_object('modality', modality, 'phase', phase, 'image', image_sha256, 'rois',
           (select coalesce(jsonb_agg(jsonb_build_array(lesion, reader, session, label, mask_sha256)
             order by lesion collate "C", reader collate "C", session), '[]') from roi where scan_id = scan.id))
         from scan where patient_id = patient.id order by modality collate "C", phase collate "C") as scans
     from patient where cohort_id = $1 and subject_key collate "C" > $2
     order by subject_key collate "C" limit ${batchSize}`,
    [cohortId, after],
  );
}
