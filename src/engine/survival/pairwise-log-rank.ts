import { type Adjustment, adjustedP } from '../statistics/adjusted-p.ts';
import { type LogRankTest, type LogRankWeight, logRank } from './log-rank.ts';
import type { SurvivalData } from './survival-data.ts';

export interface PairwiseLogRankOptions {
  /** Default 'log-rank'. */
  readonly weight?: LogRankWeight;
  /** Of the p-values for their number; default 'BH', as survminer's. */
  readonly adjustment?: Adjustment;
}

/** Two groups compared, by their labels, `first` < `second`. */
export interface PairComparison {
  readonly first: number;
  readonly second: number;
  readonly test: LogRankTest;
  /** Null where the test compares nothing, a group being never at risk when an event happens; it counts for no adjustment. */
  readonly p: number | null;
  readonly adjustedP: number | null;
}

/**
 * The log-rank test, or one of its weighted family, of every pair of groups by itself, with the p-values adjusted for
 * their number; stratified where the data have strata.
 *
 * Reference: R package survminer, `pairwise_survdiff`.
 *
 * @param group an integer label a row.
 * @returns the pairs, ascending by first and second; none for one group.
 * @throws Failure of {@link logRank}.
 */
export function pairwiseLogRank(
  data: SurvivalData,
  group: Int32Array,
  options: PairwiseLogRankOptions = {},
): PairComparison[] {
  const { weight = 'log-rank', adjustment = 'BH' } = options;
  const { groups } = logRank(data, group, weight);
  const pairs = groups.flatMap((first, g) =>
    groups.slice(g + 1).map((second) => {
      // A row of weight 0 counts as absent.
      const weights = Float64Array.from(group, (label, i) =>
        label === first || label === second ? (data.weights?.[i] ?? 1) : 0,
      );
      const test = logRank({ ...data, weights }, group, weight);
      return { first, second, test, p: test.df > 0 ? test.p : null };
    }),
  );
  const adjusted = adjustedP(
    pairs.flatMap(({ p }) => p ?? []),
    adjustment,
  );
  let next = 0;
  return pairs.map((pair) => ({ ...pair, adjustedP: pair.p === null ? null : adjusted[next++] }));
}
