import { invalidArgument, requireInteger, requireProbability } from './argument.ts';
import type { DiscreteDistribution } from './distribution.ts';
import { logIncompleteBeta } from './incomplete-beta.ts';
import { deviance, stirlingError } from './log-gamma.ts';

/**
 * The binomial distribution: the number of successes in n trials, each with probability p. Counts n up to 1e15.
 *
 * Citations: C. Loader, Fast and accurate computation of binomial probabilities (2000); the tails are incomplete beta
 * functions (NIST DLMF 8.17.5).
 *
 * @throws ARGUMENT_INVALID unless n is a whole number from 0, p is in [0, 1] and k is a number
 */
export const binomial: DiscreteDistribution<[n: number, p: number]> = {
  probability(k, n, p) {
    check(k, n, p);
    if (!Number.isInteger(k) || k < 0 || k > n) return 0;
    return Math.exp(logBinomialProbability(k, n, p, 1 - p));
  },
  lower(k, n, p) {
    check(k, n, p);
    const whole = Math.floor(k);
    if (whole < 0) return 0;
    return whole >= n ? 1 : Math.exp(logIncompleteBeta(whole + 1, n - whole, p, 1 - p, 'upper'));
  },
  upper(k, n, p) {
    check(k, n, p);
    const whole = Math.floor(k);
    if (whole < 0) return 1;
    return whole >= n ? 0 : Math.exp(logIncompleteBeta(whole + 1, n - whole, p, 1 - p, 'lower'));
  },
};

/** log P(X = k), for whole 0 ≤ k ≤ n and q = 1 − p. */
export function logBinomialProbability(k: number, n: number, p: number, q: number): number {
  if (p === 0 || q === 0) return k === (p === 0 ? 0 : n) ? 0 : -Infinity;
  if (k === 0) return n * (p < 0.1 ? Math.log1p(-p) : Math.log(q));
  if (k === n) return n * (q < 0.1 ? Math.log1p(-q) : Math.log(p));
  const rest = n - k;
  const difference = rest * p - k * q;
  return (
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(rest) -
    deviance(k, n * p, difference) -
    deviance(rest, n * q, -difference) -
    0.5 * Math.log(2 * Math.PI * k * (rest / n))
  );
}

function check(k: number, n: number, p: number): void {
  if (Number.isNaN(k)) invalidArgument('k', k, 'a number');
  requireInteger('n', n, 0, 1e15);
  requireProbability('p', p);
}
