import { factorise, solveFactorised } from './cholesky.ts';
import type { RiskSets } from './risk-sets.ts';
import type { ScoreResiduals } from './score-residuals.ts';

/**
 * The sum over clusters of u uᵀ, u the cluster's weighted score residuals (row-major p × p), and their total.
 *
 * @param cluster a label a row of the data; absent, each row is its own.
 */
export function scoreSpread(
  sets: RiskSets,
  { score }: ScoreResiduals,
  cluster: Int32Array | undefined,
): { spread: Float64Array; total: Float64Array } {
  const p = score.length;
  const n = sets.rows.length;
  const index = new Map<number, number>();
  const group = Int32Array.from(sets.rows, (row, i) => {
    if (!cluster) return i;
    const known = index.get(cluster[row]);
    if (known !== undefined) return known;
    index.set(cluster[row], index.size);
    return index.size - 1;
  });
  const groups = cluster ? index.size : n;
  const sums = score.map((column) => {
    const sum = new Float64Array(groups);
    for (let i = 0; i < n; i++) sum[group[i]] += sets.weights[i] * column[i];
    return sum;
  });
  const spread = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let g = 0; g < groups; g++) sum += sums[a][g] * sums[b][g];
      spread[a * p + b] = sum;
      spread[b * p + a] = sum;
    }
  }
  return { spread, total: Float64Array.from(sums, (column) => column.reduce((sum, u) => sum + u, 0)) };
}

/** V S V: the sandwich (Lin & Wei 1989) of a model-based covariance V and a score spread S. */
export function sandwich(covariance: Float64Array, spread: Float64Array, p: number): Float64Array {
  return multiply(multiply(covariance, spread, p), covariance, p);
}

/** uᵀ S⁻ u. */
export function quadraticInverse(spread: Float64Array, u: Float64Array): number {
  const p = u.length;
  const matrix = spread.slice();
  const diagonal = Float64Array.from(u, (_, j) => spread[j * p + j]);
  factorise(matrix, p, diagonal, 2 ** -39);
  const solved = u.slice();
  solveFactorised(matrix, p, solved);
  return u.reduce((sum, v, j) => sum + v * solved[j], 0);
}

function multiply(a: Float64Array, b: Float64Array, p: number): Float64Array {
  const product = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < p; k++) {
      const v = a[i * p + k];
      if (v !== 0) for (let j = 0; j < p; j++) product[i * p + j] += v * b[k * p + j];
    }
  }
  return product;
}
