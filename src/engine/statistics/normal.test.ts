import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal } from './normal.ts';

const close = (value: number, expected: number, relative: number) =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));

describe('normal', () => {
  // Computed with 60 digits.
  it.each([
    [0.3, 0.3820885778110474],
    [0.7, 0.24196365222307303],
    [1.96, 0.024997895148220435],
    [5.0, 2.866515718791939e-7],
    [12.5, 3.732564298877713e-36],
    [25.25, 5.662814628323675e-141],
    [36.9, 2.3105244811406173e-298],
  ])('has the upper tail of %d', (x, tail) => {
    close(normal.upper(x), tail, 1e-14);
    close(normal.lower(-x), tail, 1e-14);
    close(normal.upperQuantile(tail), x, 2e-15);
  });

  it.each([
    [1e-320, -38.26912534303265],
    [1e-300, -37.0470962993612],
    [1e-100, -21.273453560965326],
    [1e-10, -6.361340902404057],
    [0.024, -1.9773684281819468],
    [0.25, -0.6744897501960817],
    [0.3, -0.5244005127080408],
    [0.4999999, -2.5066282747031063e-7],
    [0.5000000000000001, 2.782916424671767e-16],
    [0.74, 0.643345405392917],
    [0.76, 0.7063025628400875],
    [0.999, 3.090232306167813],
  ])('has the quantile of %d', (p, x) => {
    close(normal.quantile(p), x, 1e-15);
  });

  it('goes on in logarithms', () => {
    close(normal.logUpper(100), -5005.524208694205, 1e-15);
    close(normal.logLower(-1e10), -5.0e19, 1e-15);
    close(normal.logUpper(-10), -7.619853024160527e-24, 1e-14);
    expect(normal.logUpper(Number.POSITIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('has tails that are symmetric, monotone and sum to 1, and quantiles that invert them', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -37, max: 37, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (x, step) => {
          expect(normal.lower(x)).toBe(normal.upper(-x));
          close(normal.lower(x) + normal.upper(x), 1, 4e-16);
          expect(normal.upper(x + step)).toBeLessThanOrEqual(normal.upper(x));
          const side = Math.abs(x);
          // Rounding p moves x by about p/(x·density) relative.
          close(normal.upperQuantile(normal.upper(side)), side, 1e-15 + 2.5e-16 / Math.max(side, 1e-300));
        },
      ),
      { seed: 2, numRuns: 500 },
    );
  });

  it('has its limits at the ends', () => {
    expect(normal.quantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normal.quantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normal.quantile(0.5)).toBe(0);
    expect(normal.upper(Number.POSITIVE_INFINITY)).toBe(0);
    expect(normal.upper(Number.NEGATIVE_INFINITY)).toBe(1);
    expect(normal.density(Number.POSITIVE_INFINITY)).toBe(0);
  });

  it('refuses what is not a number or a probability, by name', () => {
    expect(() => normal.upper(Number.NaN)).toThrow('x must be a number, not NaN');
    expect(() => normal.quantile(1.5)).toThrow(
      expect.objectContaining({
        code: 'ARGUMENT_INVALID',
        details: expect.objectContaining({ value: '1.5' }),
      }),
    );
  });
});
