import { factorise, solveFactorised } from './cholesky.ts';

const DEPTH = 5;

/**
 * Speeds up steps b → t(b) that converge linearly, as those of a stale matrix do: a mixture of the last points that would
 * be stationary if t were affine on what they span (Anderson acceleration).
 *
 * Reference: Walker & Ni 2011.
 */
export class StepHistory {
  private size = 0;
  private room = 0;
  private hasPoint = false;
  /** Differences that are remembered. */
  private count = 0;
  private point = new Float64Array();
  private target = new Float64Array();
  private left = new Float64Array();
  private mixed = new Float64Array();
  /** Differences of subsequent targets, and of what was left to go; the newest first. */
  private targets: Float64Array[] = [];
  private lefts: Float64Array[] = [];
  private readonly products = new Float64Array(DEPTH * DEPTH);
  private readonly weights = new Float64Array(DEPTH);
  private readonly reference = new Float64Array(DEPTH);

  forget(): void {
    this.hasPoint = false;
    this.count = 0;
  }

  /** Replaces the first `size` elements of the target by a better one, if its signs would be the same. */
  improve(from: Float64Array, target: Float64Array, size: number): void {
    if (size !== this.size) this.resize(size);
    const { point, target: before, left, mixed, weights } = this;
    if (this.hasPoint && !sameSigns(target, before, size)) this.forget();
    else if (this.hasPoint) this.remember(from, target);
    this.hasPoint = true;
    for (let m = 0; m < size; m++) {
      point[m] = from[m];
      before[m] = target[m];
      left[m] = from[m] - target[m];
      mixed[m] = target[m];
    }
    if (this.count === 0) return;
    this.weigh();
    for (let k = 0; k < this.count; k++) {
      const moved = this.targets[k];
      for (let m = 0; m < size; m++) mixed[m] -= weights[k] * moved[m];
    }
    if (!sameSigns(mixed, target, size)) return;
    for (let m = 0; m < size; m++) target[m] = mixed[m];
  }

  private resize(size: number): void {
    this.forget();
    this.size = size;
    if (size <= this.room) return;
    this.room = 2 * size;
    const make = () => new Float64Array(this.room);
    [this.point, this.target, this.left, this.mixed] = [make(), make(), make(), make()];
    this.targets = Array.from({ length: DEPTH }, make);
    this.lefts = Array.from({ length: DEPTH }, make);
  }

  /** The newest first: of differences that say the same the factor leaves out the later. */
  private remember(from: Float64Array, goal: Float64Array): void {
    const { targets, lefts, point, target, size } = this;
    for (const list of [targets, lefts]) list.unshift(...list.splice(DEPTH - 1));
    const [moved] = targets;
    const [left] = lefts;
    for (let m = 0; m < size; m++) {
      moved[m] = goal[m] - target[m];
      left[m] = from[m] - (point[m] + moved[m]);
    }
    this.count = Math.min(this.count + 1, DEPTH);
  }

  /** Least squares of what is left to go by its differences. */
  private weigh(): void {
    const { lefts, left, count, size, products, weights, reference } = this;
    for (let k = 0; k < count; k++) {
      for (let l = 0; l <= k; l++) products[k * count + l] = inner(lefts[k], lefts[l], size);
      reference[k] = products[k * count + k];
      weights[k] = inner(lefts[k], left, size);
    }
    factorise(products, count, reference, 1e-10);
    solveFactorised(products, count, weights);
  }
}

/** False where a number is none. */
function sameSigns(a: Float64Array, b: Float64Array, size: number): boolean {
  for (let m = 0; m < size; m++)
    if (!(Math.sign(a[m]) === Math.sign(b[m]) && Math.abs(a[m]) < Infinity)) return false;
  return true;
}

function inner(a: Float64Array, b: Float64Array, size: number): number {
  let sum = 0;
  for (let m = 0; m < size; m++) sum += a[m] * b[m];
  return sum;
}
