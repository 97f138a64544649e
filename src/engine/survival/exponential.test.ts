import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exponential } from './exponential.ts';

it('is within a unit of the last place of Math.exp', () => {
  fc.assert(
    fc.property(fc.double({ min: -699, max: 699, noNaN: true }), (x) => {
      expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(2 ** -52);
    }),
    { numRuns: 2000, seed: 1 },
  );
});

it('is exact where the value is', () => {
  expect(exponential(0)).toBe(1);
  expect(exponential(-0)).toBe(1);
  expect(exponential(-Infinity)).toBe(0);
  expect(exponential(-800)).toBe(0);
  expect(exponential(800)).toBe(Infinity);
  expect(exponential(Number.NaN)).toBeNaN();
});
