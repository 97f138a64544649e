import type { Cells } from './cells.ts';
import { epsilon } from './emphasis.ts';
import { secondEigenvector, timesTransposed } from './second-eigenvector.ts';

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
  for (let n = 0; n < rows.length; n++) {
    const column = columns[n] - 1;
    if (first[column] < 0) {
      first[column] = rows[n];
      continue;
    }
    const [a, b] = [rootOf(parent, first[column]), rootOf(parent, rows[n])];
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  for (let row = 0; row < size; row++) parent[row] = rootOf(parent, row);
  return parent;
}

function rootOf(parent: Int32Array, row: number): number {
  let root = row;
  while (parent[root] !== root) root = parent[root];
  parent[row] = root;
  return root;
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
  let [quotient, length] = [0, 0];
  for (let n = 0; n < counts.length; n++) {
    const [i, k] = [rows[n], columns[n] - 1];
    quotient += (left[i] * counts[n] * between[k]) / (px[i] * py[k] + added);
  }
  for (let i = 0; i < u.length; i++) length += u[i] * u[i];
  return quotient / length;
}
