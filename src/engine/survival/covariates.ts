import { Failure } from '../failure.ts';
import { checkLength } from './survival-data.ts';

/** A design matrix: one named column of finite numbers for each covariate, all of one length. */
export interface Covariates {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

/** @throws Failure LENGTH_MISMATCH, COVARIATE_INVALID (a value that is not finite, a name given twice). */
export function checkCovariates({ names, columns }: Covariates, rows: number): void {
  if (names.length !== columns.length) {
    const message = `covariates has ${names.length} names, but ${columns.length} columns.`;
    throw new Failure('LENGTH_MISMATCH', message, { names: names.length, columns: columns.length });
  }
  const seen = new Set<string>();
  for (let j = 0; j < names.length; j++) {
    const column = columns[j];
    checkLength(`covariate ${names[j]}`, column.length, rows);
    if (seen.has(names[j])) {
      throw new Failure('COVARIATE_INVALID', `Two covariates are named ${names[j]}.`, {
        covariate: names[j],
      });
    }
    seen.add(names[j]);
    // Only what is not finite leaves something when subtracted from itself.
    let flaw = 0;
    for (let i = 0; i < rows; i++) flaw += column[i] - column[i];
    for (let i = 0; flaw !== 0 && i < rows; i++) {
      if (Number.isFinite(column[i])) continue;
      const message = `Covariate ${names[j]} has the value ${column[i]} at row ${i}.`;
      throw new Failure('COVARIATE_INVALID', message, {
        covariate: names[j],
        index: i,
        value: String(column[i]),
      });
    }
  }
}

/** A covariate as the solvers see it: z = (x − center) · scale, in the order of the positions of a risk set. */
export interface StandardColumn {
  readonly values: Float64Array;
  readonly center: number;
  /** 1 / mean |x − center|; 0 where the column is constant. */
  readonly scale: number;
}

/**
 * Centres a column at its weighted mean and divides it by its mean absolute deviation, so that the solution does not
 * depend on the unit and the origin of a covariate. Sums run over differences from the first value: they are exact
 * for a large common offset, and a constant column comes out as exactly 0.
 *
 * @param values takes the result; default a new array.
 * @throws Failure COVARIATE_INVALID where the spread lies outside [1e-150, 1e150], in which squares would be lost.
 */
export function standardise(
  name: string,
  column: Float64Array,
  rows: Int32Array,
  weights: Float64Array,
  values = new Float64Array(rows.length),
): StandardColumn {
  const n = rows.length;
  const origin = column[rows[0]];
  let total = 0;
  for (let i = 0; i < n; i++) {
    values[i] = column[rows[i]] - origin;
    total += weights[i];
  }
  // Divided term by term, so that sums of large values stay in range.
  let mean = 0;
  const share = 1 / total;
  for (let i = 0; i < n; i++) mean += values[i] * (weights[i] * share);
  let deviation = 0;
  const part = 1 / n;
  for (let i = 0; i < n; i++) {
    values[i] -= mean;
    deviation += Math.abs(values[i]) * part;
  }
  if (deviation === 0) return { values, center: origin + mean, scale: 0 };
  if (!(deviation >= 1e-150 && deviation <= 1e150)) {
    const message = `Covariate ${name} has the mean absolute deviation ${deviation}: rescale it.`;
    throw new Failure('COVARIATE_INVALID', message, { covariate: name, deviation: String(deviation) });
  }
  const scale = 1 / deviation;
  for (let i = 0; i < n; i++) values[i] *= scale;
  return { values, center: origin + mean, scale };
}
