import { PenalisedConditions } from './penalised-conditions.ts';
import { PenalisedDescent } from './penalised-descent.ts';
import type { PenalisedProblem } from './penalised-problem.ts';
import { PenalisedState } from './penalised-state.ts';

const MOST_STEPS = 500;
/** Share of λ. */
const ROUGH = 0.03;
/** What steps in single precision may make of a violation before the gradient is to be made exact. */
const SHARP = 1e-5;
/** What is at least to be gained between two exact gradients. */
const LEAST_PROGRESS = 0.1;

/** What holds at one λ: coefficients of the standardised columns stay in the solver. */
export interface PenalisedPoint {
  /** ℓ/W. */
  readonly likelihood: number;
  /** Largest violation of the optimality conditions over all columns, divided by λ. */
  readonly violation: number;
  readonly steps: number;
}

/**
 * Solves a {@link PenalisedProblem} for one λ after another, each from the solution before it: {@link PenalisedDescent
 * steps} on the columns that ever mattered, which grow by those whose conditions are found violated.
 *
 * References: Simon et al. 2011; Friedman et al. 2010; Tibshirani et al. 2012 (the sequential strong rule).
 */
export class PenalisedSolver {
  readonly state: PenalisedState;
  private readonly problem: PenalisedProblem;
  private readonly alpha: number;
  private readonly tolerance: number;
  private readonly descent: PenalisedDescent;

  constructor(problem: PenalisedProblem, alpha: number, tolerance: number) {
    this.problem = problem;
    this.alpha = alpha;
    this.tolerance = tolerance;
    this.state = new PenalisedState(problem);
    this.descent = new PenalisedDescent(problem, this.state);
  }

  /** @param lambda Infinity leaves only the columns without a penalty; @param previous where the fit stands. */
  solve(lambda: number, previous: number): PenalisedPoint {
    const { problem, alpha, state, descent } = this;
    const { model } = descent;
    const conditions = new PenalisedConditions(problem, alpha, lambda, state.gradient);
    // No column can violate by less than a fraction of this.
    const limit = this.tolerance * conditions.unit;
    for (let j = 0; j < problem.width; j++) if (conditions.lasso[j] === 0) model.enter(j);
    // Whoever would enter without a step of the others is likely to enter.
    this.enterViolators(null, conditions, limit);
    const strong = this.strongSet(lambda, previous);
    let steps = 0;
    let before = Infinity;
    let violation = Infinity;
    for (let goal = Math.max(limit, ROUGH * conditions.unit); ; ) {
      // A round counts even without a step, so that there is an end to them.
      steps += Math.max(1, descent.run(conditions, goal, MOST_STEPS - steps));
      // Columns are looked for where the members stand roughly, and only then is a point worth its last digits.
      const sharp = Math.max(limit, (state.precision === 'single' ? SHARP : 0) * conditions.unit);
      if (goal > sharp && steps < MOST_STEPS) {
        // Few columns are looked through at once, many only where they are likely to enter.
        const among = problem.width > 5 * model.members.length ? strong : null;
        state.takeGradient(this.others(among));
        if (this.enterViolators(among, conditions, limit)) continue;
        goal = ROUGH * goal < ROUGH ** 2 * conditions.unit ? sharp : Math.max(sharp, ROUGH * goal);
        continue;
      }
      state.sharpen();
      violation = this.violation(conditions);
      if (steps >= MOST_STEPS) break;
      const entered = this.enterViolators(null, conditions, limit);
      if (violation <= limit) break;
      if (!entered && violation > LEAST_PROGRESS * before) {
        if (state.precision === 'double') break;
        descent.refine();
      }
      before = violation;
      goal = Math.max(0.5 * limit, SHARP * violation);
    }
    return { likelihood: state.likelihood, violation: violation / conditions.unit, steps };
  }

  private violation(conditions: PenalisedConditions): number {
    const { gradient } = this.state;
    const { lasso } = conditions;
    const { isMember } = this.descent.model;
    let worst = this.descent.violation(conditions);
    // Who is no member has no coefficient.
    for (let j = 0; j < gradient.length; j++) {
      if (isMember[j] === 0) worst = Math.max(worst, Math.abs(gradient[j]) - lasso[j]);
    }
    return worst;
  }

  /** Columns that may enter between the previous λ and this one, if no gradient changes faster than λ does. */
  private strongSet(lambda: number, previous: number): Uint8Array {
    const { factors, width } = this.problem;
    const strong = new Uint8Array(width);
    if (!(lambda < Infinity)) return strong;
    const least = this.alpha * (2 * lambda - Math.min(previous, 2 * lambda));
    for (let j = 0; j < width; j++) {
      if (factors[j] < Infinity && Math.abs(this.state.gradient[j]) >= factors[j] * least) strong[j] = 1;
    }
    return strong;
  }

  /** The columns, or those among them, that are no members. */
  private others(among: Uint8Array | null): Int32Array {
    const { isMember } = this.descent.model;
    const others = new Int32Array(isMember.length);
    let count = 0;
    for (let j = 0; j < isMember.length; j++) {
      if (isMember[j] === 0 && (!among || among[j] === 1)) others[count++] = j;
    }
    return others.subarray(0, count);
  }

  private enterViolators(among: Uint8Array | null, conditions: PenalisedConditions, limit: number): boolean {
    const { model } = this.descent;
    const { isMember } = model;
    const { gradient } = this.state;
    const { lasso } = conditions;
    const candidates: number[] = [];
    for (let j = 0; j < gradient.length; j++) {
      if (!(Math.abs(gradient[j]) - lasso[j] > limit)) continue;
      if (isMember[j] === 0 && (!among || among[j] === 1)) candidates.push(j);
    }
    if (candidates.length === 0) return false;
    const violation = (j: number) => Math.abs(gradient[j]) - lasso[j];
    candidates.sort((a, b) => violation(b) - violation(a));
    for (const j of candidates.slice(0, Math.max(8, model.members.length >> 1))) model.enter(j);
    return true;
  }
}
