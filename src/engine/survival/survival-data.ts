import { Failure } from '../failure.ts';

/**
 * Right-censored survival times, one element a row in every array.
 *
 * - `time`: end of follow-up, finite and ≥ 0, in any one unit.
 * - `event`: 1 where the event was observed at `time`, 0 where the row is censored then.
 * - `entry`: start of follow-up (left truncation, or the start of a start–stop interval); the row is at risk in (entry, time].
 * - `weights`: case weights, 0 or from 1e-50 to 1e50; a row of weight 0 counts as absent.
 * - `strata`: an integer label a row; risk sets never cross strata.
 */
export interface SurvivalData {
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly entry?: Float64Array;
  readonly weights?: Float64Array;
  readonly strata?: Int32Array;
}

/**
 * Checks survival data. Every function of this folder that takes them begins with this.
 *
 * @throws Failure LENGTH_MISMATCH, NO_OBSERVATIONS, TIME_INVALID, EVENT_INVALID, WEIGHT_INVALID; each names argument,
 * index and value.
 */
export function checkSurvivalData(data: SurvivalData): void {
  const { time, event, entry, weights, strata } = data;
  const n = time.length;
  checkLength('event', event.length, n);
  if (entry) checkLength('entry', entry.length, n);
  if (weights) checkLength('weights', weights.length, n);
  if (strata) checkLength('strata', strata.length, n);
  if (n === 0) throw new Failure('NO_OBSERVATIONS', 'time holds no rows.', { argument: 'time' });
  for (let i = 0; i < n; i++) {
    const t = time[i];
    if (!(t >= 0 && t < Infinity)) throw invalid('TIME_INVALID', 'time', i, t, 'a finite number ≥ 0');
    if (event[i] > 1) throw invalid('EVENT_INVALID', 'event', i, event[i], '0 or 1');
  }
  if (weights) {
    let positive = false;
    for (let i = 0; i < n; i++) {
      const w = weights[i];
      if (!(w === 0 || (w >= 1e-50 && w <= 1e50)))
        throw invalid('WEIGHT_INVALID', 'weights', i, w, '0 or from 1e-50 to 1e50');
      positive ||= w > 0;
    }
    if (!positive) throw new Failure('NO_OBSERVATIONS', 'Every weight is 0.', { argument: 'weights' });
  }
  if (entry) {
    for (let i = 0; i < n; i++) {
      const e = entry[i];
      if (!(e >= 0 && e < Infinity)) throw invalid('TIME_INVALID', 'entry', i, e, 'a finite number ≥ 0');
      if (e >= time[i]) throw entryNotBefore(i, e, time[i]);
    }
  }
}

/** The failure of a row that is never at risk. */
export function entryNotBefore(index: number, entry: number, time: number): Failure {
  const message = `entry[${index}] is ${entry}, which is not before time[${index}], ${time}.`;
  return new Failure('TIME_INVALID', message, { argument: 'entry', index, value: entry, time });
}

/** @throws Failure LENGTH_MISMATCH unless `length`, that of `argument`, is `rows`. */
export function checkLength(argument: string, length: number, rows: number): void {
  if (length === rows) return;
  throw new Failure('LENGTH_MISMATCH', `${argument} has ${length} elements, but time has ${rows}.`, {
    argument,
    length,
    expected: rows,
  });
}

function invalid(
  code: 'TIME_INVALID' | 'EVENT_INVALID' | 'WEIGHT_INVALID',
  argument: string,
  index: number,
  value: number,
  expected: string,
): Failure {
  // JSON has no NaN or infinity: such a value crosses as text.
  const shown = Number.isFinite(value) ? value : String(value);
  return new Failure(code, `${argument}[${index}] is ${value}, not ${expected}.`, {
    argument,
    index,
    value: shown,
  });
}
