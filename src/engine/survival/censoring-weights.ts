import { Failure } from '../failure.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import { countUpTo } from './survival-at.ts';
import type { SurvivalData } from './survival-data.ts';

/** What each row counts for at a time when those censored before it are left out. */
export interface CensoringWeights {
  /** 1/G(u−) of a row with an event at u ≤ t, 1/G(t) of one followed past t, 0 of one censored before t. */
  readonly weights: Float64Array;
  /** 1 of a row with an event at or before t. */
  readonly isCase: Uint8Array;
}

/**
 * Inverse-probability-of-censoring weights at a time; G is the Kaplan–Meier curve of the censoring, in which events
 * leave before censorings at their time.
 *
 * @param times ascending or not.
 * @throws Failure ARGUMENT_INVALID for a time at which G is 0 although rows are followed past it.
 */
export function censoringWeights(
  { time, event }: SurvivalData,
  times: ArrayLike<number>,
): CensoringWeights[] {
  const censoring = censoringCurve({ time, event });
  return Array.from(times, (t) => {
    const after = censoring(t, true);
    const weights = new Float64Array(time.length);
    const isCase = new Uint8Array(time.length);
    for (let i = 0; i < time.length; i++) {
      isCase[i] = time[i] <= t && event[i] === 1 ? 1 : 0;
      if (isCase[i]) weights[i] = 1 / censoring(time[i], false);
      else if (time[i] > t) {
        if (!(after > 0)) throw noFollowUp(t);
        weights[i] = 1 / after;
      }
    }
    return { weights, isCase };
  });
}

/** G by time, right-continuous if `after`, else its left limit. */
function censoringCurve({ time, event }: SurvivalData): (t: number, after: boolean) => number {
  const curve = kaplanMeier({ time, event });
  const values = new Float64Array(curve.time.length);
  let g = 1;
  for (let k = 0; k < values.length; k++) {
    const left = curve.atRisk[k] - curve.events[k];
    if (curve.censored[k] > 0) g *= (left - curve.censored[k]) / left;
    values[k] = g;
  }
  return (t, after) => {
    const steps = countUpTo(curve.time, t, after);
    return steps === 0 ? 1 : values[steps - 1];
  };
}

function noFollowUp(t: number): Failure {
  const message = `The censoring curve is 0 at time ${t}, so that rows followed past it have no weight.`;
  return new Failure('ARGUMENT_INVALID', message, { argument: 'times', value: t });
}
