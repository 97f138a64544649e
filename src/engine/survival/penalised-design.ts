import type { ColumnRequest } from './column-request.ts';
import { type ColumnLayout, ColumnServer } from './column-server.ts';
import type { Covariates } from './covariates.ts';
import { riskSets } from './risk-sets.ts';
import type { SurvivalData } from './survival-data.ts';
import { FLOATS, type Precision, padded, VectorMemory } from './vector-memory.ts';

/** From how many numbers on single precision pays: what is fewer stays in the nearest cache. */
const LARGE = 2 ** 19;
/** From how many numbers on it pays to read columns for several fits at once: of fewer most stay in the processor's cache. */
const SHARED_FROM = 2 ** 22;
/** Most fits side by side: each has a matrix of its own. */
const SIDE_BY_SIDE = 12;
/** Of a column in a block: long enough to be read in one go, and short enough for several to stay in the cache. */
const BLOCK_BYTES = 2 ** 16;
/** Vectors at once that {@link PenalisedDesign.batchAt} has room for. */
export const BATCH = 32;

/**
 * The standardised columns of penalised Cox models, which several fits share, each to some of the rows. What they ask of
 * the columns is answered tile by tile, so that these are read from memory once for them all; an answer is the same to
 * the bit whatever else is answered with it.
 */
export class PenalisedDesign {
  readonly data: SurvivalData;
  /** Rows of the data that have a weight, in the order of risk sets: the design's rows. */
  readonly rows: Int32Array;
  readonly width: number;
  readonly memory: VectorMemory;
  /** In a block b begins column j at `at + (b · width + j) · span`. */
  readonly layout: Readonly<Record<Precision, ColumnLayout>>;
  /** In which the columns are to be had: in single too if they have the unit deviation that makes it safe. */
  readonly precision: Precision;
  /** Divide a coefficient of the standardised column by this to have it for the column itself. */
  readonly scales: Float64Array;
  /** √Σ z² of each column. */
  readonly lengths: Float64Array;
  /** Largest error of a product, as a share of the lengths of vector and column; 0 where it is taken as exact. */
  readonly rounding: Readonly<Record<Precision, number>>;
  /** Constant columns. */
  readonly isConstant: Uint8Array;
  /** Most requests that {@link serve} takes. */
  readonly sideBySide: number;
  /** Room for vectors by row, and for their products with all columns, which nobody relies upon between two requests. */
  readonly batchAt: number;
  readonly sumsAt: number;
  private readonly server: ColumnServer;

  /**
   * @param standardise whether to a standard deviation of 1 (with denominator n), or only to a mean of 0.
   * @param sideBySide of how many fits requests are to be answered at once.
   * @throws Failure of `checkSurvivalData`; ARGUMENT_INVALID where the columns need more than 4 GiB.
   */
  constructor(data: SurvivalData, { columns }: Covariates, standardise: boolean, sideBySide: number) {
    const sets = riskSets(data);
    const n = sets.rows.length;
    const p = columns.length;
    this.data = data;
    this.rows = sets.rows;
    this.width = p;
    this.scales = new Float64Array(p).fill(1);
    this.lengths = new Float64Array(p);
    this.isConstant = new Uint8Array(p);
    const isShared = n * p >= SHARED_FROM;
    this.precision = standardise && n * p >= LARGE ? 'single' : 'double';
    const isSingle = this.precision === 'single';
    const double = blocksOf(n, 'double');
    const single = isSingle ? blocksOf(n, 'single') : double;
    // Eight sums at a time are added up, of products and factors that are rounded themselves.
    this.rounding = { double: 0, single: (single.rows / 8 + 8) * 2 ** -24 };
    this.sideBySide = sideBySide;
    const room = double.blocks * double.span;
    const singleRoom = isSingle ? single.blocks * single.span : 0;
    const sums = BATCH * (padded(p) + padded(4));
    const slots = sideBySide * ColumnServer.room([double, single], p);
    this.memory = new VectorMemory(p * (room + singleRoom) + slots + BATCH * room + sums, p);
    const at = this.memory.take(p * room);
    this.layout = {
      double: { at, ...double },
      single: { at: isSingle ? this.memory.take(p * singleRoom) : at, ...single },
    };
    this.batchAt = this.memory.take(BATCH * room);
    this.sumsAt = this.memory.take(sums);
    this.server = new ColumnServer(this.memory, this.layout, n, p, isShared, sideBySide);
    const total = sets.weights.reduce((sum, w) => sum + w, 0);
    const shares = sets.weights.map((w) => w / total);
    const z = new Float64Array(n);
    for (let j = 0; j < p; j++) {
      this.standardise(columns[j], j, shares, standardise, z);
      this.put(z, j, 'double');
      if (isSingle) this.put(z, j, 'single');
    }
  }

  private standardise(
    column: Float64Array,
    j: number,
    shares: Float64Array,
    toUnit: boolean,
    z: Float64Array,
  ): void {
    const { rows } = this;
    const n = rows.length;
    const origin = column[rows[0]];
    let mean = 0;
    for (let i = 0; i < n; i++) {
      z[i] = column[rows[i]] - origin;
      mean += shares[i] * z[i];
    }
    let square = 0;
    for (let i = 0; i < n; i++) {
      z[i] -= mean;
      square += shares[i] * z[i] * z[i];
    }
    if (!(square > 0 && square < Infinity)) {
      this.isConstant[j] = 1;
      z.fill(0);
      return;
    }
    if (!toUnit) return;
    const scale = Math.sqrt(square);
    this.scales[j] = scale;
    let length = 0;
    for (let i = 0; i < n; i++) {
      z[i] /= scale;
      length += z[i] * z[i];
    }
    this.lengths[j] = Math.sqrt(length);
  }

  private put(z: Float64Array, j: number, precision: Precision): void {
    const { at, rows, span, blocks } = this.layout[precision];
    for (let b = 0; b < blocks; b++) {
      this.memory.put(z.subarray(b * rows, (b + 1) * rows), at + (b * this.width + j) * span, precision);
    }
  }

  /** Reads column j, standardised. */
  column(j: number, into: Float64Array): void {
    const { at, rows, span, blocks } = this.layout.double;
    for (let b = 0; b < blocks; b++) {
      this.memory.read(at + (b * this.width + j) * span, into.subarray(b * rows, (b + 1) * rows), 'double');
    }
  }

  /** The design's rows that these rows of the data are; null if they are all, in this order. */
  placesOf(rows: Int32Array): Int32Array | null {
    const placeOf = new Int32Array(this.data.time.length);
    for (let i = 0; i < this.rows.length; i++) placeOf[this.rows[i]] = i;
    const places = rows.map((row) => placeOf[row]);
    return places.length === this.rows.length && places.every((place, i) => place === i) ? null : places;
  }

  /** Answers requests of one precision, at most {@link sideBySide}. */
  serve(requests: readonly ColumnRequest[]): void {
    this.server.serve(requests);
  }
}

/** Rows in blocks of one length, and few enough that a column of a block has the bytes that it may. */
function blocksOf(n: number, precision: Precision): Omit<ColumnLayout, 'at'> {
  const blocks = Math.max(1, Math.ceil((8 * n) / FLOATS[precision] / BLOCK_BYTES));
  const span = padded(Math.ceil(n / blocks), precision);
  return { blocks, span, rows: span * FLOATS[precision] };
}

/** How many of so many fits are to go side by side. */
export function fitsSideBySide(rows: number, width: number, fits: number): number {
  return rows * width >= SHARED_FROM ? Math.min(fits, SIDE_BY_SIDE) : 1;
}
