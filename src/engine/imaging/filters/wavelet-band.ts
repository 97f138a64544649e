import type { Box } from '../label-box.ts';
import type { VoxelArray } from '../volume.ts';
import type { FilterMemory } from './filter-memory.ts';
import { modulo, type Signal } from './periodic-signal.ts';

export type Samples = Float32Array | Float64Array;

/** A filter's taps and their weights, in the order of summation: [0] from the first to the last. */
export type TapOrders<T> = readonly { readonly taps: Int32Array; readonly weights: T }[];

/** The type of number that a transform computes in. */
export interface Arithmetic<T extends Samples> {
  readonly create: (length: number) => T;
  readonly view: (memory: FilterMemory) => T;
  readonly convolve: 'convolve32' | 'convolve64';
  /** What brings voxels of a type into the memory as numbers of this. */
  readonly load: (type: VoxelArray[typeof Symbol.toStringTag]) => 'copyFloat32' | `from${typeof type}`;
  /** One sum, in the same order. */
  readonly sumAt: (from: T, starts: Int32Array, weights: T) => number;
}

/** What of one axis goes into a band. */
interface Axis<T extends Samples> {
  /** Where the signal has the samples that are needed, in runs of neighbours. */
  readonly places: Int32Array;
  readonly filter: TapOrders<T> | null;
  /** For each index of the band, how many taps are summed in reverse order. */
  readonly turns: Int32Array;
}

/**
 * A band of a signal over a box, given the filter along each axis, null for none. Plane by plane: rows are filtered along x,
 * then along y, into a ring of as many planes as the filter along z has taps. The result is overwritten by the
 * next.
 */
