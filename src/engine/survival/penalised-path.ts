import { Failure } from '../failure.ts';
import type { Warning } from '../warning.ts';
import { type Asking } from './column-request.ts';
import { type Covariates, checkCovariates } from './covariates.ts';
import type { Ties } from './hazard.ts';
import { fitsSideBySide, PenalisedDesign } from './penalised-design.ts';
import { PenalisedProblem } from './penalised-problem.ts';
import { type PenalisedPoint, PenalisedSolver } from './penalised-solver.ts';
import { type Job, runSideBySide } from './side-by-side.ts';
import type { SurvivalData } from './survival-data.ts';

export interface PenalisedOptions {
  /** 1 for the lasso (default), 0 for ridge, between for the elastic net. */
  readonly alpha?: number;
  /** Default 'breslow', as glmnet. */
  readonly ties?: Ties;
  /** Falling penalties to use in place of the sequence made from the data. */
  readonly lambda?: ArrayLike<number>;
  /** Length of that sequence; default 100. */
  readonly lambdaCount?: number;
  /** Its least value over its greatest; default 0.01 with fewer rows than columns, else 1e-4. */
  readonly lambdaRatio?: number;
  /** Whether columns are scaled to a standard deviation of 1 (with denominator n) first; default true. */
  readonly standardise?: boolean;
  /** Relative penalty of each column, ≥ 0; 0 never penalises, Infinity leaves the column out. Default 1. */
  readonly penaltyFactors?: ArrayLike<number>;
  /** A known part of the linear predictor, one value a row. */
  readonly offset?: Float64Array;
  /** Largest violation of the optimality conditions allowed, as a share of λ; default 1e-9. */
  readonly tolerance?: number;
}

/** The solution at one λ; only the coefficients that are not 0 are kept. */
export interface PathPoint {
  readonly lambda: number;
  /** Columns with a coefficient, ascending, and their coefficients in the columns' own units. */
  readonly index: Int32Array;
  readonly value: Float64Array;
  /** Share of the deviance explained: (ℓ − ℓ₀) / (ℓ saturated − ℓ₀). */
  readonly explained: number;
  /** Largest violation of the optimality conditions over all columns, as a share of λ. */
  readonly violation: number;
}

export interface PenalisedPath {
  readonly names: readonly string[];
  readonly alpha: number;
  readonly ties: Ties;
  /** From the greatest λ down. */
  readonly points: readonly PathPoint[];
  /** 2 n (ℓ saturated − ℓ₀)/W. */
  readonly nullDeviance: number;
  readonly warnings: readonly Warning[];
}

/**
 * The elastic-net path of a Cox model, as glmnet defines it: minimise −ℓ(β)/W + λ Σ f_j (α |b_j| + (1 − α)/2 b_j²), ℓ the
 * log partial likelihood with case weights of sum W, b = β · sd. The sequence begins where the first coefficient
 * enters, falls geometrically, and ends early from the fifth λ on once four more explained less than 1e-3 of
 * what is explained, or 0.99 is. Solved to the optimality conditions themselves, whose largest violation each point
 * reports; glmnet's default threshold stops far from them.
 *
 * References: Simon, Friedman, Hastie & Tibshirani 2011; R package glmnet.
 *
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH, COVARIATE_INVALID, ARGUMENT_INVALID, NO_EVENTS.
 */
