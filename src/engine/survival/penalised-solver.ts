import type { Asking } from './column-request.ts';
import { PenalisedConditions, type PenaltyRoom } from './penalised-conditions.ts';
import { PenalisedDescent } from './penalised-descent.ts';
import type { PenalisedProblem } from './penalised-problem.ts';
import { PenalisedState } from './penalised-state.ts';

const MOST_STEPS = 500;
/** Share of λ. */
const ROUGH = 0.03;
/** What steps in single precision may make of a violation before the gradient is to be made exact. */
const SHARP = 1e-5;
/** What of the largest violation allowed is aimed at. */
const SHARE = 0.5;
/** Share of the columns whose gradient is made exact one by one, before it is for all. */
const MOST_DOUBTFUL = 0.02;
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
  private readonly all: Int32Array;
  // One of each for all λ: by column they would be most of what is left to be collected.
  private readonly room: PenaltyRoom;
  private readonly strong: Uint8Array;
  private readonly outside: Int32Array;

  constructor(problem: PenalisedProblem, alpha: number, tolerance: number) {
    this.problem = problem;
    this.alpha = alpha;
    this.tolerance = tolerance;
    this.state = new PenalisedState(problem);
    this.descent = new PenalisedDescent(problem, this.state);
    const { width } = problem;
    this.all = Int32Array.from({ length: width }, (_, j) => j);
    this.room = { lasso: new Float64Array(width), ridge: new Float64Array(width) };
    this.strong = new Uint8Array(width);
    this.outside = new Int32Array(width);
  }

  /** To be called first of all. */
  *begin(): Asking<void> {
    const { state, all } = this;
    yield* state.sharpen(all);
    state.takeBase();
  }

  /** @param lambda Infinity leaves only the columns without a penalty; @param previous where the fit stands. */
  *solve(lambda: number, previous: number): Asking<PenalisedPoint> {
    const { problem, alpha, state, descent } = this;
    const { model } = descent;
    const conditions = new PenalisedConditions(problem, alpha, lambda, state.gradient, this.room);
    // No column can violate by less than a fraction of this.
    const limit = this.tolerance * conditions.unit;
    for (let j = 0; j < problem.width; j++) if (conditions.lasso[j] === 0) model.enter(j);
    // Whoever would enter without a step of the others is likely to enter.
    yield* this.enterViolators(null, conditions, limit);
    const strong = this.strongSet(lambda, previous);
    let steps = 0;
    let before = Infinity;
    let violation = Infinity;
    for (let goal = Math.max(limit, ROUGH * conditions.unit); ; ) {
      // A round counts even without a step, so that there is an end to them.
      steps += Math.max(1, yield* descent.run(conditions, goal, MOST_STEPS - steps));
      // Columns are looked for where the members stand roughly, and only then is a point worth its last digits.
      const sharp = Math.max(SHARE * limit, (state.precision === 'single' ? SHARP : 0) * conditions.unit);
      if (goal > sharp && steps < MOST_STEPS) {
        // Few columns are looked through at once, many only where they are likely to enter.
        const among = problem.width > 5 * model.members.length ? strong : null;
        yield* state.takeOthersGradient(this.others(among));
        if (yield* this.enterViolators(among, conditions, limit)) continue;
        goal = ROUGH * goal < ROUGH ** 2 * conditions.unit ? sharp : Math.max(sharp, ROUGH * goal);
        continue;
      }
      yield* this.sharpen(conditions);
      violation = this.violation(conditions);
      if (steps >= MOST_STEPS) break;
      const entered = yield* this.enterViolators(null, conditions, limit);
      if (violation <= limit) break;
      if (!entered && violation > LEAST_PROGRESS * before) {
        if (state.precision === 'double') break;
        descent.refine();
        yield* state.takeExactGradient(this.others(null));
        state.takeBase();
      }
      before = violation;
      goal = Math.max(SHARE * limit, SHARP * violation);
    }
    return { likelihood: state.likelihood, violation: violation / conditions.unit, steps };
  }

  /** Makes the predictor exact, and the gradient of all columns but for those certain not to enter. */
  private *sharpen({ lasso }: PenalisedConditions): Asking<void> {
    const { state, problem, all } = this;
    if (state.precision === 'double') {
      yield* state.sharpen(all);
      state.takeBase();
      return;
    }
    yield* state.sharpen(this.descent.model.members);
    const others = this.others(null);
    const error = yield* state.takeOthersGradient(others);
    const { lengths } = problem.design;
    const doubtful = others.filter((j) => !(Math.abs(state.gradient[j]) + error * lengths[j] <= lasso[j]));
    if (doubtful.length <= MOST_DOUBTFUL * problem.width) {
      yield* state.takeExactGradient(doubtful);
      return;
    }
    yield* state.takeExactGradient(others);
    state.takeBase();
  }

  private violation(conditions: PenalisedConditions): number {
    const { gradient } = this.state;
    const { isMember } = this.descent.model;
    const { lasso } = conditions;
    let worst = this.descent.violation(conditions);
    // Who is no member has no coefficient.
    for (let j = 0; j < gradient.length; j++) {
      if (isMember[j] === 0 && Math.abs(gradient[j]) > lasso[j])
        worst = Math.max(worst, conditions.violation(j, 0, gradient[j]));
    }
    return worst;
  }

  /** Columns that may enter between the previous λ and this one, if no gradient changes faster than λ does. */
  private strongSet(lambda: number, previous: number): Uint8Array {
    const { lassoFactors, width } = this.problem;
    const strong = this.strong.fill(0);
    if (!(lambda < Infinity)) return strong;
    const least = this.alpha * (2 * lambda - Math.min(previous, 2 * lambda));
    for (let j = 0; j < width; j++) {
      const factor = lassoFactors[j];
      if (factor < Infinity && Math.abs(this.state.gradient[j]) >= factor * least) strong[j] = 1;
    }
    return strong;
  }

  /** The columns, or those among them, that are no members; until it is asked for again. */
  private others(among: Uint8Array | null): Int32Array {
    const { isMember } = this.descent.model;
    const { outside: others } = this;
    let count = 0;
    for (let j = 0; j < isMember.length; j++) {
      if (isMember[j] === 0 && (!among || among[j] === 1)) others[count++] = j;
    }
    return others.subarray(0, count);
  }

  private *enterViolators(
    among: Uint8Array | null,
    conditions: PenalisedConditions,
    limit: number,
  ): Asking<boolean> {
    const { model } = this.descent;
    const { isMember } = model;
    const { gradient } = this.state;
    const { lasso } = conditions;
    const candidates: number[] = [];
    for (let j = 0; j < gradient.length; j++) {
      if (!(Math.abs(gradient[j]) > lasso[j])) continue;
      if (!(conditions.violation(j, 0, gradient[j]) > limit)) continue;
      if (isMember[j] === 0 && (!among || among[j] === 1)) candidates.push(j);
    }
    if (candidates.length === 0) return false;
    const violation = (j: number) => conditions.violation(j, 0, gradient[j]);
    candidates.sort((a, b) => violation(b) - violation(a));
    const entering = candidates.slice(0, Math.max(8, model.members.length >> 1));
    for (const j of entering) model.enter(j);
    if (this.state.precision === 'single') yield* this.state.admit(entering);
    return true;
  }
}
