import { quantiles } from '../statistics/quantiles.ts';

/** An estimate with what its resamples say of it; null throughout where fewer than two resamples gave one. */
export interface ResampledEstimate {
  readonly estimate: number;
  /** The resamples' standard deviation. */
  readonly standardError: number | null;
  /** Percentiles (type 7) of the resamples. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Two-sided, that the estimate is 0: twice the lesser of (1 + resamples ≤ 0, 1 + resamples ≥ 0) / (1 + resamples). */
  readonly p: number | null;
  readonly resamples: number;
}

/**
 * Percentile intervals of several estimates from their values in each resample.
 *
 * Reference: Efron & Tibshirani 1993, chapters 13 and 16; Davison & Hinkley 1997, §4.2.
 *
 * @param samples by resample the estimates in order; null where there is none.
 */
export function summariseResamples(
  estimates: readonly number[],
  samples: readonly (readonly number[] | null)[],
  level: number,
): ResampledEstimate[] {
  const known = samples.filter((sample) => sample !== null);
  const resamples = known.length;
  return estimates.map((estimate, m) => {
    if (resamples < 2) {
      return { estimate, standardError: null, lower: null, upper: null, p: null, resamples };
    }
    const values = known.map((sample) => sample[m]);
    const mean = values.reduce((sum, v) => sum + v, 0) / resamples;
    const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    const [lower, upper] = quantiles(values, [(1 - level) / 2, (1 + level) / 2]);
    const below = values.filter((v) => v <= 0).length;
    const above = values.filter((v) => v >= 0).length;
    const p = Math.min(1, (2 * (1 + Math.min(below, above))) / (1 + resamples));
    return { estimate, standardError: Math.sqrt(squares / (resamples - 1)), lower, upper, p, resamples };
  });
}
