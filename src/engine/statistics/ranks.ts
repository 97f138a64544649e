import { sortedOrder } from './sorted-order.ts';

/** Ranks of values, and the sizes of their groups of ties. */
export interface Ranks {
  /** 1 for the smallest; tied values share the mean of their ranks. */
  readonly ranks: Float64Array;
  /** The number of values in each group of two or more equal ones, from the smallest value up. */
  readonly ties: readonly number[];
}

/**
 * Ranks finite values from 1 to n, ties at their mean rank (mid-ranks). −0 equals 0.
 *
 * Citation: M. Hollander, D. A. Wolfe, E. Chicken, Nonparametric statistical methods (2014), ch. 4.1.
 */
export function rank(values: ArrayLike<number>): Ranks {
  const n = values.length;
  const column = values instanceof Float64Array ? values : Float64Array.from(values);
  const order = sortedOrder(column);
  // Values in the order in which they are read next: fetched once, in a loop in which the fetches overlap.
  const sorted = new Float64Array(n);
  for (let i = 0; i < n; i++) sorted[i] = column[order[i]];
  const ranks = new Float64Array(n);
  const ties: number[] = [];
  for (let start = 0, end = 0; start < n; start = end) {
    for (end = start + 1; end < n && sorted[end] === sorted[start]; ) end++;
    if (end - start > 1) ties.push(end - start);
    for (let i = start; i < end; i++) ranks[order[i]] = (start + end + 1) / 2;
  }
  return { ranks, ties };
}

/** The sum over groups of ties of t³ − t, by which tied ranks lose variance. */
export function tieCorrection(ties: readonly number[]): number {
  return ties.reduce((sum, t) => sum + (t * t - 1) * t, 0);
}
