import type { Box } from '../label-box.ts';
import type { Vector3, Volume, VoxelArray } from '../volume.ts';
import type { WeightedSum } from './convolution.ts';
import type { WaveletFilters } from './wavelet-filters.ts';

type Samples = Float32Array | Float64Array;

/** The type of number that a transform computes in. */
export interface Arithmetic<T extends Samples> {
  readonly create: (length: number) => T;
  readonly sum: WeightedSum<T>;
}

/** How to split a signal: along which axes, and by which filters in which arithmetic. */
export interface Splitting<T extends Samples> extends Arithmetic<T> {
  readonly axes: readonly number[];
  readonly low: TapOrders<T>;
  readonly high: TapOrders<T>;
  readonly length: number;
}

/** A periodic signal of three axes, of which `voxels` holds a part that suffices. */
export interface Signal {
  readonly periods: Vector3;
  readonly voxels: VoxelArray;
  readonly strides: Vector3;
  /** Where along an axis `voxels` has the sample of an index, which may lie in any period. */
  readonly stored: (axis: number, index: number) => number;
}

/** A filter's taps and their weights, in the order of summation: [0] from the first to the last. */
type TapOrders<T> = readonly { readonly taps: Int32Array; readonly weights: T }[];

export function splittingBy<T extends Samples>(
  { low, high }: WaveletFilters<T>,
  axes: readonly number[],
  arithmetic: Arithmetic<T>,
): Splitting<T> {
  const orders = (filter: T) =>
    Array.from({ length: filter.length / 2 + 1 }, (_, turned) => {
      const taps = Int32Array.from(filter, (_, j) => (j < turned ? turned - 1 - j : j));
      const weights = arithmetic.create(taps.length);
      taps.forEach((tap, j) => {
        weights[j] = filter[tap];
      });
      return { taps, weights };
    });
  return { ...arithmetic, axes, low: orders(low), high: orders(high), length: low.length };
}

/** An image as a periodic signal: an axis of odd length is lengthened by its own first voxel. */
export function imageSignal({ size, voxels }: Volume): Signal {
  const periods: Vector3 = [size[0] + (size[0] % 2), size[1] + (size[1] % 2), size[2] + (size[2] % 2)];
  return {
    periods,
    voxels,
    strides: [1, size[0], size[0] * size[1]],
    stored: (axis, index) => {
      const inside = modulo(index, periods[axis]);
      return inside < size[axis] ? inside : 0;
    },
  };
}

/** The box of a signal that gives `box` of its bands; an axis that all of a period is needed of starts at 0. */
export function neededBox<T extends Samples>(
  { lower, size }: Box,
  periods: Vector3,
  { axes, length }: Splitting<T>,
): Box {
  const first = [...lower] as [number, number, number];
  const count = [...size] as [number, number, number];
  for (const axis of axes) {
    first[axis] -= length / 2 - 1;
    count[axis] += length - 1;
    if (count[axis] < periods[axis]) continue;
    first[axis] = 0;
    count[axis] = periods[axis];
  }
  return { lower: first, size: count };
}

/** The lowest band over a box, as a signal to split again. */
export function lowestBand<T extends Samples>(signal: Signal, box: Box, splitting: Splitting<T>): Signal {
  const { periods } = signal;
  const [lowest] = bandsFrom(signal, box, splitting, [splitting.low]);
  return {
    periods,
    voxels: lowest.voxels,
    strides: [1, box.size[0], box.size[0] * box.size[1]],
    stored: (axis, index) =>
      box.size[axis] === periods[axis] ? modulo(index, periods[axis]) : index - box.lower[axis],
  };
}

/** A band over a box: `LH` for low-pass along the first and high-pass along the second of the axes. */
export interface Band<T extends Samples> {
  readonly name: string;
  readonly voxels: T;
}

/** All bands over a box, one after the other, the lowest first: each pass along an axis serves all bands that share it. */
export function allBands<T extends Samples>(
  signal: Signal,
  box: Box,
  splitting: Splitting<T>,
): Generator<Band<T>> {
  return bandsFrom(signal, box, splitting, [splitting.low, splitting.high]);
}

