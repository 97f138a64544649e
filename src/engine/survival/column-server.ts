import type { ColumnRequest } from './column-request.ts';
import { FLOATS, type Precision, padded, type VectorMemory } from './vector-memory.ts';

/** Of the columns that one fit after another reads before the next are read: they stay in the cache. */
const TILE_BYTES = 2 ** 19;

/** Where the columns are: rows in blocks, and in a block column after column, so that a tile is read as one piece of memory. */
export interface ColumnLayout {
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
 * Answers what several fits ask of columns: tile by tile, so that these are read from memory once for all that ask. An
 * answer is the same to the bit whatever else is answered with it.
 */
export class ColumnServer {
  private readonly memory: VectorMemory;
  private readonly layout: Readonly<Record<Precision, ColumnLayout>>;
  private readonly rows: number;
  private readonly width: number;
  private readonly tileColumns: number;
  private readonly tiles: number;
  /** Which of a request's columns each is, from 1; 0 between two. */
  private readonly asked: Int32Array;
  private readonly slots: readonly Slot[];

  /**
   * @param memory with {@link room} for each slot.
   * @param isShared whether columns are read in tiles; if not, all are one.
   */
  constructor(
    memory: VectorMemory,
    layout: Readonly<Record<Precision, ColumnLayout>>,
    rows: number,
    width: number,
    isShared: boolean,
    slots: number,
  ) {
    const { double, single } = layout;
    this.memory = memory;
    this.layout = layout;
    this.rows = rows;
    this.width = width;
    this.tileColumns = isShared ? Math.max(8, Math.floor(TILE_BYTES / (8 * double.span) / 8) * 8) : width;
    this.tiles = isShared ? Math.ceil(width / this.tileColumns) : 1;
    this.asked = new Int32Array(width);
    this.slots = Array.from({ length: slots }, () => ({
      vectorAt: {
        double: memory.take(double.blocks * double.span),
        single: memory.take(single.blocks * single.span),
      },
      listAt: memory.take(padded(width + 4), 'single'),
      numbersAt: memory.take(padded(width + 4)),
      order: Int32Array.from({ length: width }, (_, k) => k),
      starts: new Int32Array(this.tiles + 1),
    }));
  }

  /** Numbers that a slot takes. */
  static room(layouts: readonly Omit<ColumnLayout, 'at'>[], width: number): number {
    const vectors = layouts.reduce((sum, { blocks, span }) => sum + padded(blocks * span), 0);
    return vectors + padded(padded(width + 4), 'single') + padded(width + 4);
  }

  /** Answers requests of one precision, at most as many as there are slots. */
  serve(requests: readonly ColumnRequest[]): void {
    if (requests.length === 0) return;
    for (let r = 0; r < requests.length; r++) this.arrange(requests[r], this.slots[r]);
    this.serveTiles(requests, requests[0].precision);
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
          const { adds } = requests[r];
          const { starts, vectorAt, listAt, numbersAt } = slots[r];
          const start = starts[tile];
          const count = starts[tile + 1] - start;
          if (count === 0) continue;
          const vector = 8 * vectorAt[precision] + block * bytes;
          const list = 8 * listAt + 4 * start;
          const numbers = 8 * numbersAt + (adds && precision === 'single' ? 4 : 8) * start;
          const loop = adds ? combine : products;
          loop(vector, list, count, numbers, bytes, shift, 0);
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
    if (adds || places) elements.fill(0, at, at + this.rows);
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
