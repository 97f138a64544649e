import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holds } from '../../../test/support/small-regions.ts';
import { percentiles } from './order-statistics.ts';

it('interpolates linearly between order statistics, as R and numpy do by default', () => {
  expect(percentiles(Float64Array.of(3, 1, 2, 4), [0, 25, 50, 90, 100])).toEqual([1, 1.75, 2.5, 3.7, 4]);
  expect(percentiles(Float64Array.of(7), [10, 90])).toEqual([7, 7]);
  expect(percentiles(new Float64Array(1000).fill(2), [10, 50])).toEqual([2, 2]);
});

it('agrees with sorting', () => {
  const values = fc.array(
    fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -5, max: 5 })),
    { minLength: 1, maxLength: 60 },
  );
  holds(fc.tuple(values, fc.double({ min: 0, max: 100, noNaN: true })), ([list, percent]) => {
    const sorted = Float64Array.from(list).sort();
    const position = (percent / 100) * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
    const [found] = percentiles(Float64Array.from(list), [percent]);
    if (low === high) expect(found).toBe(low);
    else if (Number.isFinite(high - low)) {
      expect(found).toBeGreaterThanOrEqual(low);
      expect(found).toBeLessThanOrEqual(high);
      expect((found - low) / (high - low)).toBeCloseTo(position - Math.floor(position), 9);
    }
  });
});
