import { requireFinite, requireSameLength } from './argument.ts';
import { standardized } from './pearson.ts';
import { rank } from './ranks.ts';

export interface CorrelationMatrix {
  /** Row-major, p × p, symmetric, 1 on the diagonal; 0 where a constant column is paired with another. */
  readonly values: Float64Array;
  /** The columns whose correlations are undefined because all their values are equal. */
  readonly constant: readonly number[];
}

/**
 * The correlations of all pairs of p columns of n finite values, Pearson's or Spearman's, as R's `cor`. Each column is
 * standardised (or ranked) once, so that a pair costs a dot product: O(p² n) time, O(p² + p n) memory.
 *
 * @throws LENGTH_MISMATCH if a column is not as long as the first; ARGUMENT_INVALID with the column and the index of a
 * value that is not finite
 */
export function correlationMatrix(
  columns: readonly ArrayLike<number>[],
  method: 'pearson' | 'spearman' = 'pearson',
): CorrelationMatrix {
  const p = columns.length;
  const n = columns[0]?.length ?? 0;
  const units = new Float64Array(p * n);
  const constant: number[] = [];
  columns.forEach((column, j) => {
    requireSameLength(`columns[${j}]`, column, 'columns[0]', columns[0]);
    requireFinite(`columns[${j}]`, column);
    const unit = standardized(method === 'spearman' ? rank(column).ranks : column);
    if (unit) units.set(unit, j * n);
    else constant.push(j);
  });
  const values = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    values[i * p + i] = 1;
    for (let j = i + 1; j < p; j++) {
      const r = Math.max(-1, Math.min(1, dot(units, i * n, j * n, n)));
      values[i * p + j] = r;
      values[j * p + i] = r;
    }
  }
  return { values, constant };
}

/** Four sums at a time, since one would wait for each addition. */
function dot(units: Float64Array, a: number, b: number, n: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = n - (n % 4);
  for (let k = 0; k < whole; k += 4) {
    s0 += units[a + k] * units[b + k];
    s1 += units[a + k + 1] * units[b + k + 1];
    s2 += units[a + k + 2] * units[b + k + 2];
    s3 += units[a + k + 3] * units[b + k + 3];
  }
  for (let k = whole; k < n; k++) s0 += units[a + k] * units[b + k];
  return s0 + s1 + (s2 + s3);
}
