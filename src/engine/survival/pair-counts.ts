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
    const entered = new EnteredRows(sets, strata[s], strata[s + 1], factor);
    addByScore(entered, sortedOrder(score, positions), score, counts);
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

function addByScore(entered: EnteredRows, order: Int32Array, score: Float64Array, counts: PairCounts): void {
  const { net } = counts;
  for (let from = 0, to = 0; from < order.length; from = to) {
    const value = score[order[from]];
    for (to = from + 1; to < order.length && score[order[to]] === value; ) to++;
    if (to === from + 1) {
      const i = order[from];
      entered.ask(i);
      net[i] += 2 * (entered.factor * entered.later - entered.earlier);
      const pairs = entered.weighted * entered.later;
      counts.higher += pairs;
      counts.lower -= pairs;
      entered.enter(i);
      continue;
    }
    for (let o = from; o < to; o++) {
      const i = order[o];
      entered.ask(i);
      net[i] += entered.factor * entered.later - entered.earlier;
      const pairs = entered.weighted * entered.later;
      counts.higher += pairs;
      counts.equal -= pairs;
    }
    for (let o = from; o < to; o++) counts.tiedBoth += entered.enterTied(order[o]);
    for (let o = from; o < to; o++) {
      const i = order[o];
      entered.ask(i);
      entered.forgetTied(i);
      net[i] += entered.factor * entered.later - entered.earlier;
      const pairs = entered.weighted * entered.later;
      counts.equal += pairs;
      counts.lower -= pairs;
    }
  }
}

/**
 * The rows of one stratum that have entered, in a Fenwick tree over its times. A death is earlier than a censoring
 * of its time and than no death of it. A late entry is a negative weight just before its first time at risk.
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
  private readonly sets: RiskSets;
  private readonly from: number;
  private readonly factors: Float64Array;
  /** By position less that of the stratum's first: twice the time, plus 1 where censored. */
  private readonly codes: Int32Array;
  private readonly origin: number;
  /** The tree: weight of all rows and, with factors, of deaths, side by side. */
  private readonly tree: Float64Array;
  /** Weight of the entered deaths of each time, and of those among them whose score is being entered. */
  private readonly dying: Float64Array;
  private readonly tied: Float64Array;

  constructor(sets: RiskSets, from: number, to: number, factors: Float64Array) {
    const { starts, deaths } = sets;
    this.sets = sets;
    this.from = from;
    this.factors = factors.subarray(from, to);
    this.origin = starts[from];
    this.codes = new Int32Array(starts[to] - starts[from]);
    for (let k = from; k < to; k++) {
      const lastDeath = starts[k] + deaths[k];
      for (let i = starts[k]; i < starts[k + 1]; i++) {
        this.codes[i - this.origin] = 2 * (k - from) + (i < lastDeath ? 0 : 1);
      }
    }
    this.tree = new Float64Array(2 * (to - from + 1));
    this.dying = new Float64Array(to - from);
    this.tied = new Float64Array(to - from);
  }

  ask(position: number): void {
    const { tree } = this;
    const code = this.codes[position - this.origin];
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
      this.weighted = this.factor * this.sets.weights[position];
      this.later = this.total - rows - this.dying[time];
    }
    if (this.sets.entries) {
      const first = this.sets.entries.first[position] - this.from;
      for (let slot = first; slot > 0; slot &= slot - 1) deaths -= tree[2 * slot + 1];
    }
    this.earlier = deaths;
  }

  enter(position: number): void {
    const { tree } = this;
    const code = this.codes[position - this.origin];
    const time = code >> 1;
    const w = this.sets.weights[position];
    this.total += w;
    const dying = (code & 1) === 1 ? 0 : this.factors[time] * w;
    for (let slot = 2 * (time + 1); slot < tree.length; slot += slot & -slot) {
      tree[slot] += w;
      tree[slot + 1] += dying;
    }
    if ((code & 1) === 0) this.dying[time] += w;
    const first = this.sets.entries ? this.sets.entries.first[position] - this.from : 0;
    if (first === 0) return;
    this.total -= w;
    for (let slot = 2 * first; slot < tree.length; slot += slot & -slot) tree[slot] -= w;
  }

  /** {@link enter} among rows of one score. @returns the weight, with factor, of its pairs with deaths of its time entered so before. */
  enterTied(position: number): number {
    this.enter(position);
    const code = this.codes[position - this.origin];
    if ((code & 1) === 1) return 0;
    const time = code >> 1;
    const w = this.sets.weights[position];
    const pairs = this.factors[time] * w * this.tied[time];
    this.tied[time] += w;
    return pairs;
  }

  forgetTied(position: number): void {
    this.tied[this.codes[position - this.origin] >> 1] = 0;
  }
}
