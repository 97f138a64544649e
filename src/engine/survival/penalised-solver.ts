import { dot } from './dot.ts';
import { EtaHessian } from './eta-hessian.ts';
import type { PenalisedProblem } from './penalised-problem.ts';
import { type QuadraticLasso, SupportFactor, solveQuadraticLasso } from './quadratic-lasso.ts';

const MOST_STEPS = 500;

/** What holds at one λ: coefficients of the standardised columns stay in the solver. */
export interface PenalisedPoint {
  /** ℓ/W. */
  readonly likelihood: number;
  /** Largest violation of the optimality conditions over all columns, divided by λ. */
  readonly violation: number;
  readonly steps: number;
}

/**
 * Solves a {@link PenalisedProblem} for one λ after another, each from the solution before it: proximal Newton on a
 * working set of columns that ever mattered. The matrix of the quadratic model is kept while it serves and taken
 * anew when that costs less than the steps it would save; gradients are always exact, so that the end point is.
 *
 * References: Simon et al. 2011; Friedman et al. 2010; Tibshirani et al. 2012 (the sequential strong rule).
 */
export class PenalisedSolver {
  readonly coefficients: Float64Array;
  /** −∂(ℓ/W)/∂b of every column; exact for all columns at a solution. */
  readonly gradient: Float64Array;
  private readonly problem: PenalisedProblem;
  private readonly alpha: number;
  private readonly tolerance: number;
  private readonly hessian: EtaHessian;
  /** Columns with a row in the matrix, in the order in which they came. */
  private readonly members: number[] = [];
  private readonly isMember: Uint8Array;
  private matrix: Float64Array;
  private capacity: number;
  private readonly factor = new SupportFactor();
  private readonly product: Float64Array;
  private readonly predictor: Float64Array;
  private likelihood: number;
  private captured = false;
  private fresh = false;
  private damping = 0;

  constructor(problem: PenalisedProblem, alpha: number, tolerance: number) {
    const p = problem.columns.length;
    this.problem = problem;
    this.alpha = alpha;
    this.tolerance = tolerance;
    this.coefficients = new Float64Array(p);
    this.gradient = new Float64Array(p);
    this.isMember = new Uint8Array(p);
    this.hessian = new EtaHessian(problem.sets, problem.likelihood.hazard);
    this.capacity = Math.min(p, 16);
    this.matrix = new Float64Array(this.capacity ** 2);
    this.product = new Float64Array(problem.rows);
    this.predictor = new Float64Array(problem.rows);
    this.likelihood = this.evaluate(this.predictor);
    this.problem.likelihood.takeResidual();
    this.takeGradient(null);
  }

  /** @param lambda Infinity leaves only the columns without a penalty. */
  solve(lambda: number, previous: number): PenalisedPoint {
    const p = this.gradient.length;
    // No column can violate by less than a fraction of this.
    const unit = lambda > 0 && lambda < Infinity ? lambda : Math.max(1e-3, maximum(this.gradient));
    const limit = this.tolerance * unit;
    if (this.alpha < 1) this.factor.forget();
    let strong = this.strongSet(lambda, previous);
    for (let j = 0; j < p; j++) {
      if (this.lassoOf(j, lambda) === 0 && this.problem.factors[j] < Infinity) this.enter(j);
    }
    let steps = 0;
    for (;;) {
      steps += this.descend(lambda, limit, MOST_STEPS - steps);
      this.takeGradient(strong);
      if (this.enterViolators(strong, lambda, limit) && steps < MOST_STEPS) continue;
      this.takeGradient(null);
      if (this.enterViolators(null, lambda, limit) && steps < MOST_STEPS) {
        strong = this.strongSet(lambda, previous);
        continue;
      }
      break;
    }
    let violation = 0;
    for (let j = 0; j < p; j++) violation = Math.max(violation, this.violationOf(j, lambda));
    return { likelihood: this.likelihood, violation: violation / unit, steps };
  }

  private lassoOf(j: number, lambda: number): number {
    const f = this.problem.factors[j];
    return f === 0 ? 0 : this.alpha === 0 && lambda < Infinity && f < Infinity ? 0 : lambda * this.alpha * f;
  }

  private ridgeOf(j: number, lambda: number): number {
    const f = this.problem.factors[j];
    return f === 0 || this.alpha === 1 || !(lambda * f < Infinity) ? 0 : lambda * (1 - this.alpha) * f;
  }

