import type { PenalisedProblem } from './penalised-problem.ts';
import type { Precision } from './vector-memory.ts';

/**
 * Where the fit of a {@link PenalisedProblem} stands: coefficients, and what follows from them.
 *
 * Between two {@link sharpen exact} points the columns may be read in single precision: what is computed so is only what
 * changes from the last of them, so that its error shrinks with the steps. A mixed-precision refinement, as Golub & Van
 * Loan 2013, §3.5.3.
 */
export class PenalisedState {
  /** Of the standardised columns. */
  readonly coefficients: Float64Array;
  /** −∂(ℓ/W)/∂b, for the columns it was last taken of. */
  readonly gradient: Float64Array;
  /** ℓ/W. */
  likelihood: number;
  precision: Precision;
  private readonly problem: PenalisedProblem;
  /** The linear predictor by position. */
  private readonly predictor: Float64Array;
  private readonly from: Float64Array;
  private readonly direction: Float64Array;
  private readonly difference: Float64Array;
  /** Of each precision its own: what is left of the other beyond a vector's end may be no number. */
  private readonly vectorAt: Readonly<Record<Precision, number>>;
  private readonly all: Int32Array;
  private readonly changed: Int32Array;
  private readonly change: Float64Array;
  /** The last exact point. */
  private readonly exact: {
    readonly coefficients: Float64Array;
    readonly predictor: Float64Array;
    readonly residual: Float64Array;
    readonly gradient: Float64Array;
  };

  constructor(problem: PenalisedProblem) {
    const { memory, stride, rows, width } = problem;
    this.problem = problem;
    this.precision = problem.precision;
    this.coefficients = new Float64Array(width);
    this.gradient = new Float64Array(width);
    this.vectorAt = { double: memory.take(stride.double), single: memory.take(rows, 'single') };
    this.predictor = problem.offset.slice();
    this.from = new Float64Array(rows);
    this.direction = new Float64Array(rows);
    this.difference = new Float64Array(rows);
    this.all = Int32Array.from({ length: width }, (_, j) => j);
    this.changed = new Int32Array(width);
    this.change = new Float64Array(width);
    this.exact = {
      coefficients: new Float64Array(width),
      predictor: problem.offset.slice(),
      residual: new Float64Array(rows),
      gradient: new Float64Array(width),
    };
    this.likelihood = this.evaluate();
    this.sharpen();
  }

  /** Makes the predictor and the gradient of all columns exact. */
  sharpen(): void {
    const { exact, coefficients, predictor, gradient, all, changed, change, problem } = this;
    let count = 0;
    for (let j = 0; j < coefficients.length; j++) {
      if (coefficients[j] === exact.coefficients[j]) continue;
      changed[count] = j;
      change[count++] = coefficients[j] - exact.coefficients[j];
    }
    this.multiply(changed, change, count, 'double');
    for (let i = 0; i < predictor.length; i++) predictor[i] = exact.predictor[i] + this.direction[i];
    this.likelihood = this.evaluate();
    problem.likelihood.takeResidual();
    exact.coefficients.set(coefficients);
    exact.predictor.set(predictor);
    exact.residual.set(problem.likelihood.residual);
    exact.gradient.fill(0);
    this.addProducts(exact.residual, all, 'double');
    exact.gradient.set(gradient);
    this.difference.fill(0);
  }

  /** Prepares moves along a change of the coefficients of some columns. */
  aim(columns: ArrayLike<number>, change: ArrayLike<number>, count: number): void {
    this.multiply(columns, change, count, this.precision);
    this.from.set(this.predictor);
  }

  /** Puts the predictor at a share of the way aimed at; returns ℓ/W there. Coefficients stay. */
  tryAt(share: number): number {
    const { predictor, from, direction } = this;
    // A direction that exceeds single precision is infinite, and no way back.
    if (share === 0) predictor.set(from);
    else for (let i = 0; i < from.length; i++) predictor[i] = from[i] + share * direction[i];
    return this.evaluate();
  }

  /** To be called when the predictor is where it stays, before {@link takeGradient}. */
  settle(likelihood: number): void {
    const { problem, difference, exact } = this;
    this.likelihood = likelihood;
    problem.likelihood.takeResidual();
    const { residual } = problem.likelihood;
    for (let i = 0; i < residual.length; i++) difference[i] = residual[i] - exact.residual[i];
  }

  takeGradient(columns: ArrayLike<number>): void {
    this.addProducts(this.difference, columns, this.precision);
  }

  /** The columns times their changes, into `direction`. */
  private multiply(
    columns: ArrayLike<number>,
    change: ArrayLike<number>,
    count: number,
    precision: Precision,
  ): void {
    const { problem, direction } = this;
    const { [precision]: vectorAt } = this.vectorAt;
    const { memory, columnsAt, stride } = problem;
    direction.fill(0);
    memory.put(direction, vectorAt, precision);
    const { [precision]: at } = columnsAt;
    memory.combine(vectorAt, at, stride[precision], columns, change, count, direction.length, precision);
    memory.read(vectorAt, direction, precision);
  }

  /** The gradient at the exact point and what a change of the residual adds to it. */
  private addProducts(change: Float64Array, columns: ArrayLike<number>, precision: Precision): void {
    const { problem, gradient, exact } = this;
    const { [precision]: vectorAt } = this.vectorAt;
    const { memory, columnsAt, stride, totalWeight } = problem;
    const { length } = change;
    memory.put(change, vectorAt, precision);
    const { [precision]: at } = columnsAt;
    const products = memory.products(
      vectorAt,
      at,
      stride[precision],
      columns,
      columns.length,
      length,
      precision,
    );
    for (let k = 0; k < columns.length; k++) {
      gradient[columns[k]] = exact.gradient[columns[k]] - products[k] / totalWeight;
    }
  }

  private evaluate(): number {
    const { likelihood, totalWeight } = this.problem;
    likelihood.predictor.set(this.predictor);
    return likelihood.evaluatePredictor() / totalWeight;
  }
}
