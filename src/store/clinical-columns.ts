import { Failure } from '../engine/failure.ts';
import type { CovariateColumn } from '../engine/study/index.ts';
import type { TimeUnit } from '../engine/study/time-unit.ts';
import type { Cohort, CovariateDefinition } from './entities/cohort.ts';
import type { CovariateValue } from './entities/patient.ts';

/** A patient's clinical values as they are stored. */
interface ClinicalRow {
  readonly covariates: Readonly<Record<string, CovariateValue>>;
}

/**
 * One covariate of a cohort's patients, in their order. Throws `COVARIATE_INVALID` for one that the cohort does not define,
 * `FORBIDDEN` for one that identifies patients, whoever asks: what is made of it would tell everybody.
 */
export function clinicalColumn(
  cohort: Cohort,
  name: string,
  patients: readonly ClinicalRow[],
): CovariateColumn {
  const definition = requireCovariate(cohort, name);
  const values = patients.map((patient) => patient.covariates[name]);
  if (definition.kind === 'NUMERIC') {
    return {
      name,
      kind: 'NUMERIC',
      values: Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN)),
    };
  }
  const levels = levelsOf(definition, values);
  const codes = Int32Array.from(values, (value) =>
    value === undefined ? -1 : levels.indexOf(String(value)),
  );
  return { name, kind: 'CATEGORICAL', levels, codes };
}

/**
 * The definition of a cohort's covariate. Throws `COVARIATE_INVALID` where there is none, and `FORBIDDEN` for one that
 * identifies patients, unless who asks `mayIdentify` them.
 */
export function requireCovariate(cohort: Cohort, name: string, mayIdentify = false): CovariateDefinition {
  const definition = cohort.covariates.find((covariate) => covariate.name === name);
  if (definition?.identifying && !mayIdentify)
    throw new Failure(
      'FORBIDDEN',
      `covariate ${name} identifies patients: curators alone may see it, and no model or study is made of it`,
      { covariate: name },
    );
  if (definition) return definition;
  throw new Failure('COVARIATE_INVALID', `cohort ${cohort.key} has no covariate ${name}`, {
    covariate: name,
    known: cohort.covariates.map((covariate) => covariate.name).slice(0, 50),
  });
}

/** The levels as defined; where none are, those that occur, sorted as R's factor() does in the C locale. */
function levelsOf(
  definition: CovariateDefinition,
  values: readonly (CovariateValue | undefined)[],
): readonly string[] {
  if (definition.levels) return definition.levels;
  return [...new Set(values.filter((value) => value !== undefined).map(String))].sort();
}

/** The unit of all times of an outcome. Throws `NOT_FOUND` where nobody has it, `INPUT_INVALID` where units differ. */
export function commonTimeUnit(endpoint: string, found: Iterable<TimeUnit>): TimeUnit {
  const units = [...new Set(found)];
  if (units.length === 0) {
    throw new Failure('NOT_FOUND', `no patient of the cohort has an outcome for the endpoint ${endpoint}`, {
      endpoint,
    });
  }
  if (units.length > 1) {
    throw new Failure(
      'INPUT_INVALID',
      `the outcomes for ${endpoint} are in ${units[0]} for some patients and in ${units[1]} for others`,
      { endpoint, units },
    );
  }
  return units[0];
}
