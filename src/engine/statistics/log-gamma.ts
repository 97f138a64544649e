import { invalidArgument } from './argument.ts';

/**
 * log Γ(x) for x > 0. Relative error below 2e-15, also near its zeros at 1 and 2; ∞ for x = 0 and x = ∞.
 *
 * On [1, 2] log Γ(1 + z) = z (z − 1) g(z) with g a Chebyshev series computed to 60 digits; from there up to 10 by the
 * recurrence Γ(x + 1) = x Γ(x), above by Stirling's series (NIST DLMF 5.11.1).
 *
 * @throws ARGUMENT_INVALID unless x ≥ 0
 */
export function logGamma(x: number): number {
  if (!(x >= 0)) invalidArgument('x', x, 'a number ≥ 0');
  if (x === 0 || x === Infinity) return Infinity;
  if (x < 1) return logGammaOnePlus(x) - Math.log(x);
  if (x <= 2) return logGammaOnePlus(x - 1);
  if (x < 3) return logGammaOnePlus(x - 2) + Math.log1p(x - 2);
  if (x >= 10) return (x - 0.5) * (Math.log(x) - 1) + (HALF_LOG_TWO_PI - 0.5 + stirlingError(x));
  let product = 1;
  let rest = x;
  while (rest > 2) {
    rest--;
    product *= rest;
  }
  return logGammaOnePlus(rest - 1) + Math.log(product);
}

/** log Γ(1 + z) for z in [0, 1], exact to rounding relative to its value also for tiny z. */
export function logGammaOnePlus(z: number): number {
  const twiceT = 4 * z - 2;
  let next = 0;
  let current = 0;
  for (let i = CHEBYSHEV.length - 1; i > 0; i--) {
    const previous = twiceT * current - next + CHEBYSHEV[i];
    next = current;
    current = previous;
  }
  return z * (z - 1) * ((twiceT / 2) * current - next + CHEBYSHEV[0]);
}

/**
 * What Stirling's formula leaves: log Γ(x) − [(x − ½) log x − x + ½ log 2π], for x > 0, absolute error below 5e-15.
 * In densities it replaces log Γ, whose size would cost digits (C. Loader, Fast and accurate computation of binomial
 * probabilities, 2000).
 */
export function stirlingError(x: number): number {
  if (x < 10) return logGamma(x) - ((x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI);
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  for (let i = STIRLING.length - 1; i >= 0; i--) sum = sum * inverseSquare + STIRLING[i];
  return sum / x;
}

/**
 * The deviance of a Poisson count a with mean m, a log(a/m) + m − a ≥ 0, given their difference m − a, which the caller
 * may know more exactly than the two.
 */
export function deviance(a: number, m: number, difference: number): number {
  const delta = difference / a;
  if (!(delta > -0.6 && delta < 1.5)) {
    const ratio = a / m;
    return a * (ratio < Infinity ? Math.log(ratio) : Math.log(a) - Math.log(m)) + difference;
  }
  const r = delta / (2 + delta);
  const square = r * r;
  let power = 1;
  let sum = 1 / 3;
  for (let n = 5; n < 60; n += 2) {
    power *= square;
    const term = power / n;
    sum += term;
    if (term < 1e-17) break;
  }
  return difference * r - 2 * a * r * square * sum;
}

export const HALF_LOG_TWO_PI = 0.9189385332046728;

/** B₂ₙ / (2n (2n − 1)) for n from 1: the coefficients of Stirling's series. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
  -174611 / 125400,
];

const CHEBYSHEV = [
  0.49141539302938714, -0.07611416167043585, 0.008432324965932778, -0.001079493726328608,
  0.00014900748003692963, -2.1512399888556784e-5, 3.1979329860862186e-6, -4.851693012139927e-7,
  7.47148782116316e-8, -1.1638296700170518e-8, 1.829400437118668e-9, -2.8969180607129607e-10,
  4.61570140620909e-11, -7.392810230497983e-12, 1.1894280008333085e-12, -1.9212068676522805e-13,
  3.113975526387164e-14, -5.0628432984486114e-15, 8.254150281631144e-16, -1.3490578987574844e-16,
  2.209876116782623e-17, -3.6274129549239766e-18,
];
