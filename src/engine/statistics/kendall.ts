import { invalidArgument } from './argument.ts';
import { normal } from './normal.ts';
import { requirePairs } from './pearson.ts';
import { rank } from './ranks.ts';

export interface KendallCorrelation {
  /** τ-b, from −1 to 1. */
  readonly estimate: number | null;
  /** z for the normal method; for the exact one T, the number of concordant pairs. */
  readonly statistic: number | null;
  /** Two-sided. */
  readonly p: number | null;
  readonly method: 'exact' | 'normal';
}

/**
 * Kendall's rank correlation τ-b with p, as R's `cor.test(method = "kendall")`, in O(n log n). Where x or y is constant,
 * estimate, statistic and p are null.
 *
 * @param options.method `exact` counts permutations by their inversions; `normal` takes the variance corrected for ties;
 * `auto`, the default, is exact for n < 50 without ties
 *
 * @throws LENGTH_MISMATCH if x and y differ in length; NO_OBSERVATIONS for fewer than 2 pairs; ARGUMENT_INVALID with the
 * index of a value that is not finite, or for `exact` where there are ties or n > 500
 *
 * Citations: M. G. Kendall, Rank correlation methods (1970); W. R. Knight, J. Am. Statist. Ass. 61 (1966) 436.
 */
export function kendall(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: { readonly method?: 'auto' | 'exact' | 'normal' } = {},
): KendallCorrelation {
  requirePairs(x, y, 2);
  const n = x.length;
  const ofX = rank(x);
  const ofY = rank(y);
  const hasTies = ofX.ties.length > 0 || ofY.ties.length > 0;
  const { method = 'auto' } = options;
  const used = method === 'auto' ? (n < 50 && !hasTies ? 'exact' : 'normal') : method;
  if (used === 'exact' && (hasTies || n > 500)) {
    invalidArgument('method', method, 'other than exact where values are tied or more than 500');
  }
  const pairs = (n * (n - 1)) / 2;
  const distinctX = pairs - tiedPairs(ofX.ties);
  const distinctY = pairs - tiedPairs(ofY.ties);
  if (distinctX === 0 || distinctY === 0) return { estimate: null, statistic: null, p: null, method: used };
  const score = concordanceScore(ofX.ranks, ofY.ranks, distinctX, distinctY);
  const estimate = Math.max(-1, Math.min(1, score / Math.sqrt(distinctX) / Math.sqrt(distinctY)));
  if (used === 'exact') {
    const statistic = (pairs + score) / 2;
    const tail = inversionTail(n, Math.min(statistic, pairs - statistic));
    return { estimate, statistic, p: Math.min(1, 2 * tail), method: used };
  }
  const statistic = score / Math.sqrt(scoreVariance(n, ofX.ties, ofY.ties));
  return { estimate, statistic, p: Math.min(1, 2 * normal.upper(Math.abs(statistic))), method: used };
}

function tiedPairs(ties: readonly number[]): number {
  return ties.reduce((sum, t) => sum + (t * (t - 1)) / 2, 0);
}

/** Concordant less discordant pairs. */
function concordanceScore(x: Float64Array, y: Float64Array, distinctX: number, distinctY: number): number {
  const n = x.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => x[a] - x[b] || y[a] - y[b]);
  const sequence = Float64Array.from(order, (i) => y[i]);
  let tiedInBoth = 0;
  for (let i = 1, run = 1; i < n; i++) {
    run = x[order[i]] === x[order[i - 1]] && sequence[i] === sequence[i - 1] ? run + 1 : 1;
    tiedInBoth += run - 1;
  }
  const pairs = (n * (n - 1)) / 2;
  const comparable = distinctX + distinctY - pairs + tiedInBoth;
  return comparable - 2 * inversions(sequence);
}

/** The pairs out of order, by a merge sort. */
function inversions(sequence: Float64Array): number {
  const n = sequence.length;
  let from: Float64Array = sequence;
  let to: Float64Array = new Float64Array(n);
  let count = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      let left = start;
      let right = middle;
      for (let k = start; k < end; k++) {
        if (left < middle && (right >= end || from[left] <= from[right])) to[k] = from[left++];
        else {
          count += middle - left;
          to[k] = from[right++];
        }
      }
    }
    [from, to] = [to, from];
  }
  return count;
}

function scoreVariance(n: number, tiesX: readonly number[], tiesY: readonly number[]): number {
  const sum = (ties: readonly number[], of: (t: number) => number) =>
    ties.reduce((total, t) => total + of(t), 0);
  const five = (t: number) => t * (t - 1) * (2 * t + 5);
  const two = (t: number) => t * (t - 1);
  const three = (t: number) => t * (t - 1) * (t - 2);
  const ofThree = n < 3 ? 0 : (sum(tiesX, three) * sum(tiesY, three)) / (9 * three(n));
  return (
    (five(n) - sum(tiesX, five) - sum(tiesY, five)) / 18 +
    (sum(tiesX, two) * sum(tiesY, two)) / (2 * two(n)) +
    ofThree
  );
}

/** The chance that a random permutation of n has at most `most` inversions. */
function inversionTail(n: number, most: number): number {
  let shares = new Float64Array(most + 1);
  shares[0] = 1;
  const cumulative = new Float64Array(most + 2);
  for (let size = 2; size <= n; size++) {
    // Below the mean the shares rise, so that the difference of two sums keeps its relative accuracy.
    for (let k = 0; k <= most; k++) cumulative[k + 1] = cumulative[k] + shares[k];
    const next = new Float64Array(most + 1);
    for (let k = 0; k <= most; k++)
      next[k] = (cumulative[k + 1] - cumulative[Math.max(0, k - size + 1)]) / size;
    shares = next;
  }
  return Math.min(
    1,
    shares.reduce((sum, share) => sum + share, 0),
  );
}
