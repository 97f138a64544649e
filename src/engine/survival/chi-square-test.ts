import { chiSquared } from '../statistics/chi-squared.ts';

/** A statistic that is asymptotically χ² with `df` degrees of freedom, and its upper tail. With df = 0: 0 and 1. */
export interface ChiSquareTest {
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
}

export function chiSquareTest(statistic: number, df: number): ChiSquareTest {
  if (df === 0) return { statistic: 0, df, p: 1 };
  // Rounding may leave a likelihood ratio of 0 a hair below it.
  const s = Math.max(0, statistic);
  return { statistic: s, df, p: chiSquared.upper(s, df) };
}
