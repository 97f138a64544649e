import { requireNumber, requirePositive } from './argument.ts';
import type { ContinuousDistribution } from './distribution.ts';
import { logBetaFactor, logIncompleteBeta, proportionsOfOdds } from './incomplete-beta.ts';
import { logGamma } from './log-gamma.ts';
import { normalQuantile } from './normal.ts';
import { invertTail, type LogTail } from './tail-inversion.ts';

/**
 * The beta distribution with shapes a, b > 0: density x^(a−1) (1 − x)^(b−1) / B(a, b) on (0, 1).
 *
 * Tails hold to 1e-12 relative for shapes from 0.01 to 1e10. A quantile next to 1 is rounded to the nearest number
 * there; `oddsQuantile` does not lose it.
 *
 * Citation: NIST DLMF 8.17; `logIncompleteBeta` says how it is computed.
 */
export const beta: ContinuousDistribution<[a: number, b: number]> = {
  density(x, a, b) {
    check(x, a, b);
    if (x < 0 || x > 1) return 0;
    if (x === 0) return a < 1 ? Infinity : a === 1 ? b : 0;
    if (x === 1) return b < 1 ? Infinity : b === 1 ? a : 0;
    return Math.exp(logBetaFactor(a, b, x, 1 - x) - Math.log(x) - Math.log1p(-x));
  },
  lower(x, a, b) {
    return Math.exp(beta.logLower(x, a, b));
  },
  upper(x, a, b) {
    return Math.exp(beta.logUpper(x, a, b));
  },
  logLower(x, a, b) {
    check(x, a, b);
    return logIncompleteBeta(a, b, x, 1 - x, 'lower');
  },
  logUpper(x, a, b) {
    check(x, a, b);
    return logIncompleteBeta(a, b, x, 1 - x, 'upper');
  },
  quantile(p, a, b) {
    checkShapes(a, b);
    return proportionsOfOdds(oddsQuantile(p, 'lower', a, b))[0];
  },
  upperQuantile(p, a, b) {
    checkShapes(a, b);
    return proportionsOfOdds(oddsQuantile(p, 'upper', a, b))[0];
  },
};

/** The odds x / (1 − x) of the beta quantile x, of which P(X ≤ x) = p (`given` lower) or P(X > x) = p (upper). */
export function oddsQuantile(p: number, given: 'lower' | 'upper', a: number, b: number): number {
  return invertTail(p, given, oddsTail('lower', a, b), oddsTail('upper', a, b));
}

function oddsTail(side: 'lower' | 'upper', a: number, b: number): LogTail {
  return {
    at: (odds) => logIncompleteBeta(a, b, ...proportionsOfOdds(odds), side),
    logSlope: (odds, tail) => logBetaFactor(a, b, ...proportionsOfOdds(odds)) - tail,
    start: (logP) => {
      // The tail's leading term far out; else Abramowitz & Stegun 26.5.22, or the median's neighbourhood.
      const [near, far] = side === 'lower' ? [a, b] : [b, a];
      const logNear = (logP + Math.log(near) + logGamma(near) + logGamma(far) - logGamma(near + far)) / near;
      const sign = side === 'lower' ? 1 : -1;
      if (logNear < Math.min(-1, Math.log(near / (near + far)) - 1)) return Math.exp(sign * logNear);
      if (a <= 1 || b <= 1) return a / b;
      const z = -normalQuantile(Math.exp(logP)) * sign;
      const lambda = (z * z - 3) / 6;
      const inverseA = 1 / (2 * a - 1);
      const inverseB = 1 / (2 * b - 1);
      const h = 2 / (inverseA + inverseB);
      const w =
        (z * Math.sqrt(Math.max(0, h + lambda))) / h - (inverseB - inverseA) * (lambda + 5 / 6 - 2 / (3 * h));
      return (a / b) * Math.exp(-2 * w);
    },
  };
}

function check(x: number, a: number, b: number): void {
  requireNumber('x', x);
  checkShapes(a, b);
}

function checkShapes(a: number, b: number): void {
  requirePositive('a', a);
  requirePositive('b', b);
}
