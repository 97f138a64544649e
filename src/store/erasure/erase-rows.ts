import { type EntityManager, In } from 'typeorm';
import { Erasure } from '../entities/erasure.ts';
import { Job } from '../entities/job.ts';
import { JobEvent } from '../entities/job-event.ts';
import { Patient } from '../entities/patient.ts';
import { eraseFromStudy } from './erased-study.ts';
import { type ErasedNames, withoutTraces } from './erased-traces.ts';

/**
 * Erases a patient, whose row is locked: all that is theirs, what models and studies say of them, reports that list them, and their
 * traces in the logs of jobs. Notes which files are to go. Leaves that they were erased, by whom and why, and in how many studies
 * and models they had been.
 */
export async function eraseRows(
  manager: EntityManager,
  { id: patientId, cohortId, subjectKey }: Patient,
  reason: string,
  erasedBy: string,
): Promise<Erasure> {
  const [{ ids, hashes }]: { ids: string[]; hashes: string[] }[] = await manager.query(
    `with own_scan as (select id, image_sha256 from scan where patient_id = $1),
       own_roi as (select id, mask_sha256 from roi where scan_id in (select id from own_scan))
     select array(
         select id::text from own_scan union select id::text from own_roi union select $1::text
         union select id::text from feature_vector where patient_id = $1
         union select id::text from outcome where patient_id = $1
         union select id::text from prediction where patient_id = $1) as ids,
       array(select image_sha256::text from own_scan union select mask_sha256::text from own_roi) as hashes`,
    [patientId],
  );
  const names = { subjectKey, ids: [...ids, ...hashes] };
  const modelCount = await eraseFromModels(manager, patientId);
  const studies: { id: string }[] = await manager.query('select id from study where cohort_id = $1', [
    cohortId,
  ]);
  const touched: string[] = [];
  for (const { id } of studies) if (await eraseFromStudy(manager, id, names)) touched.push(id);
  // TypeORM gives the rows and their number.
  const [reports]: [{ sha256: string }[], number] = await manager.query(
    'delete from report_file where study_id = any ($1) returning sha256',
    [touched],
  );
  await eraseFromJobs(manager, cohortId, names);
  await manager.delete(Patient, { id: patientId });
  const objectCount = await removeUnreferenced(
    manager,
    patientId,
    hashes,
    reports.map(({ sha256 }) => sha256),
  );
  await manager.insert(Erasure, {
    patientId,
    cohortId,
    reason,
    erasedBy,
    studyCount: touched.length,
    modelCount,
    objectCount,
  });
  return manager.findOneByOrFail(Erasure, { patientId });
}

/**
 * Takes a patient out of the models that were fitted by themselves; those of studies go with their study. Such a model keeps nobody's
 * name: its predictions were written in the order of its rows, and so the patient's place among them is the place in the result.
 */
async function eraseFromModels(manager: EntityManager, patientId: string): Promise<number> {
  const [{ count }]: { count: number }[] = await manager.query(
    'select count(distinct model_id)::integer as count from prediction where patient_id = $1',
    [patientId],
  );
  await manager.query(
    `update model set erased_patients = erased_patients + 1, result = result #- array['predictions', place.place::text]
     from (
       select own.model_id, (select count(*) from prediction other where other.model_id = own.model_id and other.id < own.id) as place
       from prediction own where own.patient_id = $1
     ) place
     where model.id = place.model_id and model.study_id is null`,
    [patientId],
  );
  return count;
}

async function eraseFromJobs(manager: EntityManager, cohortId: string, names: ErasedNames): Promise<void> {
  const mentions = (column: string) =>
    `(exists (select from unnest($2::text[]) as id where strpos(${column}::text, id) > 0)
      or jsonb_path_exists(${column}, '$.**.subject ? (@ == $key)', jsonb_build_object('key', $3::text)))`;
  const parameters = [cohortId, names.ids, names.subjectKey];
  const events: { job_id: string; sequence: number; payload: object }[] = await manager.query(
    `select job_id, sequence, payload from job_event join job on job.id = job_id
     where job.cohort_id = $1 and ${mentions('payload')}`,
    parameters,
  );
  for (const { job_id: jobId, sequence, payload } of events)
    await manager.update(JobEvent, { jobId, sequence }, { payload: withoutTraces(payload, names) as object });
  const jobs: { id: string; failure: object }[] = await manager.query(
    `select id, failure from job where cohort_id = $1 and failure is not null and ${mentions('failure')}`,
    parameters,
  );
  for (const { id, failure } of jobs)
    await manager.update(Job, { id: In([id]) }, { failure: withoutTraces(failure, names) as never });
}

/** Strikes the objects that nobody refers to any longer off the list, and notes their files, and those of reports, to go. */
async function removeUnreferenced(
  manager: EntityManager,
  patientId: string,
  hashes: readonly string[],
  reports: readonly string[],
): Promise<number> {
  // Whoever is about to refer to one of them has it locked, and is waited for.
  await manager.query('select from object where sha256 = any ($1) order by sha256 for update', [hashes]);
  await manager.query(
    `delete from object where sha256 = any ($1) and not exists (select from scan where image_sha256 = object.sha256)
       and not exists (select from roi where mask_sha256 = object.sha256)`,
    [hashes],
  );
  const rows: { sha256: string }[] = await manager.query(
    `insert into object_removal (sha256, patient_id)
     select sha256, $2 from (
       select hash as sha256 from unnest($1::text[]) as hash where not exists (select from object where object.sha256 = hash)
       union select hash from unnest($3::text[]) as hash where not exists (select from report_file where report_file.sha256 = hash)
     ) gone on conflict do nothing returning sha256`,
    [hashes, patientId, reports],
  );
  return rows.length;
}
