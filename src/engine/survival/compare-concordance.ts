import { normal } from '../statistics/normal.ts';
import { type ConcordanceOptions, concordance } from './concordance.ts';
import { levelQuantile } from './confidence.ts';
import type { SurvivalData } from './survival-data.ts';

/** The difference of two concordances on the same rows; null where either is. */
export interface ConcordanceComparison {
  /** C of the first and of the second score, and second − first. */
  readonly first: number | null;
  readonly second: number | null;
  readonly difference: number | null;
  readonly standardError: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly z: number | null;
  readonly p: number | null;
}

/**
 * The paired comparison of two scores' concordances: the standard error of the difference is that of the rows'
 * differences in influence, so that what the scores share cancels.
 *
 * Reference: Therneau & Watson 2015; R package survival, `concordance(fit1, fit2)`.
 *
 * @throws Failure of `concordance`.
 */
export function compareConcordance(
  data: SurvivalData,
  first: Float64Array,
  second: Float64Array,
  options: ConcordanceOptions = {},
): ConcordanceComparison {
  const quantile = levelQuantile(options.level ?? 0.95);
  const a = concordance(data, first, options);
  const b = concordance(data, second, options);
  if (a.concordance === null || b.concordance === null) {
    const none = { difference: null, standardError: null, lower: null, upper: null, z: null, p: null };
    return { first: a.concordance, second: b.concordance, ...none };
  }
  const difference = b.concordance - a.concordance;
  let variance = 0;
  for (let i = 0; i < a.influence.length; i++) variance += (b.influence[i] - a.influence[i]) ** 2;
  const standardError = Math.sqrt(variance);
  // Two scores of one ranking differ in nothing.
  const z = standardError > 0 ? difference / standardError : 0;
  return {
    first: a.concordance,
    second: b.concordance,
    difference,
    standardError,
    lower: difference - quantile * standardError,
    upper: difference + quantile * standardError,
    z,
    p: 2 * normal.upper(Math.abs(z)),
  };
}
