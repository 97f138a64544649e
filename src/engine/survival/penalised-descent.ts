import type { Asking } from './column-request.ts';
import type { PenalisedConditions } from './penalised-conditions.ts';
import type { PenalisedProblem } from './penalised-problem.ts';
import type { PenalisedState } from './penalised-state.ts';
import type { QuadraticLasso } from './quadratic-lasso.ts';
import { StepHistory } from './step-history.ts';
import { WorkingModel } from './working-model.ts';

/** What a number costs, in multiplications of a vector's: to be scanned for the information, to be part of a gradient. */
const SCAN_COST = 25;
const GRADIENT_COST = 2;
/** What a step costs whatever its size. */
const STEP_COST = 50_000;
/** How much a new matrix may cost, as a share of what it saves. */
const SHARE = 0.6;
/** Steps that one which gained nothing is taken to leave to go. */
const MOST_REMAINING = 40;

/**
 * Proximal Newton steps on a working set of columns. The matrix of the quadratic model is kept while it serves, over
 * many λ, and taken anew when that costs less than the steps it would save; gradients are always exact, so that the
 * end point is.
 */
export class PenalisedDescent {
  readonly model: WorkingModel;
  private readonly problem: PenalisedProblem;
  private readonly state: PenalisedState;
  private readonly history = new StepHistory();
  /** What a violation of the model may be less than one of the conditions. */
  private readonly leastSpread: number;
  private conditions: PenalisedConditions | undefined;
  private changes = new Float64Array();
  /** What steps beyond those of a good matrix have cost since it was taken. */
  private excess = 0;

  constructor(problem: PenalisedProblem, state: PenalisedState) {
    this.problem = problem;
    this.state = state;
    this.model = new WorkingModel(problem);
    this.leastSpread = problem.spread.reduce((least, spread) => Math.min(least, spread), 1);
  }

  /** Steps until the members' conditions hold to within `limit`; returns how many it took. */
  *run(conditions: PenalisedConditions, limit: number, most: number): Asking<number> {
    const { model, state } = this;
    let steps = 0;
    let before = Infinity;
    let least = Infinity;
    let idle = 0;
    if (conditions !== this.conditions) this.history.forget();
    this.conditions = conditions;
    model.quadratic.damping = 0;
    for (; steps < most; steps++) {
      const violation = this.violation(conditions);
      if (violation <= limit) break;
      // At the rounding of the gradient no step helps any more.
      if (violation < 0.7 * least) {
        least = violation;
        idle = 0;
      } else if (++idle > 20) break;
      if (this.isStale(steps, before, violation, limit)) {
        this.capture(conditions);
      }
      before = violation;
      const quadratic = model.prepare(state, conditions);
      const exact = model.fresh && quadratic.precision === 'double';
      quadratic.solve(this.leastSpread * Math.max(0.05 * limit, violation * (exact ? 1e-6 : 1e-3)));
      this.history.improve(quadratic.start, quadratic.solution, quadratic.size);
      if (!(yield* this.moveTo(quadratic, conditions))) {
        if (!model.fresh) this.capture(conditions);
        else if (state.precision === 'single') break;
        else if (quadratic.damping < 1e6) {
          quadratic.damping = Math.max(1e-12, 4 * quadratic.damping);
        } else break;
      } else if (quadratic.damping > 0) {
        quadratic.damping = quadratic.damping > 1e-14 ? quadratic.damping / 4 : 0;
      }
    }
    return steps;
  }

  /** Leaves single precision for good. */
  refine(): void {
    this.state.precision = 'double';
    this.model.captured = false;
  }

  private capture(conditions: PenalisedConditions): void {
    this.model.capture(this.state, conditions);
    this.history.forget();
    this.excess = 0;
  }

  /** The largest of the members. */
  violation(conditions: PenalisedConditions): number {
    const { coefficients, gradient } = this.state;
    let worst = 0;
    for (const j of this.model.members) {
      worst = Math.max(worst, conditions.violation(j, coefficients[j], gradient[j]));
    }
    return worst;
  }

  /** Whether the steps that a stale matrix has cost and will still cost, at the rate seen, cost more than taking it anew. */
  private isStale(steps: number, before: number, now: number, limit: number): boolean {
    const { model, problem } = this;
    if (!model.captured) return true;
    if (model.fresh || !(before < Infinity)) return false;
    const size = model.members.length;
    const step = 2 * size * problem.rows * GRADIENT_COST + 3 * size * size + STEP_COST;
    if (steps > 2) this.excess += step;
    const anew = size * problem.rows * (size / 2 + SCAN_COST) + size ** 3 / 6;
    // The first step may change the support more than it gains.
    const rate = steps > 1 ? now / before : 0;
    const remaining = rate < 0.9 ? Math.log(limit / now) / Math.log(rate) : MOST_REMAINING;
    return this.excess + remaining * step > SHARE * anew;
  }

  /** Moves to the model's solution, or towards it as far as the objective falls; false, and unmoved, where nothing is gained. */
  private *moveTo(model: QuadraticLasso, conditions: PenalisedConditions): Asking<boolean> {
    const { state } = this;
    const { members } = this.model;
    const { size, solution, start, gradient } = model;
    if (this.changes.length < size) this.changes = new Float64Array(2 * size);
    let expected = 0;
    for (let m = 0; m < size; m++) {
      const change = solution[m] - start[m];
      this.changes[m] = change;
      if (change !== 0) expected += gradient[m] * change + penaltyGain(model, m, solution[m]);
    }
    const objective = -state.likelihood;
    // A gain this small is lost in the rounding of the objective, but not in that of the gradient.
    const lost = 1e-12 * (1 + Math.abs(objective));
    // A model that promises a loss was not solved: its matrix is singular to within rounding.
    if (expected > lost) return false;
    yield* state.aim(members, this.changes, size);
    if (expected > -lost) return yield* this.moveBlindly(model, conditions);
    for (let share = 1; share > 1e-3; share /= 2) {
      const likelihood = state.tryAt(share);
      let gain = -likelihood - objective;
      for (let m = 0; m < size; m++) gain += penaltyGain(model, m, start[m] + share * this.changes[m]);
      if (!(gain <= 1e-4 * share * expected)) continue;
      yield* this.settle(model, share, likelihood);
      return true;
    }
    yield* this.settle(model, 0, state.tryAt(0));
    return false;
  }

  private *moveBlindly(model: QuadraticLasso, conditions: PenalisedConditions): Asking<boolean> {
    const before = this.violation(conditions);
    const { fresh } = this.model;
    yield* this.settle(model, 1, this.state.tryAt(1));
    if (this.violation(conditions) < 0.9 * before) return true;
    yield* this.settle(model, 0, this.state.tryAt(0));
    this.model.fresh = fresh;
    return false;
  }

  /** Stays at the share of the way last tried. */
  private *settle(model: QuadraticLasso, share: number, likelihood: number): Asking<void> {
    const { members } = this.model;
    for (let m = 0; m < model.size; m++) {
      const moved = share === 1 ? model.solution[m] : model.start[m] + share * this.changes[m];
      this.state.coefficients[members[m]] = moved;
    }
    this.model.fresh &&= share === 0;
    this.state.settle(likelihood);
    yield* this.state.takeGradient(members);
  }
}

/** What the penalty of a variable is more at b than where the step began. */
function penaltyGain({ lasso, ridge, start }: QuadraticLasso, m: number, b: number): number {
  const a = start[m];
  return lasso[m] * (Math.abs(b) - Math.abs(a)) + 0.5 * ridge[m] * (b * b - a * a);
}
