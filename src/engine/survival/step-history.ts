import { factorise, solveFactorised } from './cholesky.ts';

const DEPTH = 5;

/**
 * Speeds up steps b → t(b) that converge linearly, as those of a stale matrix do: a mixture of the last points that would
 * be stationary if t were affine on what they span (Anderson acceleration).
 *
 * Reference: Walker & Ni 2011.
 */
export class StepHistory {
  private point: Float64Array | null = null;
  private target = new Float64Array();
  /** Differences of subsequent targets, and of what was left to go. */
  private targets: Float64Array[] = [];
  private lefts: Float64Array[] = [];

  forget(): void {
    this.point = null;
    this.targets = [];
    this.lefts = [];
  }

  /** Replaces the first `size` elements of the target by a better one, if its signs would be the same. */
  improve(from: Float64Array, target: Float64Array, size: number): void {
    const { point, target: before } = this;
    const now = from.slice(0, size);
    const goal = target.slice(0, size);
    if (point && (point.length !== size || !sameSigns(goal, before))) this.forget();
    else if (point) this.remember(now, goal, point, before);
    this.point = now;
    this.target = goal;
    if (this.lefts.length === 0) return;
    const left = now.slice();
    for (let m = 0; m < size; m++) left[m] -= goal[m];
    const weights = this.weights(left);
    const mixed = goal.slice();
    for (let k = 0; k < weights.length; k++) {
      const moved = this.targets[k];
      for (let m = 0; m < size; m++) mixed[m] -= weights[k] * moved[m];
    }
    if (sameSigns(mixed, goal)) target.set(mixed);
  }

  /** The newest first: of differences that say the same the factor leaves out the later. */
  private remember(now: Float64Array, goal: Float64Array, point: Float64Array, before: Float64Array): void {
    const moved = goal.slice();
    const left = now.slice();
    for (let m = 0; m < goal.length; m++) {
      moved[m] -= before[m];
      left[m] -= point[m] + moved[m];
    }
    this.targets = [moved, ...this.targets.slice(0, DEPTH - 1)];
    this.lefts = [left, ...this.lefts.slice(0, DEPTH - 1)];
  }

  /** Least squares of what is left to go by its differences. */
  private weights(left: Float64Array): Float64Array {
    const { lefts } = this;
    const count = lefts.length;
    const products = new Float64Array(count * count);
    const weights = new Float64Array(count);
    const reference = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      for (let l = 0; l <= k; l++) products[k * count + l] = inner(lefts[k], lefts[l]);
      reference[k] = products[k * count + k];
      weights[k] = inner(lefts[k], left);
    }
    factorise(products, count, reference, 1e-10);
    solveFactorised(products, count, weights);
    return weights;
  }
}

/** False where a number is none. */
function sameSigns(a: Float64Array, b: Float64Array): boolean {
  for (let m = 0; m < a.length; m++)
    if (!(Math.sign(a[m]) === Math.sign(b[m]) && Math.abs(a[m]) < Infinity)) return false;
  return true;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let m = 0; m < a.length; m++) sum += a[m] * b[m];
  return sum;
}
