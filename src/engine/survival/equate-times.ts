import { sortedOrder } from '../statistics/sorted-order.ts';
import { entryNotBefore } from './survival-data.ts';

const TOLERANCE = 2 ** -26;

/**
 * Makes times that differ by rounding alone one time: two neighbouring distinct values whose difference is at most
 * 2^-26 (√ε), absolutely or relative to the mean of the distinct values, become the smaller one. Without it,
 * 0.1 + 0.2 and 0.3 would be two event times. Chains merge to their first member.
 *
 * Reference: R package survival, `aeqSurv`; T. Therneau, vignette "Roundoff error and tied times".
 *
 * @param order the ascending order of time, where known.
 * @returns the arrays given if nothing is to be merged, else new ones.
 * @throws Failure TIME_INVALID where an entry becomes its row's time.
 */
export function equateTimes(time: Float64Array, entry?: Float64Array, order?: Int32Array): MergedTimes {
  if (!entry) return { time: mergeNear(time, order ?? sortedOrder(time)) };
  const n = time.length;
  const all = new Float64Array(2 * n);
  all.set(time);
  all.set(entry, n);
  const merged = mergeNear(all, sortedOrder(all));
  if (merged === all) return { time, entry };
  for (let i = 0; i < n; i++) if (merged[n + i] >= merged[i]) throw entryNotBefore(i, entry[i], time[i]);
  return { time: merged.slice(0, n), entry: merged.slice(n) };
}

export interface MergedTimes {
  readonly time: Float64Array;
  readonly entry?: Float64Array;
}

function mergeNear(values: Float64Array, order: Int32Array): Float64Array {
  let count = 0;
  let mean = 0;
  let nearest = Infinity;
  let previous = -Infinity;
  for (let i = 0; i < order.length; i++) {
    const value = values[order[i]];
    if (value === previous) continue;
    if (value - previous < nearest) nearest = value - previous;
    count++;
    mean += (value - mean) / count;
    previous = value;
  }
  const limit = Math.max(TOLERANCE, TOLERANCE * mean);
  if (!(nearest <= limit)) return values;
  const merged = values.slice();
  let first = values[order[0]];
  for (let i = 1; i < order.length; i++) {
    if (values[order[i]] - values[order[i - 1]] > limit) first = values[order[i]];
    merged[order[i]] = first;
  }
  return merged;
}
