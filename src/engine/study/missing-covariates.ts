import { median } from '../statistics/index.ts';
import type { CovariateColumn } from './cohort-table.ts';
import { isMissing } from './cohort-table.ts';

export interface CompletedCovariates {
  readonly columns: readonly CovariateColumn[];
  /** Covariates of which values were filled in, and for how many of the patients. */
  readonly imputed: readonly { readonly name: string; readonly patients: number }[];
}

/**
 * Fills in missing covariates: a number by the median, a level by the commonest one (the first of several) of the
 * training rows. A covariate that no training patient has stays missing.
 */
export function imputeCovariates(
  columns: readonly CovariateColumn[],
  training: Int32Array,
): CompletedCovariates {
  const imputed: { name: string; patients: number }[] = [];
  const completed = columns.map((column): CovariateColumn => {
    const known = training.filter((row) => !isMissing(column, row));
    let patients = 0;
    const fill = <T>(value: T, missing: boolean, substitute: T): T => {
      if (missing) patients++;
      return missing ? substitute : value;
    };
    if (known.length === 0) return column;
    let result: CovariateColumn;
    if (column.kind === 'NUMERIC') {
      const middle = median(Float64Array.from(known, (row) => column.values[row]));
      result = { ...column, values: column.values.map((value) => fill(value, Number.isNaN(value), middle)) };
    } else {
      const counts = column.levels.map((_, code) => known.filter((row) => column.codes[row] === code).length);
      const commonest = counts.indexOf(Math.max(...counts));
      result = { ...column, codes: column.codes.map((code) => fill(code, code < 0, commonest)) };
    }
    if (patients > 0) imputed.push({ name: column.name, patients });
    return result;
  });
  return { columns: completed, imputed };
}
