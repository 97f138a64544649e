import { Failure } from '../failure.ts';
import type { Warning } from '../warning.ts';
import { levelQuantile } from './confidence.ts';
import { addPairs, emptyPairSums, type PairSequence, type PairSums } from './pair-counts.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import { sortedOrder } from './sorted-order.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';
import { type TimeWeight, timeWeights } from './time-weights.ts';

export interface ConcordanceOptions {
  /** The weight of an event's pairs; default 'n', Harrell's C. */
  readonly timeWeight?: TimeWeight;
  /** Only events up to this time count; default all. */
  readonly horizon?: number;
  /** Default 0.95. */
  readonly level?: number;
}

export interface Concordance {
  /** C, or null (with a warning) where no pair can be compared. */
  readonly concordance: number | null;
  readonly variance: number | null;
  readonly standardError: number | null;
  /** C ∓ z · se, not cut to [0, 1]. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Weighted pairs: the higher score died earlier, later; scores tied; times tied (two deaths); both tied. */
  readonly concordant: number;
  readonly discordant: number;
  readonly tiedScore: number;
  readonly tiedTime: number;
  readonly tiedBoth: number;
  /** Each row's infinitesimal-jackknife influence on C; the variance is the sum of their squares. */
  readonly influence: Float64Array;
  readonly warnings: readonly Warning[];
}

/**
 * The concordance of a score with survival, a high score meaning a short survival: the proportion of comparable pairs
 * in which the row with the higher score has the event earlier, tied scores counting half. A pair is comparable if
 * the earlier time is an event, both are in one stratum, and the later row was at risk then. The variance is the
 * infinitesimal jackknife. O(n log n).
 *
 * References: Harrell et al. 1982; Uno et al. 2011 (time weight 'n/G2'); Therneau & Watson 2015; R package survival,
 * `concordance(reverse = TRUE)`.
 *
 * @throws Failure of {@link checkSurvivalData}; LENGTH_MISMATCH, ARGUMENT_INVALID (a score that is not finite, a level
 * outside (0, 1), a time weight that needs right-censored data where there are entry times).
 */
