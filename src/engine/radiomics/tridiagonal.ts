/** The largest eigenvalue of a symmetric tridiagonal matrix with its unit eigenvector: bisection, then inverse iteration. */
export function largestEigenvalue(
  diagonal: readonly number[],
  beside: readonly number[],
): { value: number; vector: Float64Array } {
  const size = diagonal.length;
  if (size === 0) {
    return { value: 0, vector: new Float64Array() };
  }
  const bound = (i: number) => diagonal[i] + Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0);
  let high = Math.max(...diagonal.map((_, i) => bound(i)));
  let low = Math.max(...diagonal);
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
  let vector: Float64Array = new Float64Array(size).fill(1 / Math.sqrt(size));
  for (let round = 0; round < 3; round++) {
    vector = solve(diagonal, beside, shift, vector);
    let length = 0;
    for (let i = 0; i < size; i++) length += vector[i] * vector[i];
    for (let i = 0; i < size; i++) vector[i] *= 1 / Math.sqrt(length);
  }
  return { value: high, vector };
}

/** Solves (T − shift)·x = right, T tridiagonal. */
function solve(
  diagonal: readonly number[],
  beside: readonly number[],
  shift: number,
  right: Float64Array,
): Float64Array {
  const size = diagonal.length;
  const pivots = new Float64Array(size);
  const x = Float64Array.from(right);
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
  return x;
}
