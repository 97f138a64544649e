import type { Covariates } from './covariates.ts';
import { riskSets } from './risk-sets.ts';
import type { SurvivalData } from './survival-data.ts';
import { FLOATS, type Precision, padded, VectorMemory } from './vector-memory.ts';

/** From how many numbers on single precision pays: what is fewer stays in the nearest cache. */
const LARGE = 2 ** 19;
/** From how many numbers on it pays to read columns for several fits at once: of fewer most stay in the processor's cache. */
export const SHARED_FROM = 2 ** 22;
/** Of the columns that one fit after another reads before the next are read, and of one of them: they stay in the cache. */
const TILE_BYTES = 2 ** 19;
const TILE_COLUMN_BYTES = 2 ** 16;
const PRECISIONS = ['single', 'double'] as const;
/** Vectors at once that {@link PenalisedDesign.batchAt} has room for. */
export const BATCH = 32;

/** What a fit asks of columns: their products with a vector, or that they be added to it, each times its number. */
export class ColumnRequest {
  readonly adds: boolean;
  readonly precision: Precision;
  /** By position of the fit; to be filled in where columns are added. */
  readonly vector: Float64Array;
  /** The design's row of each position; null if they are the same. */
  readonly places: Int32Array | null;
  readonly columns: ArrayLike<number>;
  readonly count: number;
  /** The factors, or the products to be filled in. */
  readonly numbers: Float64Array;

  constructor(
    adds: boolean,
    precision: Precision,
    vector: Float64Array,
    places: Int32Array | null,
    columns: ArrayLike<number>,
    count: number,
    numbers: Float64Array,
  ) {
    this.adds = adds;
    this.precision = precision;
    this.vector = vector;
    this.places = places;
    this.columns = columns;
    this.count = count;
    this.numbers = numbers;
  }
}

/** A calculation that waits for its requests to be answered. */
export type Asking<Result> = Generator<ColumnRequest, Result, void>;

/** Where the columns are: rows in blocks, and in a block column after column, so that a tile is read as one piece of memory. */
interface Layout {
  readonly at: number;
  readonly blocks: number;
  /** Of a block, but for the last, which is filled up. */
  readonly rows: number;
  /** Numbers that a column takes in a block. */
  readonly span: number;
}

