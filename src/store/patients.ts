import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, In } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import { type TimeUnit, timeUnits } from '../engine/study/time-unit.ts';
import { requireDistinct, requireText } from './checks.ts';
import type { Cohort, CovariateDefinition } from './entities/cohort.ts';
import { Outcome } from './entities/outcome.ts';
import { type CovariateValue, Patient } from './entities/patient.ts';

export interface NewOutcome {
  readonly endpoint: string;
  readonly time: number;
  readonly timeUnit: TimeUnit;
  readonly event: boolean;
}

export interface NewPatient {
  readonly subjectKey: string;
  readonly covariates: Readonly<Record<string, CovariateValue>>;
  readonly outcomes: readonly NewOutcome[];
}

/**
 * Adds patients with their outcomes to a cohort, all or none, and returns them in the order given. A patient that is
 * there already with the same values is left as it is; with other values it is a `CONFLICT`. Throws besides
 * `INPUT_INVALID`, `COVARIATE_INVALID`, `TIME_INVALID`, `TABLE_KEY_DUPLICATE`, each naming the subject.
 */
export async function addPatients(
  manager: EntityManager,
  cohort: Cohort,
  patients: readonly NewPatient[],
): Promise<Patient[]> {
  requireDistinct(
    patients.map((patient) => patient.subjectKey),
    'subject',
  );
  const definitions = new Map(cohort.covariates.map((definition) => [definition.name, definition]));
  for (const patient of patients) checkPatient(patient, definitions);

  const keys = patients.map((patient) => patient.subjectKey);
  const known = await patientsByKey(manager, cohort.id, keys);
  const fresh = patients.filter((patient) => !known.has(patient.subjectKey));
  await requireSame(manager, patients, known);
  const ids = new Map(fresh.map((patient) => [patient.subjectKey, uuid()]));
  await manager.insert(
    Patient,
    fresh.map(({ subjectKey, covariates }) => ({
      id: ids.get(subjectKey) as string,
      cohortId: cohort.id,
      subjectKey,
      covariates,
    })),
  );
  await manager.insert(
    Outcome,
    fresh.flatMap(({ subjectKey, outcomes }) =>
      outcomes.map((outcome) => ({ id: uuid(), patientId: ids.get(subjectKey) as string, ...outcome })),
    ),
  );
  const all = await patientsByKey(manager, cohort.id, keys);
  return keys.map((key) => all.get(key) as Patient);
}

export async function patientsByKey(
  manager: EntityManager,
  cohortId: string,
  keys: readonly string[],
): Promise<Map<string, Patient>> {
  const rows = await manager.findBy(Patient, { cohortId, subjectKey: In(keys) });
  return new Map(rows.map((patient) => [patient.subjectKey, patient]));
}

function checkPatient(
  { subjectKey, covariates, outcomes }: NewPatient,
  definitions: ReadonlyMap<string, CovariateDefinition>,
): void {
  requireText(subjectKey, 'subjectKey', 200);
  for (const [name, value] of Object.entries(covariates)) {
    const definition = definitions.get(name);
    const problem = definition ? covariateProblem(definition, value) : 'is not defined for the cohort';
    if (problem)
      throw new Failure('COVARIATE_INVALID', `subject ${subjectKey}: covariate ${name} ${problem}`, {
        subject: subjectKey,
        covariate: name,
        value,
      });
  }
  requireDistinct(
    outcomes.map((outcome) => outcome.endpoint),
    `subject ${subjectKey}: endpoint`,
  );
  for (const { endpoint, time, timeUnit } of outcomes) {
    requireText(endpoint, 'endpoint', 64);
    if (!Number.isFinite(time) || time < 0) {
      throw new Failure(
        'TIME_INVALID',
        `subject ${subjectKey}: the time of ${endpoint} is ${time}, not a number from 0 up`,
        {
          subject: subjectKey,
          endpoint,
          value: String(time),
        },
      );
    }
    if (!timeUnits.includes(timeUnit)) {
      throw new Failure('INPUT_INVALID', `subject ${subjectKey}: ${timeUnit} is not a unit of time`, {
        subject: subjectKey,
        endpoint,
      });
    }
  }
}

function covariateProblem(definition: CovariateDefinition, value: CovariateValue): string | undefined {
  if (definition.kind === 'NUMERIC') {
    return typeof value === 'number' && Number.isFinite(value)
      ? undefined
      : `is ${value}, not a finite number`;
  }
  if (typeof value !== 'string') return `is ${value}, not one of its levels as text`;
  if (definition.levels && !definition.levels.includes(value))
    return `is "${value}", not one of ${definition.levels.join(', ')}`;
  return undefined;
}

/** Throws `CONFLICT` for a known patient whose covariates or outcomes differ from those given. */
async function requireSame(
  manager: EntityManager,
  patients: readonly NewPatient[],
  known: ReadonlyMap<string, Patient>,
): Promise<void> {
  const ids = [...known.values()].map((patient) => patient.id);
  const outcomes = Map.groupBy(
    await manager.findBy(Outcome, { patientId: In(ids) }),
    (outcome) => outcome.patientId,
  );
  const asText = (outcome: NewOutcome) =>
    `${outcome.endpoint}|${outcome.time}|${outcome.timeUnit}|${outcome.event}`;
  for (const patient of patients) {
    const found = known.get(patient.subjectKey);
    if (!found) continue;
    const sameOutcomes = isDeepStrictEqual(
      (outcomes.get(found.id) ?? []).map(asText).sort(),
      patient.outcomes.map(asText).sort(),
    );
    if (sameOutcomes && isDeepStrictEqual({ ...found.covariates }, { ...patient.covariates })) continue;
    throw new Failure('CONFLICT', `subject ${patient.subjectKey} exists in the cohort with other values`, {
      subject: patient.subjectKey,
    });
  }
}
