import { requireFinite } from '../statistics/argument.ts';
import type { KaplanMeierCurve } from './kaplan-meier.ts';

/** A Kaplan–Meier curve read at given times. */
export interface SurvivalAt {
  readonly time: number;
  readonly survival: number;
  readonly standardError: number;
  readonly lower: number | null;
  readonly upper: number | null;
  /** At risk just before the time: who is still followed then. */
  readonly atRisk: number;
  /** Events up to and including the time. */
  readonly events: number;
}

/**
 * Reads a Kaplan–Meier curve at times in any order: the rows of a table of numbers at risk. After the last time of
 * the curve survival is carried on and nobody is at risk.
 *
 * With late entry the number at risk between two times of the curve is that at the next one, as R's `summary` has it.
 *
 * @throws Failure ARGUMENT_INVALID with the index of a time that is not finite.
 */
export function survivalAt(curve: KaplanMeierCurve, times: ArrayLike<number>): SurvivalAt[] {
  requireFinite('times', times);
  const count = curve.time.length;
  const cumulative = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) cumulative[i + 1] = cumulative[i] + curve.events[i];
  return Array.from(times, (time) => {
    // The number of steps at or before the time, and of those strictly before it.
    const steps = countUpTo(curve.time, time, true);
    const before = countUpTo(curve.time, time, false);
    const at = steps - 1;
    return {
      time,
      survival: at < 0 ? 1 : curve.survival[at],
      standardError: at < 0 ? 0 : curve.standardError[at],
      lower: at < 0 ? 1 : curve.lower[at],
      upper: at < 0 ? 1 : curve.upper[at],
      atRisk: before < count ? curve.atRisk[before] : 0,
      events: cumulative[steps],
    };
  });
}

/** How many of the ascending values are below the limit, or at it too if `inclusive`. */
export function countUpTo(values: Float64Array, limit: number, inclusive: boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < limit || (inclusive && values[middle] === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}
