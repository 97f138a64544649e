import { requireFinite } from '../statistics/argument.ts';
import { censoringWeights } from './censoring-weights.ts';
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
  const curve = kaplanMeier({ time, event });
  return Array.from(times, (t, m) => {
    const risk = risks[m];
    checkLength(`risks[${m}]`, risk.length, n);
    requireFinite(`risks[${m}]`, risk);
    const { weights, isCase } = weighed[m];
    const steps = countUpTo(curve.time, t, true);
    const average = steps === 0 ? 0 : 1 - curve.survival[steps - 1];
    let brier = 0;
    let reference = 0;
    for (let i = 0; i < n; i++) {
      brier += weights[i] * (isCase[i] - risk[i]) ** 2;
      reference += weights[i] * (isCase[i] - average) ** 2;
    }
    return { time: t, auc: weightedAuc(risk, weights, isCase), brier: brier / n, reference: reference / n };
  });
}

/** The area under a score by time, by the trapezoidal rule from 0, where it is 0, divided by the last time. */
export function integratedBrier(errors: readonly PredictionError[]): { brier: number; reference: number } {
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

function weightedAuc(risk: Float64Array, weights: Float64Array, isCase: Uint8Array): number | null {
  const order = Array.from(risk.keys()).sort((a, b) => risk[a] - risk[b]);
  let controlsBelow = 0;
  let cases = 0;
  let area = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    let casesHere = 0;
    let controlsHere = 0;
    for (to = from; to < order.length && risk[order[to]] === risk[order[from]]; to++) {
      const i = order[to];
      if (isCase[i]) casesHere += weights[i];
      else controlsHere += weights[i];
    }
    area += casesHere * (controlsBelow + controlsHere / 2);
    cases += casesHere;
    controlsBelow += controlsHere;
  }
  return cases > 0 && controlsBelow > 0 ? area / (cases * controlsBelow) : null;
}
