import { Failure } from '../failure.ts';
import type { Warning } from '../warning.ts';
import { axisTicks } from './axis-ticks.ts';
import type { BaselineStratum, CoxBaseline } from './cox-baseline.ts';
import { countUpTo } from './survival-at.ts';

/** Survival at one time as it is read off the axis of total points. */
export interface SurvivalAxis {
  readonly horizon: number;
  readonly stratum: number;
  /** Survival at the horizon where the nomogram's linear predictor is 0; null past the last follow-up. */
  readonly baseline: number | null;
  /** Round probabilities within reach of the data's linear predictors; none where the baseline is null, 0 or 1. */
  readonly ticks: readonly { readonly probability: number; readonly points: number }[];
}

/**
 * One axis for each horizon and stratum. A horizon past a stratum's last follow-up has an empty axis, with a warning.
 *
 * @param shift what a patient at the nomogram's linear predictor 0 has more than one at the model's means.
 * @param reach the least and the greatest tick of the linear predictor.
 * @param pointsAt total points of a linear predictor.
 */
export function survivalAxes(
  baseline: CoxBaseline,
  horizons: ArrayLike<number>,
  shift: number,
  reach: readonly [number, number],
  pointsAt: (lp: number) => number,
): { axes: SurvivalAxis[]; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const axes = Array.from(horizons, (horizon, h) => {
    checkHorizon(`horizons[${h}]`, horizon);
    return baseline.strata.map((stratum) => {
      const hazard = hazardAt(stratum, horizon);
      if (hazard === null) {
        warnings.push(beyondFollowUp(horizon, stratum.stratum));
        return { horizon, stratum: stratum.stratum, baseline: null, ticks: [] };
      }
      const atZero = hazard * Math.exp(shift);
      const survival = Math.exp(-atZero);
      return {
        horizon,
        stratum: stratum.stratum,
        baseline: survival,
        ticks: ticksOf(atZero, reach, pointsAt),
      };
    });
  }).flat();
  return { axes, warnings };
}

/** The cumulative hazard of a stratum's baseline at a time; null past its last time. */
function hazardAt({ time, cumulativeHazard }: BaselineStratum, horizon: number): number | null {
  if (time.length === 0 || horizon > time[time.length - 1]) return null;
  const steps = countUpTo(time, horizon, true);
  return steps === 0 ? 0 : cumulativeHazard[steps - 1];
}

/** @throws Failure ARGUMENT_INVALID unless the time is a positive number. */
export function checkHorizon(argument: string, horizon: number): void {
  if (horizon > 0 && horizon < Infinity) return;
  const message = `${argument} is ${horizon}, not a positive number.`;
  throw new Failure('ARGUMENT_INVALID', message, { argument, value: String(horizon) });
}

function ticksOf(
  hazard: number,
  [least, most]: readonly [number, number],
  pointsAt: (lp: number) => number,
): SurvivalAxis['ticks'] {
  const worst = Math.exp(-hazard * Math.exp(most));
  const best = Math.exp(-hazard * Math.exp(least));
  if (!(hazard > 0 && best > 0)) return [];
  return axisTicks(worst, best)
    .filter(
      (probability) => probability > 0 && probability < 1 && probability >= worst && probability <= best,
    )
    .map((probability) => ({
      probability,
      points: pointsAt(Math.log(-Math.log(probability) / hazard)),
    }));
}

function beyondFollowUp(horizon: number, stratum: number): Warning {
  const message = `Nobody of stratum ${stratum} is followed to ${horizon}: survival there is not estimated.`;
  return { code: 'HORIZON_PAST_FOLLOW_UP', message, subject: String(horizon) };
}
