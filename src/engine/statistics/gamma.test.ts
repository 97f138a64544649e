import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { chiSquared } from './chi-squared.ts';
import { gamma } from './gamma.ts';
import { logGamma } from './log-gamma.ts';

// The figures were computed with 60 digits.
describe('log Γ', () => {
  it.each([
    [1e-300, 690.7755278982137],
    [0.5, 0.5723649429247001],
    [1.0000001, -5.772155829918507e-8],
    [1.5, -0.12078223763524522],
    [2.000001, 4.2278465762452923e-7],
    [2.9, 0.6028696102493114],
    [9.99, 12.779315214350193],
    [10.01, 12.824350262448247],
    [100.5, 361.4355404677776],
    [10000000000.0, 220258509288.81058],
    [1e200, 4.595170185988091e202],
  ])('has log Γ(%d)', (x, value) => {
    expectClose(logGamma(x), value, 2e-15);
  });

  it('satisfies Γ(x + 1) = x Γ(x)', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (x) => {
        const scale = Math.abs(logGamma(x)) + Math.abs(Math.log(x)) + 1;
        expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(1e-15 * scale * 4);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('gamma', () => {
  it.each([
    [0.01, 1e-8, 0.8365102546852333, 0.16348974531476665],
    [0.01, 0.5, 0.9943732438060329, 0.0056267561939671844],
    [0.3, 0.999, 0.9155510795678052, 0.08444892043219475],
    [0.5, 690.0, 1.0, 4.661158455673913e-302],
    [1.0, 1e-12, 9.999999999995e-13, 0.999999999999],
    [3.5, 1e-20, 8.597174606441999e-72, 1.0],
    [3.5, 30.0, 0.9999999998490444, 1.509555302298912e-10],
    [20.0, 60.0, 0.9999999993648082, 6.351918340378976e-10],
    [100.0, 20.0, 3.488878669689653e-37, 1.0],
    [100.0, 100.0, 0.5132987982791487, 0.48670120172085135],
    [250.0, 700.0, 1.0, 3.177035158997028e-86],
    [2000.0, 2300.0, 0.9999999999256766, 7.432346137968059e-11],
    [100000.0, 95000.0, 1.7109743250860414e-58, 1.0],
    [100000.0, 109000.0, 1.0, 1.3981108163717784e-168],
  ])('of shape %d has its tails at %d', (shape, x, lower, upper) => {
    expectClose(gamma.lower(x, shape), lower, 5e-13);
    expectClose(gamma.upper(x, shape), upper, 5e-13);
    expectClose(Math.exp(gamma.logUpper(x, shape)), upper, 5e-13);
  });

  it.each([
    [0.05, 1e-5, 5.844632057286584e-101, 6.627160797522774],
    [0.5, 1e-18, 7.853981633974484e-37, 39.02958248455634],
    [2.0, 1e-200, 1.414213562373095e-100, 466.6647703353572],
    [7.5, 0.3, 5.860584486472477, 8.660847249249612],
    [7.5, 0.9999, 22.131612472087642, 1.2040939853784658],
    [400.0, 1e-12, 275.03213582287106, 557.2431720500639],
    [400.0, 1e-200, 53.727096346056086, 1339.0466918783275],
  ])('of shape %d has its quantiles of %d', (shape, p, lower, upper) => {
    expectClose(gamma.quantile(p, shape), lower, 5e-13);
    expectClose(gamma.upperQuantile(p, shape), upper, 5e-13);
  });

  it('tends to the normal for shapes beyond every series', () => {
    expectClose(gamma.upper(1e14 + 3e7, 1e14), 0.0013499, 1e-5);
    expect(gamma.lower(1e100, 1e100) + gamma.upper(1e100, 1e100)).toBeCloseTo(1, 12);
    expect(gamma.upper(2e99, 1e99)).toBe(0);
    // Both sides of the border between the continued fraction and the expansion.
    for (const z of [-5, -0.5, 0, 1e-4, 2, 8]) {
      const below = 1e10 * (1 - 1e-13);
      const above = 1e10 * (1 + 1e-13);
      expectClose(
        gamma.upper(above + z * 1e5, above),
        gamma.upper(below + z * 1e5, below),
        1e-11 * (1 + z * z),
      );
      expectClose(
        gamma.lower(above + z * 1e5, above),
        gamma.lower(below + z * 1e5, below),
        1e-11 * (1 + z * z),
      );
    }
  });

  it('has tails that sum to 1 and fall, a density that is their slope, and quantiles that invert them', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -4, max: 9, noNaN: true }),
        fc.double({ min: -8, max: 8, noNaN: true }),
        (logShape, z) => {
          const shape = Math.exp(logShape);
          const x = shape * Math.exp(z / (1 + Math.sqrt(shape)));
          const lower = gamma.lower(x, shape);
          const upper = gamma.upper(x, shape);
          expectClose(lower + upper, 1, 5e-15);
          const step = x * 1e-4;
          expect(gamma.upper(x + step, shape)).toBeLessThanOrEqual(upper);
          const slope = (gamma.lower(x + step, shape) - gamma.lower(x - step, shape)) / (2 * step);
          const rounding = 1e-15 / step;
          expect(Math.abs(slope - gamma.density(x, shape))).toBeLessThan(
            rounding + 1e-7 * (1 + z * z) * (2 + shape / 10) * gamma.density(x, shape),
          );
          const [p, found] =
            lower < upper
              ? [lower, gamma.quantile(lower, shape)]
              : [upper, gamma.upperQuantile(upper, shape)];
          if (p > 1e-300) {
            const error = Math.abs(found - x) * gamma.density(x, shape);
            expect(error).toBeLessThan(1e-12 * p);
          }
        },
      ),
      { seed: 4, numRuns: 400 },
    );
  });

  it('has its limits at the ends', () => {
    expect(gamma.lower(0, 2)).toBe(0);
    expect(gamma.upper(-3, 2)).toBe(1);
    expect(gamma.upper(Number.POSITIVE_INFINITY, 2)).toBe(0);
    expect(gamma.logLower(0, 2)).toBe(Number.NEGATIVE_INFINITY);
    expect(gamma.density(0, 1)).toBe(1);
    expect(gamma.density(0, 0.5)).toBe(Number.POSITIVE_INFINITY);
    expect(gamma.quantile(0, 2)).toBe(0);
    expect(gamma.quantile(1, 2)).toBe(Number.POSITIVE_INFINITY);
    expect(gamma.quantile(1e-300, 1e-3)).toBe(0);
  });

  it('refuses what is out of range, by name', () => {
    expect(() => gamma.upper(1, 0)).toThrow('shape must be from 1e-100');
    expect(() => chiSquared.upper(1, -2)).toThrow('df must be from 1e-100 to 1e100, not -2');
    expect(() => chiSquared.upper(Number.NaN, 2)).toThrow('x must be a number');
    expect(() => chiSquared.quantile(-0.1, 2)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
  });
});

describe('χ²', () => {
  it('is the square of a normal variable for one degree of freedom, and exponential for two', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1400, noNaN: true }), (x) => {
        expectClose(chiSquared.upper(x, 2), Math.exp(-x / 2), 5e-13);
        expectClose(chiSquared.density(x, 2), Math.exp(-x / 2) / 2, 5e-13);
      }),
      { seed: 5, numRuns: 200 },
    );
    expectClose(chiSquared.upper(1.96 ** 2, 1), 0.04999579029644097, 1e-14);
    expectClose(chiSquared.upperQuantile(0.05, 1), 3.841458820694126, 1e-14);
  });
});
