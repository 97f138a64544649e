import type { EntityManager } from 'typeorm';
import { eraseFromJobs } from './erased-jobs.ts';
import { eraseFromStudy } from './erased-study.ts';

/** A patient whose row is locked. */
export interface ErasedPatient {
  readonly id: string;
  readonly subjectKey: string;
}

/** Why patients are erased, and by whom. */
export interface ErasureGrounds {
  readonly reason: string;
  readonly erasedBy: string;
}

/** Something of each of some patients, by their identifiers. */
type Counts = ReadonlyMap<string, number>;

/**
 * Erases patients of a cohort: all that is theirs, what models and studies say of them, reports that list them, and their traces in the
 * logs of jobs. Notes which files are to go. Leaves that they were erased, by whom and why, and in how many studies and models they
 * had been.
 */
export async function eraseRows(
  manager: EntityManager,
  cohortId: string,
  patients: readonly ErasedPatient[],
  grounds: ErasureGrounds,
): Promise<void> {
  const patientIds = patients.map(({ id }) => id);
  const [{ ids }]: { ids: string[] }[] = await manager.query(
    `with own_scan as (select id from scan where patient_id = any ($1))
     select array(
       select id::text from own_scan union all select id::text from roi where scan_id in (select id from own_scan)
       union all select id::text from feature_vector where patient_id = any ($1)
       union all select id::text from outcome where patient_id = any ($1)
       union all select id::text from prediction where patient_id = any ($1)) as ids`,
    [patientIds],
  );
  const files: OwnFile[] = await manager.query(
    `select hash as sha256, min(patient_id::text) as "patientId" from (
       select image_sha256::text as hash, patient_id from scan where patient_id = any ($1)
       union all select mask_sha256::text, patient_id from roi join scan on scan.id = scan_id where patient_id = any ($1)
     ) own group by hash order by hash`,
    [patientIds],
  );
  const names = {
    subjectKeys: new Set(patients.map(({ subjectKey }) => subjectKey)),
    ids: new Set([...ids, ...patientIds, ...files.map(({ sha256 }) => sha256)]),
  };
  const modelCounts = await eraseFromModels(manager, patientIds);
  const studies: { id: string }[] = await manager.query('select id from study where cohort_id = $1', [
    cohortId,
  ]);
  const touched: string[] = [];
  const studyCounts = new Map<string, number>();
  for (const { id } of studies) {
    const subjects = await eraseFromStudy(manager, id, names);
    if (subjects.length > 0) touched.push(id);
    for (const subject of subjects) studyCounts.set(subject, (studyCounts.get(subject) ?? 0) + 1);
  }
  // TypeORM gives the rows and their number.
  const [reports]: [{ sha256: string }[], number] = await manager.query(
    'delete from report_file where study_id = any ($1) returning sha256',
    [touched],
  );
  await eraseFromJobs(manager, cohortId, names);
  await manager.query('delete from patient where id = any ($1)', [patientIds]);
  const objectCounts = await removeUnreferenced(manager, [
    ...files,
    ...reports.map(({ sha256 }) => ({ sha256, patientId: patientIds[0] })),
  ]);
  const countsOf = (counts: Counts) => patientIds.map((id) => counts.get(id) ?? 0);
  await manager.query(
    `insert into erasure (patient_id, cohort_id, reason, erased_by, study_count, model_count, object_count)
     select patient_id, $2, $3, $4, study_count, model_count, object_count
     from unnest($1::uuid[], $5::integer[], $6::integer[], $7::integer[]) as erased (patient_id, study_count, model_count, object_count)`,
    [
      patientIds,
      cohortId,
      grounds.reason,
      grounds.erasedBy,
      patients.map(({ subjectKey }) => studyCounts.get(subjectKey) ?? 0),
      countsOf(modelCounts),
      countsOf(objectCounts),
    ],
  );
}

/**
 * Takes patients out of the models that were fitted by themselves; those of studies go with their study. Such a model keeps nobody's
 * name: its predictions were written in the order of its rows, and so a patient's place among them is the place in the result.
 */
async function eraseFromModels(manager: EntityManager, patientIds: readonly string[]): Promise<Counts> {
  const counts: { id: string; count: number }[] = await manager.query(
    `select patient_id as id, count(distinct model_id)::integer as count from prediction
     where patient_id = any ($1) group by patient_id`,
    [patientIds],
  );
  await manager.query(
    `with placed as (
       select model_id, patient_id, row_number() over (partition by model_id order by id) as place from prediction
       where model_id in (select model_id from prediction where patient_id = any ($1))
     ), own as (select model_id, place from placed where patient_id = any ($1))
     update model set
       erased_patients = erased_patients + (select count(*) from own where own.model_id = model.id),
       result = jsonb_set(result, '{predictions}', (
         select coalesce(jsonb_agg(prediction.value order by prediction.place), '[]')
         from jsonb_array_elements(model.result -> 'predictions') with ordinality as prediction (value, place)
         where not exists (select from own where own.model_id = model.id and own.place = prediction.place)))
     where id in (select model_id from own) and study_id is null`,
    [patientIds],
  );
  return new Map(counts.map(({ id, count }) => [id, count]));
}

/** A file that is a patient's, and perhaps others'. */
interface OwnFile {
  readonly sha256: string;
  readonly patientId: string;
}

/** Strikes the objects that nobody refers to any longer off the list, and notes the files that are to go, by patient. */
async function removeUnreferenced(manager: EntityManager, files: readonly OwnFile[]): Promise<Counts> {
  const hashes = files.map(({ sha256 }) => sha256);
  // Whoever is about to refer to one of them has it locked, and is waited for.
  await manager.query('select from object where sha256 = any ($1) order by sha256 for update', [hashes]);
  await manager.query(
    `delete from object where sha256 = any ($1) and not exists (select from scan where image_sha256 = object.sha256)
       and not exists (select from roi where mask_sha256 = object.sha256)`,
    [hashes],
  );
  const rows: { id: string }[] = await manager.query(
    `insert into object_removal (sha256, patient_id)
     select hash, patient_id from unnest($1::text[], $2::uuid[]) as file (hash, patient_id)
     where not exists (select from object where object.sha256 = hash)
       and not exists (select from report_file where report_file.sha256 = hash)
     on conflict do nothing returning patient_id as id`,
    [hashes, files.map(({ patientId }) => patientId)],
  );
  const counts = new Map<string, number>();
  for (const { id } of rows) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
