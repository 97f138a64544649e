import { Failure } from '../failure.ts';
import { random } from '../statistics/random.ts';
import { checkLength, checkSurvivalData, type SurvivalData } from './survival-data.ts';

/** Folds 0 … count − 1 of sizes that differ by at most one, in a random order that the seed fixes. */
export function randomFolds(rows: number, count: number, seed: number): Int32Array {
  if (!(Number.isInteger(count) && count >= 2 && count <= rows)) {
    const message = `count is ${count}, not a whole number from 2 to the ${rows} rows.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'count', value: String(count) });
  }
  const source = random(seed, 'folds');
  const folds = Int32Array.from({ length: rows }, (_, row) => row % count);
  for (let i = rows - 1; i > 0; i--) {
    const j = source.integer(i + 1);
    [folds[i], folds[j]] = [folds[j], folds[i]];
  }
  return folds;
}

/** The labels, ascending. */
function foldLabels(folds: Int32Array): number[] {
  return [...new Set(folds)].sort((a, b) => a - b);
}

/**
 * The labels of folds that a cross-validation can use.
 *
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH, ARGUMENT_INVALID, NO_EVENTS.
 */
export function checkFolds(data: SurvivalData, folds: Int32Array, grouped: boolean): number[] {
  checkSurvivalData(data);
  checkLength('folds', folds.length, data.time.length);
  const labels = foldLabels(folds);
  if (labels.length < 2) {
    const message = 'folds has one label; a cross-validation needs at least two.';
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'folds', folds: labels.length });
  }
  for (const label of labels) {
    const rows = folds.reduce((sum, f) => sum + (f === label ? 1 : 0), 0);
    if (!grouped && rows < 10) {
      const message = `Fold ${label} has ${rows} rows; a deviance of its own needs ten.`;
      throw new Failure('ARGUMENT_INVALID', message, { argument: 'folds', fold: label, rows });
    }
    let inside = 0;
    let outside = 0;
    for (let row = 0; row < folds.length; row++) {
      if (data.event[row] !== 1 || data.weights?.[row] === 0) continue;
      if (folds[row] === label) inside++;
      else outside++;
    }
    if (inside > 0 && outside > 0) continue;
    const message = inside > 0 ? `No event is outside fold ${label}.` : `Fold ${label} holds no event.`;
    throw new Failure('NO_EVENTS', message, { argument: 'folds', fold: label });
  }
  return labels;
}
