import { Failure } from '../failure.ts';
import { fisherF } from './fisher-f.ts';
import { requireGroups } from './kruskal-wallis.ts';
import { type Moments, moments, rescaled } from './moments.ts';

export interface Anova {
  readonly statistic: number | null;
  /** Between and within groups; the second is fractional for separate variances. */
  readonly df: readonly [number, number] | null;
  readonly p: number | null;
}

/**
 * One-way analysis of variance, the F test that k normal groups have one mean: with one variance (`pooled`, the default;
 * R's `oneway.test(var.equal = TRUE)`), or Welch's with a variance for each group (`separate`). Where no value differs
 * within the groups (`separate`: within one of them), statistic, df and p are null.
 *
 * @throws NO_OBSERVATIONS for fewer than 2 groups, an empty one, none with 2 values (`separate`: one with fewer than 2);
 * ARGUMENT_INVALID with the index of a value that is not finite
 *
 * Citations: R. A. Fisher, Statistical methods for research workers (1925); B. L. Welch, Biometrika 38 (1951) 330.
 */
export function anova(
  groups: readonly ArrayLike<number>[],
  options: { readonly variance?: 'pooled' | 'separate' } = {},
): Anova {
  const { variance = 'pooled' } = options;
  requireGroups(groups, variance === 'pooled' ? 1 : 2);
  const of = rescaled(groups).samples.map((group, i) => moments(group, `groups[${i}]`));
  return variance === 'pooled' ? pooled(of) : separate(of);
}

function pooled(groups: readonly Moments[]): Anova {
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const df = [groups.length - 1, n - groups.length] as const;
  if (df[1] < 1) {
    throw new Failure('NO_OBSERVATIONS', 'groups: one value each, at least 2 are needed in one', {
      argument: 'groups',
      n,
    });
  }
  const within = groups.reduce((sum, group) => sum + group.sumOfSquares, 0) / df[1];
  if (within === 0) return { statistic: null, df: null, p: null };
  const mean = groups.reduce((sum, group) => sum + (group.n / n) * group.mean, 0);
  const between = groups.reduce((sum, group) => sum + group.n * (group.mean - mean) ** 2, 0) / df[0];
  const statistic = between / within;
  return { statistic, df, p: fisherF.upper(statistic, ...df) };
}

function separate(groups: readonly Moments[]): Anova {
  const k = groups.length;
  if (groups.some((group) => !group.variance)) return { statistic: null, df: null, p: null };
  const weights = groups.map((group) => group.n / (group.variance ?? 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const imbalance =
    groups.reduce((total, group, i) => total + (1 - weights[i] / sum) ** 2 / (group.n - 1), 0) / (k * k - 1);
  const mean = groups.reduce((total, group, i) => total + (weights[i] / sum) * group.mean, 0);
  const between = groups.reduce((total, group, i) => total + weights[i] * (group.mean - mean) ** 2, 0);
  const statistic = between / ((k - 1) * (1 + 2 * (k - 2) * imbalance));
  const df = [k - 1, 1 / (3 * imbalance)] as const;
  return { statistic, df, p: fisherF.upper(statistic, ...df) };
}
