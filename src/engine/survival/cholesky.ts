/**
 * The factorisation M = L D Lᵀ of a symmetric positive semidefinite matrix, in place in the lower triangle of a
 * row-major p × p array (D on the diagonal, unit L below). A pivot not above `tolerance · reference[j]` marks column
 * j as a combination of earlier ones: its pivot becomes 0 and the column takes no further part. So of collinear
 * columns the later is left out.
 *
 * Reference: R package survival, `cholesky2.c`, whose rule this is up to the reference of the tolerance.
 *
 * @returns the rank.
 */
export function factorise(
  matrix: Float64Array,
  p: number,
  reference: Float64Array,
  tolerance: number,
): number {
  let rank = 0;
  for (let i = 0; i < p; i++) {
    const row = i * p;
    // L D of this row, element by element; divided by D at the end. Both factors of the inner sum are contiguous.
    for (let j = 0; j < i; j++) {
      const other = j * p;
      if (matrix[other + j] === 0) {
        matrix[row + j] = 0;
        continue;
      }
      let s0 = matrix[row + j];
      let s1 = 0;
      let k = 0;
      for (; k + 1 < j; k += 2) {
        s0 -= matrix[row + k] * matrix[other + k];
        s1 -= matrix[row + k + 1] * matrix[other + k + 1];
      }
      if (k < j) s0 -= matrix[row + k] * matrix[other + k];
      matrix[row + j] = s0 + s1;
    }
    let pivot = matrix[row + i];
    for (let j = 0; j < i; j++) {
      const d = matrix[j * p + j];
      if (d === 0) continue;
      const factor = matrix[row + j] / d;
      pivot -= factor * matrix[row + j];
      matrix[row + j] = factor;
    }
    const kept = pivot > tolerance * reference[i];
    matrix[row + i] = kept ? pivot : 0;
    if (kept) rank++;
  }
  return rank;
}

/** Solves M x = y in place, M as {@link factorise} left it; entries of columns left out become 0. */
export function solveFactorised(matrix: Float64Array, p: number, y: Float64Array): void {
  for (let i = 0; i < p; i++) {
    let sum = y[i];
    for (let j = 0; j < i; j++) sum -= matrix[i * p + j] * y[j];
    y[i] = matrix[i * p + i] === 0 ? 0 : sum;
  }
  for (let i = p - 1; i >= 0; i--) {
    const pivot = matrix[i * p + i];
    if (pivot === 0) continue;
    let sum = y[i] / pivot;
    for (let j = i + 1; j < p; j++) sum -= matrix[j * p + i] * y[j];
    y[i] = sum;
  }
}

/** The full inverse (row-major) of a factorised matrix, with rows and columns of 0 for columns left out. */
export function invertFactorised(matrix: Float64Array, p: number): Float64Array {
  const inverse = new Float64Array(p * p);
  const unit = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    if (matrix[j * p + j] === 0) continue;
    unit.fill(0);
    unit[j] = 1;
    solveFactorised(matrix, p, unit);
    for (let i = 0; i < p; i++) inverse[i * p + j] = unit[i];
  }
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (inverse[i * p + j] + inverse[j * p + i]) / 2;
      inverse[i * p + j] = mean;
      inverse[j * p + i] = mean;
    }
  }
  return inverse;
}
