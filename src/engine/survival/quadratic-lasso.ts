import { descendBySweeps } from './quadratic-descent.ts';
import { exchangeSets } from './quadratic-exchange.ts';
import { SupportFactor } from './support-factor.ts';
import { FLOATS, type Precision, padded, VectorMemory } from './vector-memory.ts';

const LEAST_DAMPING = { double: 1e-12, single: 1e-5 };
const MOST_RAISES = 10;

/**
 * min over b of gᵀ(b − a) + ½ (b − a)ᵀ (H + δ) (b − a) + Σ (l_j |b_j| + ½ q_j b_j²), dense, of the first `size` variables: to
 * be filled in through its arrays, which are new ones after {@link reserve}.
 *
 * Solved by exchanging, between the support with its signs and the rest, all variables whose optimality condition is
 * violated (block principal pivoting), and, should that go in circles, by steps that descend.
 *
 * Reference: Portugal, Júdice & Vicente 1994; Kim & Park 2011.
 */
export class QuadraticLasso {
  size = 0;
  damping = 0;
  gradient: Float64Array = new Float64Array();
  start: Float64Array = new Float64Array();
  lasso: Float64Array = new Float64Array();
  ridge: Float64Array = new Float64Array();
  /** b: where to begin, and the solution. */
  solution: Float64Array = new Float64Array();
  /** Of the matrix and its factor; vectors are double, and what changes them is computed as a change. */
  readonly precision: Precision;
  /** Where H stands: row-major from element `matrix` on, `stride` elements a row; full, and 0 beyond `size`. */
  values: Float64Array | Float32Array = new Float64Array();
  matrix = 0;
  stride = 0;
  private memory = new VectorMemory(0, 0);
  private matrixAt = 0;
  private productAt = 0;
  factor = new SupportFactor(this.memory, 0, 0);
  /** The gradient of the smooth part at b. */
  smooth: Float64Array = new Float64Array();
  private product: Float64Array = new Float64Array();
  private unknown: Float64Array = new Float64Array();
  private factors: Float64Array = new Float64Array();
  private index = new Int32Array();
  /** The share of a violation that a step of the factor was seen to leave, and in which of its {@link SupportFactor.version versions}. */
  readonly seen = { version: -1, share: 0 };
  /** Working room: a change of b, and the signs that the support holds. */
  change: Float64Array = new Float64Array();
  sign = new Int8Array();
  /** q + δ. */
  onDiagonal: Float64Array = new Float64Array();

  constructor(precision: Precision = 'double') {
    this.precision = precision;
  }

  /** Makes room for more variables; keeps what is there. */
  reserve(size: number): void {
    if (size <= this.stride) return;
    const { precision, values: old, matrix: from, stride: before } = this;
    const stride = 2 * padded(Math.max(size, 1.5 * before, 128), 'single');
    const room = padded(stride * stride, precision) + stride + SupportFactor.room(stride, precision);
    this.memory = new VectorMemory(room, stride);
    this.values = this.memory.elements(precision);
    this.matrixAt = this.memory.take(stride * stride, precision);
    this.matrix = this.matrixAt * FLOATS[precision];
    for (let r = 0; r < this.size; r++) {
      const row = old.subarray(from + r * before, from + (r + 1) * before);
      this.values.set(row, this.matrix + r * stride);
    }
    this.productAt = this.memory.take(stride, precision);
    this.factor = new SupportFactor(this.memory, this.matrixAt, stride, precision);
    this.seen.version = -1;
    this.stride = stride;
    for (const name of [
      'smooth',
      'product',
      'unknown',
      'gradient',
      'start',
      'lasso',
      'ridge',
      'solution',
      'onDiagonal',
      'change',
      'factors',
    ] as const) {
      const grown = new Float64Array(stride);
      grown.set(this[name]);
      this[name] = grown;
    }
    this.index = new Int32Array(stride);
    this.sign = new Int8Array(stride);
  }

  /** To be called when the matrix has changed. */
  forget(): void {
    this.factor.forget();
  }

  /** Adds to `solution` until no optimality condition is violated by more than `tolerance`, or rounding ends it. */
  solve(tolerance: number): void {
    this.begin();
    for (let raises = 0; !exchangeSets(this, tolerance); raises++) {
      if (raises === MOST_RAISES) {
        this.begin();
        descendBySweeps(this, tolerance);
        return;
      }
      // A matrix that is singular to within rounding: its flat directions are bounded, and followed step by step.
      this.damping = Math.max(10 * this.damping, LEAST_DAMPING[this.precision]);
      this.solution.set(this.start);
      this.begin();
    }
  }

