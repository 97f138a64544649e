import type { Cells } from './cells.ts';
import { epsilon } from './emphasis.ts';

/**
 * The maximal correlation coefficient of a co-occurrence matrix p: the root of the second largest eigenvalue of
 * Q(i, j) = Σₖ p(i, k)·p(j, k) / (px(i)·py(k) + ε), as PyRadiomics has it; 1 where there is a single grey level.
 * `px` and `py` are the sums of p over columns and rows, with an entry per grey level of the region.
 *
 * Without ε, Q is similar to B·Bᵀ with B(i, k) = p(i, k) / √(px(i)·py(k)), whose largest eigenvector √px is known. So the
 * second is found by Lanczos' method on the rest, and ε is brought in by the two-sided Rayleigh quotient of Q, which is
 * right to second order. Where weighting makes products px·py that ε is not small against, it is left out.
 *
 * Levels in groups of which none meets another have the eigenvalue 1 once for each group: there ε alone tells the second
 * largest, that of the group that ε weighs least on but one.
 */
export function maximalCorrelation(p: Cells, px: Float64Array, py: Float64Array): number {
  const size = px.length;
  if (size < 2) {
    return 1;
  }
  const { rows, columns } = p;
  const added = smallestOf(px) * smallestOf(py) > 1e-13 ? epsilon : 0;
  const apart = secondOfGroups(p, px, py, added);
  if (apart !== null) {
    return Math.sqrt(apart);
  }
  const known = new Float64Array(size);
  const scale = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    known[i] = Math.sqrt(px[i]);
    scale[i] = 1 / Math.sqrt(py[i]);
  }
  const counts = new Float64Array(rows.length);
  for (let n = 0; n < counts.length; n++) {
    counts[n] = (p.counts[n] / known[rows[n]]) * scale[columns[n] - 1];
  }
  const eigenvector = secondEigenvector({ rows, columns, counts }, known);
  if (eigenvector === null) {
    return 0;
  }
  return Math.sqrt(Math.max(0, rayleighQuotient(p, px, py, eigenvector, added)));
}

/** The second largest of the groups' own largest eigenvalues, whose eigenvector is √px within the group; null where all levels meet. */
function secondOfGroups(
  { rows, columns, counts }: Cells,
  px: Float64Array,
  py: Float64Array,
  added: number,
): number | null {
  const group = groupsOf(rows, columns, px.length);
  const weight = new Float64Array(px.length);
  const quotient = new Float64Array(px.length);
  for (let n = 0; n < counts.length; n++) {
    const product = px[rows[n]] * py[columns[n] - 1];
    weight[group[rows[n]]] += counts[n];
    quotient[group[rows[n]]] += (counts[n] * product) / (product + added);
  }
  let [largest, second] = [-1, -1];
  for (let g = 0; g < weight.length; g++) {
    if (weight[g] === 0) continue;
    const value = quotient[g] / weight[g];
    second = Math.max(second, Math.min(value, largest));
    largest = Math.max(largest, value);
  }
  return second < 0 ? null : second;
}

/** For each row the least row of its group: rows meet in the columns where both have cells. */
function groupsOf(rows: Int32Array, columns: Int32Array, size: number): Int32Array {
  const parent = Int32Array.from({ length: size }, (_, row) => row);
  const first = new Int32Array(size).fill(-1);
  const rootOf = (row: number) => {
    let root = row;
    while (parent[root] !== root) root = parent[root];
    parent[row] = root;
    return root;
  };
  for (let n = 0; n < rows.length; n++) {
    const column = columns[n] - 1;
    if (first[column] < 0) {
      first[column] = rows[n];
      continue;
    }
    const [a, b] = [rootOf(first[column]), rootOf(rows[n])];
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  for (let row = 0; row < size; row++) parent[row] = rootOf(row);
  return parent;
}

/**
 * The eigenvector of B·Bᵀ for its largest eigenvalue among those at right angles to `known`, whose length is 1; null where
 * all are 0. Lanczos' vectors lose their right angles only as an eigenvalue settles, which is when this ends.
 */
function secondEigenvector(b: Cells, known: Float64Array): Float64Array | null {
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
      const { value, vector } = largestOf(diagonal, beside);
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

/** The largest eigenvalue of a symmetric tridiagonal matrix with its unit eigenvector: bisection, then inverse iteration. */
function largestOf(
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
    vector = scaled(vector, 1 / Math.sqrt(dot(vector, vector)));
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

/** B·Bᵀ·v */
function multiply(b: Cells, v: Float64Array): Float64Array {
  return timesMatrix(b, timesTransposed(b, v));
}

function timesTransposed({ rows, columns, counts }: Cells, v: Float64Array): Float64Array {
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

function smallestOf(p: Float64Array): number {
  let smallest = 1;
  for (let i = 0; i < p.length; i++) {
    if (p[i] > 0 && p[i] < smallest) {
      smallest = p[i];
    }
  }
  return smallest;
}

/** yᵀ·Q·x / yᵀ·x with the left and right eigenvectors y = √px·u and x = u/√px that Q has without ε. */
function rayleighQuotient(
  p: Cells,
  px: Float64Array,
  py: Float64Array,
  u: Float64Array,
  added: number,
): number {
  const { rows, columns, counts } = p;
  const right = new Float64Array(u.length);
  const left = new Float64Array(u.length);
  for (let i = 0; i < u.length; i++) {
    const root = Math.sqrt(px[i]);
    left[i] = u[i] * root;
    right[i] = root > 0 ? u[i] / root : 0;
  }
  const between = timesTransposed(p, right);
  let quotient = 0;
  for (let n = 0; n < counts.length; n++) {
    const [i, k] = [rows[n], columns[n] - 1];
    quotient += (left[i] * counts[n] * between[k]) / (px[i] * py[k] + added);
  }
  return quotient / dot(u, u);
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
