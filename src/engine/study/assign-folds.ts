import { Failure } from '../failure.ts';
import { random } from '../statistics/index.ts';
import type { StudyFolds } from './study-specification.ts';

/**
 * The cross-validation fold of each training row. Seeded folds spread the events, then the other patients, evenly over
 * the folds; copies of a patient, as in a bootstrap resample, share a fold, so that no copy is predicted by another.
 *
 * @param rows the training rows, which may repeat.
 * @param label names the random stream, so that endpoints and resamples have folds of their own.
 * @throws Failure TOO_FEW_EVENTS where the patients with an event are fewer than the folds; NOT_FOUND for a training
 * patient without a given fold.
 */
export function assignFolds(
  folds: StudyFolds,
  rows: Int32Array,
  event: Uint8Array,
  subjects: readonly string[],
  seed: number,
  label: readonly (string | number)[],
): Int32Array {
  if (folds.kind === 'GIVEN') {
    return Int32Array.from(rows, (row) => {
      const fold = folds.foldOf[subjects[row]];
      if (Number.isInteger(fold)) return fold;
      throw new Failure('NOT_FOUND', `folds: patient ${subjects[row]} trains, but has no fold`, {
        subject: subjects[row],
      });
    });
  }
  const patients = [...new Set(rows)].sort((a, b) => a - b);
  const withEvent = patients.filter((row) => event[row] === 1);
  if (withEvent.length < folds.count) {
    throw new Failure(
      'TOO_FEW_EVENTS',
      `${withEvent.length} training patients have the event, too few for ${folds.count} folds`,
      { events: withEvent.length, folds: folds.count },
    );
  }
  const stream = random(seed, 'folds', ...label);
  const without = patients.filter((row) => event[row] !== 1);
  const order = [withEvent, without].flatMap((rows) =>
    Array.from(stream.permutation(rows.length), (place) => rows[place]),
  );
  const foldOf = new Map(order.map((row, place) => [row, place % folds.count]));
  return Int32Array.from(rows, (row) => foldOf.get(row) as number);
}
