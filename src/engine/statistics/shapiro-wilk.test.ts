import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { failureOf } from '../../../test/support/failure-of.ts';
import { normalQuantile } from './normal.ts';
import { shapiroWilk } from './shapiro-wilk.ts';

describe('shapiroWilk', () => {
  it('does not change with order, shift, scale or reflection', () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(values, (list) => {
        const ours = shapiroWilk(list);
        if (ours.statistic === null || ours.p === null) {
          expect(new Set(list).size).toBe(1);
          return;
        }
        expect(ours.statistic).toBeGreaterThan(0);
        expect(ours.statistic).toBeLessThanOrEqual(1);
        const other = shapiroWilk(list.toReversed().map((v) => 1024 - 16 * v));
        expectClose(other.statistic, ours.statistic, 1e-12);
        // For n = 3 and W = ¾ p is 0, but for rounding.
        expect(Math.abs((other.p ?? 9) - ours.p)).toBeLessThanOrEqual(1e-8 * ours.p + 1e-14);
      }),
      { seed: 81, numRuns: 200 },
    );
  });

  it('finds normal scores normal, and an exponential sample not', () => {
    const scores = Array.from({ length: 200 }, (_, i) => normalQuantile((i + 0.5) / 200));
    expect(shapiroWilk(scores).p).toBeGreaterThan(0.99);
    expect(shapiroWilk(scores.map(Math.exp)).p).toBeLessThan(1e-15);
    for (const scale of [1e-300, 1e300]) {
      expectClose(
        shapiroWilk(scores.map((v) => v * scale)).statistic,
        shapiroWilk(scores).statistic ?? 0,
        1e-12,
      );
    }
    expect(shapiroWilk([-1.7e308, 0, 1.7e308]).statistic).toBe(1);
  });

  it('gives null for equal values, and refuses fewer than 3 or more than 5,000', () => {
    expect(shapiroWilk([2, 2, 2])).toEqual({ statistic: null, p: null });
    expect(failureOf(() => shapiroWilk([1, 2])).code).toBe('NO_OBSERVATIONS');
    expect(failureOf(() => shapiroWilk(new Float64Array(5001))).code).toBe('ARGUMENT_INVALID');
    expect(failureOf(() => shapiroWilk([1, 2, Infinity])).message).toContain('values[2]');
  });
});
