import { sortedOrder } from './sorted-order.ts';

const TOLERANCE = 2 ** -26;

/**
 * Makes times that differ by rounding alone one time: two neighbouring distinct values whose difference is at most
 * 2^-26 (√ε), absolutely or relative to the mean of the distinct values, become the smaller one. Without it,
 * 0.1 + 0.2 and 0.3 would be two event times. Chains merge to their first member.
 *
 * Reference: R package survival, `aeqSurv`; T. Therneau, vignette "Roundoff error and tied times".
 *
 * @returns the arrays given if nothing is to be merged, else new ones.
 */
export function equateTimes(
  time: Float64Array,
  entry?: Float64Array,
): { time: Float64Array; entry?: Float64Array } {
  const n = time.length;
  const all = new Float64Array(entry ? 2 * n : n);
  all.set(time);
  if (entry) all.set(entry, n);
  const sorted = all.slice().sort();
  let count = 0;
  let mean = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    count++;
    mean += (sorted[i] - mean) / count;
  }
  const limit = Math.max(TOLERANCE, TOLERANCE * mean);
  let near = false;
  for (let i = 1; i < sorted.length && !near; i++) {
    near = sorted[i] !== sorted[i - 1] && sorted[i] - sorted[i - 1] <= limit;
  }
  if (!near) return entry ? { time, entry } : { time };
  const order = sortedOrder(all);
  const merged = new Float64Array(all.length);
  let first = 0;
  for (let i = 0; i < order.length; i++) {
    const value = all[order[i]];
    if (i === 0 || value - all[order[i - 1]] > limit) first = value;
    merged[order[i]] = first;
  }
  return entry ? { time: merged.slice(0, n), entry: merged.slice(n) } : { time: merged };
}
