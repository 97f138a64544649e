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
  const sorted = Float64Array.from(values).sort();
  const ranks = new Float64Array(n);
  const ties: number[] = [];
  const meanRanks = new Float64Array(n);
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && sorted[end] === sorted[start]) end++;
    meanRanks.fill((start + end + 1) / 2, start, end);
    if (end - start > 1) ties.push(end - start);
    start = end;
  }
  for (let i = 0; i < n; i++) ranks[i] = meanRanks[positionOf(values[i], sorted)];
  return { ranks, ties };
}

/** The sum over groups of ties of t³ − t, by which tied ranks lose variance. */
export function tieCorrection(ties: readonly number[]): number {
  return ties.reduce((sum, t) => sum + (t * t - 1) * t, 0);
}

function positionOf(value: number, sorted: Float64Array): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
