import { Failure } from '../failure.ts';
import type { TimeUnit } from './time-unit.ts';

/** A covariate of every patient: numbers, or levels of which the first is the reference. Missing: NaN, or code −1. */
export type CovariateColumn =
  | { readonly name: string; readonly kind: 'NUMERIC'; readonly values: Float64Array }
  | {
      readonly name: string;
      readonly kind: 'CATEGORICAL';
      readonly levels: readonly string[];
      readonly codes: Int32Array;
    };

/** Patients in rows: who, how long each was followed for one endpoint, whether its event was seen, and covariates. */
export interface CohortTable {
  readonly subjects: readonly string[];
  /** Follow-up; NaN where the patient has no outcome. */
  readonly time: Float64Array;
  /** 1 for an event, 0 for a censored time. */
  readonly event: Uint8Array;
  readonly timeUnit: TimeUnit;
  readonly covariates: readonly CovariateColumn[];
}

/** The covariates as numbers: one column a numeric covariate, one a level but the reference for a categorical one. */
export interface DesignMatrix {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

/** True where a row has an outcome and no covariate is missing. */
export function completeRows(table: CohortTable): Uint8Array {
  const complete = new Uint8Array(table.subjects.length);
  for (let row = 0; row < complete.length; row++) {
    complete[row] =
      !Number.isNaN(table.time[row]) && table.covariates.every((column) => !isMissing(column, row)) ? 1 : 0;
  }
  return complete;
}

export function isMissing(column: CovariateColumn, row: number): boolean {
  return column.kind === 'NUMERIC' ? Number.isNaN(column.values[row]) : column.codes[row] < 0;
}

/**
 * Encodes the covariates of the given rows by treatment contrasts, as R's `model.matrix` does: a categorical covariate
 * with levels a, b, c becomes the columns `<name>b` and `<name>c`. Throws `COVARIATE_INVALID` for a level without a name.
 */
export function designMatrix(covariates: readonly CovariateColumn[], rows: Int32Array): DesignMatrix {
  const names: string[] = [];
  const columns: Float64Array[] = [];
  for (const covariate of covariates) {
    if (covariate.kind === 'NUMERIC') {
      names.push(covariate.name);
      columns.push(Float64Array.from(rows, (row) => covariate.values[row]));
      continue;
    }
    if (covariate.levels.length < 2) {
      throw new Failure('COVARIATE_INVALID', `covariate ${covariate.name} has fewer than two levels`, {
        covariate: covariate.name,
        levels: covariate.levels,
      });
    }
    for (let level = 1; level < covariate.levels.length; level++) {
      names.push(`${covariate.name}${covariate.levels[level]}`);
      columns.push(Float64Array.from(rows, (row) => (covariate.codes[row] === level ? 1 : 0)));
    }
  }
  return { names, columns };
}
