import { Failure } from '../failure.ts';
import { factorise, solveFactorised } from './cholesky.ts';

/** Covariates that enter and leave a model together: the columns of one factor, or a single column. */
export interface ModelTerm {
  readonly name: string;
  readonly covariates: readonly string[];
}

/** The columns of each term, one term a column unless terms are given. */
export function termColumns(names: readonly string[], terms: readonly ModelTerm[] | undefined): number[][] {
  if (!terms) return names.map((_, j) => [j]);
  return terms.map(({ name, covariates }) =>
    covariates.map((covariate) => {
      const j = names.indexOf(covariate);
      if (j >= 0) return j;
      const message = `Term ${name} names the covariate ${covariate}, which is not there.`;
      throw new Failure('COVARIATE_INVALID', message, { term: name, covariate });
    }),
  );
}

/** What is left of coefficients and their covariance when some are set to 0 without fitting anew. */
export interface ReducedEstimate {
  /** χ² of the coefficients set to 0, and its degrees of freedom: their rank. */
  readonly statistic: number;
  readonly df: number;
  readonly coefficients: Float64Array;
  readonly covariance: Float64Array;
}

/**
 * The conditional estimate given that the coefficients `drop` are 0: b − V_·J V_JJ⁻¹ b_J and V − V_·J V_JJ⁻¹ V_J·
 * (Lawless & Singhal 1978).
 */
export function reduceEstimate(
  coefficients: Float64Array,
  covariance: Float64Array,
  drop: readonly number[],
): ReducedEstimate {
  const p = coefficients.length;
  const m = drop.length;
  const block = new Float64Array(m * m);
  for (let r = 0; r < m; r++)
    for (let c = 0; c < m; c++) block[r * m + c] = covariance[drop[r] * p + drop[c]];
  const diagonal = Float64Array.from(drop, (j) => covariance[j * p + j]);
  const df = factorise(block, m, diagonal, 1e-12);
  const solved = Float64Array.from(drop, (j) => coefficients[j]);
  solveFactorised(block, m, solved);
  let statistic = 0;
  for (let r = 0; r < m; r++) statistic += solved[r] * coefficients[drop[r]];
  const b = coefficients.slice();
  const v = covariance.slice();
  const column = new Float64Array(m);
  for (let i = 0; i < p; i++) {
    for (let r = 0; r < m; r++) column[r] = covariance[i * p + drop[r]];
    for (let r = 0; r < m; r++) b[i] -= column[r] * solved[r];
    solveFactorised(block, m, column);
    for (let k = 0; k < p; k++)
      for (let r = 0; r < m; r++) v[i * p + k] -= column[r] * covariance[drop[r] * p + k];
  }
  for (const j of drop) {
    b[j] = 0;
    for (let k = 0; k < p; k++) {
      v[j * p + k] = 0;
      v[k * p + j] = 0;
    }
  }
  return { statistic, df, coefficients: b, covariance: v };
}
