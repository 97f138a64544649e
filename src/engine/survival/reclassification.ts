import { Failure } from '../failure.ts';
import { requireProbability } from '../statistics/argument.ts';
import type { Warning } from '../warning.ts';
import {
  type BootstrapOptions,
  type BootstrapStep,
  bootstrap,
  failedResamples,
  takeRows,
} from './bootstrap.ts';
import { type ResampledEstimate, summariseResamples } from './bootstrap-interval.ts';
import { censoringWeights } from './censoring-weights.ts';
import { levelQuantile } from './confidence.ts';
import { eventProbabilityAt, notFollowed } from './decision-curve.ts';
import { refuseParts } from './plain-data.ts';
import { checkHorizon } from './survival-axis.ts';
import { checkLength, checkSurvivalData, type SurvivalData } from './survival-data.ts';

export interface ReclassificationOptions extends BootstrapOptions {
  /** Ascending limits in (0, 1) between the categories of risk; without them the categorical NRI is null. */
  readonly cuts?: readonly number[];
  /** Of the percentile limits; default 0.95. */
  readonly level?: number;
}

/** By how much a new model's risks of an event by the horizon are better than an old model's. */
export interface Reclassification {
  readonly horizon: number;
  readonly eventProbability: number;
  /** Net reclassification improvement by categories: a row moves if its category changes. */
  readonly categorical: NetReclassification | null;
  /** Without categories: a row moves if its risk changes at all. */
  readonly continuous: NetReclassification;
  /** Integrated discrimination improvement: by how much the mean risks of events and non-events lie further apart. */
  readonly idi: ResampledEstimate;
  readonly warnings: readonly Warning[];
}

export interface NetReclassification {
  /** The sum of the two below. */
  readonly nri: ResampledEstimate;
  /** P(up | event) − P(down | event), and P(down | no event) − P(up | no event). */
  readonly events: ResampledEstimate;
  readonly nonEvents: ResampledEstimate;
}

/** All that {@link resampleReclassification} needs: plain data, which a worker can be sent once. */
export interface ReclassificationProblem {
  readonly data: SurvivalData;
  readonly oldRisk: Float64Array;
  readonly newRisk: Float64Array;
  readonly horizon: number;
  readonly cuts: readonly number[];
}

/**
 * NRI and IDI of two models' predicted risks with censored outcomes, with percentile limits by the paired bootstrap of
 * rows, the risks held fixed. P(event | up) is 1 − Kaplan–Meier survival at the horizon of the rows that move up, from
 * which P(up | event) follows by Bayes; the IDI's means are weighted by the inverse probability of censoring.
 *
 * References: Pencina, D'Agostino & Steyerberg 2011; Chambless, Cummiskey & Cui 2011; Uno et al. 2013.
 *
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH; ARGUMENT_INVALID (a risk that is no probability; horizon,
 * cuts, level; nobody followed to the horizon; rows that move are not; entry times, weights or strata); NO_EVENTS (no
 * event by the horizon, or nobody without).
 */
