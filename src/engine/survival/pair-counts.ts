import { sortedOrder } from '../statistics/sorted-order.ts';
import { weightAtRisk } from './hazard.ts';
import type { RiskSets } from './risk-sets.ts';

/** Comparable pairs of rows, the earlier one an event, weighted by both case weights and the event's factor. */
export interface PairCounts {
  /** Where the earlier row has the higher, the lower, the same score. */
  higher: number;
  lower: number;
  equal: number;
  /** Pairs of deaths at one time that are not comparable: of different scores, and of the same. */
  tiedTime: number;
  tiedBoth: number;
  /** By position, over the row's pairs on either side, without its own case weight: higher − lower, and all. */
  readonly net: Float64Array;
  readonly all: Float64Array;
}

/**
 * Counts the comparable pairs of a score within risk sets, in O(n log K) for K distinct times.
 *
 * Rows enter a Fenwick tree over time in ascending order of their score, so that each finds there the rows of lower
 * scores, and, asked again after those of its own score have entered, the rows of equal ones.
 *
 * @param score by position; @param factor by time index, the weight of an event's pairs.
 */
export function countPairs(sets: RiskSets, score: Float64Array, factor: Float64Array): PairCounts {
  const { starts, strata } = sets;
  const n = score.length;
  const none = { higher: 0, lower: 0, equal: 0, tiedTime: 0, tiedBoth: 0 };
  const counts = { ...none, net: new Float64Array(n), all: new Float64Array(n) };
  addAllPairs(sets, factor, counts);
  for (let s = 0; s + 1 < strata.length; s++) {
    const first = starts[strata[s]];
    const positions = new Int32Array(starts[strata[s + 1]] - first);
    for (let i = 0; i < positions.length; i++) positions[i] = first + i;
    addByScore(sets, s, sortedOrder(score, positions), score, factor, counts);
  }
  counts.tiedTime -= counts.tiedBoth;
  return counts;
}

/** Each row's pairs whatever the scores; of these `net` takes the higher first. */
function addAllPairs(sets: RiskSets, factor: Float64Array, counts: PairCounts): void {
  const { starts, deaths, weights, strata, entries } = sets;
  const atRisk = weightAtRisk(sets);
  /** Weight, with factors, of the deaths before each time. */
  const before = new Float64Array(deaths.length);
  for (let s = 0; s + 1 < strata.length; s++) {
    let sum = 0;
    for (let k = strata[s]; k < strata[s + 1]; k++) {
      const f = factor[k];
      const lastDeath = starts[k] + deaths[k];
      let died = 0;
      let squares = 0;
      for (let i = starts[k]; i < lastDeath; i++) {
        died += weights[i];
        squares += weights[i] * weights[i];
      }
      if (deaths[k] > 1) counts.tiedTime += (f * (died * died - squares)) / 2;
      const later = atRisk[k] - died;
      before[k] = sum;
      for (let i = starts[k]; i < starts[k + 1]; i++) {
        const own = i < lastDeath ? f : 0;
        const earlier = sum + (i < lastDeath ? 0 : f * died) - (entries ? before[entries.first[i]] : 0);
        counts.all[i] = own * later + earlier;
        counts.net[i] = earlier - own * later;
        counts.lower += own * weights[i] * later;
      }
      sum += f * died;
    }
  }
}

/** The part of `net` and of the counts that depends on the order of the scores in one stratum, ascending. */
function addByScore(
  sets: RiskSets,
  stratum: number,
  order: Int32Array,
  score: Float64Array,
  factor: Float64Array,
  counts: PairCounts,
): void {
  const { net } = counts;
  const entered = new EnteredRows(sets, stratum, order, factor);
  // What is scattered over memory is fetched and put back in loops of its own, in which the fetches overlap.
  const scores = gather(score, order);
  const own = new Float64Array(order.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    for (to = from + 1; to < order.length && scores[to] === scores[from]; ) to++;
    if (to === from + 1) {
      entered.ask(from);
      own[from] = 2 * (entered.factor * entered.later - entered.earlier);
      const pairs = entered.weighted * entered.later;
      counts.higher += pairs;
      counts.lower -= pairs;
      entered.enter(from);
      continue;
    }
    for (let o = from; o < to; o++) {
      entered.ask(o);
      own[o] = entered.factor * entered.later - entered.earlier;
      const pairs = entered.weighted * entered.later;
      counts.higher += pairs;
      counts.equal -= pairs;
    }
    for (let o = from; o < to; o++) counts.tiedBoth += entered.enterTied(o);
    for (let o = from; o < to; o++) {
      entered.ask(o);
      entered.forgetTied(o);
      own[o] += entered.factor * entered.later - entered.earlier;
      const pairs = entered.weighted * entered.later;
      counts.equal += pairs;
      counts.lower -= pairs;
    }
  }
  for (let o = 0; o < order.length; o++) net[order[o]] += own[o];
}

