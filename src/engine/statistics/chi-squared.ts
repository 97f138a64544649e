import { requireNumber, requirePositive } from './argument.ts';
import type { ContinuousDistribution } from './distribution.ts';
import { gamma } from './gamma.ts';

/**
 * The χ² distribution with `df` > 0 degrees of freedom, which need not be whole: twice a gamma variable of shape df/2.
 *
 * Citation: M. Abramowitz, I. A. Stegun, Handbook of mathematical functions, 26.4.
 */
export const chiSquared: ContinuousDistribution<[df: number]> = {
  density(x, df) {
    check(x, df);
    return gamma.density(x / 2, df / 2) / 2;
  },
  lower(x, df) {
    check(x, df);
    return gamma.lower(x / 2, df / 2);
  },
  upper(x, df) {
    check(x, df);
    return gamma.upper(x / 2, df / 2);
  },
  logLower(x, df) {
    check(x, df);
    return gamma.logLower(x / 2, df / 2);
  },
  logUpper(x, df) {
    check(x, df);
    return gamma.logUpper(x / 2, df / 2);
  },
  quantile(p, df) {
    requirePositive('df', df);
    return 2 * gamma.quantile(p, df / 2);
  },
  upperQuantile(p, df) {
    requirePositive('df', df);
    return 2 * gamma.upperQuantile(p, df / 2);
  },
};

function check(x: number, df: number): void {
  requireNumber('x', x);
  requirePositive('df', df);
}
