import { requireFinite } from '../statistics/argument.ts';
import { sortedOrder } from '../statistics/sorted-order.ts';
import { type CaseControlPairs, caseControlPairs } from './case-control-pairs.ts';
import { addCensoringInfluence, influenceError } from './censoring-influence.ts';
import { type CensoringWeights, censoringWeights } from './censoring-weights.ts';
import { levelQuantile } from './confidence.ts';
import { refuseParts } from './plain-data.ts';
import { checkLength, checkSurvivalData, type SurvivalData } from './survival-data.ts';

/** The area under the ROC curve of a score for an event by a time; null where there is no case or no control. */
export interface TimeDependentAuc {
  readonly time: number;
  readonly auc: number | null;
  readonly standardError: number | null;
  /** auc ∓ z · standard error, cut to [0, 1]. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Rows with an event by the time, and rows followed past it. */
  readonly cases: number;
  readonly controls: number;
  /** Each row's influence; the standard error is their standard deviation over √n. */
  readonly influence: Float64Array;
}

/**
 * The cumulative/dynamic time-dependent AUC with its standard error: the probability that a row with an event by t
 * has a greater score than one without, ties counting half, weighted by the inverse probability of not being censored.
 * The variance is that of the influence function, the estimation of the censoring curve included. O(n log n) a time.
 *
 * References: Hung & Chiang 2010; Blanche, Dartigues & Jacqmin-Gadda 2013; R package riskRegression, `Score`.
 *
 * @param score the greater, the earlier the event.
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH; ARGUMENT_INVALID (values not finite; a time past which the
 * censoring curve is 0; entry times, weights or strata; level).
 */
export function timeDependentAuc(
  data: SurvivalData,
  score: Float64Array,
  times: ArrayLike<number>,
  options: { readonly level?: number } = {},
): TimeDependentAuc[] {
  checkSurvivalData(data);
  refuseParts(data, ['entry', 'weights', 'strata'], 'A time-dependent AUC');
  checkLength('score', score.length, data.time.length);
  requireFinite('score', score);
  requireFinite('times', times);
  const z = levelQuantile(options.level ?? 0.95);
  const byScore = sortedOrder(score);
  const byTime = sortedOrder(data.time);
  return censoringWeights(data, times).map((weighed, m) => {
    const time = times[m];
    const pairs = caseControlPairs(score, byScore, weighed);
    const { auc, cases, controls } = pairs;
    const influence = new Float64Array(score.length);
    const none = { standardError: null, lower: null, upper: null };
    if (auc === null) return { time, auc, ...none, cases, controls, influence };
    addInfluence(data, time, byTime, weighed, { ...pairs, auc }, influence);
    const standardError = influenceError(influence);
    if (standardError === null) return { time, auc, ...none, cases, controls, influence };
    const lower = Math.max(0, auc - z * standardError);
    const upper = Math.min(1, auc + z * standardError);
    return { time, auc, standardError, lower, upper, cases, controls, influence };
  });
}

function addInfluence(
  data: SurvivalData,
  horizon: number,
  byTime: Int32Array,
  { weights, isCase }: CensoringWeights,
  { auc, ordered, caseWeight, controlWeight }: CaseControlPairs & { readonly auc: number },
  influence: Float64Array,
): void {
  const n = weights.length;
  const mean = (caseWeight / n) * (controlWeight / n);
  const cases = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const others = isCase[i] ? controlWeight : caseWeight;
    influence[i] = (weights[i] * (ordered[i] - auc * others)) / (n * mean);
    if (isCase[i]) cases[i] = influence[i] / n;
  }
  // The weight of the controls is one number, and cancels.
  addCensoringInfluence(data, byTime, horizon, cases, 0, influence);
}
