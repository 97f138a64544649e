import { type VectorKernel, vectorKernel } from './vector-kernel.ts';

/** Rows multiplied at a time: few enough for the columns of a usual model to stay in the nearest cache. */
const ROWS = 256;
const PAGE_BYTES = 2 ** 16;
const roots = new Float64Array(ROWS);

/**
 * Adds sign · BᵀB to the lower triangle of a row-major p × p matrix. B has `rows` rows; its column j begins at
 * `buffer[j · stride]`.
 */
export function addGram(
  target: Float64Array,
  p: number,
  buffer: Float64Array,
  stride: number,
  rows: number,
  sign: number,
): void {
  if (p === 0) return;
  const { values } = benchFor(p);
  for (let start = 0; start < rows; start += ROWS) {
    const count = Math.min(ROWS, rows - start);
    for (let j = 0; j < p; j++) {
      const from = j * stride + start;
      const to = j * ROWS;
      for (let r = 0; r < count; r++) values[to + r] = buffer[from + r];
    }
    addProducts(target, p, count, sign);
  }
}

/** Adds XᵀWX to the lower triangle of a row-major p × p matrix, W the diagonal matrix of weights ≥ 0. */
export function addWeightedGram(
  target: Float64Array,
  columns: readonly Float64Array[],
  weights: Float64Array,
): void {
  const p = columns.length;
  if (p === 0) return;
  const { values } = benchFor(p);
  for (let start = 0; start < weights.length; start += ROWS) {
    const count = Math.min(ROWS, weights.length - start);
    for (let r = 0; r < count; r++) roots[r] = Math.sqrt(weights[start + r]);
    for (let j = 0; j < p; j++) {
      const x = columns[j];
      const to = j * ROWS;
      for (let r = 0; r < count; r++) values[to + r] = roots[r] * x[start + r];
    }
    addProducts(target, p, count, 1);
  }
}

/** Of the columns that stand on the bench. */
function addProducts(target: Float64Array, p: number, count: number, sign: number): void {
  const { kernel, values, list, out } = benchFor(p);
  const length = (count + 7) & ~7;
  for (let j = 0; j < p && length > count; j++) {
    for (let r = count; r < length; r++) values[j * ROWS + r] = 0;
  }
  for (let a = 0; a < p; a++) {
    const columns = (a + 4) & ~3;
    for (let b = 0; b < columns; b++) values[out + b] = 0;
    kernel.double.products(8 * a * ROWS, list, columns, 8 * out, 8 * length, 0);
    for (let b = 0; b <= a; b++) target[a * p + b] += sign * values[out + b];
  }
}

interface Bench {
  readonly kernel: VectorKernel;
  /** The columns, then from `out` the products of one of them with others. */
  readonly values: Float64Array;
  readonly out: number;
  /** Where the addresses of the columns are, in bytes. */
  readonly list: number;
  readonly columns: number;
}

// One for all models, since each WebAssembly memory takes a large piece of the address space; nothing in it outlives a call.
let bench: Bench | undefined;

function benchFor(p: number): Bench {
  if (bench && p <= bench.columns) return bench;
  const columns = Math.max(32, (p + 3) & ~3);
  const out = columns * ROWS;
  const list = 8 * (out + columns);
  const kernel = vectorKernel();
  const missing = list + 4 * columns - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
  const addresses = new Uint32Array(kernel.memory.buffer, list, columns);
  for (let j = 0; j < columns; j++) addresses[j] = 8 * j * ROWS;
  bench = { kernel, values: new Float64Array(kernel.memory.buffer), out, list, columns };
  return bench;
}
