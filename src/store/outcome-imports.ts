import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import type { TimeUnit } from '../engine/study/time-unit.ts';
import { contentKey } from './content-key.ts';
import { Outcome } from './entities/outcome.ts';
import { OutcomeImport } from './entities/outcome-import.ts';
import { Patient } from './entities/patient.ts';
import { insertNew } from './insert-new.ts';
import type { NewOutcome } from './patients.ts';

/** What a registry said of the patients of a cohort at one time. */
export interface OutcomeSnapshot {
  readonly cohortId: string;
  readonly registry: string;
  readonly url: string;
  readonly fetchedAt: Date;
  /** Those of the endpoints that are wanted; null for all. */
  readonly endpoints: readonly string[] | null;
  /** Outcomes by subject key; null for a patient that it does not know. */
  readonly outcomes: ReadonlyMap<string, readonly NewOutcome[] | null>;
}

/** An outcome that is there with other values than the registry gives. */
export interface OutcomeConflict {
  readonly subjectKey: string;
  readonly endpoint: string;
  readonly present: OutcomeValue;
  readonly given: OutcomeValue;
}

export interface OutcomeValue {
  readonly time: number;
  readonly timeUnit: TimeUnit;
  readonly event: boolean;
}

/**
 * Adds the outcomes that a registry gave, all or none: where some are there with other values, those are returned, and
 * nothing is added. Those that are there with the same values stay. The same snapshot again is the import that is there.
 * Throws `CONFLICT` where a patient has been removed meanwhile.
 */
export async function importOutcomes(
  manager: EntityManager,
  snapshot: OutcomeSnapshot,
): Promise<OutcomeImport | readonly OutcomeConflict[]> {
  const { cohortId, registry, url, fetchedAt, endpoints } = snapshot;
  // Whoever imports into the cohort at the same time waits here.
  await manager.query('select from cohort where id = $1 for no key update', [cohortId]);
  const given = [...snapshot.outcomes]
    .map(([subjectKey, outcomes]) => ({ subjectKey, outcomes: outcomes && wanted(outcomes, endpoints) }))
    .sort((a, b) => (a.subjectKey < b.subjectKey ? -1 : 1));
  const contentHash = contentKey(registry, endpoints, given);
  const standing = await manager.findOneBy(OutcomeImport, { cohortId, registry, contentHash });
  if (standing) return standing;

  const patients = await patientIds(manager, cohortId);
  const rows = given.flatMap(({ subjectKey, outcomes }) => {
    const patientId = patients.get(subjectKey);
    if (patientId === undefined)
      throw new Failure('CONFLICT', 'patients of the cohort were removed meanwhile: import again', {
        registry,
      });
    return (outcomes ?? []).map((outcome) => ({ subjectKey, patientId, outcome }));
  });
  const present = await outcomesOf(manager, [...new Set(rows.map(({ patientId }) => patientId))]);
  const conflicts: OutcomeConflict[] = [];
  const fresh: typeof rows = [];
  for (const row of rows) {
    const { subjectKey, patientId, outcome } = row;
    const known = present.get(keyOf(patientId, outcome.endpoint));
    if (!known) fresh.push(row);
    else if (!isSame(known, outcome))
      conflicts.push({
        subjectKey,
        endpoint: outcome.endpoint,
        present: asValue(known),
        given: asValue(outcome),
      });
  }
  if (conflicts.length > 0) return conflicts;

  const id = uuid();
  await manager.insert(OutcomeImport, {
    id,
    cohortId,
    registry,
    url,
    endpoints,
    contentHash,
    patientCount: given.length,
    unknownCount: given.filter(({ outcomes }) => outcomes === null).length,
    outcomeCount: rows.length,
    addedCount: fresh.length,
    fetchedAt,
  });
  await insertNew(
    manager,
    Outcome,
    fresh.map(({ patientId, outcome }) => ({ id: uuid(), patientId, importId: id, ...outcome })),
  );
  return manager.findOneByOrFail(OutcomeImport, { id });
}

/** Those of the endpoints that are wanted, by name. */
function wanted(outcomes: readonly NewOutcome[], endpoints: readonly string[] | null): NewOutcome[] {
  return outcomes
    .filter(({ endpoint }) => endpoints?.includes(endpoint) ?? true)
    .map(({ endpoint, time, timeUnit, event }) => ({ endpoint, time, timeUnit, event }))
    .sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1));
}

async function patientIds(manager: EntityManager, cohortId: string): Promise<Map<string, string>> {
  const rows = await manager.find(Patient, { select: { id: true, subjectKey: true }, where: { cohortId } });
  return new Map(rows.map(({ id, subjectKey }) => [subjectKey, id]));
}

async function outcomesOf(
  manager: EntityManager,
  patients: readonly string[],
): Promise<Map<string, Outcome>> {
  const rows = await manager
    .createQueryBuilder(Outcome, 'outcome')
    .where('outcome.patient_id = any (:patients)', { patients })
    .getMany();
  return new Map(rows.map((row) => [keyOf(row.patientId, row.endpoint), row]));
}

function keyOf(patientId: string, endpoint: string): string {
  return `${patientId} ${endpoint}`;
}

function isSame(a: OutcomeValue, b: OutcomeValue): boolean {
  return a.time === b.time && a.timeUnit === b.timeUnit && a.event === b.event;
}

function asValue({ time, timeUnit, event }: OutcomeValue): OutcomeValue {
  return { time, timeUnit, event };
}
