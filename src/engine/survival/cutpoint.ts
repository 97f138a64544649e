import { Failure } from '../failure.ts';
import { normal } from '../statistics/normal.ts';
import { random } from '../statistics/random.ts';
import { sortedOrder } from '../statistics/sorted-order.ts';
import { equateTimes } from './equate-times.ts';
import { gaussianMaximum } from './gaussian-maximum.ts';
import { checkLength, checkSurvivalData, type SurvivalData } from './survival-data.ts';

export interface CutpointOptions {
  /** Least share of rows in either group; default 0.1. */
  readonly minProportion?: number;
  /** Permutations of a Monte Carlo p-value, and their seed; default none. */
  readonly permutations?: number;
  readonly seed?: number;
}

export interface Cutpoint {
  /** The best cut: rows with a greater marker are the high group. */
  readonly cutpoint: number;
  /** Its standardised log-rank statistic, the greatest of all. */
  readonly statistic: number;
  readonly low: number;
  readonly high: number;
  /** Every cut considered, ascending, and its statistic. */
  readonly cuts: Float64Array;
  readonly statistics: Float64Array;
  readonly p: CutpointP;
}

/** P-values that allow for the choice of the cut. */
export interface CutpointP {
  /** Lausen & Schumacher 1992: the Miller–Siegmund approximation. */
  readonly lau92: number;
  /** Lausen, Sauerbrei & Schumacher 1994: the improved Bonferroni bound. */
  readonly lau94: number;
  /** The asymptotic normal law of all statistics together, integrated; 1e-10 absolute. */
  readonly exactGauss: number;
  /** The share of permutations with a maximum at least as great; null if none were asked for. */
  readonly permutation: number | null;
}

/**
 * The cut of a marker that separates survival most: the maximally selected standardised log-rank statistic over the
 * cuts that leave both groups their least share.
 *
 * References: Lausen & Schumacher 1992; Hothorn & Lausen 2003; R packages maxstat (`maxstat.test`) and survminer
 * (`surv_cutpoint`).
 *
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH; ARGUMENT_INVALID (a marker that is not finite, options, no
 * cut that leaves both groups their least share, entry times, weights or strata); NO_EVENTS.
 */
export function findCutpoint(
  data: SurvivalData,
  marker: Float64Array,
  options: CutpointOptions = {},
): Cutpoint {
  const { minProportion = 0.1, permutations = 0, seed = 0 } = options;
  check(data, marker, minProportion, permutations);
  const n = marker.length;
  const scores = logRankScores(equateTimes(data.time).time, data.event);
  const order = sortedOrder(marker);
  const sorted = Float64Array.from(order, (row) => scores[row]);
  const sizes: number[] = [];
  for (
    let m = Math.max(1, Math.floor(n * minProportion));
    m <= Math.floor(n * (1 - minProportion)) && m < n;
    m++
  ) {
    if (marker[order[m]] > marker[order[m - 1]]) sizes.push(m);
  }
  if (sizes.length === 0) {
    const message = `No cut of the marker leaves both groups ${minProportion} of the ${n} rows.`;
    throw new Failure('ARGUMENT_INVALID', message, {
      argument: 'minProportion',
      value: minProportion,
      rows: n,
    });
  }
  const law = permutationLaw(scores, sizes);
  const statistics = new Float64Array(sizes.length);
  maximise(sorted, sizes, law, statistics);
  let best = 0;
  // Statistics that are equal up to rounding are one; the first counts.
  for (let c = 1; c < sizes.length; c++) if (statistics[c] > statistics[best] * (1 + 1e-13)) best = c;
  const statistic = statistics[best];
  return {
    cutpoint: marker[order[sizes[best] - 1]],
    statistic,
    low: sizes[best],
    high: n - sizes[best],
    cuts: Float64Array.from(sizes, (m) => marker[order[m - 1]]),
    statistics,
    p: {
      lau92: lausen92(statistic, minProportion),
      lau94: lausen94(statistic, n, sizes),
      exactGauss: 1 - gaussianMaximum(statistic, sizes, n),
      permutation: permutations > 0 ? permutationP(sorted, sizes, law, statistic, permutations, seed) : null,
    },
  };
}

