import { Failure } from '../failure.ts';
import { requireFinite, requireProbability, requireSameLength } from './argument.ts';
import { normalQuantile } from './normal.ts';
import { student } from './student.ts';

export interface PearsonCorrelation {
  /** r, from −1 to 1. */
  readonly estimate: number | null;
  /** r √((n − 2) / (1 − r²)); ±Infinity for r = ±1. */
  readonly statistic: number | null;
  readonly df: number;
  /** Two-sided. */
  readonly p: number | null;
  /** By Fisher's z; null for n < 4. */
  readonly confidence: readonly [number, number] | null;
}

/**
 * Pearson's product-moment correlation with its t test and confidence interval, as R's `cor.test`. Where x or y is
 * constant, estimate, statistic, p and confidence are null.
 *
 * @throws LENGTH_MISMATCH if x and y differ in length; NO_OBSERVATIONS for fewer than 3 pairs; ARGUMENT_INVALID with the
 * index of a value that is not finite, or for a level outside [0, 1]
 *
 * Citation: R. A. Fisher, Metron 1 (1921) 3.
 */
export function pearson(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: { readonly level?: number } = {},
): PearsonCorrelation {
  const { level = 0.95 } = options;
  requireProbability('level', level);
  requirePairs(x, y, 3);
  const n = x.length;
  const df = n - 2;
  const correlation = productMoment(x, y);
  if (!correlation) return { estimate: null, statistic: null, df, p: null, confidence: null };
  const { r: estimate, unexplained } = correlation;
  const statistic = estimate * Math.sqrt(df / unexplained);
  const reach = -normalQuantile((1 - level) / 2) / Math.sqrt(n - 3);
  const z = Math.atanh(estimate);
  return {
    estimate,
    statistic,
    df,
    p: Math.min(1, 2 * student.upper(Math.abs(statistic), df)),
    confidence: n < 4 ? null : [Math.tanh(z - reach), Math.tanh(z + reach)],
  };
}

/** A correlation within [−1, 1], and 1 − r², which keeps its relative accuracy where r is next to ±1. */
export interface ProductMoment {
  readonly r: number;
  readonly unexplained: number;
}

/** The correlation of finite values; null where x or y is constant. */
export function productMoment(x: ArrayLike<number>, y: ArrayLike<number>): ProductMoment | null {
  const a = standardized(x);
  const b = standardized(y);
  if (!a || !b) return null;
  let product = 0;
  // Of unit vectors a and b, |a − b|² is 2 (1 − r) and |a + b|² is 2 (1 + r).
  let apart = 0;
  let together = 0;
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    apart += (a[i] - b[i]) ** 2 / 2;
    together += (a[i] + b[i]) ** 2 / 2;
  }
  const r = product > 0.5 ? 1 - apart : product < -0.5 ? together - 1 : product;
  return { r, unexplained: apart * together };
}

/** The values less their mean, scaled to a sum of squares of 1; null where they are all equal. */
export function standardized(values: ArrayLike<number>): Float64Array | null {
  const n = values.length;
  const deviations = new Float64Array(n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(values[i]));
  let isConstant = true;
  for (let i = 1; i < n && isConstant; i++) isConstant = values[i] === values[0];
  if (n === 0 || isConstant) return null;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / largest / n;
  let drift = 0;
  for (let i = 0; i < n; i++) {
    deviations[i] = values[i] / largest - mean;
    drift += deviations[i] / n;
  }
  let sum = 0;
  for (let i = 0; i < n; i++) {
    deviations[i] -= drift;
    sum += deviations[i] * deviations[i];
  }
  if (sum === 0) return null;
  const norm = Math.sqrt(sum);
  for (let i = 0; i < n; i++) deviations[i] /= norm;
  return deviations;
}

/** Throws unless x and y are of one length, of at least so many finite values. */
export function requirePairs(x: ArrayLike<number>, y: ArrayLike<number>, least: number): void {
  requireSameLength('x', x, 'y', y);
  if (x.length < least) {
    throw new Failure('NO_OBSERVATIONS', `x and y: ${x.length} pairs, at least ${least} are needed`, {
      argument: 'x',
      n: x.length,
      least,
    });
  }
  requireFinite('x', x);
  requireFinite('y', y);
}
