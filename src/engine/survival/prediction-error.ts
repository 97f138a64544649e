import { requireFinite } from '../statistics/argument.ts';
import { sortedOrder } from '../statistics/sorted-order.ts';
import { caseControlPairs } from './case-control-pairs.ts';
import { addCensoringInfluence, influenceError } from './censoring-influence.ts';
import { type CensoringWeights, censoringWeights } from './censoring-weights.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import { refuseParts } from './plain-data.ts';
import { countUpTo } from './survival-at.ts';
import { checkLength, checkSurvivalData, type SurvivalData } from './survival-data.ts';

/** How well predicted risks of an event by a time foretell it; inverse-probability-of-censoring weighted. */
export interface PredictionError {
  readonly time: number;
  /** The cumulative/dynamic area under the ROC curve; null where there is no case or no control. */
  readonly auc: number | null;
  /** Mean squared difference of risk and outcome, and that of the Kaplan–Meier curve, which knows no patient. */
  readonly brier: number;
  readonly reference: number;
  /** Of the Brier scores, the estimation of the censoring curve included; null of one row. */
  readonly brierError: number | null;
  readonly referenceError: number | null;
}

/**
 * The time-dependent AUC (cases: event by t; controls: event-free after t) and Brier score of predicted risks. A row
 * with an event at u ≤ t weighs 1/G(u−), one followed past t weighs 1/G(t), one censored before t weighs 0; G is the
 * Kaplan–Meier curve of the censoring.
 *
 * References: Uno et al. 2007; Blanche et al. 2013; Graf et al. 1999; R package riskRegression, `Score`.
 *
 * @param risks the predicted probability of an event by each time: one array a time, one value a row.
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH; ARGUMENT_INVALID (values not finite; a time past which
 * nobody is followed; entry times, weights or strata).
 */
export function predictionErrors(
  data: SurvivalData,
  risks: readonly Float64Array[],
  times: ArrayLike<number>,
): PredictionError[] {
  checkSurvivalData(data);
  checkLength('risks', risks.length, times.length);
  requireFinite('times', times);
  refuseParts(data, ['entry', 'weights', 'strata'], 'The estimation of prediction errors');
  const { time, event } = data;
  const n = time.length;
  const weighed = censoringWeights(data, times);
  const byTime = sortedOrder(time);
  const curve = kaplanMeier({ time, event });
  return Array.from(times, (t, m) => {
    const risk = risks[m];
    checkLength(`risks[${m}]`, risk.length, n);
    requireFinite(`risks[${m}]`, risk);
    const steps = countUpTo(curve.time, t, true);
    const average = steps === 0 ? 0 : 1 - curve.survival[steps - 1];
    const { auc } = caseControlPairs(risk, sortedOrder(risk), weighed[m]);
    const score = brierScore(data, t, byTime, weighed[m], (row) => risk[row]);
    const known = brierScore(data, t, byTime, weighed[m], () => average);
    return {
      time: t,
      auc,
      brier: score.brier,
      reference: known.brier,
      brierError: score.error,
      referenceError: known.error,
    };
  });
}

/**
 * The area under a score by time, divided by the last time: each score holds until the next time, and up to the first it
 * is 0. R package pec, `crps`.
 */
export function integratedBrier(errors: readonly Pick<PredictionError, 'time' | 'brier' | 'reference'>[]): {
  brier: number;
  reference: number;
} {
  let brier = 0;
  let reference = 0;
  let last = { time: 0, brier: 0, reference: 0 };
  for (const error of errors) {
    brier += (error.time - last.time) * last.brier;
    reference += (error.time - last.time) * last.reference;
    last = error;
  }
  return last.time > 0
    ? { brier: brier / last.time, reference: reference / last.time }
    : { brier: 0, reference: 0 };
}

/** The weighted mean squared error, and its standard error by the influence function. */
function brierScore(
  data: SurvivalData,
  horizon: number,
  byTime: Int32Array,
  { weights, isCase }: CensoringWeights,
  risk: (row: number) => number,
): { brier: number; error: number | null } {
  const n = weights.length;
  const influence = new Float64Array(n);
  const cases = new Float64Array(n);
  let brier = 0;
  let controls = 0;
  for (let i = 0; i < n; i++) {
    influence[i] = weights[i] * (isCase[i] - risk(i)) ** 2;
    brier += influence[i];
    if (isCase[i]) cases[i] = influence[i] / n;
    else controls += influence[i] / n;
  }
  addCensoringInfluence(data, byTime, horizon, cases, controls, influence);
  return { brier: brier / n, error: influenceError(influence) };
}