export function reclassify(
  data: SurvivalData,
  oldRisk: Float64Array,
  newRisk: Float64Array,
  horizon: number,
  options: ReclassificationOptions = {},
): Reclassification {
  const steps = reclassifySteps(data, oldRisk, newRisk, horizon, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** {@link reclassify} as a generator that yields after every resample. */
export function* reclassifySteps(
  data: SurvivalData,
  oldRisk: Float64Array,
  newRisk: Float64Array,
  horizon: number,
  options: ReclassificationOptions = {},
): Generator<BootstrapStep, Reclassification, void> {
  const { level = 0.95 } = options;
  const problem = { data, oldRisk, newRisk, horizon, cuts: options.cuts ?? [] };
  levelQuantile(level);
  check(problem);
  const estimates = improvements(problem);
  const samples = yield* bootstrap(data.time.length, options, (rows) =>
    resampleReclassification(problem, rows),
  );
  const [cn, ce, cne, nri, events, nonEvents, idi] = summariseResamples(estimates, samples, level);
  return {
    horizon,
    eventProbability: eventProbabilityAt(data, () => true, horizon) ?? 0,
    categorical: problem.cuts.length === 0 ? null : { nri: cn, events: ce, nonEvents: cne },
    continuous: { nri, events, nonEvents },
    idi,
    warnings: failedResamples(samples),
  };
}

/** One resample of {@link reclassify}; a function of its arguments alone. @throws Failure where nothing is estimable. */
export function resampleReclassification(
  { data, oldRisk, newRisk, horizon, cuts }: ReclassificationProblem,
  rows: ArrayLike<number>,
): number[] {
  return improvements({
    data: takeRows(data, rows),
    oldRisk: Float64Array.from(rows, (row) => oldRisk[row]),
    newRisk: Float64Array.from(rows, (row) => newRisk[row]),
    horizon,
    cuts,
  });
}

/** NRI, its part of events and of non-events by category, the same without categories, IDI. */
function improvements(problem: ReclassificationProblem): number[] {
  const { oldRisk, newRisk, cuts } = problem;
  const category = (risk: number) => cuts.reduce((count, cut) => count + (risk >= cut ? 1 : 0), 0);
  const categorical = netReclassification(problem, (row) => category(newRisk[row]) - category(oldRisk[row]));
  const continuous = netReclassification(problem, (row) => newRisk[row] - oldRisk[row]);
  const idi = discriminationSlope(problem, newRisk) - discriminationSlope(problem, oldRisk);
  return [...categorical, ...continuous, idi];
}

function netReclassification(
  { data, horizon }: ReclassificationProblem,
  move: (row: number) => number,
): [number, number, number] {
  const n = data.time.length;
  const overall = eventProbabilityAt(data, () => true, horizon);
  if (overall === null) throw notFollowed(horizon);
  if (!(overall > 0 && overall < 1)) {
    const message = `The probability of an event by ${horizon} is ${overall}: there are not both events and non-events.`;
    throw new Failure('NO_EVENTS', message, { horizon, probability: overall });
  }
  const moved = (sign: number) => {
    let count = 0;
    for (let i = 0; i < n; i++) if (move(i) * sign > 0) count++;
    const events = count === 0 ? 0 : eventProbabilityAt(data, (row) => move(row) * sign > 0, horizon);
    if (events === null) throw notFollowed(horizon);
    return { events: (count * events) / n, nonEvents: (count * (1 - events)) / n };
  };
  const up = moved(1);
  const down = moved(-1);
  const events = (up.events - down.events) / overall;
  const nonEvents = (down.nonEvents - up.nonEvents) / (1 - overall);
  return [events + nonEvents, events, nonEvents];
}

/** The mean risk of rows with an event by the horizon less that of rows without. */
function discriminationSlope({ data, horizon }: ReclassificationProblem, risk: Float64Array): number {
  const [{ weights, isCase }] = censoringWeights(data, [horizon]);
  const sums = [0, 0];
  const totals = [0, 0];
  for (let i = 0; i < risk.length; i++) {
    sums[isCase[i]] += weights[i] * risk[i];
    totals[isCase[i]] += weights[i];
  }
  if (totals[0] > 0 && totals[1] > 0) return sums[1] / totals[1] - sums[0] / totals[0];
  const message = `There are not both events by ${horizon} and rows followed past it.`;
  throw new Failure('NO_EVENTS', message, { horizon });
}

function check({ data, oldRisk, newRisk, horizon, cuts }: ReclassificationProblem): void {
  checkSurvivalData(data);
  refuseParts(data, ['entry', 'weights', 'strata'], 'Reclassification');
  checkHorizon('horizon', horizon);
  for (const [argument, risk] of Object.entries({ oldRisk, newRisk })) {
    checkLength(argument, risk.length, data.time.length);
    for (let i = 0; i < risk.length; i++) requireProbability(`${argument}[${i}]`, risk[i]);
  }
  cuts.forEach((cut, k) => {
    if (cut > (cuts[k - 1] ?? 0) && cut < 1) return;
    const message = `cuts[${k}] is ${cut}; cuts ascend between 0 and 1.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'cuts', index: k, value: String(cut) });
  });
}
