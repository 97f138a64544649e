import type { SurvivalData } from './survival-data.ts';

/**
 * Adds to each row's influence on a weighted mean what it owes to the estimated censoring curve:
 * Σ_k share_k · n ∫ dM_i(u)/Y(u) over u < T_k, and share · n ∫ dM_i(u)/Y(u) over u ≤ horizon; M_i is the martingale of
 * row i's censoring and Y the number at risk.
 *
 * Reference: Blanche, Dartigues & Jacqmin-Gadda 2013, appendix.
 *
 * @param order the rows by ascending time.
 * @param cases what each case, weighted by 1/G at its event, contributes to the mean; 0 for other rows.
 * @param controls what the rows followed past the horizon contribute together, weighted by 1/G(horizon).
 */
export function addCensoringInfluence(
  { time, event }: SurvivalData,
  order: Int32Array,
  horizon: number,
  cases: Float64Array,
  controls: number,
  influence: Float64Array,
): void {
  const n = order.length;
  let later = cases.reduce((sum, share) => sum + share, controls);
  // Σ of shares times the drift of the martingale up to the event, for events before the present time.
  let before = 0;
  let drift = 0;
  let isPast = false;
  for (let from = 0, to = 0; from < n; from = to) {
    if (!isPast && time[order[from]] > horizon) {
      before += controls * drift;
      later -= controls;
      isPast = true;
    }
    let censored = 0;
    let here = 0;
    for (to = from; to < n && time[order[to]] === time[order[from]]; to++) {
      censored += 1 - event[order[to]];
      here += cases[order[to]];
    }
    before += here * drift;
    later -= here;
    const atRisk = n - from;
    drift += censored / atRisk ** 2;
    for (let m = from; m < to; m++) {
      const i = order[m];
      const jump = event[i] === 0 ? later / atRisk : 0;
      influence[i] += n * (jump - before - later * drift);
    }
  }
}

/** The standard error of a mean from the rows' influence on it: their standard deviation over √n; null of one row. */
export function influenceError(influence: Float64Array): number | null {
  const n = influence.length;
  if (n < 2) return null;
  const mean = influence.reduce((sum, x) => sum + x, 0) / n;
  return Math.sqrt(influence.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1) / n);
}