export function concordance(
  data: SurvivalData,
  score: Float64Array,
  options: ConcordanceOptions = {},
): Concordance {
  const { timeWeight = 'n', horizon = Infinity, level = 0.95 } = options;
  const z = levelQuantile(level);
  const n = data.time.length;
  checkLength('score', score.length, n);
  for (let i = 0; i < n; i++) {
    if (Number.isFinite(score[i])) continue;
    const message = `score[${i}] is ${score[i]}, not a finite number.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'score', index: i, value: String(score[i]) });
  }
  const sets = riskSets(data);
  const factor = timeWeights(sets, timeWeight);
  for (let k = 0; k < factor.length; k++) if (sets.times[k] > horizon) factor[k] = 0;
  const ranks = denseRanks(score, sets.rows);
  const sums = emptyPairSums(sets.rows.length);
  for (let s = 0; s + 1 < sets.strata.length; s++) {
    addPairs(byTime(sets, s, ranks, factor), sums, 1);
    if (sets.entries) addPairs(notYetEntered(sets, s, ranks, factor), sums, -1);
  }
  return summarise(sets, n, ranks, factor, sums, z);
}

function summarise(
  sets: RiskSets,
  n: number,
  ranks: Int32Array,
  factor: Float64Array,
  sums: PairSums,
  z: number,
): Concordance {
  const { higher: concordant, lower: discordant, equal: tiedScore } = sums;
  const pairs = concordant + discordant + tiedScore;
  const counts = { concordant, discordant, tiedScore, ...tiedDeaths(sets, ranks, factor) };
  const influence = new Float64Array(n);
  if (!(pairs > 0)) {
    const none = { concordance: null, variance: null, standardError: null, lower: null, upper: null };
    const message = 'No two rows can be compared: there is no event with anyone at risk after it.';
    return { ...none, ...counts, influence, warnings: [{ code: 'NO_COMPARABLE_PAIRS', message }] };
  }
  const d = (concordant - discordant) / pairs;
  let variance = 0;
  for (let i = 0; i < sets.rows.length; i++) {
    const f = factor[sets.timeIndex[i]];
    const net = f * sums.netAsLeft[i] + sums.netAsRight[i];
    const all = f * sums.allAsLeft[i] + sums.allAsRight[i];
    const own = (sets.weights[i] * (net - d * all)) / (2 * pairs);
    influence[sets.rows[i]] = own;
    variance += own * own;
  }
  const c = (d + 1) / 2;
  const standardError = Math.sqrt(variance);
  const interval = { lower: c - z * standardError, upper: c + z * standardError };
  return { concordance: c, variance, standardError, ...interval, ...counts, influence, warnings: [] };
}

/** A stratum's rows by time; deaths that share a time make one run. */
function byTime(sets: RiskSets, stratum: number, ranks: Int32Array, factor: Float64Array): PairSequence {
  const { starts, deaths, weights, strata } = sets;
  const first = starts[strata[stratum]];
  const length = starts[strata[stratum + 1]] - first;
  const sequence = emptySequence(length);
  let out = 0;
  let run = 0;
  for (let k = strata[stratum]; k < strata[stratum + 1]; k++) {
    const lastDeath = starts[k] + deaths[k];
    const dying = deaths[k] > 1 ? positionsByRank(ranks, starts[k], lastDeath) : undefined;
    for (let i = starts[k]; i < starts[k + 1]; i++) {
      const position = dying && i < lastDeath ? dying[i - starts[k]] : i;
      if (i === starts[k] || i >= lastDeath) sequence.runs[run++] = out;
      sequence.rank[out] = ranks[position];
      sequence.left[out] = i < lastDeath ? weights[position] * factor[k] : 0;
      sequence.right[out] = weights[position];
      sequence.row[out++] = position;
    }
  }
  sequence.runs[run] = length;
  return { ...sequence, runs: sequence.runs.subarray(0, run + 1) };
}

/** Each death against the rows that enter at its time or later: pairs that {@link byTime} counts and must not. */
function notYetEntered(
  sets: RiskSets,
  stratum: number,
  ranks: Int32Array,
  factor: Float64Array,
): PairSequence {
  const { starts, deaths, weights, strata, entries } = sets;
  if (!entries) throw new Error('no entries');
  const from = strata[stratum];
  const to = strata[stratum + 1];
  let died = 0;
  for (let k = from; k < to; k++) died += deaths[k];
  const sequence = emptySequence(died + starts[to] - starts[from]);
  let out = 0;
  let run = 0;
  for (let k = from; k < to; k++) {
    // Whoever first is at risk at k entered before it, but not before k − 1.
    for (let m = entries.starts[k]; m < entries.starts[k + 1]; m++) {
      const position = entries.positions[m];
      sequence.runs[run++] = out;
      sequence.rank[out] = ranks[position];
      sequence.right[out] = weights[position];
      sequence.row[out++] = position;
    }
    if (deaths[k] > 0) sequence.runs[run++] = out;
    const dying = positionsByRank(ranks, starts[k], starts[k] + deaths[k]);
    for (const position of dying) {
      sequence.rank[out] = ranks[position];
      sequence.left[out] = weights[position] * factor[k];
      sequence.row[out++] = position;
    }
  }
  sequence.runs[run] = out;
  return { ...sequence, runs: sequence.runs.subarray(0, run + 1) };
}

function emptySequence(length: number): PairSequence {
  return {
    rank: new Int32Array(length),
    left: new Float64Array(length),
    right: new Float64Array(length),
    row: new Int32Array(length),
    runs: new Int32Array(length + 1),
  };
}

function positionsByRank(ranks: Int32Array, start: number, end: number): Int32Array {
  const positions = new Int32Array(end - start);
  for (let i = start; i < end; i++) positions[i - start] = i;
  if (positions.length > 1) positions.sort((a, b) => ranks[a] - ranks[b]);
  return positions;
}

function denseRanks(score: Float64Array, rows: Int32Array): Int32Array {
  const values = new Float64Array(rows.length);
  for (let i = 0; i < values.length; i++) values[i] = score[rows[i]];
  const order = sortedOrder(values);
  const ranks = new Int32Array(values.length);
  let rank = 0;
  for (let i = 0; i < order.length; i++) {
    if (i > 0 && values[order[i]] !== values[order[i - 1]]) rank++;
    ranks[order[i]] = rank;
  }
  return ranks;
}

function tiedDeaths(
  { starts, deaths, weights }: RiskSets,
  ranks: Int32Array,
  factor: Float64Array,
): { tiedTime: number; tiedBoth: number } {
  let tiedTime = 0;
  let tiedBoth = 0;
  for (let k = 0; k < deaths.length; k++) {
    if (deaths[k] < 2 || factor[k] === 0) continue;
    let before = 0;
    let beforeOfRank = 0;
    let all = 0;
    let both = 0;
    let rank = -1;
    for (const position of positionsByRank(ranks, starts[k], starts[k] + deaths[k])) {
      if (ranks[position] !== rank) beforeOfRank = 0;
      rank = ranks[position];
      all += weights[position] * before;
      both += weights[position] * beforeOfRank;
      before += weights[position];
      beforeOfRank += weights[position];
    }
    tiedTime += factor[k] * (all - both);
    tiedBoth += factor[k] * both;
  }
  return { tiedTime, tiedBoth };
}
