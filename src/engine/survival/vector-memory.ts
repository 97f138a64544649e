import { Failure } from '../failure.ts';
import { type VectorKernel, vectorKernel } from './vector-kernel.ts';

const PAGE_BYTES = 2 ** 16;
const LARGEST_BYTES = 2 ** 32 - PAGE_BYTES;
/** Lengths are multiples of this many numbers; what lies beyond the end of a shorter vector is 0. */
const STEP = 8;

/** The least multiple of eight that is not below. */
export function padded(length: number): number {
  return Math.max(STEP, Math.ceil(length / STEP) * STEP);
}

/**
 * Float64 vectors in one memory, in which {@link vectorKernel WebAssembly's vectors} multiply and combine them. A vector is
 * known by its place, the index of its first element; all begin as 0.
 */
export class VectorMemory {
  readonly values: Float64Array;
  private readonly addresses: Uint32Array;
  private readonly kernel: VectorKernel;
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
    this.addresses = new Uint32Array(this.kernel.memory.buffer);
    this.numbers = this.take(this.largestCount);
    this.results = this.view(this.numbers, this.largestCount);
    this.list = this.take(this.largestCount);
  }

  /** A place for a vector. */
  take(length: number): number {
    const place = this.used;
    this.used += padded(length);
    return place;
  }

  view(place: number, length: number): Float64Array {
    return this.values.subarray(place, place + length);
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
  ): Float64Array {
    for (let k = 0; k < count; k++) this.results[k] = 0;
    this.addProducts(vector, base, stride, index, count, length, this.numbers);
    return this.results;
  }

  /** Adds the products to the numbers at `into`, which has room for four more. */
  addProducts(
    vector: number,
    base: number,
    stride: number,
    index: ArrayLike<number>,
    count: number,
    length: number,
    into: number,
  ): void {
    if (count === 0) return;
    const whole = this.fillList(base, stride, index, count, vector);
    this.kernel.products(8 * vector, 8 * this.list, whole, 8 * into, 8 * padded(length));
    for (let k = count; k < whole; k++) this.values[into + k] = 0;
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
  ): void {
    if (count === 0) return;
    const whole = this.fillList(base, stride, index, count, base);
    for (let k = 0; k < whole; k++) this.values[this.numbers + k] = k < count ? factors[k] : 0;
    this.kernel.combine(8 * vector, 8 * this.list, whole, 8 * this.numbers, 8 * padded(length));
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