  /** Computes the gradient of the smooth part from where the variables began. */
  begin(): void {
    const { size, smooth, solution: b, start, gradient, ridge, damping, onDiagonal } = this;
    let changed = false;
    for (let j = 0; j < size; j++) {
      const added = ridge[j] + damping;
      changed ||= added !== onDiagonal[j] && this.factor.position[j] >= 0;
      onDiagonal[j] = added;
    }
    if (changed) this.factor.forget();
    for (let j = 0; j < size; j++) smooth[j] = gradient[j] + ridge[j] * b[j] + damping * (b[j] - start[j]);
    const { change } = this;
    for (let j = 0; j < size; j++) change[j] = b[j] - start[j];
    this.addRows(change);
  }

  /** Adds the matrix times a change to the gradient of the smooth part. */
  private addRows(change: Float64Array): void {
    const { index, factors } = this;
    let count = 0;
    for (let j = 0; j < this.size; j++) {
      if (change[j] === 0) continue;
      index[count] = j;
      factors[count++] = change[j];
    }
    if (count === 0) return;
    const { memory, precision, productAt, product, smooth, size } = this;
    product.fill(0);
    memory.put(product, productAt, precision);
    const row = this.stride / FLOATS[precision];
    memory.combine(productAt, this.matrixAt, row, index, factors, count, size, precision);
    memory.read(productAt, product, precision);
    for (let j = 0; j < size; j++) smooth[j] += product[j];
  }

  /** Moves by a step of the factor: the support comes to rest but for rounding, so that the matrix is read for the others alone. */
  rest(sign: Int8Array, change: Float64Array): void {
    const { size, solution: b, smooth, lasso, factor, index, memory, precision, productAt } = this;
    let count = 0;
    for (let j = 0; j < size; j++) {
      if (factor.position[j] < 0) {
        index[count++] = j;
        continue;
      }
      b[j] += change[j];
      smooth[j] = -sign[j] * lasso[j];
    }
    memory.put(change, productAt, precision);
    const row = this.stride / FLOATS[precision];
    const products = memory.products(productAt, this.matrixAt, row, index, count, size, precision);
    for (let k = 0; k < count; k++) smooth[index[k]] += products[k];
  }

  move(change: Float64Array): void {
    const { size, solution: b, smooth, onDiagonal } = this;
    this.addRows(change);
    for (let j = 0; j < size; j++) {
      b[j] += change[j];
      smooth[j] += onDiagonal[j] * change[j];
    }
  }

  /** Brings the factor to the variables with a sign. */
  support(sign: Int8Array): void {
    const { size, factor, lasso, solution: b } = this;
    const gone: number[] = [];
    const come: number[] = [];
    for (let j = 0; j < size; j++) {
      const belongs = sign[j] !== 0 || lasso[j] === 0;
      if (belongs && factor.position[j] < 0) come.push(j);
      else if (!belongs && factor.position[j] >= 0) gone.push(j);
    }
    let rotations = 0;
    for (const j of gone) rotations += (factor.count - factor.position[j]) ** 2;
    // A number takes a rotation ten times as long as the product of a new factor.
    if (10 * rotations > factor.count ** 3 / 3) {
      factor.forget();
      come.length = 0;
      for (let j = 0; j < size; j++) if (sign[j] !== 0 || lasso[j] === 0) come.push(j);
      // Who is likely to go stands last, where going is cheap.
      come.sort((i, j) => Math.abs(b[j]) - Math.abs(b[i]) || i - j);
    } else {
      gone.sort((i, j) => factor.position[j] - factor.position[i]);
      for (const j of gone) factor.remove(j);
    }
    if (come.length > 0) factor.append(come, this.onDiagonal);
    for (const j of come) if (factor.position[j] < 0 && b[j] === 0) sign[j] = 0;
  }

  /** The step to where the support with its signs is stationary. */
  step(sign: Int8Array, change: Float64Array): void {
    const { factor, smooth, lasso } = this;
    const { count, variables } = factor;
    const { unknown: step } = this;
    for (let r = 0; r < count; r++) {
      const j = variables[r];
      step[r] = -(smooth[j] + sign[j] * lasso[j]);
    }
    factor.solve(step);
    for (let r = 0; r < count; r++) change[variables[r]] = step[r];
  }

  violation(): number {
    const { size, smooth, lasso, solution: b } = this;
    let worst = 0;
    for (let j = 0; j < size; j++) {
      const v =
        b[j] === 0 ? Math.abs(smooth[j]) - lasso[j] : Math.abs(smooth[j] + Math.sign(b[j]) * lasso[j]);
      if (v > worst) worst = v;
    }
    return worst;
  }
}
