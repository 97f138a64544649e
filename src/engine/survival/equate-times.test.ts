import { describe, expect, it } from 'vitest';
import { equateTimes } from './equate-times.ts';

describe('equateTimes', () => {
  it('makes times that differ by rounding one time, and chains of them', () => {
    const time = Float64Array.of(0.3, 0.1 + 0.2, 1, 1 + 1e-8, 1 + 2e-8, 2);
    expect([...equateTimes(time).time]).toEqual([0.3, 0.3, 1, 1, 1, 2]);
    expect(time[1]).not.toBe(0.3);
  });

  it('measures nearness against the mean of the distinct times too', () => {
    expect([...equateTimes(Float64Array.of(1e6, 1e6 + 0.01, 2e6)).time]).toEqual([1e6, 1e6, 2e6]);
  });

  it('merges entries with times, and refuses a row that it leaves without time at risk', () => {
    const time = Float64Array.of(0.3, 0.5);
    expect(equateTimes(time, Float64Array.of(0, 0.1 + 0.2)).entry?.[1]).toBe(0.3);
    const run = () => equateTimes(time, Float64Array.of(0.3 - 1e-9, 0));
    expect(run).toThrow(expect.objectContaining({ code: 'TIME_INVALID' }));
  });

  it('returns what it was given where nothing is near', () => {
    const time = Float64Array.of(2, 1, 2);
    expect(equateTimes(time).time).toBe(time);
  });
});
