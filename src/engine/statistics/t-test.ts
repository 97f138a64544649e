import { Failure } from '../failure.ts';
import { requireProbability } from './argument.ts';
import { type Moments, moments, rescaled } from './moments.ts';
import { student } from './student.ts';

export interface TTest {
  readonly statistic: number | null;
  /** Whole for pooled variances, in general fractional for Welch's. */
  readonly df: number | null;
  /** Two-sided. */
  readonly p: number | null;
  readonly means: readonly [number, number];
  /** mean(x) − mean(y) and its confidence interval. */
  readonly difference: number;
  readonly confidence: readonly [number, number] | null;
  readonly standardError: number;
}

export interface TTestOptions {
  /** Whether the groups share one variance (`pooled`, Student) or not (`separate`, Welch; the default). */
  readonly variance?: 'separate' | 'pooled';
  /** Of the confidence interval; 0.95 by default. */
  readonly level?: number;
}

/**
 * The two-sample t test of equal means, Welch's or Student's, as R's `t.test`.
 *
 * Where the data are constant in both groups (a standard error below 10 ulp of the larger mean) statistic, df, p and
 * confidence are null.
 *
 * @throws NO_OBSERVATIONS if a group has fewer than 2 values (`pooled`: fewer than 1, or both together fewer than 3);
 * ARGUMENT_INVALID with the index of a value that is not finite, or for a level outside [0, 1]
 *
 * Citations: B. L. Welch, Biometrika 34 (1947) 28; Student, Biometrika 6 (1908) 1.
 */
export function tTest(x: ArrayLike<number>, y: ArrayLike<number>, options: TTestOptions = {}): TTest {
  const { variance = 'separate', level = 0.95 } = options;
  requireProbability('level', level);
  const { samples, scale } = rescaled([x, y]);
  const first = moments(samples[0], 'x');
  const second = moments(samples[1], 'y');
  const { standardError, df } = variance === 'pooled' ? pooled(first, second) : separate(first, second);
  const estimates = {
    means: [first.mean / scale, second.mean / scale] as const,
    difference: (first.mean - second.mean) / scale,
    standardError: standardError / scale,
  };
  const largest = Math.max(Math.abs(first.mean), Math.abs(second.mean));
  if (standardError <= 10 * Number.EPSILON * largest) {
    return { statistic: null, df: null, p: null, confidence: null, ...estimates };
  }
  const difference = first.mean - second.mean;
  const statistic = difference / standardError;
  const reach = student.upperQuantile((1 - level) / 2, df) * standardError;
  return {
    statistic,
    df,
    p: Math.min(1, 2 * student.upper(Math.abs(statistic), df)),
    confidence: [(difference - reach) / scale, (difference + reach) / scale],
    ...estimates,
  };
}

function separate(x: Moments, y: Moments): { standardError: number; df: number } {
  if (x.variance === null) throw tooFew('x', x.n, 2);
  if (y.variance === null) throw tooFew('y', y.n, 2);
  const ofX = x.variance / x.n;
  const ofY = y.variance / y.n;
  const sum = ofX + ofY;
  // As shares of the sum, since the squares of variances may leave the range of numbers.
  const df = 1 / ((ofX / sum) ** 2 / (x.n - 1) + (ofY / sum) ** 2 / (y.n - 1));
  return { standardError: Math.sqrt(sum), df };
}

function pooled(x: Moments, y: Moments): { standardError: number; df: number } {
  const df = x.n + y.n - 2;
  if (df < 1) throw tooFew('x and y together', x.n + y.n, 3);
  const variance = (x.sumOfSquares + y.sumOfSquares) / df;
  return { standardError: Math.sqrt(variance) * Math.sqrt(1 / x.n + 1 / y.n), df };
}

function tooFew(argument: string, n: number, least: number): Failure {
  return new Failure('NO_OBSERVATIONS', `${argument}: ${n} values, at least ${least} are needed`, {
    argument,
    n,
    least,
  });
}
