import { sortedOrder } from '../statistics/sorted-order.ts';
import { equateTimes } from './equate-times.ts';
import { checkSurvivalData, type SurvivalData } from './survival-data.ts';

/**
 * Survival data in the order in which risk sets change. A *position* is a row's place by stratum, then time, deaths
 * before censorings; a *time index* k numbers the distinct (stratum, time) pairs. Rows of weight 0 have no position.
 */
export interface RiskSets {
  /** Row of the data at each position. */
  readonly rows: Int32Array;
  /** Time index of each position. */
  readonly timeIndex: Int32Array;
  /** First position of each time index, and the number of positions as its last element. */
  readonly starts: Int32Array;
  /** Deaths at each time index; they hold the first positions of it. */
  readonly deaths: Int32Array;
  readonly times: Float64Array;
  /** First time index of each stratum, and the number of time indices as its last element. */
  readonly strata: Int32Array;
  /** Label of each stratum, ascending. */
  readonly labels: Int32Array;
  /** Case weight at each position; all 1 unless `weighted`. */
  readonly weights: Float64Array;
  readonly weighted: boolean;
  /** Late entries, if any: see {@link LateEntries}. */
  readonly entries?: LateEntries;
}

/** Who is not yet at risk when: a position is at risk at the time indices from `first[position]` to its own. */
export interface LateEntries {
  readonly first: Int32Array;
  /** Positions ordered by `first`; those with first = k are `positions[starts[k] .. starts[k + 1])`. */
  readonly positions: Int32Array;
  readonly starts: Int32Array;
}

/**
 * Orders survival data into risk sets; linear.
 *
 * @throws Failure of {@link checkSurvivalData}.
 */
export function riskSets(data: SurvivalData): RiskSets {
  checkSurvivalData(data);
  const { event, weights, strata } = data;
  const initial = deathsFirst(event, weights);
  let order = data.entry ? undefined : sortedOrder(data.time, initial);
  const { time, entry } = equateTimes(data.time, data.entry, order);
  // What has become one time must have its deaths first again.
  if (!order || time !== data.time) order = sortedOrder(time, initial);
  const labels = strata ? distinct(strata, order) : Int32Array.of(0);
  const rows = strata && labels.length > 1 ? byStratum(order, strata, labels) : order;
  const n = rows.length;
  const timeIndex = new Int32Array(n);
  const strataStarts = new Int32Array(labels.length + 1);
  let last = -1;
  let stratum = 0;
  let previous = -1;
  for (let position = 0; position < n; position++) {
    const row = rows[position];
    if (strata && position > 0 && strata[row] !== strata[rows[position - 1]]) {
      strataStarts[++stratum] = ++last;
      previous = time[row];
    } else if (time[row] !== previous) {
      last++;
      previous = time[row];
    }
    timeIndex[position] = last;
  }
  const count = last + 1;
  strataStarts[labels.length] = count;
  const starts = new Int32Array(count + 1);
  const deaths = new Int32Array(count);
  const times = new Float64Array(count);
  for (let position = n - 1; position >= 0; position--) {
    const k = timeIndex[position];
    starts[k] = position;
    deaths[k] += event[rows[position]];
  }
  starts[count] = n;
  for (let k = 0; k < count; k++) times[k] = time[rows[starts[k]]];
  const sortedWeights = new Float64Array(n);
  if (weights)
    for (let position = 0; position < n; position++) sortedWeights[position] = weights[rows[position]];
  else sortedWeights.fill(1);
  const weighted = weights !== undefined;
  const sets = {
    rows,
    timeIndex,
    starts,
    deaths,
    times,
    strata: strataStarts,
    labels,
    weights: sortedWeights,
    weighted,
  };
  return entry ? { ...sets, entries: lateEntries(sets, entry) } : sets;
}

function deathsFirst(event: Uint8Array, weights: Float64Array | undefined): Int32Array {
  let count = 0;
  let deaths = 0;
  for (let row = 0; row < event.length; row++) {
    if (weights && !(weights[row] > 0)) continue;
    count++;
    deaths += event[row];
  }
  const rows = new Int32Array(count);
  let death = 0;
  let other = deaths;
  for (let row = 0; row < event.length; row++) {
    if (weights && !(weights[row] > 0)) continue;
    if (event[row] === 1) rows[death++] = row;
    else rows[other++] = row;
  }
  return rows;
}

function distinct(strata: Int32Array, rows: Int32Array): Int32Array {
  const seen = new Set<number>();
  for (let i = 0; i < rows.length; i++) seen.add(strata[rows[i]]);
  return Int32Array.from(seen).sort();
}

function byStratum(order: Int32Array, strata: Int32Array, labels: Int32Array): Int32Array {
  const index = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) index.set(labels[i], i);
  const code = new Int32Array(order.length);
  const next = new Int32Array(labels.length + 1);
  for (let i = 0; i < order.length; i++) {
    code[i] = index.get(strata[order[i]]) ?? 0;
    next[code[i] + 1]++;
  }
  for (let i = 0; i < labels.length; i++) next[i + 1] += next[i];
  const rows = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) rows[next[code[i]]++] = order[i];
  return rows;
}

type Ordered = Pick<RiskSets, 'rows' | 'timeIndex' | 'times' | 'strata'>;

function lateEntries({ rows, timeIndex, times, strata }: Ordered, entry: Float64Array): LateEntries {
  const n = rows.length;
  const first = new Int32Array(n);
  const starts = new Int32Array(times.length + 2);
  let stratum = 0;
  for (let position = 0; position < n; position++) {
    while (timeIndex[position] >= strata[stratum + 1]) stratum++;
    // The first time of the stratum after the entry.
    let low = strata[stratum];
    let high = timeIndex[position];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle] > entry[rows[position]]) high = middle;
      else low = middle + 1;
    }
    first[position] = low;
    starts[low + 1]++;
  }
  for (let k = 0; k < times.length; k++) starts[k + 1] += starts[k];
  const next = starts.slice();
  const positions = new Int32Array(n);
  for (let position = 0; position < n; position++) positions[next[first[position]]++] = position;
  return { first, positions, starts };
}
