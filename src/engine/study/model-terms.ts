import type { FactorColumns } from '../survival/index.ts';
import type { CovariateColumn } from './cohort-table.ts';

/** The terms of a model: each covariate with the names of its columns in the design matrix. */
export function termsOf(
  columns: readonly CovariateColumn[],
): { readonly name: string; readonly covariates: readonly string[] }[] {
  return columns.map((column) => ({ name: column.name, covariates: columnNames(column) }));
}

/** The categorical covariates as factors: their levels and the columns of all but the first. */
export function factorsOf(columns: readonly CovariateColumn[]): FactorColumns[] {
  return columns.flatMap((column) =>
    column.kind === 'CATEGORICAL'
      ? [{ name: column.name, levels: column.levels, covariates: columnNames(column) }]
      : [],
  );
}

function columnNames(column: CovariateColumn): string[] {
  if (column.kind === 'NUMERIC') return [column.name];
  return column.levels.slice(1).map((level) => `${column.name}${level}`);
}
