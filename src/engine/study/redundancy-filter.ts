import { rank, shapiroWilk } from '../statistics/index.ts';
import { standardized } from '../statistics/pearson.ts';
import type { ScreenedStandardFeature } from './univariate-filter.ts';

/**
 * Of each two features that are correlated beyond the threshold, drops the one with the greater univariate p: features
 * are taken by ascending p, and one falls if it is correlated with any that stayed. Two features that both pass for
 * normal (Shapiro–Wilk p > 0.05) are compared by Pearson's correlation, any others by Spearman's.
 *
 * @returns the features that stay, in the order given.
 */
export function dropRedundant(
  features: readonly ScreenedStandardFeature[],
  threshold: number,
): ScreenedStandardFeature[] {
  const candidates = features.map((feature, place) => ({
    feature,
    place,
    isNormal: passesForNormal(feature.values),
    pearson: unit(feature.values),
    spearman: unit(rank(feature.values).ranks),
  }));
  const order = [...candidates].sort((a, b) => a.feature.p - b.feature.p || a.place - b.place);
  const kept: typeof candidates = [];
  for (const candidate of order) {
    const isRedundant = kept.some((other) => {
      const correlation =
        candidate.isNormal && other.isNormal
          ? dot(candidate.pearson, other.pearson)
          : dot(candidate.spearman, other.spearman);
      return Math.abs(correlation) > threshold;
    });
    if (!isRedundant) kept.push(candidate);
  }
  return kept.sort((a, b) => a.place - b.place).map(({ feature }) => feature);
}

/** Beyond the 5,000 values that the test allows no sample is taken for normal. */
function passesForNormal(values: Float64Array): boolean {
  if (values.length < 3 || values.length > 5000) return false;
  const { p } = shapiroWilk(values);
  return p !== null && p > 0.05;
}

/** Of length 1, so that a correlation is a dot product; a constant correlates with nothing. */
function unit(values: Float64Array): Float64Array {
  return standardized(values) ?? new Float64Array(values.length);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
