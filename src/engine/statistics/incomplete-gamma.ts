import { deviance, HALF_LOG_TWO_PI, logGamma, logGammaOnePlus, stirlingError } from './log-gamma.ts';
import { logNearNormalUpper } from './near-normal.ts';

/**
 * The logarithms of the regularised incomplete gamma functions, P(a, x) and Q(a, x) = 1 − P(a, x), for a > 0, x ≥ 0.
 *
 * Below x = a, P comes from its power series (NIST DLMF 8.11.4), above, Q from its continued fraction (8.9.2, by
 * Lentz's method); the other is 1 minus it, at most about two thirds away from 1. Where a < 1 and x < 1, Q comes from
 * W. Gautschi's series (ACM TOMS 5 (1979) 466), which does not cancel. The common factor x^a e^-x / Γ(a + 1) is taken
 * in Loader's form. Both loops end after O(√a) terms; where a > 1e10, N. M. Temme's uniform expansion (DLMF 8.12)
 * takes their place, whose first two terms suffice there.
 */
export function logIncompleteGamma(a: number, x: number, tail: 'lower' | 'upper'): number {
  if (x === 0) return tail === 'lower' ? -Infinity : 0;
  if (x === Infinity) return tail === 'lower' ? 0 : -Infinity;
  if (a > 1e10) return logLargeShape(a, x, tail);
  if (x <= a || (a < 1 && x < 1)) {
    const logLower = logGammaFactor(a, x) + Math.log(lowerSeries(a, x));
    if (tail === 'upper' && logLower > -Math.LN2 && a < 1) return Math.log(smallUpper(a, x));
    return tail === 'lower' ? logLower : logComplement(logLower);
  }
  const logUpper = logGammaFactor(a, x) + Math.log(a * upperFraction(a, x));
  return tail === 'upper' ? logUpper : logComplement(logUpper);
}

/** log [x^a e^-x / Γ(a + 1)], for x > 0. */
export function logGammaFactor(a: number, x: number): number {
  if (a < 10) return a * Math.log(x) - x - (a < 1 ? logGammaOnePlus(a) : logGamma(a + 1));
  return -deviance(a, x, x - a) - 0.5 * Math.log(a) - HALF_LOG_TWO_PI - stirlingError(a);
}

/** log(1 − exp(value)) for value ≤ 0. */
export function logComplement(value: number): number {
  if (value >= 0) return -Infinity;
  return value > -Math.LN2 ? Math.log(-Math.expm1(value)) : Math.log1p(-Math.exp(value));
}

function logLargeShape(a: number, x: number, tail: 'lower' | 'upper'): number {
  const above = x - a;
  const z = Math.sign(above) * Math.sqrt(2 * deviance(a, x, above));
  const correction = Math.abs(z) < 1e-3 ? -1 / (3 * Math.sqrt(a)) : Math.sqrt(a) / above - 1 / z;
  return tail === 'upper' ? logNearNormalUpper(z, correction) : logNearNormalUpper(-z, -correction);
}

function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < MOST_TERMS && term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = numerator * d + b;
    if (Math.abs(d) < 1e-300) d = 1e-300;
    c = b + numerator / c;
    if (Math.abs(c) < 1e-300) c = 1e-300;
    d = 1 / d;
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return fraction;
}

function smallUpper(a: number, x: number): number {
  const logPower = a * Math.log(x) - logGammaOnePlus(a);
  let term = -1;
  let sum = 0;
  for (let n = 1; n < 40; n++) {
    term *= -x / n;
    const part = term / (a + n);
    sum += part;
    if (Math.abs(part) < 1e-17 * Math.abs(sum)) break;
  }
  return -Math.expm1(logPower) + Math.exp(logPower) * a * sum;
}

/** Far more than the O(√1e10) terms that a result can need; a bound all the same. */
const MOST_TERMS = 1e7;
