import { requireFinite } from '../statistics/argument.ts';
import { sortedOrder } from '../statistics/sorted-order.ts';
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
    const { auc, influence, cases, controls } = estimate(data, score, byScore, byTime, weighed);
    if (auc === null) {
      const none = { auc, standardError: null, lower: null, upper: null };
      return { time: times[m], ...none, cases, controls, influence };
    }
    const n = influence.length;
    const mean = influence.reduce((sum, x) => sum + x, 0) / n;
    const squares = influence.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    const standardError = Math.sqrt(squares / (n - 1) / n);
    const lower = Math.max(0, auc - z * standardError);
    const upper = Math.min(1, auc + z * standardError);
    return { time: times[m], auc, standardError, lower, upper, cases, controls, influence };
  });
}

function estimate(
  data: SurvivalData,
  score: Float64Array,
  byScore: Int32Array,
  byTime: Int32Array,
  { weights, isCase }: CensoringWeights,
): { auc: number | null; influence: Float64Array; cases: number; controls: number } {
  const n = weights.length;
  let cases = 0;
  let controls = 0;
  let caseWeight = 0;
  let controlWeight = 0;
  for (let i = 0; i < n; i++) {
    if (weights[i] === 0) continue;
    if (isCase[i]) {
      cases++;
      caseWeight += weights[i];
    } else {
      controls++;
      controlWeight += weights[i];
    }
  }
  const influence = new Float64Array(n);
  if (cases === 0 || controls === 0) return { auc: null, influence, cases, controls };
  const { beaten, pairs } = pairWeights(score, byScore, weights, isCase, caseWeight);
  const auc = pairs / (caseWeight * controlWeight);
  const mu = (caseWeight / n) * (controlWeight / n);
  // What a case adds beyond the average case: through its own weight, and through G at its event.
  const excess = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const others = isCase[i] ? controlWeight : caseWeight;
    const own = (weights[i] * (beaten[i] - auc * others)) / (n * mu);
    influence[i] = own;
    if (isCase[i]) excess[i] = own / n;
  }
  addCensoring(data, byTime, excess, influence);
  return { auc, influence, cases, controls };
}

/** By case, the weight of controls with a lower score; by control, that of cases with a higher one; ties count half. */
function pairWeights(
  score: Float64Array,
  order: Int32Array,
  weights: Float64Array,
  isCase: Uint8Array,
  caseWeight: number,
): { beaten: Float64Array; pairs: number } {
  const n = order.length;
  const beaten = new Float64Array(n);
  let pairs = 0;
  let controlsBelow = 0;
  let casesBelow = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    let casesHere = 0;
    let controlsHere = 0;
    for (to = from; to < n && score[order[to]] === score[order[from]]; to++) {
      const i = order[to];
      if (isCase[i]) casesHere += weights[i];
      else controlsHere += weights[i];
    }
    for (let m = from; m < to; m++) {
      const i = order[m];
      beaten[i] = isCase[i]
        ? controlsBelow + controlsHere / 2
        : caseWeight - casesBelow - casesHere + casesHere / 2;
    }
    pairs += casesHere * (controlsBelow + controlsHere / 2);
    controlsBelow += controlsHere;
    casesBelow += casesHere;
  }
  return { beaten, pairs };
}

/**
 * Adds Σ_k excess_k · n ∫ dM_i(u)/Y(u), u < T_k, M_i the martingale of row i’s censoring and Y the number at risk: what
 * the estimated censoring curve contributes. The weight of controls is one number and cancels.
 */
function addCensoring(
  { time, event }: SurvivalData,
  order: Int32Array,
  excess: Float64Array,
  influence: Float64Array,
): void {
  const n = order.length;
  let later = 0;
  for (let i = 0; i < n; i++) later += excess[i];
  // Σ over cases of excess · Λ(T_k ∧ T_i), by those whose event came before T_i and those still to come.
  let before = 0;
  let drift = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    let censored = 0;
    for (to = from; to < n && time[order[to]] === time[order[from]]; to++) censored += 1 - event[order[to]];
    const atRisk = n - from;
    let here = 0;
    for (let m = from; m < to; m++) here += excess[order[m]];
    before += here * drift;
    later -= here;
    drift += censored / atRisk ** 2;
    for (let m = from; m < to; m++) {
      const i = order[m];
      const jump = event[i] === 0 ? later / atRisk : 0;
      influence[i] += n * (jump - before - later * drift);
    }
  }
}
