import { invalidArgument, requireInteger } from './argument.ts';
import { logBinomialProbability } from './binomial.ts';
import type { DiscreteDistribution } from './distribution.ts';

/**
 * The hypergeometric distribution: the number of white balls among `drawn` drawn without replacement from an urn with
 * `white` white and `black` black ones.
 *
 * A tail is the sum of its terms from the one next to the mode outwards, each from the one before by their ratio, until
 * they no longer count; so it keeps its relative accuracy, in O(√drawn) steps.
 *
 * Citation: N. L. Johnson, A. W. Kemp, S. Kotz, Univariate discrete distributions (2005), ch. 6.
 *
 * @throws ARGUMENT_INVALID unless the counts are whole, white + black ≤ 1e15 and drawn ≤ white + black
 */
export const hypergeometric: DiscreteDistribution<[white: number, black: number, drawn: number]> = {
  probability(k, white, black, drawn) {
    check(k, white, black, drawn);
    if (!Number.isInteger(k) || k < Math.max(0, drawn - black) || k > Math.min(white, drawn)) return 0;
    return Math.exp(logHypergeometricProbability(k, white, black, drawn));
  },
  lower(k, white, black, drawn) {
    check(k, white, black, drawn);
    return below(Math.floor(k), white, black, drawn);
  },
  upper(k, white, black, drawn) {
    check(k, white, black, drawn);
    // More than k white balls are fewer than drawn − k black ones.
    return below(drawn - Math.floor(k) - 1, black, white, drawn);
  },
};

/** log P(X = k) for k in the support: a quotient of binomial probabilities (C. Loader, 2000). */
export function logHypergeometricProbability(k: number, white: number, black: number, drawn: number): number {
  const total = white + black;
  // Of no balls none is drawn, for certain.
  if (total === 0) return 0;
  const p = drawn / total;
  const q = (total - drawn) / total;
  return (
    logBinomialProbability(k, white, p, q) +
    logBinomialProbability(drawn - k, black, p, q) -
    logBinomialProbability(drawn, total, p, q)
  );
}

function below(k: number, white: number, black: number, drawn: number): number {
  const least = Math.max(0, drawn - black);
  if (k < least) return 0;
  if (k >= Math.min(white, drawn)) return 1;
  // Beyond the mean the tail above is the smaller one, and its terms fall.
  if (k > (drawn / (white + black)) * white) return 1 - below(drawn - k - 1, black, white, drawn);
  let ratio = 1;
  let sum = 1;
  for (let i = k; i > least && ratio > sum * 1e-18; i--) {
    ratio *= (i / (white - i + 1)) * ((black - drawn + i) / (drawn - i + 1));
    sum += ratio;
  }
  return Math.exp(logHypergeometricProbability(k, white, black, drawn)) * sum;
}

function check(k: number, white: number, black: number, drawn: number): void {
  if (Number.isNaN(k)) invalidArgument('k', k, 'a number');
  requireInteger('white', white, 0, 1e15);
  requireInteger('black', black, 0, 1e15 - white);
  requireInteger('drawn', drawn, 0, white + black);
}
