import type { RiskSets } from './risk-sets.ts';
import { sortedOrder } from './sorted-order.ts';

/** Comparable pairs of rows, the earlier one an event, weighted by both case weights and the event's factor. */
export interface PairCounts {
  /** Where the earlier row has the higher, the lower, the same score. */
  higher: number;
  lower: number;
  equal: number;
  /** By position, over the row's pairs on either side, without its own case weight: higher − lower, and all. */
  readonly net: Float64Array;
  readonly all: Float64Array;
}

/**
 * Counts the comparable pairs of a score within risk sets, in O(n log K) for K distinct times.
 *
 * Rows enter two Fenwick trees over time in ascending order of their score, so that each finds there the rows of lower
 * scores, and, asked again after those of its own score have entered, the rows of equal ones.
 *
 * @param score by position; @param factor by time index, the weight of an event's pairs.
 */
export function countPairs(sets: RiskSets, score: Float64Array, factor: Float64Array): PairCounts {
  const { starts, strata } = sets;
  const n = score.length;
  const counts = { higher: 0, lower: 0, equal: 0, net: new Float64Array(n), all: new Float64Array(n) };
  for (let s = 0; s + 1 < strata.length; s++) {
    const first = starts[strata[s]];
    const positions = new Int32Array(starts[strata[s + 1]] - first);
    for (let i = 0; i < positions.length; i++) positions[i] = first + i;
    const trees = new TimeTrees(sets, strata[s], strata[s + 1], factor);
    addAllPairs(trees, positions, counts);
    addByScore(trees, sortedOrder(score, positions), score, counts);
  }
  return counts;
}

/** With every row entered: each row's pairs whatever the scores; of these `net` takes the higher first. */
function addAllPairs(trees: TimeTrees, positions: Int32Array, counts: PairCounts): void {
  for (const i of positions) trees.enter(i);
  for (const i of positions) {
    const f = trees.factorOf(i);
    const later = f > 0 ? trees.laterThan(i) : 0;
    const earlier = trees.earlierThan(i);
    counts.all[i] = f * later + earlier;
    counts.net[i] = earlier - f * later;
    counts.lower += f * trees.weights[i] * later;
  }
  trees.clear();
}

function addByScore(trees: TimeTrees, order: Int32Array, score: Float64Array, counts: PairCounts): void {
  for (let from = 0, to = 0; from < order.length; from = to) {
    const value = score[order[from]];
    for (to = from + 1; to < order.length && score[order[to]] === value; ) to++;
    for (let o = from; o < to; o++) {
      const i = order[o];
      const f = trees.factorOf(i);
      const later = f > 0 ? trees.laterThan(i) : 0;
      const both = to === from + 1 ? 2 : 1;
      counts.net[i] += both * (f * later - trees.earlierThan(i));
      const a = f * trees.weights[i];
      counts.higher += a * later;
      if (both === 2) counts.lower -= a * later;
      else counts.equal -= a * later;
    }
    for (let o = from; o < to; o++) trees.enter(order[o]);
    if (to === from + 1) continue;
    for (let o = from; o < to; o++) {
      const i = order[o];
      const f = trees.factorOf(i);
      const later = f > 0 ? trees.laterThan(i) : 0;
      counts.net[i] += f * later - trees.earlierThan(i);
      const a = f * trees.weights[i];
      counts.equal += a * later;
      counts.lower -= a * later;
    }
  }
}

/**
 * Fenwick trees over the keys of one stratum's times: at time index k a death has the key 2k + 1 and a censoring
 * 2k + 2, so that a death is earlier than a censoring of its time and than no death of it. A late entry is a
 * negative weight on the key just before its first time at risk.
 */
class TimeTrees {
  readonly weights: Float64Array;
  private readonly sets: RiskSets;
  private readonly from: number;
  private readonly factor: Float64Array;
  private readonly rows: Float64Array;
  private readonly deaths: Float64Array;
  private total = 0;

  constructor(sets: RiskSets, from: number, to: number, factor: Float64Array) {
    this.sets = sets;
    this.weights = sets.weights;
    this.from = from;
    this.factor = factor;
    this.rows = new Float64Array(2 * (to - from) + 1);
    this.deaths = new Float64Array(2 * (to - from) + 1);
  }

  /** The factor of a death's pairs; 0 for a censored row. */
  factorOf(position: number): number {
    const k = this.sets.timeIndex[position];
    return position < this.sets.starts[k] + this.sets.deaths[k] ? this.factor[k] : 0;
  }

  enter(position: number): void {
    const w = this.weights[position];
    const key = this.keyOf(position);
    this.total += w;
    add(this.rows, key, w);
    const first = this.firstOf(position);
    if (first > 0) {
      this.total -= w;
      add(this.rows, 2 * first, -w);
    }
    const f = this.factorOf(position);
    if (f > 0) add(this.deaths, key, f * w);
  }

  /** Weight of the entered rows at risk after this death. */
  laterThan(position: number): number {
    return this.total - prefix(this.rows, this.keyOf(position));
  }

  /** Weight of the entered deaths at which this row was at risk, and which it outlived. */
  earlierThan(position: number): number {
    const first = this.firstOf(position);
    const all = prefix(this.deaths, this.keyOf(position) - 1);
    return first > 0 ? all - prefix(this.deaths, 2 * first - 1) : all;
  }

  clear(): void {
    this.rows.fill(0);
    this.deaths.fill(0);
    this.total = 0;
  }

  private keyOf(position: number): number {
    const k = this.sets.timeIndex[position];
    const censored = position >= this.sets.starts[k] + this.sets.deaths[k] ? 1 : 0;
    return 2 * (k - this.from) + 1 + censored;
  }

  private firstOf(position: number): number {
    return this.sets.entries ? this.sets.entries.first[position] - this.from : 0;
  }
}

function add(tree: Float64Array, key: number, value: number): void {
  for (let i = key; i < tree.length; i += i & -i) tree[i] += value;
}

function prefix(tree: Float64Array, key: number): number {
  let sum = 0;
  for (let i = key; i > 0; i &= i - 1) sum += tree[i];
  return sum;
}
