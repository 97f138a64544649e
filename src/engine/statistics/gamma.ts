import { requireNumber, requirePositive } from './argument.ts';
import type { ContinuousDistribution } from './distribution.ts';
import { logGammaFactor, logIncompleteGamma } from './incomplete-gamma.ts';
import { logGamma } from './log-gamma.ts';
import { normalQuantile } from './normal.ts';
import { invertTail, type LogTail } from './tail-inversion.ts';

/**
 * The gamma distribution of a shape a and scale 1: density x^(a−1) e^-x / Γ(a) on x > 0. Where x ≤ 0, P(X ≤ x) = 0.
 * For another scale divide x by it, and multiply quantiles and divide the density by it.
 *
 * Citation: NIST DLMF 8.2; `logIncompleteGamma` says how it is computed.
 */
export const gamma: ContinuousDistribution<[shape: number]> = {
  density(x, shape) {
    check(x, shape);
    if (x < 0 || x === Infinity) return 0;
    if (x === 0) return shape < 1 ? Infinity : shape === 1 ? 1 : 0;
    return Math.exp(logGammaFactor(shape, x) + Math.log(shape) - Math.log(x));
  },
  lower(x, shape) {
    return Math.exp(gamma.logLower(x, shape));
  },
  upper(x, shape) {
    return Math.exp(gamma.logUpper(x, shape));
  },
  logLower(x, shape) {
    check(x, shape);
    return logIncompleteGamma(shape, Math.max(x, 0), 'lower');
  },
  logUpper(x, shape) {
    check(x, shape);
    return logIncompleteGamma(shape, Math.max(x, 0), 'upper');
  },
  quantile(p, shape) {
    requirePositive('shape', shape);
    return invertTail(p, 'lower', logTail(shape, 'lower'), logTail(shape, 'upper'));
  },
  upperQuantile(p, shape) {
    requirePositive('shape', shape);
    return invertTail(p, 'upper', logTail(shape, 'lower'), logTail(shape, 'upper'));
  },
};

function check(x: number, shape: number): void {
  requireNumber('x', x);
  requirePositive('shape', shape);
}

function logTail(shape: number, side: 'lower' | 'upper'): LogTail {
  return {
    at: (x) => logIncompleteGamma(shape, x, side),
    logSlope: (x, tail) => Math.log(shape) + logGammaFactor(shape, x) - tail,
    start: (logP) => {
      // The lower tail's leading term, or Wilson and Hilferty's cube root (PNAS 17 (1931) 684).
      const small = (logP + logGamma(shape + 1)) / shape;
      if (side === 'lower' && small < Math.log(shape) - 1) return Math.exp(small);
      const z = normalQuantile(Math.exp(logP)) * (side === 'lower' ? 1 : -1);
      return shape * (1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;
    },
  };
}
