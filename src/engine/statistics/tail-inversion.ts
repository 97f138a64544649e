import { requireProbability } from './argument.ts';

/** A tail of a distribution on (0, ∞), in logarithms. */
export interface LogTail {
  /** The logarithm of the tail's probability at x. */
  at(x: number): number;
  /** log |d log tail / d log x| at x, where the tail's logarithm is `logTail`. */
  logSlope(x: number, logTail: number): number;
  /** A point to start from; any positive number will do. */
  start(logProbability: number): number;
}

/**
 * The point of (0, ∞) at which P(X ≤ x) = p (`given` lower) or P(X > x) = p (`given` upper).
 *
 * Newton's method on log tail against log x, on whichever tail is the smaller, within a bracket that a step
 * outside halves. The tails of the gamma and beta families are nearly linear on these scales.
 *
 * @throws ARGUMENT_INVALID if p is not in [0, 1]
 */
export function invertTail(p: number, given: 'lower' | 'upper', lower: LogTail, upper: LogTail): number {
  requireProbability('p', p);
  if (p === 0) return given === 'lower' ? 0 : Infinity;
  if (p === 1) return given === 'lower' ? Infinity : 0;
  const small = p <= 0.5 ? p : 1 - p;
  const isLower = (given === 'lower') === p <= 0.5;
  const tail = isLower ? lower : upper;
  const direction = isLower ? 1 : -1;
  const target = Math.log(small);
  let low = 0;
  let high = Infinity;
  let x = tail.start(target);
  if (!(x > 0 && x < Infinity)) x = 1;
  for (let step = 0; step < 2200; step++) {
    const logTail = tail.at(x);
    const excess = direction * (logTail - target);
    if (excess > 0) high = Math.min(high, x);
    else low = Math.max(low, x);
    const change = -excess * Math.exp(-tail.logSlope(x, logTail));
    if (Math.abs(change) < 1e-9) return x + x * change;
    const next = x * Math.exp(change);
    if (next > low && next < high) x = next;
    else if (low === 0) x = high / 16;
    else if (high === Infinity) x = low * 16;
    else x = Math.sqrt(low) * Math.sqrt(high);
    if (x === 0 || x === Infinity || high / low < 1 + 4e-16) return x;
  }
  return x;
}