/** δ_i − Σ over deaths up to time_i of 1 / (rows still later, plus one): one score a row, ties by their last rank. */
function logRankScores(time: Float64Array, event: Uint8Array): Float64Array {
  const n = time.length;
  const order = sortedOrder(time);
  const scores = new Float64Array(n);
  let sum = 0;
  for (let from = 0, to = 0; from < n; from = to) {
    let deaths = 0;
    for (to = from; to < n && time[order[to]] === time[order[from]]; to++) deaths += event[order[to]];
    sum += deaths / (n - to + 1);
    for (let i = from; i < to; i++) scores[order[i]] = event[order[i]] - sum;
  }
  return scores;
}

interface PermutationLaw {
  readonly mean: number;
  /** Standard deviation of the sum over each size's first rows. */
  readonly deviations: Float64Array;
}

function permutationLaw(scores: Float64Array, sizes: readonly number[]): PermutationLaw {
  const n = scores.length;
  const mean = scores.reduce((sum, a) => sum + a, 0) / n;
  const variance = scores.reduce((sum, a) => sum + (a - mean) ** 2, 0) / (n - 1);
  return { mean, deviations: Float64Array.from(sizes, (m) => Math.sqrt((variance * m * (n - m)) / n)) };
}

/** Fills the statistics, if given, and returns their maximum. */
function maximise(
  sorted: Float64Array,
  sizes: readonly number[],
  { mean, deviations }: PermutationLaw,
  statistics?: Float64Array,
): number {
  let most = 0;
  let sum = 0;
  let i = 0;
  for (let c = 0; c < sizes.length; c++) {
    for (; i < sizes[c]; i++) sum += sorted[i] - mean;
    const value = Math.abs(sum) / deviations[c];
    if (statistics) statistics[c] = value;
    if (value > most) most = value;
  }
  return most;
}

function lausen92(b: number, proportion: number): number {
  if (b < 1) return 1;
  const density = normal.density(b);
  const spread = Math.log(((1 - proportion) / proportion) ** 2);
  return Math.min(1, Math.max(0, (4 * density) / b + density * (b - 1 / b) * spread));
}

function lausen94(b: number, n: number, sizes: readonly number[]): number {
  let sum = 0;
  for (let c = 0; c + 1 < sizes.length; c++) {
    const t = Math.sqrt(1 - (sizes[c] * (n - sizes[c + 1])) / ((n - sizes[c]) * sizes[c + 1]));
    sum += (Math.exp((-b * b) / 2) / Math.PI) * (t - ((b * b) / 4 - 1) * (t ** 3 / 6));
  }
  return Math.min(1, Math.max(0, 2 * normal.upper(b) + sum));
}

function permutationP(
  sorted: Float64Array,
  sizes: readonly number[],
  law: PermutationLaw,
  statistic: number,
  permutations: number,
  seed: number,
): number {
  const source = random(seed, 'cutpoint');
  const shuffled = sorted.slice();
  const reach = statistic * (1 - 1e-12);
  let count = 0;
  for (let b = 0; b < permutations; b++) {
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = source.integer(i + 1);
      const kept = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = kept;
    }
    if (maximise(shuffled, sizes, law) >= reach) count++;
  }
  return count / permutations;
}

function check(data: SurvivalData, marker: Float64Array, minProportion: number, permutations: number): void {
  checkSurvivalData(data);
  checkLength('marker', marker.length, data.time.length);
  const refuse = (argument: string, value: unknown, message: string) => {
    throw new Failure('ARGUMENT_INVALID', message, { argument, value: String(value) });
  };
  for (const name of ['entry', 'weights', 'strata'] as const) {
    if (data[name]) refuse(name, 'given', `A cutpoint is found for right-censored data without ${name}.`);
  }
  for (let i = 0; i < marker.length; i++) {
    if (!Number.isFinite(marker[i]))
      refuse(`marker[${i}]`, marker[i], `marker[${i}] is ${marker[i]}, not finite.`);
  }
  if (!(minProportion >= 0 && minProportion < 0.5)) {
    refuse('minProportion', minProportion, `minProportion is ${minProportion}, not in [0, 0.5).`);
  }
  if (!(Number.isInteger(permutations) && permutations >= 0)) {
    refuse('permutations', permutations, `permutations is ${permutations}, not a whole number ≥ 0.`);
  }
  if (!data.event.includes(1)) throw new Failure('NO_EVENTS', 'No event is observed.', { argument: 'event' });
}
