/** The largest eigenvalue of a symmetric tridiagonal matrix with its unit eigenvector: bisection, then inverse iteration. */
export function largestEigenvalue(
  diagonal: readonly number[],
  beside: readonly number[],
): { value: number; vector: Float64Array } {
  const size = diagonal.length;
  if (size === 0) {
    return { value: 0, vector: new Float64Array() };
  }
  let [high, low] = [-Infinity, -Infinity];
  for (let i = 0; i < size; i++) {
    // By Gershgorin's circles.
    high = Math.max(high, diagonal[i] + Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0));
    low = Math.max(low, diagonal[i]);
  }
  for (let step = 0; step < 60 && high - low > 1e-16 * Math.abs(high); step++) {
    const middle = (low + high) / 2;
    // By Sylvester's law the pivots of T − middle are all negative just when every eigenvalue is below it.
    let pivot = diagonal[0] - middle;
    let below = pivot < 0;
    for (let i = 1; i < size && below; i++) {
      pivot = diagonal[i] - middle - (beside[i - 1] * beside[i - 1]) / pivot;
      below = pivot < 0;
    }
    if (below) {
      high = middle;
    } else {
      low = middle;
    }
  }
  // `high` is above every eigenvalue, so that T − high needs no pivoting.
  const shift = high + 1e-15 * Math.max(Math.abs(high), 1e-300);
  const vector = new Float64Array(size).fill(1 / Math.sqrt(size));
  const pivots = new Float64Array(size);
  for (let round = 0; round < 3; round++) {
    solve(diagonal, beside, shift, vector, pivots);
    let length = 0;
    for (let i = 0; i < size; i++) length += vector[i] * vector[i];
    for (let i = 0; i < size; i++) vector[i] *= 1 / Math.sqrt(length);
  }
  return { value: high, vector };
}

/** Solves (T − shift)·x = x in place, T tridiagonal; `pivots` is room for as many numbers. */
function solve(
  diagonal: readonly number[],
  beside: readonly number[],
  shift: number,
  x: Float64Array,
  pivots: Float64Array,
): void {
  const size = diagonal.length;
  pivots[0] = diagonal[0] - shift || -1e-300;
  for (let i = 1; i < size; i++) {
    const factor = beside[i - 1] / pivots[i - 1];
    pivots[i] = diagonal[i] - shift - factor * beside[i - 1] || -1e-300;
    x[i] -= factor * x[i - 1];
  }
  x[size - 1] /= pivots[size - 1];
  for (let i = size - 2; i >= 0; i--) {
    x[i] = (x[i] - beside[i] * x[i + 1]) / pivots[i];
  }
}
