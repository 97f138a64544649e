import type { FactorColumns } from '../../src/engine/survival/index.ts';
import type { CaseInputs } from './survival-cases.ts';

/** A variable's axis of an rms nomogram. */
export interface RmsAxis {
  readonly values: readonly (number | string)[];
  readonly points: readonly number[];
}

/** The factors of a case whose design columns are named variable + level. */
export function factorColumns({ factors }: Pick<CaseInputs, 'factors'>): FactorColumns[] {
  return Object.entries(factors ?? {}).map(([name, levels]) => ({
    name,
    levels,
    covariates: levels.slice(1).map((level: string) => name + level),
  }));
}
