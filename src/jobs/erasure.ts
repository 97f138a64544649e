import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import { Erasure } from '../store/entities/erasure.ts';
import { Patient } from '../store/entities/patient.ts';
import { eraseRows } from '../store/erasure/erase-rows.ts';
import { removeObjects } from '../store/erasure/object-removal.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { beyondOperation } from '../store/statement-scope.ts';
import type { EventLog } from './event-log.ts';

interface ErasureParts {
  readonly dataSource: DataSource;
  readonly objects: ObjectStore;
  readonly events: EventLog;
}

/**
 * Erases a patient. The rows go in one transaction, which also notes the files that are to go after it: where the process is killed in
 * between, the next one to start goes on. Jobs that run on the cohort are cancelled, since they hold its data. To erase
 * somebody again changes nothing. Throws `NOT_FOUND` for who never was there.
 */
export async function erasePatient(
  { dataSource, objects, events }: ErasureParts,
  patientId: string,
  reason: string,
  erasedBy: string,
): Promise<Erasure> {
  await duringErasure(dataSource, async (manager) => {
    const patient = await manager.findOneBy(Patient, { id: patientId });
    if (!patient) return;
    const { cohortId } = patient;
    const jobs = await lockWork(manager, cohortId);
    const locked = await manager.findOne(Patient, {
      where: { id: patientId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!locked) return; // Somebody else was quicker.
    await cancelJobs(
      manager,
      events,
      jobs.filter(({ state }) => state === 'RUNNING'),
    );
    await eraseRows(manager, cohortId, [locked], { reason, erasedBy });
  });
  const erasure = await dataSource.getRepository(Erasure).findOneBy({ patientId });
  if (!erasure) throw new Failure('NOT_FOUND', `there is no patient ${patientId}`, { patient: patientId });
  await beyondOperation(() => removeObjects(dataSource, objects));
  return erasure;
}

/** Somebody else waited for what this held, while this waited for what they held. */
const deadlock = '40P01';
const attempts = 3;

/** Does work in a transaction, and again where others were in its way. */
export async function duringErasure<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dataSource.transaction(work);
    } catch (error) {
      const isDeadlock = error instanceof QueryFailedError && error.driverError?.code === deadlock;
      if (!isDeadlock || attempt === attempts) throw error;
    }
  }
}

interface UnfinishedJob {
  readonly id: string;
  readonly state: string;
}

/** Locks studies and unfinished jobs of a cohort, in the order in which the end of a study takes them. Gives the jobs. */
export async function lockWork(
  manager: EntityManager,
  cohortId: string,
  except: string | null = null,
): Promise<UnfinishedJob[]> {
  await manager.query('select from study where cohort_id = $1 order by id for update', [cohortId]);
  return manager.query(
    `select id, state from job where cohort_id = $1 and finished_at is null and id is distinct from $2 order by id for update`,
    [cohortId, except],
  );
}

export async function cancelJobs(
  manager: EntityManager,
  events: EventLog,
  jobs: readonly UnfinishedJob[],
): Promise<void> {
  for (const { id } of jobs)
    await events.append(id, [{ type: 'JobCancelled' }], { state: 'CANCELLED' }, manager);
}
