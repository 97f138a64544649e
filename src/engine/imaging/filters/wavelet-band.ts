import type { Box } from '../label-box.ts';
import type { VoxelArray } from '../volume.ts';
import {
  type BandAxis,
  bandAxis,
  extremes,
  type Run,
  runsOf,
  type Samples,
  type TapOrders,
} from './band-axis.ts';
import type { FilterMemory } from './filter-memory.ts';
import type { LayoutKernel } from './layout-kernel.ts';
import type { Signal } from './periodic-signal.ts';

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
  return new Band(signal, box, filters, arithmetic, memory).filter();
}

/** Methods, and no closures of the function above, as V8 would compile those anew every few images. */
class Band<T extends Samples> {
  private readonly signal: Signal;
  private readonly box: Box;
  private readonly axes: readonly [BandAxis<T>, BandAxis<T>, BandAxis<T>];
  private readonly arithmetic: Arithmetic<T>;
  private readonly memory: FilterMemory;
  private readonly bytes: number;
  /** Of a row, of a plane and of a row of the signal, in bytes. Whole rows are filtered in one go: what comes of the samples between has no meaning. */
  private readonly stride: number;
  private readonly plane: number;
  private readonly row: number;
  /** How many planes the ring has. */
  private readonly slots: number;
  private readonly firstRow: number;
  private readonly lastRow: number;
  /** Where the parts of the memory start. */
  private readonly at: {
    readonly [part in
      | 'result'
      | 'weights'
      | 'starts'
      | 'staged'
      | 'rows'
      | 'alongX'
      | 'ring'
      | 'output']: number;
  };
  private readonly samples: T;
  private readonly starts: Int32Array;
  private readonly weights: T;
  private readonly columnRuns: readonly Run[];
  private readonly rowRuns: readonly Run[];

  constructor(
    signal: Signal,
    box: Box,
    filters: readonly (TapOrders<T> | null)[],
    arithmetic: Arithmetic<T>,
    memory: FilterMemory,
  ) {
    const [x, y, z] = filters.map((filter, axis) => bandAxis(signal, box, axis, filter));
    const [width, height, depth] = box.size;
    const bytes = arithmetic.create(0).BYTES_PER_ELEMENT;
    const stride = bytes * Math.ceil((bytes * x.places.length) / 64) * (64 / bytes);
    const plane = stride * height;
    const slots = z.filter === null ? 1 : z.filter[0].taps.length;
    const taps = Math.max(...filters.map((filter) => filter?.[0].taps.length ?? 0));
    const [firstRow, lastRow] = extremes(y.places);
    const row = signal.strides[1] * signal.voxels.BYTES_PER_ELEMENT;
    const rowsBytes = stride * y.places.length + 64 + bytes * taps;
    const [result, weights, starts, staged, rows, alongX, ring, output] = memory.reserve(
      bytes * width * height * depth,
      ...[bytes * taps, 4 * taps, row * (lastRow - firstRow + 1)],
      ...[rowsBytes, rowsBytes, plane * slots, plane],
    );
    this.signal = signal;
    this.box = box;
    this.axes = [x, y, z];
    this.arithmetic = arithmetic;
    this.memory = memory;
    this.bytes = bytes;
    this.stride = stride;
    this.plane = plane;
    this.row = row;
    this.slots = slots;
    this.firstRow = firstRow;
    this.lastRow = lastRow;
    this.at = { result, weights, starts, staged, rows, alongX, ring, output };
    this.samples = arithmetic.view(memory);
    this.starts = new Int32Array(this.samples.buffer, starts, taps);
    this.weights = this.samples.subarray(weights / bytes, weights / bytes + taps) as T;
    this.columnRuns = runsOf(x.places);
    this.rowRuns = runsOf(y.places);
  }

