import type { Box } from '../label-box.ts';
import type { Vector3 } from '../volume.ts';
import type { Samples, TapOrders } from './band-axis.ts';
import type { FilterMemory } from './filter-memory.ts';
import { modulo, type Signal } from './periodic-signal.ts';
import { type Arithmetic, bandVoxels } from './wavelet-band.ts';
import type { WaveletFilters } from './wavelet-filters.ts';

/** How to split a signal: along which axes, and by which filters in which arithmetic. */
export interface Splitting<T extends Samples> {
  readonly arithmetic: Arithmetic<T>;
  readonly memory: FilterMemory;
  readonly axes: readonly number[];
  readonly low: TapOrders<T>;
  readonly high: TapOrders<T>;
  readonly length: number;
}

export function splittingBy<T extends Samples>(
  { low, high }: WaveletFilters<T>,
  axes: readonly number[],
  arithmetic: Arithmetic<T>,
  memory: FilterMemory,
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
  return {
    arithmetic,
    memory,
    axes,
    low: orders(low),
    high: orders(high),
    length: low.length,
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
    voxels: lowest.voxels.slice(),
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

/** All bands over a box, one after the other, the lowest first. Each is overwritten by the next. */
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
  const { axes, low, arithmetic, memory } = splitting;
  const choices = axes.reduce<(readonly TapOrders<T>[])[]>(
    (chosen) => chosen.flatMap((sofar) => filters.map((filter) => [...sofar, filter])),
    [[]],
  );
  for (const chosen of choices) {
    const along = [0, 1, 2].map((axis) => chosen[axes.indexOf(axis)] ?? null);
    yield {
      name: chosen.map((filter) => (filter === low ? 'L' : 'H')).join(''),
      voxels: bandVoxels(signal, box, along, arithmetic, memory),
    };
  }
}
