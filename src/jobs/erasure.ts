import { type DataSource, QueryFailedError } from 'typeorm';
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

/** Somebody else waited for what this held, while this waited for what they held. */
const deadlock = '40P01';
const attempts = 3;

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
  for (let attempt = 1; ; attempt++) {
    try {
      await dataSource.transaction(async (manager) => {
        const patient = await manager.findOneBy(Patient, { id: patientId });
        if (!patient) return;
        const { cohortId } = patient;
        // In the order in which the end of a study takes them.
        await manager.query('select from study where cohort_id = $1 order by id for update', [cohortId]);
        const jobs: { id: string; state: string }[] = await manager.query(
          'select id, state from job where cohort_id = $1 and finished_at is null order by id for update',
          [cohortId],
        );
        const locked = await manager.findOne(Patient, {
          where: { id: patientId },
          lock: { mode: 'pessimistic_write' },
        });
        if (!locked) return; // Somebody else was quicker.
        for (const { id, state } of jobs)
          if (state === 'RUNNING')
            await events.append(id, [{ type: 'JobCancelled' }], { state: 'CANCELLED' }, manager);
        await eraseRows(manager, locked, reason, erasedBy);
      });
      break;
    } catch (error) {
      const isDeadlock = error instanceof QueryFailedError && error.driverError?.code === deadlock;
      if (!isDeadlock || attempt === attempts) throw error;
    }
  }
  const erasure = await dataSource.getRepository(Erasure).findOneBy({ patientId });
  if (!erasure) throw new Failure('NOT_FOUND', `there is no patient ${patientId}`, { patient: patientId });
  await beyondOperation(() => removeObjects(dataSource, objects));
  return erasure;
}
