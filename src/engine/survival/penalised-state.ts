import { type Asking, ColumnRequest } from './column-request.ts';
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
  /** Of the residual from the last exact point, and from where the gradient was last exact for all columns. */
  private readonly difference: Float64Array;
  private readonly sinceBase: Float64Array;
  private readonly changed: Int32Array;
  private readonly change: Float64Array;
  private readonly products: Float64Array;
  /** The last exact point; of its gradient, what members have. */
  private readonly exact: {
    readonly coefficients: Float64Array;
    readonly predictor: Float64Array;
    readonly residual: Float64Array;
    readonly gradient: Float64Array;
  };
  /** The last point where the gradient was exact for all columns. */
  private readonly base: { readonly residual: Float64Array; readonly gradient: Float64Array };

  constructor(problem: PenalisedProblem) {
    const { design, rows, width } = problem;
    this.problem = problem;
    this.precision = design.precision;
    this.coefficients = new Float64Array(width);
    this.gradient = new Float64Array(width);
    this.predictor = problem.offset.slice();
    this.from = new Float64Array(rows);
    this.direction = new Float64Array(rows);
    this.difference = new Float64Array(rows);
    this.sinceBase = new Float64Array(rows);
    this.changed = new Int32Array(width);
    this.change = new Float64Array(width);
    this.products = new Float64Array(width);
    this.exact = {
      coefficients: new Float64Array(width),
      predictor: problem.offset.slice(),
      residual: new Float64Array(rows),
      gradient: new Float64Array(width),
    };
    this.base = { residual: new Float64Array(rows), gradient: new Float64Array(width) };
    this.likelihood = this.evaluate();
  }

  /** Makes the predictor exact, and the gradient of some columns. */
  *sharpen(columns: ArrayLike<number>): Asking<void> {
    const { exact, coefficients, predictor, changed, change, problem } = this;
    let count = 0;
    for (let j = 0; j < coefficients.length; j++) {
      if (coefficients[j] === exact.coefficients[j]) continue;
      changed[count] = j;
      change[count++] = coefficients[j] - exact.coefficients[j];
    }
    yield* this.multiply(changed, change, count, 'double');
    for (let i = 0; i < predictor.length; i++) predictor[i] = exact.predictor[i] + this.direction[i];
    this.likelihood = this.evaluate();
    problem.likelihood.takeResidual();
    exact.coefficients.set(coefficients);
    exact.predictor.set(predictor);
    exact.residual.set(problem.likelihood.residual);
    this.difference.fill(0);
    yield* this.takeExactGradient(columns);
  }

  /** The gradient of columns at the last exact point, exact; from then on it is followed from there. */
  *takeExactGradient(columns: ArrayLike<number>): Asking<void> {
    yield* this.admit(columns);
    for (let k = 0; k < columns.length; k++) this.gradient[columns[k]] = this.exact.gradient[columns[k]];
  }

  /** Follows the gradient of columns that become members from the last exact point. */
  *admit(columns: ArrayLike<number>): Asking<void> {
    const { exact, products, problem } = this;
    yield* this.multiplyBy(exact.residual, columns, 'double');
    for (let k = 0; k < columns.length; k++) {
      exact.gradient[columns[k]] = -products[k] / problem.totalWeight;
    }
  }

  /** To be called at an exact point where the gradient is exact for all columns. */
  takeBase(): void {
    this.base.residual.set(this.exact.residual);
    this.base.gradient.set(this.exact.gradient);
  }

  /** Prepares moves along a change of the coefficients of some columns. */
  *aim(columns: ArrayLike<number>, change: Float64Array, count: number): Asking<void> {
    yield* this.multiply(columns, change, count, this.precision);
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

  /** The gradient of members. */
  *takeGradient(members: ArrayLike<number>): Asking<void> {
    const { exact, gradient, products, problem, difference, precision } = this;
    yield* this.multiplyBy(difference, members, precision);
    for (let k = 0; k < members.length; k++) {
      gradient[members[k]] = exact.gradient[members[k]] - products[k] / problem.totalWeight;
    }
  }

  /**
   * The gradient of columns that are no members.
   *
   * @returns its largest error, divided by the length of the column.
   */
  *takeOthersGradient(others: ArrayLike<number>): Asking<number> {
    const { base, gradient, products, problem, precision, sinceBase } = this;
    const { residual } = problem.likelihood;
    let square = 0;
    for (let i = 0; i < residual.length; i++) {
      sinceBase[i] = residual[i] - base.residual[i];
      square += sinceBase[i] * sinceBase[i];
    }
    yield* this.multiplyBy(sinceBase, others, precision);
    for (let k = 0; k < others.length; k++) {
      gradient[others[k]] = base.gradient[others[k]] - products[k] / problem.totalWeight;
    }
    return (problem.design.rounding[precision] * Math.sqrt(square)) / problem.totalWeight;
  }

  /** The columns times their changes, into `direction`. */
  private *multiply(
    columns: ArrayLike<number>,
    change: Float64Array,
    count: number,
    precision: Precision,
  ): Asking<void> {
    yield new ColumnRequest(true, precision, this.direction, this.problem.places, columns, count, change);
  }

  /** The products of a vector with columns. */
  private *multiplyBy(vector: Float64Array, columns: ArrayLike<number>, precision: Precision): Asking<void> {
    const { places } = this.problem;
    if (columns.length === 0) return;
    yield new ColumnRequest(false, precision, vector, places, columns, columns.length, this.products);
  }

  private evaluate(): number {
    const { likelihood, totalWeight } = this.problem;
    likelihood.predictor.set(this.predictor);
    return likelihood.evaluatePredictor() / totalWeight;
  }
}
