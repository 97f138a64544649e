import { Failure } from '../failure.ts';
import { type ChiSquareTest, chiSquareTest } from './chi-square-test.ts';
import { type Covariates, checkCovariates, type StandardColumn, standardise } from './covariates.ts';
import { type CoxFit, describeFit } from './cox-fit.ts';
import { CoxPoint, type CoxStep, climb } from './cox-newton.ts';
import type { Ties } from './hazard.ts';
import { type RidgePenalty, ridgeCurvature } from './ridge-penalty.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import { quadraticInverse, scoreSpread } from './robust-covariance.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';

export interface CoxOptions {
  /** Default 'efron'. */
  readonly ties?: Ties;
  /** A known part of the linear predictor, one value a row. */
  readonly offset?: Float64Array;
  /** Where to start, one value a covariate; default 0. The null log-likelihood and the score test are taken there. */
  readonly initial?: ArrayLike<number>;
  /** Shrinks the coefficients; default none. */
  readonly ridge?: RidgePenalty;
  /** Newton steps at most; default 60. */
  readonly maxIterations?: number;
  /** Ends when the Newton decrement, which bounds the step of every coefficient in standard errors, is below; default 1e-9. */
  readonly tolerance?: number;
  /**
   * Standard errors by the sandwich of score residuals (Lin & Wei 1989) in place of the inverse information; default
   * where rows are clustered or case weights are not whole numbers, as in R.
   */
  readonly robust?: boolean;
  /** A label a row; rows of one label count as one in robust standard errors. */
  readonly cluster?: Int32Array;
  /** Of the confidence intervals; default 0.95. */
  readonly level?: number;
}

/**
 * Cox's proportional hazards regression by maximum partial likelihood, with strata, case weights, an offset and
 * late entry (start–stop rows) as the data have them.
 *
 * Newton–Raphson on centred and scaled covariates with step halving, run to the maximum itself (R stops when the
 * log-likelihood stops changing, up to 1e-6 standard errors short of it). A covariate that is constant or a
 * combination of earlier ones is dropped with the warning COVARIATE_DROPPED, as R gives it NA; a coefficient without a
 * finite maximum is named by the warning SEPARATION. A ridge penalty makes every maximum finite and keeps collinear
 * columns; constant ones are dropped still.
 *
 * References: Cox 1972; Efron 1977; Therneau & Grambsch 2000, chapters 3 and 5.5 (Gray 1992, ridge); R package
 * survival, `coxph`, `ridge`.
 *
 * @throws Failure of {@link checkSurvivalData}; LENGTH_MISMATCH, COVARIATE_INVALID (not finite, or every covariate
 * constant within its risk sets), ARGUMENT_INVALID, NO_EVENTS, FIT_FAILED (relative risks out of range at the start).
 */