export function fitPenalisedCox(
  data: SurvivalData,
  covariates: Covariates,
  options: PenalisedOptions = {},
): PenalisedPath {
  const steps = fitPenalisedCoxSteps(data, covariates, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** {@link fitPenalisedCox} as a generator that yields each λ's solution. */
export function* fitPenalisedCoxSteps(
  data: SurvivalData,
  covariates: Covariates,
  options: PenalisedOptions = {},
): Generator<PathPoint, PenalisedPath, void> {
  const design = penalisedDesign(data, covariates, options, 1);
  const [path] = yield* runSideBySide(design, [penalisedPath(design, data, covariates.names, options)]);
  return path;
}

/**
 * The standardised columns of a number of fits.
 *
 * @throws Failure of `fitPenalisedCox`, of its options and covariates.
 */
export function penalisedDesign(
  data: SurvivalData,
  covariates: Covariates,
  options: PenalisedOptions,
  fits: number,
): PenalisedDesign {
  checkOptions(options);
  checkCovariates(covariates, data.time.length);
  const sideBySide = fitsSideBySide(data.time.length, covariates.columns.length, fits);
  return new PenalisedDesign(data, covariates, options.standardise ?? true, sideBySide);
}

/** {@link fitPenalisedCox} on a design, to its data or, with other weights, to some of its rows. */
export function* penalisedPath(
  design: PenalisedDesign,
  data: SurvivalData,
  names: readonly string[],
  options: PenalisedOptions,
): Job<PathPoint, PenalisedPath> {
  const { problem, solver, atInfinity, greatest, sequence } = yield* beginPath(design, data, options);
  const { alpha = 1, ties = 'breslow' } = options;
  const own = options.lambda === undefined;
  const points: PathPoint[] = [];
  let previous = Math.max(greatest, sequence[0] ?? 0);
  for (let m = 0; m < sequence.length; m++) {
    const lambda = sequence[m];
    // At the first λ of the sequence the solution is that without penalised columns, and no column may enter by rounding.
    const solved = own && m === 0 ? atInfinity : yield* solver.solve(lambda, previous);
    previous = lambda;
    const point = {
      lambda,
      ...sparse(solver.state.coefficients, design.scales),
      explained: problem.explained(solved.likelihood),
      violation: solved.violation,
    };
    points.push(point);
    yield point;
    if (own && endsEarly(points)) break;
  }
  const nullDeviance = problem.deviance(problem.nullLikelihood);
  const worst = points.reduce((most, point) => Math.max(most, point.violation), 0);
  const warnings: Warning[] =
    worst > 1e-7
      ? [{ code: 'NOT_CONVERGED', message: `The optimality conditions are violated by up to ${worst} λ.` }]
      : [];
  return { names, alpha, ties, points, nullDeviance, warnings };
}

/**
 * The λ at which {@link fitPenalisedCox} would solve, of which its path may leave out the last ones as it ends early: made
 * without solving any, for the folds of a cross-validation not to wait for the path of all rows.
 *
 * @throws Failure of `fitPenalisedCox`.
 */
export function penaltySequence(
  data: SurvivalData,
  covariates: Covariates,
  options: PenalisedOptions = {},
): readonly number[] {
  const design = penalisedDesign(data, covariates, options, 1);
  const steps = runSideBySide(design, [beginPath(design, data, options)]);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value[0].sequence;
  }
}

function* beginPath(
  design: PenalisedDesign,
  data: SurvivalData,
  options: PenalisedOptions,
): Asking<Beginning> {
  const { alpha = 1, ties = 'breslow', standardise = true, tolerance = 1e-9 } = options;
  const { penaltyFactors, offset } = options;
  const problem = new PenalisedProblem(design, data, { ties, standardise, penaltyFactors, offset });
  const solver = new PenalisedSolver(problem, alpha, tolerance);
  yield* solver.begin();
  const atInfinity = yield* solver.solve(Infinity, Infinity);
  const greatest = firstLambda(problem, solver.state.gradient, alpha);
  const sequence = options.lambda ? Array.from(options.lambda) : lambdaSequence(problem, greatest, options);
  return { problem, solver, atInfinity, greatest, sequence };
}

/** The solution without penalised columns, and what follows from it. */
interface Beginning {
  readonly problem: PenalisedProblem;
  readonly solver: PenalisedSolver;
  readonly atInfinity: PenalisedPoint;
  readonly greatest: number;
  readonly sequence: readonly number[];
}

/** Where the first penalised column would enter. */
function firstLambda({ lassoFactors }: PenalisedProblem, gradient: Float64Array, alpha: number): number {
  let most = 0;
  for (let j = 0; j < gradient.length; j++) {
    const factor = lassoFactors[j];
    if (factor > 0 && factor < Infinity) most = Math.max(most, Math.abs(gradient[j]) / factor);
  }
  return most / Math.max(alpha, 1e-3);
}

function lambdaSequence(problem: PenalisedProblem, greatest: number, options: PenalisedOptions): number[] {
  const count = options.lambdaCount ?? 100;
  const ratio = options.lambdaRatio ?? (problem.rows < problem.width ? 0.01 : 1e-4);
  if (!(greatest > 0)) return [0];
  return Array.from({ length: count }, (_, m) => greatest * ratio ** (count > 1 ? m / (count - 1) : 0));
}

function endsEarly(points: readonly PathPoint[]): boolean {
  const last = points.length - 1;
  if (last < 4) return false;
  const now = points[last].explained;
  return now > 0.99 || (now - points[last - 4].explained) / now < 1e-3;
}

function sparse(
  coefficients: Float64Array,
  scales: Float64Array,
): { index: Int32Array; value: Float64Array } {
  let count = 0;
  for (let j = 0; j < coefficients.length; j++) if (coefficients[j] !== 0) count++;
  const index = new Int32Array(count);
  const value = new Float64Array(count);
  for (let j = coefficients.length - 1; j >= 0; j--) {
    if (coefficients[j] === 0) continue;
    index[--count] = j;
    value[count] = coefficients[j] / scales[j];
  }
  return { index, value };
}

function checkOptions({
  alpha = 1,
  lambda,
  lambdaCount = 100,
  lambdaRatio = 0.5,
  tolerance = 1e-9,
}: PenalisedOptions): void {
  const refuse = (argument: string, value: number, expected: string) => {
    const message = `${argument} is ${value}, not ${expected}.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument, value: String(value) });
  };
  if (!(alpha >= 0 && alpha <= 1)) refuse('alpha', alpha, 'between 0 and 1');
  if (!(Number.isInteger(lambdaCount) && lambdaCount >= 1 && lambdaCount <= 10_000)) {
    refuse('lambdaCount', lambdaCount, 'a whole number from 1 to 10000');
  }
  if (!(lambdaRatio > 0 && lambdaRatio < 1)) refuse('lambdaRatio', lambdaRatio, 'between 0 and 1');
  if (!(tolerance > 0 && tolerance <= 1e-3)) refuse('tolerance', tolerance, 'above 0 and at most 1e-3');
  for (let m = 0; lambda && m < lambda.length; m++) {
    if (!(lambda[m] >= 0 && lambda[m] < Infinity)) refuse(`lambda[${m}]`, lambda[m], 'a finite number ≥ 0');
    if (m > 0 && lambda[m] > lambda[m - 1]) refuse(`lambda[${m}]`, lambda[m], 'at most the one before it');
  }
}
