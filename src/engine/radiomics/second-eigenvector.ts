import type { Cells } from './cells.ts';
import { largestEigenvalue } from './tridiagonal.ts';

/**
 * The eigenvector of B·Bᵀ for its largest eigenvalue among those at right angles to `known`, whose length is 1; null where
 * all are 0. Lanczos' vectors lose their right angles only as an eigenvalue settles, which is when this ends.
 */
export function secondEigenvector(b: Cells, known: Float64Array): Float64Array | null {
  // A dozen steps do for most images; many levels with next to no gap between the eigenvalues take more than can be waited for.
  const maximumSteps = Math.min(2000, Math.max(300, 5e6 / b.counts.length));
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let next: Float64Array = new Float64Array(known.length);
  for (let i = 0; i < next.length; i++) {
    // No eigenvector of anything in particular. Levels without pairs stay 0.
    next[i] = known[i] * Math.sin(1 + 2.3 * i * i + i);
  }
  for (let check = 4; ; ) {
    deflate(next, known);
    const length = Math.sqrt(dot(next, next));
    const ends = length < 1e-9 || basis.length >= maximumSteps;
    if (ends || basis.length === check) {
      const { value, vector } = largestEigenvalue(diagonal, beside);
      if (basis.length === 0 || !(value > 1e-28)) {
        return null;
      }
      if (ends || length * Math.abs(vector[vector.length - 1]) < 1e-8) {
        return combine(basis, vector);
      }
      check += Math.max(4, check >> 2);
    }
    if (basis.length > 0) {
      beside.push(length);
    }
    const q = scaled(next, 1 / length);
    next = multiply(b, q);
    diagonal.push(dot(q, next));
    addMultiple(next, q, -diagonal[diagonal.length - 1]);
    if (basis.length > 0) {
      addMultiple(next, basis[basis.length - 1], -length);
    }
    basis.push(q);
  }
}

/** B·Bᵀ·v */
function multiply(b: Cells, v: Float64Array): Float64Array {
  return timesMatrix(b, timesTransposed(b, v));
}

/** Aᵀ·v of a matrix by its cells. */
export function timesTransposed({ rows, columns, counts }: Cells, v: Float64Array): Float64Array {
  const product = new Float64Array(v.length);
  for (let n = 0; n < counts.length; n++) {
    product[columns[n] - 1] += counts[n] * v[rows[n]];
  }
  return product;
}

function timesMatrix({ rows, columns, counts }: Cells, v: Float64Array): Float64Array {
  const product = new Float64Array(v.length);
  for (let n = 0; n < counts.length; ) {
    const row = rows[n];
    let sum = 0;
    for (; n < counts.length && rows[n] === row; n++) {
      sum += counts[n] * v[columns[n] - 1];
    }
    product[row] = sum;
  }
  return product;
}

/** Takes the part along `known` out of v. */
function deflate(v: Float64Array, known: Float64Array): void {
  addMultiple(v, known, -dot(v, known));
}

function scaled(v: Float64Array, factor: number): Float64Array {
  const product = new Float64Array(v.length);
  addMultiple(product, v, factor);
  return product;
}

function addMultiple(v: Float64Array, w: Float64Array, factor: number): void {
  for (let i = 0; i < v.length; i++) {
    v[i] += factor * w[i];
  }
}

function combine(basis: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(basis[0].length);
  basis.forEach((q, n) => {
    addMultiple(sum, q, weights[n]);
  });
  return sum;
}

function dot(v: Float64Array, w: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) {
    sum += v[i] * w[i];
  }
  return sum;
}