  private violationOf(j: number, lambda: number): number {
    const lasso = this.lassoOf(j, lambda);
    if (!(lasso < Infinity)) return 0;
    const b = this.coefficients[j];
    const g = this.gradient[j] + this.ridgeOf(j, lambda) * b;
    return b === 0 ? Math.max(0, Math.abs(g) - lasso) : Math.abs(g + Math.sign(b) * lasso);
  }

  /** Columns that may enter between the previous λ and this one, if no gradient changes faster than λ does. */
  private strongSet(lambda: number, previous: number): Int32Array {
    const strong: number[] = [];
    for (let j = 0; j < this.gradient.length; j++) {
      const f = this.problem.factors[j];
      if (!(f < Infinity) || this.isMember[j] || !(lambda < Infinity)) continue;
      if (Math.abs(this.gradient[j]) >= this.alpha * f * (2 * lambda - Math.min(previous, 2 * lambda)))
        strong.push(j);
    }
    return Int32Array.from(strong);
  }

  private enterViolators(among: Int32Array | null, lambda: number, limit: number): boolean {
    const candidates: number[] = [];
    const count = among ? among.length : this.gradient.length;
    for (let a = 0; a < count; a++) {
      const j = among ? among[a] : a;
      if (!this.isMember[j] && this.violationOf(j, lambda) > limit) candidates.push(j);
    }
    if (candidates.length === 0) return false;
    candidates.sort((a, b) => this.violationOf(b, lambda) - this.violationOf(a, lambda));
    const most = Math.max(8, this.members.length >> 1);
    for (const j of candidates.slice(0, most)) this.enter(j);
    return true;
  }

  /** Proximal Newton steps on the members until their conditions hold; returns how many it took. */
  private descend(lambda: number, limit: number, most: number): number {
    const { members } = this;
    let steps = 0;
    let before = Infinity;
    let least = Infinity;
    let idle = 0;
    for (; steps < most; steps++) {
      const violation = this.memberViolation(lambda);
      if (violation <= limit) break;
      // At the rounding of the gradient no step helps any more.
      if (violation < 0.7 * least) {
        least = violation;
        idle = 0;
      } else if (++idle > 20) break;
      if (this.staleTooSlow(before, violation, limit)) this.refresh();
      before = violation;
      const size = members.length;
      const model: QuadraticLasso = {
        size,
        matrix: this.matrix,
        stride: this.capacity,
        gradient: Float64Array.from(members, (j) => this.gradient[j]),
        start: Float64Array.from(members, (j) => this.coefficients[j]),
        lasso: Float64Array.from(members, (j) => this.lassoOf(j, lambda)),
        ridge: Float64Array.from(members, (j) => this.ridgeOf(j, lambda)),
        damping: this.damping,
        factor: this.factor,
      };
      const target = model.start.slice();
      solveQuadraticLasso(model, target, Math.max(0.05 * limit, violation * (this.fresh ? 1e-6 : 1e-3)));
      if (!this.moveTowards(model, target, lambda)) {
        if (!this.fresh) this.refresh();
        else if (this.damping < 1e6) this.damp(this.damping === 0 ? 1e-8 : 4 * this.damping);
        else break;
      } else if (this.damping > 0) this.damp(this.damping > 1e-8 ? this.damping / 4 : 0);
    }
    return steps;
  }

  /** Near saturation the matrix is almost singular, and only a shorter step than its own is of use. */
  private damp(damping: number): void {
    this.damping = damping;
    this.factor.forget();
  }

  private memberViolation(lambda: number): number {
    let worst = 0;
    for (const j of this.members) worst = Math.max(worst, this.violationOf(j, lambda));
    return worst;
  }

  /** Whether the steps that a stale matrix still needs, at the rate seen, cost more than taking it anew. */
  private staleTooSlow(before: number, now: number, limit: number): boolean {
    if (!this.captured) return true;
    if (this.fresh || !(before < Infinity)) return false;
    const rate = now / before;
    const size = this.members.length;
    const remaining = rate < 0.95 ? Math.log(limit / now) / Math.log(rate) : MOST_STEPS;
    return 3 * remaining > size / 2 + 8;
  }