export function fitCox(data: SurvivalData, covariates: Covariates, options: CoxOptions = {}): CoxFit {
  const steps = fitCoxSteps(data, covariates, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** {@link fitCox} as a generator that yields before every Newton step, for progress and cancellation. */
export function* fitCoxSteps(
  data: SurvivalData,
  covariates: Covariates,
  options: CoxOptions = {},
): Generator<CoxStep, CoxFit, void> {
  const { ties = 'efron', maxIterations = 60, tolerance = 1e-9, level = 0.95 } = options;
  checkOptions(maxIterations, tolerance, level);
  const sets = riskSets(data);
  checkCovariates(covariates, data.time.length);
  const events = sets.deaths.reduce((sum, d) => sum + d, 0);
  if (events === 0) throw new Failure('NO_EVENTS', 'No event is observed.', { argument: 'event' });
  const columns = covariates.columns.map((column, j) =>
    standardise(covariates.names[j], column, sets.rows, sets.weights),
  );
  const offset = atPositions(options.offset, 'offset', sets, data.time.length);
  const start = startingPoint(options.initial, columns);

  const ridge = options.ridge && ridgeCurvature(options.ridge, covariates, columns);

  const first = new CoxPoint(sets, columns, offset, ties, ridge);
  first.moveTo(start);
  if (first.logLikelihood === -Infinity) {
    throw new Failure(
      'FIT_FAILED',
      'The relative risks at the start are out of range: check offset and initial values.',
    );
  }
  first.expand(true);
  const kept: number[] = [];
  for (let j = 0; j < columns.length; j++) if (first.information[j * columns.length + j] > 0) kept.push(j);
  const point =
    kept.length === columns.length
      ? first
      : new CoxPoint(
          sets,
          kept.map((j) => columns[j]),
          offset,
          ties,
          ridge && Float64Array.from(kept, (j) => ridge[j]),
        );
  if (point !== first) {
    if (kept.length === 0) throw noInformation(covariates.names);
    point.moveTo(Float64Array.from(kept, (j) => start[j]));
    point.expand(true);
  }
  const robust = options.robust ?? (options.cluster !== undefined || hasFractions(sets.weights));
  if (options.cluster) checkLength('cluster', options.cluster.length, data.time.length);
  const atStart = robust ? scoreSpread(sets, point.residuals(sets), options.cluster) : null;
  const solution = yield* climb(point, maxIterations, tolerance);
  return describeFit({
    ...solution,
    unpenalisedScore: ridge ? scoreAt(start, sets, columns, offset, ties) : null,
    robust: atStart && {
      score: quadraticInverse(atStart.spread, atStart.total),
      spread: scoreSpread(sets, point.residuals(sets), options.cluster).spread,
    },
    covariates,
    kept,
    columns,
    sets,
    rows: data.time.length,
    events,
    ties,
    level,
    point,
    start,
  });
}

/** The score test without the penalty, which columns that only the penalty told apart enter once. */
function scoreAt(
  start: Float64Array,
  sets: RiskSets,
  columns: readonly StandardColumn[],
  offset: Float64Array | undefined,
  ties: Ties,
): ChiSquareTest {
  const point = new CoxPoint(sets, columns, offset, ties);
  point.moveTo(start);
  const df = point.expand(true);
  const step = point.newtonStep();
  return chiSquareTest(
    point.gradient.reduce((sum, g, j) => sum + g * step[j], 0),
    df,
  );
}

function hasFractions(weights: Float64Array): boolean {
  for (let i = 0; i < weights.length; i++) if (weights[i] !== Math.floor(weights[i])) return true;
  return false;
}

function startingPoint(
  initial: ArrayLike<number> | undefined,
  columns: readonly StandardColumn[],
): Float64Array {
  const p = columns.length;
  const start = new Float64Array(p);
  if (!initial) return start;
  if (initial.length !== p) {
    const message = `initial has ${initial.length} values, but there are ${p} covariates.`;
    throw new Failure('LENGTH_MISMATCH', message, {
      argument: 'initial',
      length: initial.length,
      expected: p,
    });
  }
  for (let j = 0; j < p; j++) {
    if (!Number.isFinite(initial[j])) throw notInRange('initial', initial[j], 'finite numbers');
    start[j] = columns[j].scale === 0 ? 0 : initial[j] / columns[j].scale;
  }
  return start;
}

/** Values by row as values by position, checked. */
export function atPositions(
  values: Float64Array | undefined,
  argument: string,
  sets: RiskSets,
  rows: number,
): Float64Array | undefined {
  if (!values) return undefined;
  checkLength(argument, values.length, rows);
  const sorted = new Float64Array(sets.rows.length);
  for (let i = 0; i < sorted.length; i++) {
    sorted[i] = values[sets.rows[i]];
    if (!Number.isFinite(sorted[i])) {
      const message = `${argument}[${sets.rows[i]}] is ${sorted[i]}, not a finite number.`;
      throw new Failure('ARGUMENT_INVALID', message, {
        argument,
        index: sets.rows[i],
        value: String(sorted[i]),
      });
    }
  }
  return sorted;
}

function checkOptions(maxIterations: number, tolerance: number, level: number): void {
  if (!(Number.isInteger(maxIterations) && maxIterations >= 0)) {
    throw notInRange('maxIterations', maxIterations, 'a whole number ≥ 0');
  }
  if (!(tolerance > 0 && tolerance < 1)) throw notInRange('tolerance', tolerance, 'between 0 and 1');
  if (!(level > 0 && level < 1)) throw notInRange('level', level, 'between 0 and 1');
}

function notInRange(argument: string, value: number, expected: string): Failure {
  return new Failure('ARGUMENT_INVALID', `${argument} is ${value}, not ${expected}.`, {
    argument,
    value: String(value),
  });
}

function noInformation(names: readonly string[]): Failure {
  const message = `No covariate varies within a risk set at which an event happens: ${names.join(', ')}.`;
  return new Failure('COVARIATE_INVALID', message, { covariates: [...names] });
}
