import { Failure } from '../failure.ts';
import { requireProbability } from '../statistics/argument.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import { refuseParts } from './plain-data.ts';
import { survivalAt } from './survival-at.ts';
import { checkHorizon } from './survival-axis.ts';
import { checkLength, checkSurvivalData, type SurvivalData } from './survival-data.ts';

export interface DecisionCurve {
  readonly horizon: number;
  /** 1 − Kaplan–Meier survival of all rows at the horizon. */
  readonly eventProbability: number;
  readonly points: readonly DecisionPoint[];
}

/** Whether it pays to treat by a model if harm is weighed as the threshold says. Treating nobody has benefit 0. */
export interface DecisionPoint {
  /** The risk at which one would treat. */
  readonly threshold: number;
  /** Share of rows whose risk is at least the threshold. */
  readonly treated: number;
  /** Null where the rows treated are not followed to the horizon. */
  readonly netBenefit: number | null;
  readonly treatAll: number;
  /** Fewer treated for the same number of events treated, per row, against treating all. */
  readonly interventionsAvoided: number | null;
}

/** 0.01, 0.02, …, 0.99. */
const THRESHOLDS = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/**
 * Decision curve analysis of predicted risks of an event by a horizon. At threshold p those with a risk ≥ p are
 * treated; the net benefit is TP − FP · p / (1 − p), with TP = F(t | treated) · treated and FP = S(t | treated) ·
 * treated as shares of all rows and S of the treated by Kaplan–Meier.
 *
 * References: Vickers & Elkin 2006; Vickers, Cronin, Elkin & Gönen 2008; R package dcurves, `dca`.
 *
 * @param risk the predicted probability of an event by the horizon, one a row.
 * @param thresholds each in (0, 1); default 0.01 to 0.99 by 0.01.
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH; ARGUMENT_INVALID (a risk that is no probability; horizon,
 * thresholds; nobody is followed to the horizon; entry times, weights or strata).
 */
export function decisionCurve(
  data: SurvivalData,
  risk: Float64Array,
  horizon: number,
  thresholds: ArrayLike<number> = THRESHOLDS,
): DecisionCurve {
  checkSurvivalData(data);
  refuseParts(data, ['entry', 'weights', 'strata'], 'A decision curve');
  checkHorizon('horizon', horizon);
  checkLength('risk', risk.length, data.time.length);
  for (let i = 0; i < risk.length; i++) requireProbability(`risk[${i}]`, risk[i]);
  const eventProbability = eventProbabilityAt(data, () => true, horizon);
  if (eventProbability === null) throw notFollowed(horizon);
  const n = risk.length;
  const points = Array.from(thresholds, (threshold, k) => {
    if (!(threshold > 0 && threshold < 1)) {
      const message = `thresholds[${k}] is ${threshold}, not between 0 and 1.`;
      throw new Failure('ARGUMENT_INVALID', message, {
        argument: 'thresholds',
        index: k,
        value: String(threshold),
      });
    }
    const odds = threshold / (1 - threshold);
    const benefit = (treated: number, events: number) =>
      treated === 0 ? 0 : treated * (events - (1 - events) * odds);
    const treated = risk.reduce((count, r) => count + (r >= threshold ? 1 : 0), 0) / n;
    const events = treated === 0 ? 0 : eventProbabilityAt(data, (row) => risk[row] >= threshold, horizon);
    const netBenefit = events === null ? null : benefit(treated, events);
    const treatAll = benefit(1, eventProbability);
    const interventionsAvoided = netBenefit === null ? null : (netBenefit - treatAll) / odds;
    return { threshold, treated, netBenefit, treatAll, interventionsAvoided };
  });
  return { horizon, eventProbability, points };
}

/**
 * 1 − Kaplan–Meier survival at a time among some rows; null without a row, or if none is followed so far and some
 * survive.
 */
export function eventProbabilityAt(
  { time, event }: SurvivalData,
  member: (row: number) => boolean,
  horizon: number,
): number | null {
  const rows: number[] = [];
  for (let i = 0; i < time.length; i++) if (member(i)) rows.push(i);
  if (rows.length === 0) return null;
  const curve = kaplanMeier({
    time: Float64Array.from(rows, (row) => time[row]),
    event: Uint8Array.from(rows, (row) => event[row]),
  });
  const last = curve.time.length - 1;
  if (horizon > curve.time[last] && curve.survival[last] > 0) return null;
  return 1 - survivalAt(curve, [horizon])[0].survival;
}

/** The failure of a horizon that nobody of the data reaches. */
export function notFollowed(horizon: number): Failure {
  const message = `Nobody is followed to ${horizon}.`;
  return new Failure('ARGUMENT_INVALID', message, { argument: 'horizon', value: horizon });
}
