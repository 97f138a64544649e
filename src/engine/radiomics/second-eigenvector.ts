import type { Cells } from './cells.ts';
import { largestEigenvalue } from './tridiagonal.ts';

/**
 * The eigenvector of B·Bᵀ for its largest eigenvalue among those at right angles to `known`, whose length is 1; null where
 * all are 0. Lanczos' vectors lose their right angles only as an eigenvalue settles, which is when this ends.
 */
export function secondEigenvector(b: Cells, known: Float64Array): Float64Array | null {
  // A dozen steps do for most images; many levels with next to no gap between the eigenvalues take more than can be waited for.
  const maximumSteps = Math.min(2000, Math.max(300, 5e6 / b.counts.length));
  const size = known.length;
  // Vectors one after the other, as thousands of small arrays take longer to make than to fill.
  let basis = new Float64Array(16 * size);
  let count = 0;
  const diagonal: number[] = [];
  const beside: number[] = [];
  const next = new Float64Array(size);
  const between = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    // No eigenvector of anything in particular. Levels without pairs stay 0.
    next[i] = known[i] * Math.sin(1 + 2.3 * i * i + i);
  }
  for (let check = 4; ; ) {
    deflate(next, known);
    const length = Math.sqrt(dot(next, next, 0));
    const ends = length < 1e-9 || count >= maximumSteps;
    if (ends || count === check) {
      const { value, vector } = largestEigenvalue(diagonal, beside);
      if (count === 0 || !(value > 1e-28)) {
        return null;
      }
      if (ends || length * Math.abs(vector[vector.length - 1]) < 1e-8) {
        return combine(basis, vector, size);
      }
      check += Math.max(4, check >> 2);
    }
    if (count > 0) {
      beside.push(length);
    }
    const at = count * size;
    if (at === basis.length) {
      const larger = new Float64Array(2 * at);
      larger.set(basis);
      basis = larger;
    }
    for (let i = 0; i < size; i++) basis[at + i] = (1 / length) * next[i];
    addTransposed(b, basis, at, between.fill(0));
    setProduct(b, between, next.fill(0));
    diagonal.push(dot(next, basis, at));
    addMultiple(next, basis, at, -diagonal[diagonal.length - 1]);
    if (count > 0) {
      addMultiple(next, basis, at - size, -length);
    }
    count++;
  }
}

/** Aᵀ·v of a matrix by its cells. */
export function timesTransposed(a: Cells, v: Float64Array): Float64Array {
  return addTransposed(a, v, 0, new Float64Array(v.length));
}

/** Adds Aᵀ·v to the product; v starts at `at`. */
function addTransposed(
  { rows, columns, counts }: Cells,
  v: Float64Array,
  at: number,
  product: Float64Array,
): Float64Array {
  for (let n = 0; n < counts.length; n++) {
    product[columns[n] - 1] += counts[n] * v[at + rows[n]];
  }
  return product;
}

/** Sets the rows of A·v that have cells. */
function setProduct({ rows, columns, counts }: Cells, v: Float64Array, product: Float64Array): void {
  for (let n = 0; n < counts.length; ) {
    const row = rows[n];
    let sum = 0;
    for (; n < counts.length && rows[n] === row; n++) {
      sum += counts[n] * v[columns[n] - 1];
    }
    product[row] = sum;
  }
}

/** Takes the part along `known` out of v. */
function deflate(v: Float64Array, known: Float64Array): void {
  addMultiple(v, known, 0, -dot(v, known, 0));
}

/** Adds to v a multiple of the vector that starts at `at`. */
function addMultiple(v: Float64Array, w: Float64Array, at: number, factor: number): void {
  for (let i = 0; i < v.length; i++) {
    v[i] += factor * w[at + i];
  }
}

function combine(basis: Float64Array, weights: Float64Array, size: number): Float64Array {
  const sum = new Float64Array(size);
  for (let n = 0; n < weights.length; n++) addMultiple(sum, basis, n * size, weights[n]);
  return sum;
}

/** v·w, which starts at `at`. */
function dot(v: Float64Array, w: Float64Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) {
    sum += v[i] * w[at + i];
  }
  return sum;
}
