import { type ErasedPatient, eraseRows } from '../store/erasure/erase-rows.ts';
import { removeObjects } from '../store/erasure/object-removal.ts';
import { cancelJobs, duringErasure, lockWork } from './erasure.ts';
import type { CohortErased } from './job-event.ts';
import type { JobRun } from './job-run.ts';

/** Why a cohort's patients are erased. */
export interface CohortErasureSpecification {
  readonly reason: string;
}

const stage = 'ERASURE';

/**
 * Erases all patients of a cohort, as one is erased: the rows go in one transaction, which the log of the job tells of, and then the
 * files. An attempt that was cut off before the end of the transaction has done nothing, and one that was cut off after it leaves
 * files, with which the next goes on. Other jobs on the cohort are cancelled. Who is added meanwhile stays.
 */
export async function runCohortErasure(
  { job, dataSource, objects, events, emit }: JobRun,
  { reason }: CohortErasureSpecification,
): Promise<CohortErased> {
  const { cohortId } = job;
  await duringErasure(dataSource, async (manager) => {
    const jobs = await lockWork(manager, cohortId, job.id);
    const patients: ErasedPatient[] = await manager.query(
      'select id, subject_key as "subjectKey" from patient where cohort_id = $1 order by id for update',
      [cohortId],
    );
    await cancelJobs(manager, events, jobs);
    if (patients.length > 0)
      await eraseRows(manager, cohortId, patients, { reason, erasedBy: job.requestedBy ?? '' });
    // Where the job has been cancelled meanwhile, nothing of it is done.
    await emit([{ type: 'JobProgress', stage, done: patients.length, total: patients.length }], manager);
  });
  await removeObjects(dataSource, objects);
  // Of earlier attempts, too.
  const [{ patientCount }]: { patientCount: number }[] = await dataSource.query(
    `select sum((payload ->> 'done')::integer)::integer as "patientCount" from job_event
     where job_id = $1 and type = 'JobProgress' and payload ->> 'stage' = $2`,
    [job.id, stage],
  );
  return { type: 'CohortErased', patientCount };
}
