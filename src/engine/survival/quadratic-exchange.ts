import type { QuadraticLasso } from './quadratic-lasso.ts';

const PIVOTS = 200;
/** Exchanges of whole sets that may fail to shrink what is violated. */
const PATIENCE = 3;

/**
 * Exchanges, between the support of a {@link QuadraticLasso} with its signs and the rest, all variables whose condition is
 * violated (block principal pivoting), until none is by more than the tolerance or rounding ends it.
 *
 * @returns whether the exchanges came to an end, and what they came to is a solution.
 */
export function exchangeSets(model: QuadraticLasso, tolerance: number): boolean {
  const { size, solution: b, factor, sign, change, seen } = model;
  for (let j = 0; j < size; j++) sign[j] = Math.sign(b[j]);
  const violation = model.violation();
  let least = Infinity;
  let leastRest = Infinity;
  let patience = PATIENCE;
  for (let pivot = 0; pivot < PIVOTS; pivot++) {
    model.support(sign);
    change.fill(0);
    model.step(sign, change);
    model.rest(sign, change);
    let wrong = turn(model, tolerance);
    if (wrong === 0) {
      if (seen.version === factor.version && seen.share * violation <= 0.5 * tolerance) return true;
      // What rounding has left is seen from the start alone.
      model.begin();
      const rest = unrest(model);
      if (pivot === 0 && violation > 0) {
        seen.version = factor.version;
        seen.share = rest / violation;
      }
      wrong = turn(model, tolerance);
      if (wrong === 0) {
        // Steps that refine the solution, until rounding alone is left.
        if (rest <= tolerance) return true;
        if (!(rest < 0.5 * leastRest)) return rest < 0.01 * violation;
        leastRest = rest;
        continue;
      }
    }
    if (wrong < 0) return false;
    model.move(change);
    if (wrong < least) {
      least = wrong;
      patience = PATIENCE;
    } else if (patience-- === 0) return false;
  }
  return false;
}

/**
 * Turns the signs of variables whose condition is violated, and notes how those have to change that are to have none.
 *
 * @returns how many; −1 where one with a sign could not come into the support.
 */
function turn(model: QuadraticLasso, tolerance: number): number {
  const { size, solution: b, smooth, lasso, factor, sign, change } = model;
  let wrong = 0;
  change.fill(0);
  for (let j = 0; j < size; j++) {
    if (factor.position[j] >= 0) {
      if (!(lasso[j] > 0 && b[j] * sign[j] < 0)) continue;
      sign[j] = 0;
      change[j] = -b[j];
    } else if (sign[j] !== 0) return -1;
    else if (Math.abs(smooth[j]) > lasso[j] + tolerance) sign[j] = smooth[j] > 0 ? -1 : 1;
    else continue;
    wrong++;
  }
  return wrong;
}

/** The largest violation within the support. */
function unrest(model: QuadraticLasso): number {
  const { size, smooth, lasso, factor, sign } = model;
  let rest = 0;
  for (let j = 0; j < size; j++) {
    if (factor.position[j] >= 0) rest = Math.max(rest, Math.abs(smooth[j] + sign[j] * lasso[j]));
  }
  return rest;
}
