import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisTicks } from './axis-ticks.ts';

describe('axisTicks', () => {
  // R 4.2.2, pretty(c(least, most), count).
  it.each<[number, number, number, number[]]>([
    [0, 1, 10, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
    [-3, 17, 5, [-5, 0, 5, 10, 15, 20]],
    [26.278, 78.439, 10, [25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80]],
    [-7, 0, 3, [-8, -6, -4, -2, 0]],
    [0, 0, 5, [-1, 0]],
    [5, 5, 5, [0, 5]],
    [1e200, 7e200, 5, [1e200, 2e200, 3e200, 4e200, 5e200, 6e200, 7e200]],
    [1e-200, 3e-200, 3, [1e-200, 1.5e-200, 2e-200, 2.5e-200, 3e-200]],
  ])('from %d to %d about %d', (least, most, count, expected) => {
    const ticks = axisTicks(least, most, count);
    expect(ticks.length).toBe(expected.length);
    ticks.forEach((tick, i) => {
      expect(Math.abs(tick - expected[i])).toBeLessThanOrEqual(1e-15 * Math.abs(expected[i]));
    });
  });

  it('covers the range with few ticks, evenly', () => {
    const anywhere = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const check = fc.property(anywhere, fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (least, width) => {
      const most = least + width;
      const ticks = axisTicks(least, most);
      const step = (ticks[ticks.length - 1] - ticks[0]) / (ticks.length - 1);
      expect(ticks.length).toBeGreaterThanOrEqual(4);
      expect(ticks.length).toBeLessThanOrEqual(25);
      expect(ticks[0]).toBeLessThanOrEqual(least + 1e-9 * step);
      expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(most - 1e-9 * step);
    });
    fc.assert(check, { seed: 20260101, numRuns: 300 });
  });

  it.each([
    [1, 0],
    [0, Number.NaN],
    [0, Infinity],
    [-1.7e308, 1.7e308],
  ])('refuses %d to %d', (least, most) => {
    expect(() => axisTicks(least, most)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
  });
});
