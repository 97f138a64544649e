import { describe, expect, it } from 'vitest';
import { checkSurvivalData, type SurvivalData } from './survival-data.ts';

const good = { time: Float64Array.of(1, 2, 3), event: Uint8Array.of(1, 0, 1) };

describe('checkSurvivalData', () => {
  it('returns sound data as they are', () => {
    expect(checkSurvivalData(good)).toBe(good);
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

  it('makes times that differ by rounding one time, and chains of them', () => {
    const time = Float64Array.of(0.3, 0.1 + 0.2, 1, 1 + 1e-8, 1 + 2e-8, 2);
    const merged = checkSurvivalData({ time, event: new Uint8Array(6) });
    expect([...merged.time]).toEqual([0.3, 0.3, 1, 1, 1, 2]);
    expect(time[1]).not.toBe(0.3);
  });

  it('measures nearness against the mean of the distinct times too', () => {
    const merged = checkSurvivalData({
      time: Float64Array.of(1e6, 1e6 + 0.01, 2e6),
      event: new Uint8Array(3),
    });
    expect([...merged.time]).toEqual([1e6, 1e6, 2e6]);
  });
});
