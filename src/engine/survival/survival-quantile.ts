import { requireProbability } from '../statistics/argument.ts';

const TOLERANCE = 2 ** -26;

/** A quantile of survival time and its confidence limits; null where the curve, or its band, does not get that far. */
export interface Quantile {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The steps of a survival curve and its pointwise band, as {@link kaplanMeier} and `survivalCurve` give them. */
export interface SurvivalSteps {
  readonly time: Float64Array;
  readonly survival: ArrayLike<number>;
  readonly lower: ArrayLike<number | null>;
  readonly upper: ArrayLike<number | null>;
}

/**
 * The time by which a proportion p has had the event: the first time at which S ≤ 1 − p. Where S equals 1 − p, up to
 * rounding, over a flat piece, its midpoint. The limits are those times on the two sides of the band
 * (Brookmeyer & Crowley 1982).
 *
 * Reference: R package survival, `quantile.survfit`.
 *
 * @throws Failure ARGUMENT_INVALID unless 0 ≤ p ≤ 1.
 */
export function survivalQuantile(curve: SurvivalSteps, p: number): Quantile {
  requireProbability('p', p);
  return {
    value: crossing(curve.time, curve.survival, p),
    lower: crossing(curve.time, curve.lower, p),
    upper: crossing(curve.time, curve.upper, p),
  };
}

function crossing(time: Float64Array, survival: ArrayLike<number | null>, p: number): number | null {
  if (p === 0) return 0;
  // The band need not be monotone: of the values that reach p the one nearest to p counts, as R has it.
  let reached = -1;
  let passed = -1;
  let nearest = Infinity;
  let nearestPassed = Infinity;
  let last = 0;
  for (let i = 0; i < time.length; i++) {
    const s = survival[i];
    if (s === null) {
      last = Number.NaN;
      continue;
    }
    const y = 1 - s;
    if (y + TOLERANCE >= p && y < nearest) {
      nearest = y;
      reached = i;
    }
    if (y - TOLERANCE >= p && y < nearestPassed) {
      nearestPassed = y;
      passed = i;
    }
    last = y;
  }
  if (reached < 0) return null;
  if (Math.abs(p - last) < TOLERANCE) return (time[reached] + time[time.length - 1]) / 2;
  return passed < 0 ? null : (time[reached] + time[passed]) / 2;
}