/** Room for one request: its vector, and its columns' addresses and numbers in the order of tiles. */
interface Slot {
  readonly vectorAt: Readonly<Record<Precision, number>>;
  readonly listAt: number;
  readonly numbersAt: number;
  readonly order: Int32Array;
  /** First place of each tile's columns. */
  readonly starts: Int32Array;
}

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
  readonly layout: Readonly<Record<Precision, Layout>>;
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
  private readonly tileColumns: number;
  private readonly tiles: number;
  /** Which of a request's columns each is, from 1; 0 between two. */
  private readonly asked: Int32Array;
  private readonly slots: readonly Slot[];

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
    const { double, single } = { double: blocksOf(n, 'double'), single: blocksOf(n, 'single') };
    // Eight sums at a time are added up, of products and factors that are rounded themselves.
    this.rounding = { double: 0, single: (single.rows / 8 + 8) * 2 ** -24 };
    this.tileColumns = isShared ? Math.max(8, Math.floor(TILE_BYTES / (8 * double.span) / 8) * 8) : p;
    this.tiles = isShared ? Math.ceil(p / this.tileColumns) : 1;
    this.asked = new Int32Array(p);
    this.sideBySide = sideBySide;
    const places = padded(p + 4);
    const [room, singleRoom] = [double.blocks * double.span, single.blocks * single.span];
    const slot = room + singleRoom + padded(places, 'single') + places;
    const batch = BATCH * (room + padded(p) + padded(4));
    const size = p * (room + (isSingle ? singleRoom : 0)) + this.sideBySide * slot + batch;
    this.memory = new VectorMemory(size, p);
    const at = this.memory.take(p * room);
    this.layout = {
      double: { at, ...double },
      single: isSingle ? { at: this.memory.take(p * singleRoom), ...single } : { at, ...double },
    };
    this.batchAt = this.memory.take(BATCH * room);
    this.sumsAt = this.memory.take(BATCH * (padded(p) + padded(4)));
    this.slots = Array.from({ length: this.sideBySide }, () => ({
      vectorAt: { double: this.memory.take(room), single: this.memory.take(singleRoom) },
      listAt: this.memory.take(places, 'single'),
      numbersAt: this.memory.take(places),
      order: Int32Array.from({ length: p }, (_, k) => k),
      starts: new Int32Array(this.tiles + 1),
    }));
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

  /** Answers requests, at most {@link sideBySide}. */
  serve(requests: readonly ColumnRequest[]): void {
    for (let r = 0; r < requests.length; r++) this.arrange(requests[r], this.slots[r]);
    for (const precision of PRECISIONS) {
      for (let r = 0; r < requests.length; r++) {
        if (requests[r].precision !== precision) continue;
        this.serveTiles(requests, precision);
        break;
      }
    }
    for (let r = 0; r < requests.length; r++) this.answer(requests[r], this.slots[r]);
  }

  private serveTiles(requests: readonly ColumnRequest[], precision: Precision): void {
    const { slots, tiles, width } = this;
    const { products, combine } = this.memory.kernel[precision];
    const { blocks, span } = this.layout[precision];
    const bytes = 8 * span;
    for (let block = 0; block < blocks; block++) {
      const shift = block * width * bytes;
      for (let tile = 0; tile < tiles; tile++) {
        for (let r = 0; r < requests.length; r++) {
          const request = requests[r];
          if (request.precision !== precision) continue;
          const { starts, vectorAt, listAt, numbersAt } = slots[r];
          const start = starts[tile];
          const count = starts[tile + 1] - start;
          if (count === 0) continue;
          const vector = 8 * vectorAt[precision] + block * bytes;
          const list = 8 * listAt + 4 * start;
          const size = request.adds && precision === 'single' ? 4 : 8;
          const loop = request.adds ? combine : products;
          loop(vector, list, count, 8 * numbersAt + size * start, bytes, shift, 0);
        }
      }
    }
  }

  /** Puts a request into its slot, its columns by tile; what fills a tile's up to a multiple of four adds nothing. */
  private arrange(request: ColumnRequest, { vectorAt, listAt, numbersAt, order, starts }: Slot): void {
    const { adds, precision, vector, places, columns, count, numbers: factors } = request;
    const { memory } = this;
    const { at: base, span } = this.layout[precision];
    const numbers = memory.elements(adds ? precision : 'double');
    const first = numbersAt * (adds ? FLOATS[precision] : 1);
    const whole = (count + 3) & ~3;
    this.sort(columns, count, order, starts);
    const { addresses } = memory;
    const list = 2 * listAt;
    for (let k = 0; k < count; k++) addresses[list + order[k]] = 8 * (base + span * columns[k]);
    if (adds) for (let k = 0; k < count; k++) numbers[first + order[k]] = factors[k];
    else numbers.fill(0, first, first + count);
    for (let place = count; place < whole; place++) {
      addresses[list + place] = 8 * base;
      numbers[first + place] = 0;
    }
    const elements = memory.elements(precision);
    const at = vectorAt[precision] * FLOATS[precision];
    if (adds || places) elements.fill(0, at, at + this.rows.length);
    if (adds) return;
    if (!places) elements.set(vector, at);
    else for (let i = 0; i < places.length; i++) elements[at + places[i]] = vector[i];
  }

  /** The place of each column in ascending order, and by tile the first group of four that begins in it. */
  private sort(columns: ArrayLike<number>, count: number, order: Int32Array, starts: Int32Array): void {
    const { width, tiles, tileColumns, asked } = this;
    starts[tiles] = (count + 3) & ~3;
    // So they stay.
    if (tiles === 1) return;
    for (let k = 0; k < count; k++) asked[columns[k]] = k + 1;
    let place = 0;
    for (let tile = 0, j = 0; tile < tiles; tile++) {
      starts[tile] = (place + 3) & ~3;
      for (const end = Math.min(width, (tile + 1) * tileColumns); j < end; j++) {
        if (asked[j] === 0) continue;
        order[asked[j] - 1] = place++;
        asked[j] = 0;
      }
    }
  }

  private answer(request: ColumnRequest, { vectorAt, numbersAt, order }: Slot): void {
    const { adds, precision, vector, places, count, numbers } = request;
    const { memory } = this;
    if (!adds) {
      for (let k = 0; k < count; k++) numbers[k] = memory.values[numbersAt + order[k]];
      return;
    }
    if (!places) {
      memory.read(vectorAt[precision], vector, precision);
      return;
    }
    const elements = memory.elements(precision);
    const at = vectorAt[precision] * FLOATS[precision];
    for (let i = 0; i < places.length; i++) vector[i] = elements[at + places[i]];
  }
}

/** Rows in blocks of one length, and few enough that a column of a block has the bytes that it may. */
function blocksOf(n: number, precision: Precision): Omit<Layout, 'at'> {
  const blocks = Math.max(1, Math.ceil((8 * n) / FLOATS[precision] / TILE_COLUMN_BYTES));
  const span = padded(Math.ceil(n / blocks), precision);
  return { blocks, span, rows: span * FLOATS[precision] };
}