  filter(): T {
    const { signal, at, bytes, stride, plane, slots } = this;
    const [width, height, depth] = this.box.size;
    const z = this.axes[2];
    const { kernel } = this.memory;
    const load = kernel[this.arithmetic.load(signal.voxels[Symbol.toStringTag])];
    const keep = kernel[bytes === 4 ? 'copyFloat32' : 'fromFloat64Array'];
    for (let n = 0; n < z.places.length; n++) {
      this.loadRows(z.places[n], load);
      this.filterAlongY(this.filterAlongX(), at.ring + plane * (n % slots));
      const k = n - slots + 1;
      if (k < 0) continue;
      let from = at.ring + plane * (n % slots);
      if (z.filter !== null) {
        const { taps } = z.filter[z.turns[k]];
        for (let j = 0; j < taps.length; j++) this.starts[j] = at.ring + plane * ((n - taps[j]) % slots);
        this.convolve(z.filter[z.turns[k]], at.output, plane);
        from = at.output;
      }
      keep(from, stride, at.result + bytes * k * width * height, bytes * width, bytes * width, height);
    }
    const first = at.result / bytes;
    return this.samples.subarray(first, first + width * height * depth) as T;
  }

  private loadRows(place: number, load: LayoutKernel['copyFloat32']): void {
    const { signal, memory, firstRow, row, stride, bytes, at } = this;
    const { voxels } = signal;
    const voxelBytes = voxels.BYTES_PER_ELEMENT;
    const from = voxels.byteOffset + place * signal.strides[2] * voxelBytes + firstRow * row;
    const rows = new Uint8Array(voxels.buffer, from, (this.lastRow - firstRow + 1) * row);
    memory.bytes.set(rows, at.staged);
    for (const across of this.rowRuns) {
      for (const along of this.columnRuns) {
        load(
          at.staged + (across.place - firstRow) * row + along.place * voxelBytes,
          row,
          at.rows + across.first * stride + along.first * bytes,
          stride,
          along.count * bytes,
          across.count,
        );
      }
    }
  }

  /** Filters the loaded rows along x; gives where the result is. */
  private filterAlongX(): number {
    const { at, bytes, stride, starts, samples, arithmetic } = this;
    const [{ filter, turns }, { places }] = this.axes;
    if (filter === null) return at.rows;
    const last = filter[0].taps.length - 1;
    this.convolveFrom(filter[0], at.rows + bytes * last, bytes, at.alongX, stride * places.length);
    for (let column = 0; column < turns.length; column++) {
      if (turns[column] === 0) continue;
      const order = filter[turns[column]];
      for (let n = 0; n < places.length; n++) {
        const first = (at.rows + n * stride) / bytes + column + last;
        for (let j = 0; j < order.taps.length; j++) starts[j] = first - order.taps[j];
        samples[(at.alongX + n * stride) / bytes + column] = arithmetic.sumAt(samples, starts, order.weights);
      }
    }
    return at.alongX;
  }

  private filterAlongY(from: number, to: number): void {
    const { memory, stride, plane } = this;
    const { filter, turns } = this.axes[1];
    if (filter === null) {
      memory.bytes.copyWithin(to, from, from + plane);
      return;
    }
    const last = filter[0].taps.length - 1;
    this.convolveFrom(filter[0], from + stride * last, stride, to, plane);
    for (let n = 0; n < turns.length; n++) {
      if (turns[n] === 0) continue;
      this.convolveFrom(filter[turns[n]], from + stride * (n + last), stride, to + stride * n, stride);
    }
  }

  /** {@link convolve} over runs that start `step` before the one before, that of tap 0 at `from`. */
  private convolveFrom(
    order: TapOrders<T>[number],
    from: number,
    step: number,
    to: number,
    length: number,
  ): void {
    for (let j = 0; j < order.taps.length; j++) this.starts[j] = from - step * order.taps[j];
    this.convolve(order, to, length);
  }

  /** Sums over the runs of the memory that begin at `starts`, in bytes. */
  private convolve(order: TapOrders<T>[number], to: number, length: number): void {
    const { at, memory, arithmetic } = this;
    this.weights.set(order.weights);
    memory.kernel[arithmetic.convolve](at.starts, at.weights, order.taps.length, to, to + length);
  }
}
