import { type DataSource, In } from 'typeorm';
import { Failure } from '../../engine/failure.ts';
import {
  Cohort,
  type Job,
  ObjectOwner,
  Roi,
  type Role,
  Scan,
  type Study,
} from '../../store/entities/index.ts';
import type { Context } from '../context.ts';
import type { Rights } from './rights.ts';

/**
 * The cohort to work on. Throws `NOT_FOUND` where it cannot be seen, `FORBIDDEN` unless the role is held at all of its
 * sites: what is made of a cohort is made of all its patients.
 */
export async function requireWholeCohort(
  { loaders, rights, audit }: Context,
  id: string,
  role: Role,
): Promise<Cohort> {
  const cohort = await loaders.cohort.load(id);
  if (!cohort) throw new Failure('NOT_FOUND', `there is no cohort ${id}`, { cohortId: id });
  audit.about('Cohort', id, id);
  rights.require(role, { on: 'WHOLE', cohortId: id }, `cohort ${cohort.key}, all of it,`);
  return cohort;
}

/** The study to work on, as for a cohort. */
export async function requireWholeStudy(
  { loaders, rights, audit }: Context,
  id: string,
  role: Role,
): Promise<Study> {
  const study = await loaders.study.load(id);
  if (!study) throw new Failure('NOT_FOUND', `there is no study ${id}`, { studyId: id });
  audit.about('Study', id, study.cohortId);
  rights.require(role, { on: 'WHOLE', cohortId: study.cohortId }, `study ${study.name}`);
  return study;
}

/** The job to work on, as for a cohort. */
export async function requireWholeJob(
  { loaders, rights, audit }: Context,
  id: string,
  role: Role,
): Promise<Job> {
  const job = await loaders.job.load(id);
  if (!job) throw new Failure('NOT_FOUND', `there is no job ${id}`, { jobId: id });
  audit.about('Job', id, job.cohortId);
  rights.require(role, { on: 'WHOLE', cohortId: job.cohortId }, `job ${id}`);
  return job;
}

function absent(noun: string, column: string, key: string): Failure {
  return new Failure('NOT_FOUND', `there is no ${noun} ${key}`, { [column]: key });
}

/** Throws `NOT_FOUND`, in the store's own words, for patients that cannot be seen, `FORBIDDEN` for those that may not be changed. */
export async function requirePatients({ loaders, rights }: Context, ids: readonly string[]): Promise<void> {
  if (rights.unlimited) return; // The store says itself who is not there.
  for (const [place, patient] of (await loaders.patient.loadMany(ids)).entries()) {
    if (patient instanceof Error) throw patient;
    if (!patient) throw absent('patient', 'id', ids[place]);
    const { cohortId, site } = patient;
    rights.require('CURATOR', { on: 'PATIENT', cohortId, site }, `patient ${ids[place]}`);
  }
}

/** The same of the patients of scans. */
export async function requireScans(context: Context, ids: readonly string[]): Promise<void> {
  if (context.rights.unlimited) return;
  const patients: string[] = [];
  for (const [place, scan] of (await context.loaders.scan.loadMany(ids)).entries()) {
    if (scan instanceof Error) throw scan;
    if (!scan) throw absent('scan', 'id', ids[place]);
    patients.push(scan.patientId);
  }
  await requirePatients(context, patients);
}

/**
 * The sites of a cohort, by key, whose patients may be exported; null for all. Throws `NOT_FOUND` where the cohort cannot
 * be seen, `FORBIDDEN` where none of its patients can.
 */
export async function requireExportedSites(
  dataSource: DataSource,
  rights: Rights,
  cohortKey: string,
): Promise<readonly string[] | null> {
  const cohort = await dataSource.getRepository(Cohort).findOneBy({ key: cohortKey });
  if (!cohort || !rights.has('READER', { on: 'COHORT', cohortId: cohort.id }))
    throw new Failure('NOT_FOUND', `there is no cohort ${cohortKey}`, { cohort: cohortKey });
  rights.require('ANALYST', { on: 'COHORT', cohortId: cohort.id }, `the rows of cohort ${cohortKey}`);
  return rights.sitesOf('ANALYST', cohort.id);
}

/** Those of the objects, by hash, that may be referred to: uploaded by who asks, or of a patient whose data they curate. */
export async function usableObjects(
  { dataSource, rights }: Context,
  hashes: readonly string[],
): Promise<ReadonlySet<string>> {
  const sha256 = In([...new Set(hashes)]);
  const images = dataSource
    .getRepository(Scan)
    .createQueryBuilder('scan')
    .select('scan.imageSha256', 'sha256')
    .distinct()
    .innerJoin('scan.patient', 'patient')
    .where({ imageSha256: sha256 });
  const masks = dataSource
    .getRepository(Roi)
    .createQueryBuilder('roi')
    .select('roi.maskSha256', 'sha256')
    .distinct()
    .innerJoin('roi.scan', 'scan')
    .innerJoin('scan.patient', 'patient')
    .where({ maskSha256: sha256 });
  for (const query of [images, masks]) rights.onlyPatients<Scan | Roi>(query as never, 'patient', 'CURATOR');
  const rows: { sha256: string }[][] = await Promise.all([
    dataSource.getRepository(ObjectOwner).findBy({ sha256, principal: rights.principal.id }),
    images.getRawMany(),
    masks.getRawMany(),
  ]);
  return new Set(rows.flat().map((row) => row.sha256));
}

/** Throws `NOT_FOUND`, in the store's own words, for objects that may not be referred to. */
export async function requireObjects(context: Context, hashes: readonly string[]): Promise<void> {
  if (context.rights.unlimited) return;
  const usable = await usableObjects(context, hashes);
  const missing = hashes.find((hash) => !usable.has(hash));
  if (missing !== undefined) throw absent('object', 'sha256', missing);
}
