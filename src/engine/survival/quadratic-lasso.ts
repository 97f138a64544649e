import { factorise, solveFactorised } from './cholesky.ts';

/** min over b of gᵀ(b − a) + ½ (b − a)ᵀ (H + damping) (b − a) + Σ (l_j |b_j| + ½ q_j b_j²), dense, of the first `size` variables. */
export interface QuadraticLasso {
  readonly size: number;
  /** Row-major with this many elements a row, full and symmetric. */
  readonly matrix: Float64Array;
  readonly stride: number;
  readonly gradient: Float64Array;
  readonly start: Float64Array;
  readonly lasso: Float64Array;
  readonly ridge: Float64Array;
  readonly damping: number;
  /** The factor of the last support's system, kept while matrix, ridge and support stay as they are. */
  readonly factor: SupportFactor;
}

export class SupportFactor {
  support: number[] = [];
  system = new Float64Array();

  /** To be called when the matrix, the ridge or the damping has changed. */
  forget(): void {
    this.support = [];
  }

  /** L D Lᵀ of the support's rows and columns. */
  take(support: number[], { matrix, stride, ridge, damping }: QuadraticLasso): Float64Array {
    const m = support.length;
    if (m === this.support.length && support.every((j, r) => j === this.support[r])) return this.system;
    const system = new Float64Array(m * m);
    const diagonal = new Float64Array(m);
    for (let r = 0; r < m; r++) {
      for (let c = 0; c <= r; c++) system[r * m + c] = matrix[support[r] * stride + support[c]];
      system[r * m + r] += ridge[support[r]] + damping;
      diagonal[r] = system[r * m + r];
    }
    factorise(system, m, diagonal, 1e-13);
    this.support = support;
    this.system = system;
    return system;
  }
}

const SWEEPS = 2000;

/**
 * Solves a {@link QuadraticLasso} in place of `b`, from where b stands, until no optimality condition is violated by
 * more than `tolerance`: the linear system of the support with its signs held, and a sweep of coordinate descent to
 * change the support, in turn.
 */
export function solveQuadraticLasso(problem: QuadraticLasso, b: Float64Array, tolerance: number): void {
  const { size, matrix, stride, gradient, start, ridge, lasso, damping } = problem;
  // The gradient of the smooth part at b.
  const smooth = new Float64Array(size);
  for (let j = 0; j < size; j++) smooth[j] = gradient[j] + ridge[j] * b[j] + damping * (b[j] - start[j]);
  for (let k = 0; k < size; k++) {
    const moved = b[k] - start[k];
    if (moved !== 0) for (let j = 0; j < size; j++) smooth[j] += moved * matrix[k * stride + j];
  }
  let least = Infinity;
  let idle = 0;
  for (let sweep = 1; sweep <= SWEEPS; sweep++) {
    // Where coefficients reach 0 on the way the step is cut there, and taken again without them.
    for (let cut = 0; cut < size && !polish(problem, b, smooth); cut++);
    const now = violation(smooth, b, lasso, size);
    if (now <= tolerance) return;
    // Sums have their own rounding; below it no sweep helps.
    if (now < 0.9 * least) {
      least = now;
      idle = 0;
    } else if (++idle > 30) return;
    for (let j = 0; j < size; j++) {
      const diagonal = matrix[j * stride + j] + ridge[j] + damping;
      if (!(diagonal > 0)) continue;
      const target = b[j] * diagonal - smooth[j];
      const shrunk = target > lasso[j] ? target - lasso[j] : target < -lasso[j] ? target + lasso[j] : 0;
      const change = shrunk / diagonal - b[j];
      if (change === 0) continue;
      b[j] += change;
      const row = j * stride;
      for (let k = 0; k < size; k++) smooth[k] += change * matrix[row + k];
      smooth[j] += change * (ridge[j] + damping);
    }
  }
}

function violation(smooth: Float64Array, b: Float64Array, lasso: Float64Array, size: number): number {
  let worst = 0;
  for (let j = 0; j < size; j++) {
    const v =
      b[j] > 0
        ? Math.abs(smooth[j] + lasso[j])
        : b[j] < 0
          ? Math.abs(smooth[j] - lasso[j])
          : Math.abs(smooth[j]) - lasso[j];
    if (v > worst) worst = v;
  }
  return worst;
}

/** A Newton step on the support with its signs held, cut where a coefficient would cross 0; updates b and smooth. */
function polish(problem: QuadraticLasso, b: Float64Array, smooth: Float64Array): boolean {
  const { size, matrix, stride, lasso, ridge, damping } = problem;
  const support: number[] = [];
  for (let j = 0; j < size; j++) if (b[j] !== 0) support.push(j);
  const m = support.length;
  if (m === 0) return true;
  const step = Float64Array.from(support, (j) => -(smooth[j] + Math.sign(b[j]) * lasso[j]));
  const system = problem.factor.take(support, problem);
  solveFactorised(system, m, step);
  let length = 1;
  let crossing = -1;
  for (let r = 0; r < m; r++) {
    const j = support[r];
    if (lasso[j] === 0 || Math.sign(b[j] + step[r]) === Math.sign(b[j])) continue;
    const t = -b[j] / step[r];
    if (t >= length) continue;
    length = t;
    crossing = r;
  }
  for (let r = 0; r < m; r++) {
    const j = support[r];
    const change = r === crossing ? -b[j] : length * step[r];
    if (change === 0) continue;
    b[j] = r === crossing ? 0 : b[j] + change;
    for (let k = 0; k < size; k++) smooth[k] += change * matrix[j * stride + k];
    smooth[j] += change * (ridge[j] + damping);
  }
  return crossing < 0;
}
