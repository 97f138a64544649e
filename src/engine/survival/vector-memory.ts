import { Failure } from '../failure.ts';
import { type VectorKernel, vectorKernel } from './vector-kernel.ts';

const PAGE_BYTES = 2 ** 16;
const LARGEST_BYTES = 2 ** 32 - PAGE_BYTES;
/** Lengths are multiples of this many numbers; what lies beyond the end of a shorter vector is 0. */
const STEP = 8;

export type Precision = keyof typeof FLOATS;

/** Elements in the room of a number. */
export const FLOATS = { single: 2, double: 1 } as const;

/** Numbers that a vector takes: the least multiple of eight in which it has room. */
export function padded(length: number, precision: Precision = 'double'): number {
  return Math.max(STEP, Math.ceil(length / FLOATS[precision] / STEP) * STEP);
}

/**
 * Vectors in one memory, in which {@link vectorKernel WebAssembly's vectors} multiply and combine them: float64 or, where
 * single precision is asked for, float32. A vector is known by its place, the index of its first element if it is
 * float64; lengths are counted in elements, strides in numbers of eight bytes; all begin as 0.
 */
export class VectorMemory {
  readonly values: Float64Array;
  private readonly singles: Float32Array;
  /** Of four bytes each, from element 2 of every number on. */
  readonly addresses: Uint32Array;
  readonly kernel: VectorKernel;
  private readonly list: number;
  private readonly numbers: number;
  private readonly largestCount: number;
  private readonly results: Float64Array;
  private used = 0;

  /**
   * @param size of all vectors together, in numbers; @param largestCount of columns in one call.
   * @throws Failure ARGUMENT_INVALID above 4 GiB.
   */
  constructor(size: number, largestCount: number) {
    this.largestCount = padded(largestCount);
    const bytes = 8 * (size + 2 * this.largestCount);
    const refuse = () => {
      const message = `A model of this size needs ${bytes} bytes at once, more than there can be.`;
      return new Failure('ARGUMENT_INVALID', message, { argument: 'covariates', bytes });
    };
    if (!(bytes <= LARGEST_BYTES)) throw refuse();
    this.kernel = vectorKernel();
    try {
      this.kernel.memory.grow(Math.ceil(bytes / PAGE_BYTES));
    } catch (error) {
      if (error instanceof RangeError) throw refuse();
      throw error;
    }
    this.values = new Float64Array(this.kernel.memory.buffer);
    this.singles = new Float32Array(this.kernel.memory.buffer);
    this.addresses = new Uint32Array(this.kernel.memory.buffer);
    this.numbers = this.take(this.largestCount);
    this.results = this.view(this.numbers, this.largestCount);
    this.list = this.take(this.largestCount);
  }

  /** A place for a vector. */
  take(length: number, precision: Precision = 'double'): number {
    const place = this.used;
    this.used += padded(length, precision);
    return place;
  }

  view(place: number, length: number): Float64Array {
    return this.values.subarray(place, place + length);
  }

  /** All elements: those of a vector begin at its place times {@link FLOATS}. */
  elements(precision: Precision): Float64Array | Float32Array {
    return precision === 'single' ? this.singles : this.values;
  }

  /** Writes a vector. */
  put(values: Float64Array, place: number, precision: Precision): void {
    if (precision === 'single') this.singles.set(values, 2 * place);
    else this.values.set(values, place);
  }

  /** Reads a vector. */
  read(place: number, into: Float64Array, precision: Precision): void {
    if (precision === 'single') into.set(this.singles.subarray(2 * place, 2 * place + into.length));
    else into.set(this.values.subarray(place, place + into.length));
  }

  /**
   * The products of a vector with others, which lie at `base + stride · index[k]`; the first `count` numbers of what is
   * returned, until the next call.
   */
  products(
    vector: number,
    base: number,
    stride: number,
    index: ArrayLike<number>,
    count: number,
    length: number,
    precision: Precision = 'double',
  ): Float64Array {
    if (count === 0) return this.results;
    for (let k = 0; k < count; k++) this.results[k] = 0;
    const whole = this.fillList(base, stride, index, count, vector);
    const { products } = this.kernel[precision];
    products(8 * vector, 8 * this.list, whole, 8 * this.numbers, 8 * padded(length, precision), 0);
    return this.results;
  }

  /**
   * Adds the products of several vectors, an even number which lie `apart`, with those others: of two vectors after another
   * the products take turns, in a row of `width` numbers at `into` with room for eight more.
   */
  addAllProducts(
    vectors: { readonly first: number; readonly apart: number; readonly count: number },
    base: number,
    stride: number,
    index: ArrayLike<number>,
    length: number,
    into: number,
    width: number,
    precision: Precision,
  ): void {
    const { first, apart, count } = vectors;
    const whole = this.fillList(base, stride, index, index.length, first);
    const { pairedProducts } = this.kernel[precision];
    const bytes = 8 * padded(length, precision);
    for (let k = 0; k < count; k += 2) {
      const out = 8 * (into + (k / 2) * width);
      pairedProducts(8 * (first + k * apart), 8 * this.list, whole, out, bytes, 0, 8 * apart);
    }
  }

  /** Adds to a vector others times their factors. */
  combine(
    vector: number,
    base: number,
    stride: number,
    index: ArrayLike<number>,
    factors: ArrayLike<number>,
    count: number,
    length: number,
    precision: Precision = 'double',
  ): void {
    if (count === 0) return;
    const whole = this.fillList(base, stride, index, count, base);
    const numbers = this.elements(precision);
    const first = this.numbers * FLOATS[precision];
    for (let k = 0; k < whole; k++) numbers[first + k] = k < count ? factors[k] : 0;
    const { combine } = this.kernel[precision];
    combine(8 * vector, 8 * this.list, whole, 8 * this.numbers, 8 * padded(length, precision), 0);
  }

  private fillList(
    base: number,
    stride: number,
    index: ArrayLike<number>,
    count: number,
    other: number,
  ): number {
    if (count > this.largestCount) throw new Error(`${count} columns at once, of ${this.largestCount}.`);
    const whole = Math.ceil(count / 4) * 4;
    const first = 2 * this.list;
    for (let k = 0; k < count; k++) this.addresses[first + k] = 8 * (base + stride * index[k]);
    for (let k = count; k < whole; k++) this.addresses[first + k] = 8 * other;
    return whole;
  }
}