function gather(values: Float64Array, order: Int32Array): Float64Array {
  const gathered = new Float64Array(order.length);
  for (let o = 0; o < order.length; o++) gathered[o] = values[order[o]];
  return gathered;
}

/**
 * The rows of one stratum that have entered, in a Fenwick tree over its times. A death is earlier than a censoring
 * of its time and than no death of it. A late entry is a negative weight just before its first time at risk. Rows go
 * by their place in the order of the scores.
 */
class EnteredRows {
  /** What the last row asked about has: its factor (0 for a censored row), without and with its case weight. */
  factor = 0;
  weighted = 0;
  /** Weight of the entered rows at risk after this death. */
  later = 0;
  /** Weight, with factors, of the entered deaths at which this row was at risk, and which it outlived. */
  earlier = 0;
  private total = 0;
  private readonly factors: Float64Array;
  /** Twice the time, plus 1 where censored. */
  private readonly codes: Int32Array;
  private readonly weights: Float64Array;
  /** First time at risk, where there are late entries. */
  private readonly firsts: Int32Array | null;
  /** The tree: weight of all rows and, with factors, of deaths, side by side. */
  private readonly tree: Float64Array;
  /** Weight of the entered deaths of each time, and of those among them whose score is being entered. */
  private readonly dying: Float64Array;
  private readonly tied: Float64Array;

  constructor(sets: RiskSets, stratum: number, order: Int32Array, factors: Float64Array) {
    const { starts, deaths, strata, weights, entries, weighted } = sets;
    const from = strata[stratum];
    const to = strata[stratum + 1];
    const origin = starts[from];
    const byPosition = new Int32Array(order.length);
    for (let k = from; k < to; k++) {
      const lastDeath = starts[k] + deaths[k];
      for (let i = starts[k]; i < starts[k + 1]; i++) {
        byPosition[i - origin] = 2 * (k - from) + (i < lastDeath ? 0 : 1);
      }
    }
    this.codes = new Int32Array(order.length);
    for (let o = 0; o < order.length; o++) this.codes[o] = byPosition[order[o] - origin];
    this.weights = weighted ? gather(weights, order) : weights;
    this.firsts = entries ? Int32Array.from(order, (i) => entries.first[i] - from) : null;
    this.factors = factors.subarray(from, to);
    this.tree = new Float64Array(2 * (to - from + 1));
    this.dying = new Float64Array(to - from);
    this.tied = new Float64Array(to - from);
  }

  ask(row: number): void {
    const { tree } = this;
    const code = this.codes[row];
    const time = code >> 1;
    let rows = 0;
    let deaths = 0;
    for (let slot = time; slot > 0; slot &= slot - 1) {
      rows += tree[2 * slot];
      deaths += tree[2 * slot + 1];
    }
    if ((code & 1) === 1) {
      this.factor = 0;
      this.weighted = 0;
      this.later = 0;
      deaths += this.factors[time] * this.dying[time];
    } else {
      this.factor = this.factors[time];
      this.weighted = this.factor * this.weights[row];
      this.later = this.total - rows - this.dying[time];
    }
    if (this.firsts) {
      for (let slot = this.firsts[row]; slot > 0; slot &= slot - 1) deaths -= tree[2 * slot + 1];
    }
    this.earlier = deaths;
  }

  enter(row: number): void {
    const { tree } = this;
    const code = this.codes[row];
    const time = code >> 1;
    const w = this.weights[row];
    this.total += w;
    const dying = (code & 1) === 1 ? 0 : this.factors[time] * w;
    for (let slot = 2 * (time + 1); slot < tree.length; slot += slot & -slot) {
      tree[slot] += w;
      tree[slot + 1] += dying;
    }
    if ((code & 1) === 0) this.dying[time] += w;
    const first = this.firsts ? this.firsts[row] : 0;
    if (first === 0) return;
    this.total -= w;
    for (let slot = 2 * first; slot < tree.length; slot += slot & -slot) tree[slot] -= w;
  }

  /** {@link enter} among rows of one score. @returns the weight, with factor, of the row's pairs with deaths of its time entered so before. */
  enterTied(row: number): number {
    this.enter(row);
    const code = this.codes[row];
    if ((code & 1) === 1) return 0;
    const time = code >> 1;
    const w = this.weights[row];
    const pairs = this.factors[time] * w * this.tied[time];
    this.tied[time] += w;
    return pairs;
  }

  forgetTied(row: number): void {
    this.tied[this.codes[row] >> 1] = 0;
  }
}
