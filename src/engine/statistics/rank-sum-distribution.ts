import { requireInteger } from './argument.ts';

/** The null distribution of Mann and Whitney's U for samples of sizes m and n without ties. */
export interface RankSumDistribution {
  /** P(U ≤ u). */
  lower(u: number): number;
  /** P(U > u). */
  upper(u: number): number;
}

/**
 * Mann and Whitney's U, the number of pairs in which the first sample's value is the larger, when all (m + n choose m)
 * orders are equally likely. Tails are sums of positive terms, so that they keep their relative accuracy. Takes time and
 * memory O(m² n).
 *
 * @throws ARGUMENT_INVALID unless m and n are whole, and m n ≤ 40,000
 *
 * Citation: H. B. Mann, D. R. Whitney, Ann. Math. Stat. 18 (1947) 50, eq. 1.
 */
export function rankSumDistribution(m: number, n: number): RankSumDistribution {
  requireInteger('m', m, 0, 40_000);
  requireInteger('n', n, 0, m === 0 ? 40_000 : Math.floor(40_000 / m));
  const probabilities =
    Math.min(m, n) === 0 ? Float64Array.of(1) : pairProbabilities(Math.min(m, n), Math.max(m, n));
  const cumulative = new Float64Array(probabilities.length);
  let sum = 0;
  for (let u = 0; u < probabilities.length; u++) {
    sum += probabilities[u];
    cumulative[u] = sum;
  }
  const most = m * n;
  const lower = (u: number): number => {
    const whole = Math.floor(u);
    if (whole < 0) return 0;
    // The distribution is symmetric about m n / 2; beyond it the other tail is the smaller.
    return whole >= most ? 1 : 2 * whole <= most ? cumulative[whole] : 1 - cumulative[most - whole - 1];
  };
  return { lower, upper: (u) => lower(most - Math.floor(u) - 1) };
}

/** P(U = u) for u from 0 to m n, m ≤ n. */
function pairProbabilities(m: number, n: number): Float64Array {
  // The largest of all values is of the first sample with chance i / (i + j), and then beats all j of the second.
  let previous: Float64Array[] = Array.from({ length: m + 1 }, () => Float64Array.of(1));
  for (let j = 1; j <= n; j++) {
    const current: Float64Array[] = [Float64Array.of(1)];
    for (let i = 1; i <= m; i++) {
      const row = new Float64Array(i * j + 1);
      const share = i / (i + j);
      const withFirst = current[i - 1];
      for (let u = 0; u < withFirst.length; u++) row[u + j] = share * withFirst[u];
      const withSecond = previous[i];
      for (let u = 0; u < withSecond.length; u++) row[u] += (1 - share) * withSecond[u];
      current.push(row);
    }
    previous = current;
  }
  return previous[m];
}
