import type { RiskSets } from './risk-sets.ts';

/** What one stratum's curve has at each of its time indices. */
export interface IncidenceSteps {
  readonly atRisk: Float64Array;
  /** Of all causes, and of the one at hand. */
  readonly events: Float64Array;
  readonly causeEvents: Float64Array;
  /** Probability of no event before the time. */
  readonly eventFreeBefore: Float64Array;
  readonly incidence: Float64Array;
}

/**
 * The infinitesimal-jackknife standard errors of a cumulative incidence F. Row i moves F(t) by w_i (A_i(t) − F(t) B_i(t)),
 * B_i = Σ (dN_i − Y_i d/n)/(n − d) over the times u ≤ t, which is how it moves −log S, and
 * A_i = Σ S(u−) (dN_ci − Y_i d_c/n)/n + F(u) dB_i. Rows still at risk share one value but for their entry, so that
 * running sums of squares and products suffice: linear.
 *
 * @param codes the cause's index at each position; @param code the one at hand. @param from, to time indices.
 */
export function incidenceErrors(
  sets: RiskSets,
  codes: Int32Array,
  code: number,
  from: number,
  to: number,
  steps: IncidenceSteps,
): Float64Array {
  const { starts, deaths, weights, entries } = sets;
  const { atRisk, events, causeEvents, eventFreeBefore, incidence } = steps;
  const errors = new Float64Array(to - from);
  const driftA = new Float64Array(to - from);
  const driftB = new Float64Array(to - from);
  // Σ w² (A² , AB , B²) of those who have left, and of what those at risk had drifted by when they entered.
  let leftAA = 0;
  let leftAB = 0;
  let leftBB = 0;
  let open = 0;
  let entryA = 0;
  let entryB = 0;
  let entryAA = 0;
  let entryAB = 0;
  let entryBB = 0;
  let a = 0;
  let b = 0;
  const enter = (position: number, sign: number, fromA: number, fromB: number) => {
    const square = sign * weights[position] ** 2;
    open += square;
    entryA += square * fromA;
    entryB += square * fromB;
    entryAA += square * fromA * fromA;
    entryAB += square * fromA * fromB;
    entryBB += square * fromB * fromB;
  };
  if (!entries) for (let i = starts[from]; i < starts[to]; i++) enter(i, 1, 0, 0);
  for (let k = from; k < to; k++) {
    if (entries) {
      for (let m = entries.starts[k]; m < entries.starts[k + 1]; m++) enter(entries.positions[m], 1, a, b);
    }
    const here = k - from;
    const n = atRisk[here];
    const left = n - events[here];
    // With nobody left F stays what it is, whatever S would have become.
    const shareB = left > 0 ? 1 / left : 0;
    const shareA = incidence[here] * shareB;
    const direct = eventFreeBefore[here] / n;
    b += (events[here] / n) * shareB;
    a += (events[here] / n) * shareA + (causeEvents[here] / n) * direct;
    driftA[here] = a;
    driftB[here] = b;
    for (let i = starts[k]; i < starts[k + 1]; i++) {
      const first = entries ? entries.first[i] : from;
      const fromA = first > from ? driftA[first - 1 - from] : 0;
      const fromB = first > from ? driftB[first - 1 - from] : 0;
      const died = i < starts[k] + deaths[k];
      const ownA = (died ? shareA : 0) + (died && codes[i] === code ? direct : 0) - (a - fromA);
      const ownB = (died ? shareB : 0) - (b - fromB);
      const square = weights[i] ** 2;
      leftAA += square * ownA * ownA;
      leftAB += square * ownA * ownB;
      leftBB += square * ownB * ownB;
      enter(i, -1, fromA, fromB);
    }
    const f = incidence[here];
    const aa = leftAA + a * a * open - 2 * a * entryA + entryAA;
    const ab = leftAB + a * b * open - a * entryB - b * entryA + entryAB;
    const bb = leftBB + b * b * open - 2 * b * entryB + entryBB;
    errors[here] = Math.sqrt(Math.max(0, aa - 2 * f * ab + f * f * bb));
  }
  return errors;
}
