import { Failure } from '../failure.ts';
import type { Warning } from '../warning.ts';
import {
  type BootstrapOptions,
  type BootstrapStep,
  bootstrap,
  failedResamples,
  takeRows,
} from './bootstrap.ts';
import { type ResampledEstimate, summariseResamples } from './bootstrap-interval.ts';
import { type ConcordanceOptions, concordance } from './concordance.ts';
import { levelQuantile } from './confidence.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';

export interface ResampledConcordance {
  readonly first: ResampledEstimate;
  readonly second: ResampledEstimate;
  /** second − first, on the same rows in every resample. */
  readonly difference: ResampledEstimate;
  readonly warnings: readonly Warning[];
}

/** All that {@link resampleConcordanceDifference} needs: plain data, which a worker can be sent once. */
export interface ConcordanceDifferenceProblem {
  readonly data: SurvivalData;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly options: Pick<ConcordanceOptions, 'timeWeight' | 'horizon'>;
}

/**
 * The paired bootstrap of two scores' concordances: rows are resampled, the scores held fixed. `compareConcordance`
 * gives the same difference with the standard error of its influence function, without resampling.
 *
 * Reference: Efron & Tibshirani 1993, §13.3; Kang et al. 2015.
 *
 * @throws Failure of `concordance`; FIT_FAILED where no two rows can be compared; ARGUMENT_INVALID (the resamples).
 */
export function bootstrapConcordanceDifference(
  data: SurvivalData,
  first: Float64Array,
  second: Float64Array,
  options: ConcordanceOptions & BootstrapOptions = {},
): ResampledConcordance {
  const steps = bootstrapConcordanceDifferenceSteps(data, first, second, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** {@link bootstrapConcordanceDifference} as a generator that yields after every resample. */
export function* bootstrapConcordanceDifferenceSteps(
  data: SurvivalData,
  first: Float64Array,
  second: Float64Array,
  { resamples, seed, level = 0.95, ...options }: ConcordanceOptions & BootstrapOptions = {},
): Generator<BootstrapStep, ResampledConcordance, void> {
  levelQuantile(level);
  checkLength('first', first.length, data.time.length);
  checkLength('second', second.length, data.time.length);
  const problem = { data, first, second, options };
  const estimates = estimate(problem);
  const drawing = {
    ...(resamples === undefined ? {} : { resamples }),
    ...(seed === undefined ? {} : { seed }),
  };
  const samples = yield* bootstrap(data.time.length, drawing, (rows) =>
    resampleConcordanceDifference(problem, rows),
  );
  const [a, b, difference] = summariseResamples(estimates, samples, level);
  return { first: a, second: b, difference, warnings: failedResamples(samples) };
}

/**
 * One resample: C of the first score, of the second, and their difference; a function of its arguments alone.
 *
 * @throws Failure FIT_FAILED where no two rows can be compared.
 */
export function resampleConcordanceDifference(
  { data, first, second, options }: ConcordanceDifferenceProblem,
  rows: ArrayLike<number>,
): number[] {
  return estimate({
    data: takeRows(data, rows),
    first: Float64Array.from(rows, (row) => first[row]),
    second: Float64Array.from(rows, (row) => second[row]),
    options,
  });
}

function estimate({ data, first, second, options }: ConcordanceDifferenceProblem): number[] {
  const a = concordance(data, first, options).concordance;
  const b = concordance(data, second, options).concordance;
  if (a !== null && b !== null) return [a, b, b - a];
  throw new Failure('FIT_FAILED', 'No two rows can be compared, so that there is no concordance.');
}
