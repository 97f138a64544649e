import { Failure } from '../failure.ts';
import { requireInteger } from '../statistics/argument.ts';
import { random } from '../statistics/random.ts';
import type { Warning } from '../warning.ts';
import type { Covariates } from './covariates.ts';
import type { SurvivalData } from './survival-data.ts';

export interface BootstrapOptions {
  /** How many resamples (default 200), or the rows of each. */
  readonly resamples?: number | readonly ArrayLike<number>[];
  /** Default 0; resample b has the random stream of (seed, b), wherever and in whatever order it is drawn. */
  readonly seed?: number;
}

/** Progress of a bootstrap: so many of its resamples are done. */
export interface BootstrapStep {
  readonly done: number;
  readonly resamples: number;
}

/** The rows of the bootstrap's resample number `index`: as many as there are, drawn with replacement. */
export function bootstrapRows(rows: number, seed: number, index: number): Uint32Array {
  return random(seed, 'bootstrap', index).resample(rows);
}

/**
 * What `evaluate` gives for each resample, in order; it is a function of the rows alone, so that resamples may as well
 * be evaluated elsewhere, in any order, from {@link bootstrapRows}. Where a model cannot be estimated from a resample
 * the result is null.
 *
 * @throws Failure ARGUMENT_INVALID (the number of resamples, the seed, a row that is not there).
 */
export function* bootstrap<Result>(
  rows: number,
  { resamples = 200, seed = 0 }: BootstrapOptions,
  evaluate: (rows: Uint32Array) => Result,
): Generator<BootstrapStep, (Result | null)[], void> {
  const given = typeof resamples === 'number' ? null : resamples;
  const count = typeof resamples === 'number' ? resamples : resamples.length;
  requireInteger('resamples', count, 1, 1_000_000);
  const results: (Result | null)[] = [];
  for (let b = 0; b < count; b++) {
    const drawn = given ? givenRows(given[b], rows, b) : bootstrapRows(rows, seed, b);
    results.push(unlessUnestimable(() => evaluate(drawn)));
    yield { done: b + 1, resamples: count };
  }
  return results;
}

/** The value, or null where the data do not allow an estimate: no event, no spread, no maximum. */
export function unlessUnestimable<Value>(estimate: () => Value): Value | null {
  try {
    return estimate();
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** The rows of a resample, repeated ones as rows of their own. */
export function takeRows(data: SurvivalData, rows: ArrayLike<number>): SurvivalData {
  const { time, event, entry, weights, strata } = data;
  const taken = new Uint8Array(rows.length);
  for (let i = 0; i < taken.length; i++) taken[i] = event[rows[i]];
  return {
    time: take(time, rows),
    event: taken,
    ...(entry ? { entry: take(entry, rows) } : {}),
    ...(weights ? { weights: take(weights, rows) } : {}),
    ...(strata ? { strata: Int32Array.from(rows, (row) => strata[row]) } : {}),
  };
}

/** Numbers that are lent; what is more is made anew, and not kept. */
const MOST_LENT = 2 ** 20;
// One set for all resamples of a thread, as columns are most of what each would leave to be collected.
let lent: Float64Array[] = [];

/** {@link takeRows} of covariates, in columns that the next call takes over. */
export function borrowCovariates({ names, columns }: Covariates, rows: ArrayLike<number>): Covariates {
  if (lent[0]?.length !== rows.length || columns.length * rows.length > MOST_LENT) lent = [];
  if (columns.length * rows.length > MOST_LENT) {
    return { names, columns: columns.map((column) => take(column, rows)) };
  }
  while (lent.length < columns.length) lent.push(new Float64Array(rows.length));
  return { names, columns: columns.map((column, j) => take(column, rows, lent[j])) };
}

function take(
  values: Float64Array,
  rows: ArrayLike<number>,
  taken: Float64Array = new Float64Array(rows.length),
): Float64Array {
  for (let i = 0; i < taken.length; i++) taken[i] = values[rows[i]];
  return taken;
}

function givenRows(given: ArrayLike<number>, rows: number, resample: number): Uint32Array {
  for (let i = 0; i < given.length; i++)
    requireInteger(`resamples[${resample}][${i}]`, given[i], 0, rows - 1);
  return Uint32Array.from(given);
}

/** A warning that names how many resamples gave no estimate, if any. */
export function failedResamples(samples: readonly unknown[]): Warning[] {
  const failed = samples.filter((sample) => sample === null).length;
  if (failed === 0) return [];
  const message = `Nothing could be estimated from ${failed} of ${samples.length} resamples.`;
  return [{ code: 'RESAMPLES_FAILED', message }];
}
