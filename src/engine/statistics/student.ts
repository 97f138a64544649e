import { requireNumber, requirePositive, requireProbability } from './argument.ts';
import { oddsQuantile } from './beta.ts';
import type { ContinuousDistribution } from './distribution.ts';
import { logBetaFactor, logIncompleteBeta, proportionsOfOdds } from './incomplete-beta.ts';
import { logGamma } from './log-gamma.ts';

/**
 * Student's t distribution with `df` > 0 degrees of freedom, which need not be whole: t²/df has the distribution of the
 * odds of a beta variable with shapes ½ and df/2.
 *
 * Citation: M. Abramowitz, I. A. Stegun, Handbook of mathematical functions, 26.7.
 */
export const student: ContinuousDistribution<[df: number]> = {
  density(x, df) {
    check(x, df);
    const root = Math.abs(x) / Math.sqrt(df);
    if (root > 1e150) return Math.exp(logFarTail(root, df)) * (df / Math.abs(x));
    // Below 1e-8 the density is that of 0 to all digits, and its form 0/0.
    const t = Math.max(Math.abs(x), 1e-8);
    return Math.exp(logBetaFactor(0.5, df / 2, ...proportionsOfOdds((t / df) * t))) / t;
  },
  lower(x, df) {
    return Math.exp(student.logLower(x, df));
  },
  upper(x, df) {
    return Math.exp(student.logUpper(x, df));
  },
  logLower(x, df) {
    check(x, df);
    return logUpperTail(-x, df);
  },
  logUpper(x, df) {
    check(x, df);
    return logUpperTail(x, df);
  },
  quantile(p, df) {
    return 0 - student.upperQuantile(p, df);
  },
  upperQuantile(p, df) {
    requireProbability('p', p);
    requirePositive('df', df);
    if (p === 0.5) return 0;
    const side = p < 0.5 ? p : 1 - p;
    // Near ½ the small quantity is the chance of the middle, 1 − 2·side, which is exact there.
    const odds =
      side < 0.25
        ? oddsQuantile(2 * side, 'upper', 0.5, df / 2)
        : oddsQuantile(1 - 2 * side, 'lower', 0.5, df / 2);
    const t = Math.sqrt(odds) * Math.sqrt(df);
    return p < 0.5 ? t : -t;
  },
};

function logUpperTail(x: number, df: number): number {
  const root = Math.abs(x) / Math.sqrt(df);
  if (root > 1e150) return x > 0 ? logFarTail(root, df) : Math.log1p(-Math.exp(logFarTail(root, df)));
  const [below, above] = proportionsOfOdds(root * root);
  if (x >= 0) return logIncompleteBeta(0.5, df / 2, below, above, 'upper') - Math.LN2;
  return Math.log1p(-0.5 * Math.exp(logIncompleteBeta(0.5, df / 2, below, above, 'upper')));
}

/** The tail where 1 + t²/df is t²/df to all digits: (t²/df)^(-df/2) / (df B(½, df/2)), in logarithms. */
function logFarTail(root: number, df: number): number {
  const half = df / 2;
  return -df * Math.log(root) - Math.log(df) - (logGamma(0.5) + logGamma(half) - logGamma(half + 0.5));
}

function check(x: number, df: number): void {
  requireNumber('x', x);
  requirePositive('df', df);
}
