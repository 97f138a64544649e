import type { Precision } from './vector-memory.ts';

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
