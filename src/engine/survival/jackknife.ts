import type { RiskSets } from './risk-sets.ts';

/**
 * The infinitesimal-jackknife standard errors of a sum over times u ≤ t in which row i has the influence
 * w_i Σ (share(u) dN_i(u) − drift(u) Y_i(u)), Y_i telling whether it is at risk, N_i counting its event. Rows still at
 * risk differ only by what had drifted when they entered, so that running sums of squares suffice: linear.
 *
 * @param from, to all time indices of one stratum. @param drift, share one value for each of them.
 */
export function jackknifeErrors(
  sets: RiskSets,
  from: number,
  to: number,
  drift: Float64Array,
  share: Float64Array,
): Float64Array {
  const { starts, deaths, weights, entries } = sets;
  const errors = new Float64Array(to - from);
  const drifted = new Float64Array(to - from);
  const squares = { left: 0, open: 0, cross: 0, entry: 0 };
  if (!entries) for (let i = starts[from]; i < starts[to]; i++) squares.open += weights[i] ** 2;
  let g = 0;
  for (let k = from; k < to; k++) {
    if (entries) {
      for (let m = entries.starts[k]; m < entries.starts[k + 1]; m++) {
        const square = weights[entries.positions[m]] ** 2;
        squares.open += square;
        squares.cross += square * g;
        squares.entry += square * g * g;
      }
    }
    const here = k - from;
    g += drift[here];
    drifted[here] = g;
    for (let i = starts[k]; i < starts[k + 1]; i++) {
      const first = entries ? entries.first[i] : from;
      const before = first > from ? drifted[first - 1 - from] : 0;
      const square = weights[i] ** 2;
      const died = i < starts[k] + deaths[k] ? share[here] : 0;
      squares.left += square * (g - before - died) ** 2;
      squares.open -= square;
      squares.cross -= square * before;
      squares.entry -= square * before * before;
    }
    const open = g * g * squares.open - 2 * g * squares.cross + squares.entry;
    errors[here] = Math.sqrt(squares.left + Math.max(0, open));
  }
  return errors;
}
