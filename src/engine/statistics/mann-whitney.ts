import { Failure } from '../failure.ts';
import { invalidArgument, requireFinite } from './argument.ts';
import { normal } from './normal.ts';
import { rankSumDistribution } from './rank-sum-distribution.ts';
import { rank, tieCorrection } from './ranks.ts';

export interface MannWhitneyTest {
  /** U of x: the number of pairs with x > y, ties counting ½ (R's W). */
  readonly statistic: number;
  /** Two-sided; null where all values are equal. */
  readonly p: number | null;
  readonly method: 'exact' | 'normal';
}

export interface MannWhitneyOptions {
  /** `auto`, the default, is exact for fewer than 50 values in each group and no ties, else normal. */
  readonly method?: 'auto' | 'exact' | 'normal';
  /** Whether the normal approximation moves U by ½ towards its mean; true by default. */
  readonly continuity?: boolean;
}

/**
 * The Mann–Whitney U test (Wilcoxon's rank-sum test), as R's `wilcox.test` of two samples. The normal approximation's
 * variance is corrected for ties.
 *
 * @throws NO_OBSERVATIONS if a group is empty; ARGUMENT_INVALID with the index of a value that is not finite, or if the
 * exact distribution is asked for with ties or for more than 40,000 pairs
 *
 * Citation: H. B. Mann, D. R. Whitney, Ann. Math. Stat. 18 (1947) 50.
 */
export function mannWhitney(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: MannWhitneyOptions = {},
): MannWhitneyTest {
  const { method = 'auto', continuity = true } = options;
  requireSample('x', x);
  requireSample('y', y);
  const pooled = new Float64Array(x.length + y.length);
  pooled.set(x);
  pooled.set(y, x.length);
  const { ranks, ties } = rank(pooled);
  let statistic = (-x.length * (x.length + 1)) / 2;
  for (let i = 0; i < x.length; i++) statistic += ranks[i];
  const isExact =
    method === 'exact' || (method === 'auto' && x.length < 50 && y.length < 50 && ties.length === 0);
  if (isExact && ties.length > 0) invalidArgument('method', method, 'other than exact where values are tied');
  return isExact
    ? { statistic, p: exactP(statistic, x.length, y.length), method: 'exact' }
    : { statistic, p: normalP(statistic, x.length, y.length, ties, continuity), method: 'normal' };
}

function exactP(statistic: number, m: number, n: number): number {
  const distribution = rankSumDistribution(m, n);
  const tail = statistic > (m * n) / 2 ? distribution.upper(statistic - 1) : distribution.lower(statistic);
  return Math.min(1, 2 * tail);
}

function normalP(
  statistic: number,
  m: number,
  n: number,
  ties: readonly number[],
  continuity: boolean,
): number | null {
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - tieCorrection(ties) / (total * (total - 1)));
  if (ties[0] === total || !(variance > 0)) return null;
  const excess = Math.abs(statistic - (m * n) / 2);
  const moved = continuity && excess > 0 ? excess - 0.5 : excess;
  return 2 * normal.upper(moved / Math.sqrt(variance));
}

function requireSample(argument: string, values: ArrayLike<number>): void {
  if (values.length === 0) throw new Failure('NO_OBSERVATIONS', `${argument} is empty`, { argument });
  requireFinite(argument, values);
}
