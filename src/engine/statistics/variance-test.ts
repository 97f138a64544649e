import { Failure } from '../failure.ts';
import { requireProbability } from './argument.ts';
import { fisherF } from './fisher-f.ts';
import { moments, rescaled } from './moments.ts';

export interface VarianceTest {
  /** var(x) / var(y), which is also the estimate of the ratio of variances. */
  readonly statistic: number | null;
  readonly df: readonly [number, number];
  /** Two-sided: twice the smaller tail. */
  readonly p: number | null;
  readonly confidence: readonly [number, number] | null;
}

/**
 * The F test that two normal samples have equal variances, as R's `var.test`. Where y is constant, statistic, p and
 * confidence are null.
 *
 * @throws NO_OBSERVATIONS if a sample has fewer than 2 values; ARGUMENT_INVALID with the index of a value that is not
 * finite, or for a level outside [0, 1]
 *
 * Citation: R Core Team, stats::var.test (R 4.2).
 */
export function varianceTest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: { readonly level?: number } = {},
): VarianceTest {
  const { level = 0.95 } = options;
  requireProbability('level', level);
  const { samples } = rescaled([x, y]);
  const ofX = varianceOf('x', samples[0]);
  const ofY = varianceOf('y', samples[1]);
  const [df1, df2] = [x.length - 1, y.length - 1];
  const statistic = ofX / ofY;
  if (ofY === 0 || !Number.isFinite(statistic)) {
    return { statistic: null, df: [df1, df2], p: null, confidence: null };
  }
  const smaller = Math.min(fisherF.lower(statistic, df1, df2), fisherF.upper(statistic, df1, df2));
  const tail = (1 - level) / 2;
  return {
    statistic,
    df: [df1, df2],
    p: Math.min(1, 2 * smaller),
    confidence: [
      statistic / fisherF.upperQuantile(tail, df1, df2),
      statistic / fisherF.quantile(tail, df1, df2),
    ],
  };
}

function varianceOf(argument: string, values: ArrayLike<number>): number {
  const { n, variance } = moments(values, argument);
  if (variance !== null) return variance;
  throw new Failure('NO_OBSERVATIONS', `${argument}: ${n} value, at least 2 are needed`, { argument, n });
}
