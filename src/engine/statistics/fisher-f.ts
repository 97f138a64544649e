import { requireNumber, requirePositive } from './argument.ts';
import { oddsQuantile } from './beta.ts';
import type { ContinuousDistribution } from './distribution.ts';
import { logBetaFactor, logIncompleteBeta, proportionsOfOdds } from './incomplete-beta.ts';

/**
 * Fisher's F distribution with df1, df2 > 0 degrees of freedom, which need not be whole: df1·F/df2 has the distribution
 * of the odds of a beta variable with shapes df1/2 and df2/2.
 *
 * Citation: M. Abramowitz, I. A. Stegun, Handbook of mathematical functions, 26.6.
 */
export const fisherF: ContinuousDistribution<[df1: number, df2: number]> = {
  density(x, df1, df2) {
    check(x, df1, df2);
    if (x < 0 || x === Infinity) return 0;
    if (x === 0) return df1 < 2 ? Infinity : df1 === 2 ? 1 : 0;
    const [below, above] = proportions(x, df1, df2);
    return Math.exp(logBetaFactor(df1 / 2, df2 / 2, below, above) - Math.log(x));
  },
  lower(x, df1, df2) {
    return Math.exp(fisherF.logLower(x, df1, df2));
  },
  upper(x, df1, df2) {
    return Math.exp(fisherF.logUpper(x, df1, df2));
  },
  logLower(x, df1, df2) {
    check(x, df1, df2);
    return logIncompleteBeta(df1 / 2, df2 / 2, ...proportions(x, df1, df2), 'lower');
  },
  logUpper(x, df1, df2) {
    check(x, df1, df2);
    return logIncompleteBeta(df1 / 2, df2 / 2, ...proportions(x, df1, df2), 'upper');
  },
  quantile(p, df1, df2) {
    checkDegrees(df1, df2);
    return (oddsQuantile(p, 'lower', df1 / 2, df2 / 2) / df1) * df2;
  },
  upperQuantile(p, df1, df2) {
    checkDegrees(df1, df2);
    return (oddsQuantile(p, 'upper', df1 / 2, df2 / 2) / df1) * df2;
  },
};

function proportions(x: number, df1: number, df2: number): [number, number] {
  return proportionsOfOdds((Math.max(x, 0) / df2) * df1);
}

function check(x: number, df1: number, df2: number): void {
  requireNumber('x', x);
  checkDegrees(df1, df2);
}

function checkDegrees(df1: number, df2: number): void {
  requirePositive('df1', df1);
  requirePositive('df2', df2);
}