export function bandVoxels<T extends Samples>(
  signal: Signal,
  box: Box,
  filters: readonly (TapOrders<T> | null)[],
  arithmetic: Arithmetic<T>,
  memory: FilterMemory,
): T {
  const [x, y, z] = filters.map((filter, axis) => axisOf(signal, box, axis, filter));
  const [width, height, depth] = box.size;
  const bytes = arithmetic.create(0).BYTES_PER_ELEMENT;
  // Whole rows in one go: what a filter makes of the samples between the rows has no meaning, and is left behind.
  const stride = bytes * Math.ceil((bytes * x.places.length) / 64) * (64 / bytes);
  const plane = stride * height;
  const slots = z.filter === null ? 1 : z.filter[0].taps.length;
  const taps = Math.max(...filters.map((filter) => filter?.[0].taps.length ?? 0));
  const [firstRow, lastRow] = extremes(y.places);
  const row = signal.strides[1] * signal.voxels.BYTES_PER_ELEMENT;
  const rowsBytes = stride * y.places.length + 64 + bytes * taps;
  const [result, weightsAt, startsAt, staged, rows, alongX, ring, output] = memory.reserve(
    bytes * width * height * depth,
    ...[bytes * taps, 4 * taps, row * (lastRow - firstRow + 1)],
    ...[rowsBytes, rowsBytes, plane * slots, plane],
  );
  const samples = arithmetic.view(memory);
  const starts = new Int32Array(samples.buffer, startsAt, taps);
  const weights = samples.subarray(weightsAt / bytes, weightsAt / bytes + taps);
  const { kernel } = memory;
  const voxelBytes = new Uint8Array(signal.voxels.buffer, signal.voxels.byteOffset, signal.voxels.byteLength);
  const load = kernel[arithmetic.load(signal.voxels[Symbol.toStringTag])];
  const columnRuns = runsOf(x.places);
  const rowRuns = runsOf(y.places);

  /** Sums over runs of the memory; `startOf` gives where the run of a tap starts. */
  function convolve(
    filter: TapOrders<T>,
    turn: number,
    startOf: (tap: number) => number,
    to: number,
    length: number,
  ): void {
    const order = filter[turn];
    weights.set(order.weights);
    for (let j = 0; j < order.taps.length; j++) starts[j] = startOf(order.taps[j]);
    kernel[arithmetic.convolve](startsAt, weightsAt, order.taps.length, to, to + length);
  }

  function loadRows(place: number): void {
    const from = place * signal.strides[2] * signal.voxels.BYTES_PER_ELEMENT + firstRow * row;
    memory.bytes.set(voxelBytes.subarray(from, from + (lastRow - firstRow + 1) * row), staged);
    for (const across of rowRuns) {
      for (const along of columnRuns) {
        load(
          staged + (across.place - firstRow) * row + along.place * signal.voxels.BYTES_PER_ELEMENT,
          row,
          rows + across.first * stride + along.first * bytes,
          stride,
          along.count * bytes,
          across.count,
        );
      }
    }
  }

  /** Filters the loaded rows along x; gives where the result is. */
  function filterAlongX(): number {
    const { filter } = x;
    if (filter === null) return rows;
    const last = filter[0].taps.length - 1;
    convolve(filter, 0, (tap) => rows + bytes * (last - tap), alongX, stride * y.places.length);
    for (let column = 0; column < width; column++) {
      const turn = x.turns[column];
      if (turn === 0) continue;
      const order = filter[turn];
      for (let n = 0; n < y.places.length; n++) {
        const at = (rows + n * stride) / bytes + column + last;
        for (let j = 0; j < order.taps.length; j++) starts[j] = at - order.taps[j];
        samples[(alongX + n * stride) / bytes + column] = arithmetic.sumAt(samples, starts, order.weights);
      }
    }
    return alongX;
  }

  function filterAlongY(from: number, to: number): void {
    const { filter } = y;
    if (filter === null) {
      memory.bytes.copyWithin(to, from, from + plane);
      return;
    }
    const last = filter[0].taps.length - 1;
    convolve(filter, 0, (tap) => from + stride * (last - tap), to, plane);
    for (let n = 0; n < height; n++) {
      if (y.turns[n] === 0) continue;
      convolve(filter, y.turns[n], (tap) => from + stride * (n + last - tap), to + stride * n, stride);
    }
  }

  const keep = kernel[bytes === 4 ? 'copyFloat32' : 'fromFloat64Array'];
  for (let n = 0; n < z.places.length; n++) {
    loadRows(z.places[n]);
    filterAlongY(filterAlongX(), ring + plane * (n % slots));
    const k = n - slots + 1;
    if (k < 0) continue;
    let from = ring + plane * (n % slots);
    if (z.filter !== null) {
      convolve(z.filter, z.turns[k], (tap) => ring + plane * ((n - tap) % slots), output, plane);
      from = output;
    }
    keep(from, stride, result + bytes * k * width * height, bytes * width, bytes * width, height);
  }
  return samples.subarray(result / bytes, result / bytes + width * height * depth) as T;
}

function axisOf<T extends Samples>(
  { stored, periods }: Signal,
  { lower, size }: Box,
  axis: number,
  filter: TapOrders<T> | null,
): Axis<T> {
  const length = filter === null ? 1 : filter[0].taps.length;
  const first = filter === null ? lower[axis] : lower[axis] - (length / 2 - 1);
  return {
    filter,
    places: Int32Array.from({ length: size[axis] + length - 1 }, (_, n) => stored(axis, first + n)),
    turns: Int32Array.from({ length: size[axis] }, (_, n) => turned(lower[axis] + n, periods[axis], length)),
  };
}

/**
 * How many taps PyWavelets sums in reverse order at an index: those that reach beyond the period's end, which it meets
 * first and takes from the beginning of the signal on.
 */
function turned(index: number, period: number, length: number): number {
  return Math.max(0, modulo(index, period) + length / 2 - period + 1);
}

interface Run {
  readonly place: number;
  readonly first: number;
  readonly count: number;
}

/** Neighbours among places: from the `first` on, `count` places follow each other. */
function runsOf(places: Int32Array): Run[] {
  const runs: Run[] = [];
  let first = 0;
  for (let n = 1; n <= places.length; n++) {
    if (n < places.length && places[n] === places[n - 1] + 1) continue;
    runs.push({ place: places[first], first, count: n - first });
    first = n;
  }
  return runs;
}

function extremes(places: Int32Array): [number, number] {
  return [
    places.reduce((least, place) => Math.min(least, place)),
    places.reduce((most, place) => Math.max(most, place)),
  ];
}
