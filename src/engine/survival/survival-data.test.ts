import { describe, expect, it } from 'vitest';
import { checkSurvivalData, type SurvivalData } from './survival-data.ts';

const good = { time: Float64Array.of(1, 2, 3), event: Uint8Array.of(1, 0, 1) };

describe('checkSurvivalData', () => {
  it('passes sound data', () => {
    expect(() => checkSurvivalData(good)).not.toThrow();
  });

  it.each<[string, SurvivalData, object]>([
    ['no rows', { time: new Float64Array(), event: new Uint8Array() }, { code: 'NO_OBSERVATIONS' }],
    [
      'lengths',
      { ...good, event: Uint8Array.of(1) },
      { code: 'LENGTH_MISMATCH', details: { argument: 'event', length: 1, expected: 3 } },
    ],
    [
      'a negative time',
      { ...good, time: Float64Array.of(1, -2, 3) },
      { code: 'TIME_INVALID', details: { argument: 'time', index: 1, value: -2 } },
    ],
    [
      'NaN',
      { ...good, time: Float64Array.of(1, 2, NaN) },
      { code: 'TIME_INVALID', details: { argument: 'time', index: 2, value: 'NaN' } },
    ],
    ['an infinite time', { ...good, time: Float64Array.of(1, 2, Infinity) }, { code: 'TIME_INVALID' }],
    [
      'an event of 2',
      { ...good, event: Uint8Array.of(1, 0, 2) },
      { code: 'EVENT_INVALID', details: { argument: 'event', index: 2, value: 2 } },
    ],
    [
      'a negative weight',
      { ...good, weights: Float64Array.of(1, 1, -1) },
      { code: 'WEIGHT_INVALID', details: { argument: 'weights', index: 2, value: -1 } },
    ],
    ['weights of 0 alone', { ...good, weights: new Float64Array(3) }, { code: 'NO_OBSERVATIONS' }],
    [
      'a negative entry',
      { ...good, entry: Float64Array.of(0, -1, 0) },
      { code: 'TIME_INVALID', details: { argument: 'entry', index: 1, value: -1 } },
    ],
    [
      'entry at exit',
      { ...good, entry: Float64Array.of(0, 2, 0) },
      { code: 'TIME_INVALID', details: { argument: 'entry', index: 1, value: 2, time: 2 } },
    ],
  ])('refuses %s', (_, data, failure) => {
    expect(() => checkSurvivalData(data)).toThrow(expect.objectContaining(failure));
  });
});
