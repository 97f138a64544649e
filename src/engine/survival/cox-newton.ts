import { factorise, invertFactorised, solveFactorised } from './cholesky.ts';
import type { StandardColumn } from './covariates.ts';
import type { CoxSolution } from './cox-fit.ts';
import type { Ties } from './hazard.ts';
import { PartialLikelihood } from './partial-likelihood.ts';
import type { RiskSets } from './risk-sets.ts';
import { type ScoreResiduals, scoreResiduals } from './score-residuals.ts';

/** One Newton step on the way: the log-likelihood before it and its size, an upper bound in standard errors. */
export interface CoxStep {
  readonly iteration: number;
  readonly logLikelihood: number;
  readonly decrement: number;
}

/** Pivots of the information below this share of the column's second moment are rounding: R's toler.chol, ε^0.75. */
const SINGULAR = 2 ** -39;
/** On the way to a far maximum the information may fall much lower before it is lost in its own rounding. */
const EXHAUSTED = 2 ** -49;
/** A step of fewer standard errors leaves the information what it was. */
const NEGLIGIBLE = 1e-8;
/** A decrement that still falls by a constant factor once it is this small belongs to a likelihood without a maximum. */
const SEPARATED = 1e-6;

/**
 * The likelihood at one point, less the ridge penalty if there is one, with its gradient and factorised information
 * once expanded.
 */
export class CoxPoint {
  readonly beta: Float64Array;
  readonly likelihood: PartialLikelihood;
  readonly columns: readonly Float64Array[];
  logLikelihood = -Infinity;
  readonly gradient: Float64Array;
  /** L D Lᵀ of the information, see {@link factorise}. */
  readonly information: Float64Array;
  /** The penalty's second derivative by each coefficient. */
  readonly ridge: Float64Array | undefined;
  private readonly reference: Float64Array;

  constructor(
    sets: RiskSets,
    columns: readonly StandardColumn[],
    offset: Float64Array | undefined,
    ties: Ties,
    ridge?: Float64Array,
  ) {
    const p = columns.length;
    this.ridge = ridge;
    this.columns = columns.map((c) => c.values);
    this.likelihood = new PartialLikelihood(sets, this.columns, offset, ties);
    this.beta = new Float64Array(p);
    this.gradient = new Float64Array(p);
    this.information = new Float64Array(p * p);
    this.reference = new Float64Array(p);
  }

  moveTo(beta: Float64Array): void {
    this.beta.set(beta);
    this.logLikelihood = this.likelihood.evaluate(beta) - this.penalty(beta);
  }

  penalty(beta: Float64Array): number {
    if (!this.ridge) return 0;
    let sum = 0;
    for (let j = 0; j < beta.length; j++) sum += this.ridge[j] * beta[j] * beta[j];
    return sum / 2;
  }

  /** @returns the rank of the information; the first expansion is stricter, to find collinear columns. */
  expand(first = false): number {
    this.likelihood.gradient(this.gradient);
    this.likelihood.information(this.information, this.reference);
    if (this.ridge) {
      for (let j = 0; j < this.ridge.length; j++) {
        this.gradient[j] -= this.ridge[j] * this.beta[j];
        this.information[j * this.ridge.length + j] += this.ridge[j];
        this.reference[j] += this.ridge[j];
      }
    }
    return factorise(this.information, this.beta.length, this.reference, first ? SINGULAR : EXHAUSTED);
  }

  /** {@link expand} by the gradient alone, next to where the information was taken. */
  turn(): void {
    this.likelihood.gradient(this.gradient);
  }

  newtonStep(): Float64Array {
    const step = this.gradient.slice();
    solveFactorised(this.information, this.beta.length, step);
    return step;
  }

  /** The columns that still move along a direction in which the likelihood is flat, or whose information is used up. */
  infinite(step: Float64Array): number[] {
    const p = step.length;
    const largest = step.reduce((most, s) => Math.max(most, Math.abs(s)), 0);
    const columns: number[] = [];
    for (let j = 0; j < p; j++) {
      if (this.information[j * p + j] === 0 || Math.abs(step[j]) > 1e-3 * largest) columns.push(j);
    }
    return columns;
  }

  /** vᵀ I v, I the information. */
  quadratic(v: Float64Array): number {
    const p = v.length;
    let sum = 0;
    for (let j = 0; j < p; j++) {
      let t = v[j];
      for (let i = j + 1; i < p; i++) t += this.information[i * p + j] * v[i];
      sum += t * t * this.information[j * p + j];
    }
    return sum;
  }

  /** The score residuals of the point last moved to. */
  residuals(sets: RiskSets): ScoreResiduals {
    return scoreResiduals(sets, this.likelihood.hazard, this.likelihood.risk, this.columns);
  }

  covariance(): Float64Array {
    return invertFactorised(this.information, this.beta.length);
  }
}

/**
 * Newton–Raphson with step halving from where `point` stands, expanded; leaves it expanded at the last point looked at.
 * A likelihood without a maximum shows by a decrement that falls by a constant factor to the end, where otherwise
 * convergence is quadratic; the covariates that still move then are the infinite ones.
 */
export function* climb(
  point: CoxPoint,
  maxIterations: number,
  tolerance: number,
): Generator<CoxStep, CoxSolution, void> {
  const p = point.beta.length;
  const nullLogLikelihood = point.logLikelihood;
  let scoreTest = 0;
  let previous = Infinity;
  let linear = 0;
  let rank = p;
  const trial = new Float64Array(p);
  for (let iteration = 0; ; iteration++) {
    const step = point.newtonStep();
    const decrement = Math.sqrt(dot(point.gradient, step));
    if (iteration === 0) scoreTest = decrement * decrement;
    const ended = { nullLogLikelihood, scoreTest, iterations: iteration, infinite: [] as number[] };
    const exhausted = iteration > 0 && rank < p;
    if (!exhausted && decrement <= tolerance) {
      // The step is within the tolerance and quadratic convergence makes the point after it better still.
      const beta = iteration < maxIterations ? point.beta.map((b, j) => b + step[j]) : point.beta.slice();
      return { ...ended, beta, converged: true };
    }
    linear = decrement > 0.3 * previous ? linear + 1 : 0;
    if (exhausted || (decrement < SEPARATED && linear >= 5)) {
      return { ...ended, beta: point.beta.slice(), converged: false, infinite: point.infinite(step) };
    }
    if (iteration >= maxIterations) return { ...ended, beta: point.beta.slice(), converged: false };
    previous = decrement;
    yield { iteration, logLikelihood: point.logLikelihood, decrement };
    const from = point.beta.slice();
    const floor = point.logLikelihood - 1e-11 * (1 + Math.abs(point.logLikelihood));
    let length = 1;
    let isBeyond = false;
    do {
      for (let j = 0; j < p; j++) trial[j] = from[j] + length * step[j];
      point.moveTo(trial);
      // Risks past all numbers within a standard error are no overshoot.
      isBeyond ||= point.logLikelihood === -Infinity && decrement < 1;
      length /= 2;
      // Below 1e-5 standard errors the gain is lost in the rounding of the log-likelihood; the step is not.
    } while (!isBeyond && decrement > 1e-5 && !(point.logLikelihood >= floor) && length > 1e-10);
    if (isBeyond || length <= 1e-10) {
      point.moveTo(from);
      point.expand();
      const infinite = isBeyond ? point.infinite(step) : [];
      return { ...ended, beta: from, converged: false, infinite };
    }
    if (decrement > NEGLIGIBLE) rank = point.expand();
    else point.turn();
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return Math.max(0, sum);
}