  /** Moves to the target, or towards it as far as the objective falls; false, and unmoved, where nothing is gained. */
  private moveTowards(model: QuadraticLasso, target: Float64Array, lambda: number): boolean {
    const { members, predictor } = this;
    const direction = new Float64Array(predictor.length);
    let expected = 0;
    for (let m = 0; m < model.size; m++) {
      const change = target[m] - model.start[m];
      if (change === 0) continue;
      addScaled(direction, this.problem.columns[members[m]], change);
      expected +=
        model.gradient[m] * change + penalty(model, m, target[m]) - penalty(model, m, model.start[m]);
    }
    const from = predictor.slice();
    const start = -this.likelihood;
    // A gain this small is lost in the rounding of the objective, but not in that of the gradient.
    const lost = 1e-12 * (1 + Math.abs(start));
    // A model that promises a loss was not solved: its matrix is singular to within rounding.
    if (expected > lost) return false;
    if (expected > -lost) return this.moveBlindly(model, target, from, direction, lambda);
    for (let length = 1; length > 1e-3; length /= 2) {
      const likelihood = this.evaluateAt(from, direction, length);
      let gain = -likelihood - start;
      for (let m = 0; m < model.size; m++) {
        const b = model.start[m] + length * (target[m] - model.start[m]);
        gain += penalty(model, m, b) - penalty(model, m, model.start[m]);
      }
      if (!(gain <= 1e-4 * length * expected)) continue;
      this.settle(model, target, length, likelihood);
      return true;
    }
    this.settle(model, model.start, 0, this.evaluateAt(from, direction, 0));
    return false;
  }

  private moveBlindly(
    model: QuadraticLasso,
    target: Float64Array,
    from: Float64Array,
    direction: Float64Array,
    lambda: number,
  ): boolean {
    const before = this.memberViolation(lambda);
    const { fresh } = this;
    this.settle(model, target, 1, this.evaluateAt(from, direction, 1));
    if (this.memberViolation(lambda) < 0.9 * before) return true;
    this.settle(model, model.start, 0, this.evaluateAt(from, direction, 0));
    this.fresh = fresh;
    return false;
  }

  private evaluateAt(from: Float64Array, direction: Float64Array, length: number): number {
    for (let i = 0; i < from.length; i++) this.predictor[i] = from[i] + length * direction[i];
    return this.evaluate(this.predictor);
  }

  /** Makes the point last evaluated the current one. */
  private settle(model: QuadraticLasso, target: Float64Array, length: number, likelihood: number): void {
    for (let m = 0; m < model.size; m++) {
      const moved = length === 1 ? target[m] : model.start[m] + length * (target[m] - model.start[m]);
      this.coefficients[this.members[m]] = moved;
    }
    this.likelihood = likelihood;
    this.fresh &&= length === 0;
    this.problem.likelihood.takeResidual();
    for (const j of this.members) this.gradient[j] = this.slope(j);
  }

  private evaluate(predictor: Float64Array): number {
    this.problem.likelihood.predictor.set(predictor);
    return this.problem.likelihood.evaluatePredictor() / this.problem.totalWeight;
  }

  private takeGradient(columns: Int32Array | null): void {
    if (columns) for (const j of columns) this.gradient[j] = this.slope(j);
    else for (let j = 0; j < this.gradient.length; j++) this.gradient[j] = this.slope(j);
  }

  private slope(j: number): number {
    return -dot(this.problem.likelihood.residual, this.problem.columns[j]) / this.problem.totalWeight;
  }

  private enter(j: number): void {
    if (this.isMember[j]) return;
    this.isMember[j] = 1;
    this.members.push(j);
    if (this.members.length > this.capacity) this.grow();
    if (this.captured) this.fill(this.members.length - 1);
  }

  private refresh(): void {
    this.hessian.capture(this.problem.likelihood.risk);
    this.captured = true;
    this.fresh = true;
    this.factor.forget();
    for (let m = 0; m < this.members.length; m++) this.fill(m);
  }

  /** The matrix's row and column of a member, against the members up to it. */
  private fill(m: number): void {
    const { members, matrix, capacity, product } = this;
    const { columns, totalWeight } = this.problem;
    this.hessian.multiply(columns[members[m]], product);
    for (let i = 0; i <= m; i++) {
      const value = dot(product, columns[members[i]]) / totalWeight;
      matrix[m * capacity + i] = value;
      matrix[i * capacity + m] = value;
    }
  }

  private grow(): void {
    const old = this.capacity;
    this.capacity = Math.min(this.gradient.length, 2 * old);
    const matrix = new Float64Array(this.capacity ** 2);
    for (let r = 0; r < old; r++) matrix.set(this.matrix.subarray(r * old, (r + 1) * old), r * this.capacity);
    this.matrix = matrix;
  }
}

function penalty({ lasso, ridge }: QuadraticLasso, m: number, b: number): number {
  return lasso[m] * Math.abs(b) + 0.5 * ridge[m] * b * b;
}

function addScaled(into: Float64Array, x: Float64Array, factor: number): void {
  for (let i = 0; i < into.length; i++) into[i] += factor * x[i];
}

function maximum(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
