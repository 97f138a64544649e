import { logComplement } from './incomplete-gamma.ts';
import { deviance, HALF_LOG_TWO_PI, stirlingError } from './log-gamma.ts';
import { logNearNormalUpper } from './near-normal.ts';

/**
 * The logarithms of the regularised incomplete beta functions, I_x(a, b) (`lower`) and 1 − I_x(a, b) (`upper`), for
 * a, b > 0 and x in [0, 1]. Both x and y = 1 − x are given, since the caller may know each exactly.
 *
 * On the side of the mean where it converges fast, by the continued fraction of A. R. DiDonato and A. H. Morris (ACM
 * TOMS 18 (1992) 360, eq. 10; Lentz's method), which does not cancel for large shapes, times x^a y^b / B(a, b) in Loader's form;
 * the other side is 1 minus it. Where the smaller of a and b exceeds 1e10,
 * N. M. Temme's uniform expansion (DLMF 8.18.9) takes its place, whose first two terms suffice there.
 */
export function logIncompleteBeta(
  a: number,
  b: number,
  x: number,
  y: number,
  tail: 'lower' | 'upper',
): number {
  if (x <= 0) return tail === 'lower' ? -Infinity : 0;
  if (y <= 0) return tail === 'lower' ? 0 : -Infinity;
  if (Math.min(a, b) > 1e10) return logLargeShapes(a, b, x, y, tail);
  const isBelow = x * (b + 1) < y * (a + 1);
  const logComputed = isBelow
    ? logBetaFactor(a, b, x, y) + Math.log(fraction(a, b, x, y))
    : logBetaFactor(a, b, x, y) + Math.log(fraction(b, a, y, x));
  return isBelow === (tail === 'lower') ? logComputed : logComplement(logComputed);
}

/** log [x^a y^b / B(a, b)] for x + y = 1, both above 0. */
export function logBetaFactor(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const difference = b * x - a * y;
  return (
    -deviance(a, n * x, difference) -
    deviance(b, n * y, -difference) +
    0.5 * (Math.log(a) + Math.log(b / n)) -
    HALF_LOG_TWO_PI +
    (stirlingError(n) - stirlingError(a) - stirlingError(b))
  );
}

/** x and y = 1 − x where x / y = `odds`, each to full relative accuracy. */
export function proportionsOfOdds(odds: number): [number, number] {
  if (odds < 1) return [odds / (1 + odds), 1 / (1 + odds)];
  const inverse = 1 / odds;
  return [1 / (1 + inverse), inverse / (1 + inverse)];
}

function logLargeShapes(a: number, b: number, x: number, y: number, tail: 'lower' | 'upper'): number {
  const n = a + b;
  const above = b * x - a * y;
  const z = Math.sign(above) * Math.sqrt(2 * (deviance(a, n * x, above) + deviance(b, n * y, -above)));
  const spread = Math.sqrt(a) * Math.sqrt(b);
  const correction =
    Math.abs(z) < 1e-3 ? (a - b) / (3 * spread * Math.sqrt(n)) : spread / above / Math.sqrt(n) - 1 / z;
  return tail === 'upper' ? logNearNormalUpper(z, correction) : logNearNormalUpper(-z, -correction);
}

function fraction(a: number, b: number, x: number, y: number): number {
  const lambda = a * y - b * x;
  let c = 1e300;
  let d = 1 / guarded((a / (a + 1)) * (lambda + 1));
  let value = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const middle = a + 2 * n - 1;
    const step = (n * (b - n) * x) / middle;
    const numerator = ((a + n - 1) / middle) * (a + b + n - 1) * x * step;
    const denominator = n + step + ((a + n) / (a + 2 * n + 1)) * (lambda + 1 + n * (1 + y));
    d = 1 / guarded(denominator + numerator * d);
    c = guarded(denominator + numerator / c);
    const factor = d * c;
    value *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return value;
}

function guarded(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** Far more than the O(√1e10) terms that a result can need; a bound all the same. */
const MOST_TERMS = 1e7;
