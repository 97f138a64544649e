import { invalidArgument, requireInteger, requireProbability } from './argument.ts';
import { contingency } from './contingency.ts';
import { networkProbability } from './fisher-network.ts';
import { conditionalOdds } from './fisher-odds.ts';

export interface FisherTest {
  readonly p: number;
  /** Of a 2 × 2 table, the conditional maximum-likelihood estimate, from 0 to Infinity; else null. */
  readonly oddsRatio: number | null;
  /** Its confidence interval by inversion of the exact one-sided tests, or null. */
  readonly confidence: readonly [number, number] | null;
}

export interface FisherTestOptions {
  /** Of a 2 × 2 table only: whether the odds ratio differs from 1, or is larger or smaller. */
  readonly alternative?: 'two-sided' | 'greater' | 'less';
  /** Of the confidence interval; 0.95 by default. */
  readonly level?: number;
}

/**
 * Fisher's exact test of independence in a contingency table (an array of rows), as R's `fisher.test`.
 *
 * The two-sided p is the sum over all tables with the same margins that are no more probable than the observed one
 * (probabilities within 1e-7 of it counting as equal). Empty rows and columns have no influence; where fewer than two of
 * either remain, p is 1 and the odds ratio null.
 *
 * @throws ARGUMENT_INVALID or LENGTH_MISMATCH unless the table is at least 2 × 2, of whole counts from 0; ARGUMENT_INVALID
 * for a total above 1e6, if its tables are too many to go through, or for an alternative other than two-sided of a larger table
 *
 * Citations: R. A. Fisher, J. R. Statist. Soc. 98 (1935) 39; C. R. Mehta, N. R. Patel, ACM TOMS 12 (1986) 154.
 */
export function fisherTest(table: readonly ArrayLike<number>[], options: FisherTestOptions = {}): FisherTest {
  const { alternative = 'two-sided', level = 0.95 } = options;
  requireProbability('level', level);
  const { rows, rowSums, columnSums, total } = contingency(table);
  requireInteger('total of table', total, 1, 1e6);
  const isLarger = rowSums.length > 2 || columnSums.length > 2;
  if (isLarger && alternative !== 'two-sided')
    invalidArgument('alternative', alternative, 'two-sided for tables larger than 2 × 2');
  const kept = rows.filter((_, i) => rowSums[i] > 0).map((row) => row.filter((_, j) => columnSums[j] > 0));
  if (kept.length < 2 || kept[0].length < 2) return { p: 1, oddsRatio: null, confidence: null };
  if (isLarger) return { p: networkProbability(kept), oddsRatio: null, confidence: null };
  return conditionalOdds(kept, alternative, level);
}
