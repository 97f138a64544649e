import { requireNumber, requireProbability } from './argument.ts';
import type { ContinuousDistribution } from './distribution.ts';
import { erf, erfcx, exponentialOfSquare } from './error-function.ts';

/**
 * The standard normal distribution: density exp(−x²/2)/√(2π), P(X > x) = ½ erfc(x/√2).
 *
 * The tails hold to 1e-15 relative, the quantiles to 1e-15 relative for every p down to the smallest.
 * The quantile is found by Halley's method on the logarithm of the tail (or, near ½, on erf), from the start of
 * Abramowitz & Stegun 26.2.23.
 *
 * @throws ARGUMENT_INVALID if x is NaN or p is not in [0, 1]
 */
export const normal: ContinuousDistribution<[]> = {
  density(x) {
    requireNumber('x', x);
    return exponentialOfSquare(Math.abs(x), 0.5) * INVERSE_ROOT_TWO_PI;
  },
  lower(x) {
    requireNumber('x', x);
    return upperTail(-x);
  },
  upper(x) {
    requireNumber('x', x);
    return upperTail(x);
  },
  logLower(x) {
    requireNumber('x', x);
    return logUpperTail(-x);
  },
  logUpper(x) {
    requireNumber('x', x);
    return logUpperTail(x);
  },
  quantile(p) {
    requireProbability('p', p);
    return normalQuantile(p);
  },
  upperQuantile(p) {
    requireProbability('p', p);
    return 0 - normalQuantile(p);
  },
};

/** The unchecked quantile, for p in [0, 1]. */
export function normalQuantile(p: number): number {
  if (p > 0.25 && p < 0.75) return centralQuantile(p - 0.5);
  return p < 0.5 ? -tailQuantile(p) : tailQuantile(1 - p);
}

function upperTail(x: number): number {
  const z = x * ROOT_HALF;
  if (z < 0.5) return z > -0.5 ? 0.5 - 0.5 * erf(z) : 1 - upperTail(-x);
  return 0.5 * erfcx(z) * exponentialOfSquare(x, 0.5);
}

function logUpperTail(x: number): number {
  const z = x * ROOT_HALF;
  if (x === Infinity) return -Infinity;
  if (z < -0.5) return Math.log1p(-upperTail(-x));
  if (z < 0.5) return Math.log(upperTail(x));
  return Math.log(0.5 * erfcx(z)) - (x / 2) * x;
}

function tailQuantile(p: number): number {
  if (p === 0) return Infinity;
  const logP = Math.log(p);
  let x = start(logP);
  for (let step = 0; step < 3; step++) {
    const mills = ROOT_HALF_PI * erfcx(x * ROOT_HALF);
    const excess = mills * (Math.log(mills * INVERSE_ROOT_TWO_PI) - (x / 2) * x - logP);
    x += excess / (1 + 0.5 * excess * (1 / mills - x));
    if (Math.abs(excess) < 1e-6 * x) break;
  }
  return x;
}

function centralQuantile(fromHalf: number): number {
  const side = Math.abs(fromHalf);
  if (side === 0) return 0;
  let x = start(Math.log(0.5 - side));
  for (let step = 0; step < 3; step++) {
    const excess = (0.5 * erf(x * ROOT_HALF) - side) / (INVERSE_ROOT_TWO_PI * Math.exp((-x * x) / 2));
    x -= excess / (1 + 0.5 * x * excess);
    if (Math.abs(excess) < 1e-6 * Math.abs(x)) break;
  }
  return fromHalf < 0 ? -x : x;
}

function start(logP: number): number {
  const r = Math.sqrt(-2 * logP);
  return (
    r - (2.515517 + r * (0.802853 + r * 0.010328)) / (1 + r * (1.432788 + r * (0.189269 + r * 0.001308)))
  );
}

const ROOT_HALF = Math.SQRT1_2;
const ROOT_HALF_PI = Math.sqrt(Math.PI / 2);
const INVERSE_ROOT_TWO_PI = 0.3989422804014327;
