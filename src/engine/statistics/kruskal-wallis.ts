import { Failure } from '../failure.ts';
import { requireFinite } from './argument.ts';
import { chiSquared } from './chi-squared.ts';
import { rank, tieCorrection } from './ranks.ts';

export interface KruskalWallisTest {
  readonly statistic: number | null;
  readonly df: number;
  readonly p: number | null;
}

/**
 * The Kruskal–Wallis rank-sum test that k groups have one location, corrected for ties, with p from χ² with k − 1 degrees
 * of freedom, as R's `kruskal.test`. Where all values are equal, statistic and p are null.
 *
 * @throws NO_OBSERVATIONS for fewer than 2 groups or an empty one; ARGUMENT_INVALID with the index of a value that is
 * not finite
 *
 * Citation: W. H. Kruskal, W. A. Wallis, J. Am. Statist. Ass. 47 (1952) 583.
 */
export function kruskalWallis(groups: readonly ArrayLike<number>[]): KruskalWallisTest {
  requireGroups(groups, 1);
  const n = groups.reduce((sum, group) => sum + group.length, 0);
  const pooled = new Float64Array(n);
  let offset = 0;
  for (const group of groups) {
    pooled.set(group, offset);
    offset += group.length;
  }
  const { ranks, ties } = rank(pooled);
  const df = groups.length - 1;
  if (ties[0] === n) return { statistic: null, df, p: null };
  let between = 0;
  offset = 0;
  for (const group of groups) {
    let deviation = 0;
    for (let i = 0; i < group.length; i++) deviation += ranks[offset + i] - (n + 1) / 2;
    offset += group.length;
    between += (deviation * deviation) / group.length;
  }
  const statistic = ((12 / (n * (n + 1))) * between) / (1 - tieCorrection(ties) / (n * n * n - n));
  return { statistic, df, p: chiSquared.upper(statistic, df) };
}

/** Throws unless there are two groups or more, each of at least so many values, all finite. */
export function requireGroups(groups: readonly ArrayLike<number>[], least: number): void {
  if (groups.length < 2) {
    throw new Failure('NO_OBSERVATIONS', `groups: ${groups.length} given, at least 2 are needed`, {
      argument: 'groups',
      groups: groups.length,
    });
  }
  groups.forEach((group, i) => {
    if (group.length < least) {
      throw new Failure(
        'NO_OBSERVATIONS',
        `groups[${i}] has ${group.length} values, at least ${least} are needed`,
        { argument: `groups[${i}]`, n: group.length, least },
      );
    }
    requireFinite(`groups[${i}]`, group);
  });
}
