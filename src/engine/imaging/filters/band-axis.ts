import type { Box } from '../label-box.ts';
import { modulo, type Signal } from './periodic-signal.ts';

export type Samples = Float32Array | Float64Array;

/** A filter's taps and their weights, in the order of summation: [0] from the first to the last. */
export type TapOrders<T> = readonly { readonly taps: Int32Array; readonly weights: T }[];

/** What of one axis goes into a band. */
export interface BandAxis<T extends Samples> {
  /** Where the signal has the samples that are needed, in runs of neighbours. */
  readonly places: Int32Array;
  readonly filter: TapOrders<T> | null;
  /** For each index of the band, how many taps are summed in reverse order. */
  readonly turns: Int32Array;
}

export function bandAxis<T extends Samples>(
  { stored, periods }: Signal,
  { lower, size }: Box,
  axis: number,
  filter: TapOrders<T> | null,
): BandAxis<T> {
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

export interface Run {
  readonly place: number;
  readonly first: number;
  readonly count: number;
}

/** Neighbours among places: from the `first` on, `count` places follow each other. */
export function runsOf(places: Int32Array): Run[] {
  const runs: Run[] = [];
  let first = 0;
  for (let n = 1; n <= places.length; n++) {
    if (n < places.length && places[n] === places[n - 1] + 1) continue;
    runs.push({ place: places[first], first, count: n - first });
    first = n;
  }
  return runs;
}

export function extremes(places: Int32Array): [number, number] {
  return [
    places.reduce((least, place) => Math.min(least, place)),
    places.reduce((most, place) => Math.max(most, place)),
  ];
}
