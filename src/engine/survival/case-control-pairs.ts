import type { CensoringWeights } from './censoring-weights.ts';

/** How weighted cases and controls compare by a score. */
export interface CaseControlPairs {
  /** The weighted share of pairs in which the case has the greater score, ties counting half; null without a pair. */
  readonly auc: number | null;
  /** By case the weight of the controls with a lower score, by control that of the cases with a higher one; ties half. */
  readonly ordered: Float64Array;
  readonly cases: number;
  readonly controls: number;
  readonly caseWeight: number;
  readonly controlWeight: number;
}

/** @param order the rows by ascending score. */
export function caseControlPairs(
  score: Float64Array,
  order: Int32Array,
  { weights, isCase }: CensoringWeights,
): CaseControlPairs {
  const n = order.length;
  const counts = [0, 0];
  const totals = [0, 0];
  for (let i = 0; i < n; i++) {
    if (weights[i] === 0) continue;
    counts[isCase[i]]++;
    totals[isCase[i]] += weights[i];
  }
  const [controlWeight, caseWeight] = totals;
  const ordered = new Float64Array(n);
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
    const lower = controlsBelow + controlsHere / 2;
    const higher = caseWeight - casesBelow - casesHere / 2;
    for (let m = from; m < to; m++) ordered[order[m]] = isCase[order[m]] ? lower : higher;
    pairs += casesHere * lower;
    controlsBelow += controlsHere;
    casesBelow += casesHere;
  }
  const auc = counts[0] > 0 && counts[1] > 0 ? pairs / (caseWeight * controlWeight) : null;
  return { auc, ordered, cases: counts[1], controls: counts[0], caseWeight, controlWeight };
}
