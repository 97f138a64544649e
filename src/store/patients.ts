import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, In } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import { type TimeUnit, timeUnits } from '../engine/study/time-unit.ts';
import { requireDistinct, requireText } from './checks.ts';
import type { Cohort, CovariateDefinition } from './entities/cohort.ts';
import { Outcome } from './entities/outcome.ts';
import { type CovariateValue, Patient } from './entities/patient.ts';
import { insertNew } from './insert-new.ts';

export interface NewOutcome {
  readonly endpoint: string;
  readonly time: number;
  readonly timeUnit: TimeUnit;
  readonly event: boolean;
}

export interface NewPatient {
  readonly subjectKey: string;
  /** None where absent. */
  readonly site?: string | null;
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

  const ids = new Map(patients.map((patient) => [patient.subjectKey, uuid()]));
  // Where others add the same patients at this moment, this waits for them and leaves theirs; all lock in one order.
  const sorted = [...patients].sort((a, b) => (a.subjectKey < b.subjectKey ? -1 : 1));
  await insertNew(
    manager,
    Patient,
    sorted.map(({ subjectKey, site, covariates }) => ({
      id: ids.get(subjectKey) as string,
      cohortId: cohort.id,
      subjectKey,
      site: site ?? null,
      covariates,
    })),
  );
  const found = await patientsByKey(
    manager,
    cohort.id,
    patients.map((patient) => patient.subjectKey),
  );
  const [fresh, known] = partition(
    patients,
    ({ subjectKey }) => found.get(subjectKey)?.id === ids.get(subjectKey),
  );
  await requireSame(manager, known, found);
  await insertNew(
    manager,
    Outcome,
    fresh.flatMap(({ subjectKey, outcomes }) =>
      outcomes.map((outcome) => ({ id: uuid(), patientId: ids.get(subjectKey) as string, ...outcome })),
    ),
  );
  return patients.map((patient) => found.get(patient.subjectKey) as Patient);
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
  { subjectKey, site, covariates, outcomes }: NewPatient,
  definitions: ReadonlyMap<string, CovariateDefinition>,
): void {
  requireText(subjectKey, 'subjectKey', 200);
  if (site != null) requireText(site, 'site', 64);
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
  checkOutcomes(subjectKey, outcomes);
}

/** Throws `TABLE_KEY_DUPLICATE`, `TIME_INVALID` or `INPUT_INVALID` for outcomes that no patient can have. */
export function checkOutcomes(subjectKey: string, outcomes: readonly NewOutcome[]): void {
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

/** Throws `CONFLICT` for a patient whose covariates or outcomes differ from those found. */
async function requireSame(
  manager: EntityManager,
  patients: readonly NewPatient[],
  found: ReadonlyMap<string, Patient>,
): Promise<void> {
  const rows = patients.map((patient) => found.get(patient.subjectKey) as Patient);
  const outcomes = Map.groupBy(
    await manager.findBy(Outcome, { patientId: In(rows.map((row) => row.id)) }),
    (outcome) => outcome.patientId,
  );
  const asText = (outcome: NewOutcome) =>
    `${outcome.endpoint}|${outcome.time}|${outcome.timeUnit}|${outcome.event}`;
  patients.forEach((patient, index) => {
    const { id, site, covariates } = rows[index];
    const sameOutcomes = isDeepStrictEqual(
      (outcomes.get(id) ?? []).map(asText).sort(),
      patient.outcomes.map(asText).sort(),
    );
    const sameSite = site === (patient.site ?? null);
    if (sameSite && sameOutcomes && isDeepStrictEqual({ ...covariates }, { ...patient.covariates })) return;
    throw new Failure('CONFLICT', `subject ${patient.subjectKey} exists in the cohort with other values`, {
      subject: patient.subjectKey,
    });
  });
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