function* bandsFrom<T extends Samples>(
  signal: Signal,
  box: Box,
  splitting: Splitting<T>,
  filters: readonly TapOrders<T>[],
): Generator<Band<T>> {
  const [first, ...others] = splitting.axes;
  if (first !== 0) {
    yield* bandsOf({ name: '', voxels: firstPass(signal, box, splitting, null) }, splitting.axes);
    return;
  }
  for (const filter of filters) {
    const voxels = firstPass(signal, box, splitting, filter);
    yield* bandsOf({ name: filter === splitting.low ? 'L' : 'H', voxels }, others);
  }

  function* bandsOf(band: Band<T>, axes: readonly number[]): Generator<Band<T>> {
    if (axes.length === 0) {
      yield band;
      return;
    }
    const [axis, ...rest] = axes;
    const width = axis === 1 ? box.size[0] : box.size[0] * box.size[1];
    const planes = axis === 1 ? box.size[2] + (rest.length === 0 ? 0 : splitting.length - 1) : 1;
    for (const filter of filters) {
      const { voxels } = band;
      yield* bandsOf(
        {
          name: band.name + (filter === splitting.low ? 'L' : 'H'),
          voxels: pass(voxels, width, planes, box.lower[axis], box.size[axis], signal.periods[axis], filter),
        },
        rest,
      );
    }
  }

  /** Filters across `count` + (filter length − 1) rows of `width` samples, in each of `planes` planes. */
  function pass(
    from: T,
    width: number,
    planes: number,
    lower: number,
    count: number,
    period: number,
    filter: TapOrders<T>,
  ): T {
    const { length } = splitting;
    const to = splitting.create(planes * count * width);
    const starts = new Int32Array(length);
    for (let plane = 0; plane < planes; plane++) {
      for (let row = 0; row < count; row++) {
        const { taps, weights } = filter[turned(lower + row, period, length)];
        const start = (plane * (count + length - 1) + row + length - 1) * width;
        for (let j = 0; j < length; j++) starts[j] = start - taps[j] * width;
        splitting.sum(from, starts, weights, width, to, (plane * count + row) * width);
      }
    }
    return to;
  }
}

/**
 * Takes a box out of a signal, longer along y and z by what the passes along these need, and filters it along x where a
 * filter is given.
 */
function firstPass<T extends Samples>(
  { voxels, strides, stored, periods }: Signal,
  box: Box,
  splitting: Splitting<T>,
  filter: TapOrders<T> | null,
): T {
  const { length, axes, create, sum } = splitting;
  const places = [0, 1, 2].map((axis) => {
    const isSplit = axis === 0 ? filter !== null : axes.includes(axis);
    const first = box.lower[axis] - (isSplit ? length / 2 - 1 : 0);
    const count = box.size[axis] + (isSplit ? length - 1 : 0);
    return Int32Array.from({ length: count }, (_, n) => stored(axis, first + n));
  });
  const [columns, rows, planes] = places;
  const width = box.size[0];
  const to = create(width * rows.length * planes.length);
  const start = columns.reduce((least, column) => Math.min(least, column));
  const end = columns.reduce((most, column) => Math.max(most, column)) + 1;
  const whole = create(end - start);
  const line = create(columns.length);
  const starts = filter?.map(({ taps }) => taps.map((tap) => length - 1 - tap));
  const shifted = new Int32Array(length);
  const turnedColumns = Array.from({ length: width }, (_, x) => ({
    x,
    turn: turned(box.lower[0] + x, periods[0], length),
  })).filter(({ turn }) => turn > 0);

  let at = 0;
  for (const plane of planes) {
    for (const row of rows) {
      const offset = plane * strides[2] + row * strides[1];
      whole.set(voxels.subarray(offset + start, offset + end));
      for (let n = 0; n < columns.length; n++) line[n] = whole[columns[n] - start];
      if (filter === null || starts === undefined) to.set(line, at);
      else {
        sum(line, starts[0], filter[0].weights, width, to, at);
        for (const { x, turn } of turnedColumns) {
          for (let j = 0; j < length; j++) shifted[j] = starts[turn][j] + x;
          sum(line, shifted, filter[turn].weights, 1, to, at + x);
        }
      }
      at += width;
    }
  }
  return to;
}

/**
 * How many taps PyWavelets sums in reverse order at an index: those that reach beyond the period's end, which it meets
 * first and takes from the beginning of the signal on.
 */
function turned(index: number, period: number, length: number): number {
  return Math.max(0, modulo(index, period) + length / 2 - period + 1);
}

function modulo(index: number, period: number): number {
  return ((index % period) + period) % period;
}
