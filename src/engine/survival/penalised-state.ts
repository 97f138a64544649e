import type { PenalisedProblem } from './penalised-problem.ts';

/** Where the fit of a {@link PenalisedProblem} stands: coefficients, and what follows from them. */
export class PenalisedState {
  /** Of the standardised columns. */
  readonly coefficients: Float64Array;
  /** −∂(ℓ/W)/∂b, for the columns it was last taken of. */
  readonly gradient: Float64Array;
  /** ℓ/W. */
  likelihood: number;
  private readonly problem: PenalisedProblem;
  /** The linear predictor by position. */
  private readonly predictor: Float64Array;
  private readonly from: Float64Array;
  private readonly directionAt: number;
  private readonly residualAt: number;

  constructor(problem: PenalisedProblem) {
    const { memory, stride, rows, width } = problem;
    this.problem = problem;
    this.coefficients = new Float64Array(width);
    this.gradient = new Float64Array(width);
    this.directionAt = memory.take(stride);
    this.residualAt = memory.take(stride);
    this.predictor = problem.offset.slice();
    this.from = new Float64Array(rows);
    this.likelihood = this.evaluate();
  }

  /** Prepares moves along a change of the coefficients of some columns. */
  aim(columns: ArrayLike<number>, change: ArrayLike<number>, count: number): void {
    const { memory, columnsAt, stride } = this.problem;
    memory.view(this.directionAt, stride).fill(0);
    memory.combine(this.directionAt, columnsAt, stride, columns, change, count, stride);
    this.from.set(this.predictor);
  }

  /** Puts the predictor at a share of the way aimed at; returns ℓ/W there. Coefficients stay. */
  tryAt(share: number): number {
    const { predictor, from, directionAt } = this;
    const direction = this.problem.memory.view(directionAt, from.length);
    for (let i = 0; i < from.length; i++) predictor[i] = from[i] + share * direction[i];
    return this.evaluate();
  }

  /** To be called when the predictor is where it stays, before {@link takeGradient}. */
  settle(likelihood: number): void {
    const { problem } = this;
    this.likelihood = likelihood;
    problem.likelihood.takeResidual();
    problem.memory.view(this.residualAt, problem.rows).set(problem.likelihood.residual);
  }

  takeGradient(columns: ArrayLike<number>): void {
    const { memory, columnsAt, stride, totalWeight } = this.problem;
    const products = memory.products(this.residualAt, columnsAt, stride, columns, columns.length, stride);
    for (let k = 0; k < columns.length; k++) this.gradient[columns[k]] = -products[k] / totalWeight;
  }

  private evaluate(): number {
    const { likelihood, totalWeight } = this.problem;
    likelihood.predictor.set(this.predictor);
    return likelihood.evaluatePredictor() / totalWeight;
  }
}
