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
    if (point && (point.length !== size || !goal.every((t, m) => Math.sign(t) === Math.sign(before[m])))) {
      this.forget();
    } else if (point) {
      const moved = goal.map((t, m) => t - before[m]);
      // The newest first: of differences that say the same the factor leaves out the later.
      this.targets = [moved, ...this.targets.slice(0, DEPTH - 1)];
      this.lefts = [moved.map((t, m) => now[m] - point[m] - t), ...this.lefts.slice(0, DEPTH - 1)];
    }
    this.point = now;
    this.target = goal;
    if (this.lefts.length === 0) return;
    const weights = this.weights(now.map((b, m) => b - goal[m]));
    const mixed = goal.slice();
    this.targets.forEach((moved, k) => {
      for (let m = 0; m < size; m++) mixed[m] -= weights[k] * moved[m];
    });
    if (mixed.every((t, m) => Number.isFinite(t) && Math.sign(t) === Math.sign(goal[m]))) target.set(mixed);
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

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let m = 0; m < a.length; m++) sum += a[m] * b[m];
  return sum;
}
