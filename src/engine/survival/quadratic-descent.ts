import type { QuadraticLasso } from './quadratic-lasso.ts';

const SWEEPS = 2000;

/**
 * Solves a {@link QuadraticLasso} by steps each of which descends: the linear system of the support with its signs held,
 * and a sweep of coordinate descent to change the support, in turn.
 */
export function descendBySweeps(model: QuadraticLasso, tolerance: number): void {
  const { size, matrix, stride, values, smooth, lasso, onDiagonal, solution: b } = model;
  let least = Infinity;
  let idle = 0;
  for (let sweep = 1; sweep <= SWEEPS; sweep++) {
    // Where coefficients reach 0 on the way the step is cut there, and taken again without them.
    for (let cut = 0; cut < size && !polish(model); cut++);
    const now = model.violation();
    if (now <= tolerance) return;
    // Sums have their own rounding; below it no sweep helps.
    if (now < 0.9 * least) {
      least = now;
      idle = 0;
    } else if (++idle > 30) return;
    for (let j = 0; j < size; j++) {
      const diagonal = values[matrix + j * stride + j] + onDiagonal[j];
      if (!(diagonal > 0)) continue;
      const target = b[j] * diagonal - smooth[j];
      const shrunk = target > lasso[j] ? target - lasso[j] : target < -lasso[j] ? target + lasso[j] : 0;
      const change = shrunk / diagonal - b[j];
      if (change === 0) continue;
      b[j] += change;
      const row = matrix + j * stride;
      for (let k = 0; k < size; k++) smooth[k] += change * values[row + k];
      smooth[j] += change * onDiagonal[j];
    }
  }
}

/** A Newton step on the support with its signs held; false where it was cut, as a coefficient would cross 0. */
function polish(model: QuadraticLasso): boolean {
  const { size, lasso, solution: b } = model;
  const { sign, change } = model;
  for (let j = 0; j < size; j++) sign[j] = Math.sign(b[j]);
  model.support(sign);
  change.fill(0);
  model.step(sign, change);
  let length = 1;
  let crossing = -1;
  for (let j = 0; j < size; j++) {
    if (lasso[j] === 0 || b[j] === 0 || change[j] === 0 || (b[j] + change[j]) * b[j] > 0) continue;
    const t = -b[j] / change[j];
    if (t >= length) continue;
    length = t;
    crossing = j;
  }
  if (crossing >= 0) for (let j = 0; j < size; j++) change[j] *= length;
  if (crossing >= 0) change[crossing] = -b[crossing];
  model.move(change);
  if (crossing < 0) return true;
  b[crossing] = 0;
  return false;
}
