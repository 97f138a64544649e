import { invalidArgument } from './argument.ts';
import { normal } from './normal.ts';
import { productMoment, requirePairs } from './pearson.ts';
import { rank } from './ranks.ts';
import { student } from './student.ts';

export interface SpearmanCorrelation {
  /** ρ, from −1 to 1. */
  readonly estimate: number | null;
  /** S = (n³ − n)(1 − ρ)/6; without ties the sum of squared differences of ranks. */
  readonly statistic: number | null;
  /** Two-sided. */
  readonly p: number | null;
  readonly method: 'exact' | 'edgeworth' | 't';
}

/**
 * Spearman's rank correlation with p, as R's `cor.test(method = "spearman")`. Where x or y is constant, estimate,
 * statistic and p are null.
 *
 * @param options.method `rank` goes through all permutations for n ≤ 9 (`exact`) and takes the Edgeworth series of AS 89
 * for more (`edgeworth`); `t` takes Student's approximation; `auto`, the default, is `rank` for n < 1290 without ties,
 * else `t`
 *
 * @throws LENGTH_MISMATCH if x and y differ in length; NO_OBSERVATIONS for fewer than 2 pairs (3 for `t`);
 * ARGUMENT_INVALID with the index of a value that is not finite, or for `rank` where there are ties
 *
 * Citations: C. Spearman, Am. J. Psychol. 15 (1904) 72; D. J. Best, D. E. Roberts, AS 89, Appl. Statist. 24 (1975) 377.
 */
export function spearman(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: { readonly method?: 'auto' | 'rank' | 't' } = {},
): SpearmanCorrelation {
  requirePairs(x, y, 2);
  const n = x.length;
  const ofX = rank(x);
  const ofY = rank(y);
  const hasTies = ofX.ties.length > 0 || ofY.ties.length > 0;
  const { method = 'auto' } = options;
  if (method === 'rank' && hasTies)
    invalidArgument('method', method, 'other than rank where values are tied');
  const isByRank = method === 'rank' || (method === 'auto' && n < 1290 && !hasTies);
  const used = !isByRank ? 't' : n <= 9 ? 'exact' : 'edgeworth';
  if (used === 't') requirePairs(x, y, 3);
  const correlation = productMoment(ofX.ranks, ofY.ranks);
  if (!correlation) return { estimate: null, statistic: null, p: null, method: used };
  const { r: estimate, unexplained } = correlation;
  const most = (n * n * n - n) / 3;
  if (used === 't') {
    const t = Math.abs(estimate) * Math.sqrt((n - 2) / unexplained);
    const p = Math.min(1, 2 * student.upper(t, n - 2));
    return { estimate, statistic: (most / 2) * (1 - estimate), p, method: used };
  }
  let statistic = 0;
  for (let i = 0; i < n; i++) statistic += (ofX.ranks[i] - ofY.ranks[i]) ** 2;
  // P(S ≤ s) = P(S ≥ most − s): the distribution is symmetric, and S is even.
  const extreme = Math.max(statistic, most - statistic);
  const tail = used === 'exact' ? permutationTail(extreme, n) : edgeworthTail(extreme, n);
  return { estimate, statistic, p: Math.min(1, 2 * tail), method: used };
}

/** P(S ≥ s) over all n! permutations. */
function permutationTail(s: number, n: number): number {
  let reached = 0;
  let all = 0;
  const isUsed = new Array<boolean>(n).fill(false);
  const place = (position: number, sum: number): void => {
    if (position === n) {
      all++;
      if (sum >= s) reached++;
      return;
    }
    for (let value = 0; value < n; value++) {
      if (isUsed[value]) continue;
      isUsed[value] = true;
      place(position + 1, sum + (value - position) ** 2);
      isUsed[value] = false;
    }
  };
  place(0, 0);
  return reached / all;
}

/** P(S ≥ s) by the Edgeworth series with the constants of AS 89. */
function edgeworthTail(s: number, n: number): number {
  const b = 1 / n;
  const z = ((6 * (s - 1)) / (n * (n * n - 1)) - 1) * Math.sqrt(n - 1);
  const y = z * z;
  const c = b * (0.2274 + b * (0.2531 + 0.1745 * b));
  const series =
    c +
    b *
      y *
      (-0.0758 +
        b * (0.1033 + 0.3932 * b) -
        y * b * (0.0879 + 0.0151 * b - y * (0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y))));
  const tail = z * series * Math.exp(-y / 2) + normal.upper(z);
  return Math.min(1, Math.max(0, tail));
}
