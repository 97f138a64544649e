import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { beta } from './beta.ts';
import { fisherF } from './fisher-f.ts';
import { student } from './student.ts';

// The figures were computed with 60 digits.
describe('beta', () => {
  it.each([
    [0.02, 0.03, 1e-9, 0.3967937440174266, 0.6032062559825734],
    [0.02, 5.0, 0.7, 0.9999865307900008, 1.3469209999210867e-5],
    [0.5, 0.5, 1e-30, 6.366197723675813e-16, 0.9999999999999993],
    [0.5, 40.0, 0.9, 1.0, 9.361169905943282e-42],
    [3.0, 2.0, 1e-60, 3.999999999999999e-180, 1.0],
    [20.0, 20.0, 0.5, 0.5, 0.5],
    [60.0, 5.0, 0.2, 3.0502662546954326e-37, 1.0],
    [300.0, 900.0, 0.6, 1.0, 3.2744861172280904e-134],
    [300.0, 900.0, 0.05, 1.262811938752339e-119, 1.0],
    [1500.0, 1500.0, 0.8, 1.0, 2.258739589020922e-293],
    [2000.0, 5.0, 0.999, 0.9470758154768986, 0.05292418452310145],
  ])('of shapes %d and %d has its tails at %d', (a, b, x, lower, upper) => {
    expectClose(beta.lower(x, a, b), lower, 5e-13);
    expectClose(beta.upper(x, a, b), upper, 5e-13);
  });

  it('has mirrored tails that sum to 1, and quantiles that invert them', () => {
    const logShape = fc.double({ min: -3, max: 9, noNaN: true });
    fc.assert(
      fc.property(logShape, logShape, fc.double({ min: -6, max: 6, noNaN: true }), (logA, logB, z) => {
        const a = Math.exp(logA);
        const b = Math.exp(logB);
        const odds = (a / b) * Math.exp(z * (1 / (1 + Math.sqrt(a)) + 1 / (1 + Math.sqrt(b))));
        const x = odds / (1 + odds);
        const lower = beta.lower(x, a, b);
        const upper = beta.upper(x, a, b);
        expectClose(lower + upper, 1, 5e-15);
        expectClose(fisherF.lower((odds * b) / a, 2 * a, 2 * b), lower, 1e-9);
        // 1 − x is x's mirror only where it is exact.
        if (x >= 0.5) expectClose(beta.lower(1 - x, b, a), upper, 1e-13);
        const [p, found] =
          lower < upper ? [lower, beta.quantile(lower, a, b)] : [upper, beta.upperQuantile(upper, a, b)];
        const density = beta.density(x, a, b);
        if (p > 1e-300 && density < 1e300)
          expect(Math.abs(found - x) * density).toBeLessThan(1e-12 * p + 2e-16 * density);
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it('is uniform for shapes of 1', () => {
    for (const x of [0, 1e-12, 0.3, 0.5, 0.999, 1]) {
      expectClose(beta.lower(x, 1, 1), x, 1e-14);
      expectClose(beta.quantile(x, 1, 1), x, 1e-14);
      expectClose(beta.density(x, 1, 1), 1, 1e-14);
    }
  });

  it('tends to the normal for shapes beyond every series', () => {
    for (const z of [-6, -0.5, 0, 1e-4, 2, 8]) {
      const at = (a: number) => 0.25 + (z * Math.sqrt(3 / 16)) / Math.sqrt(4 * a);
      const [below, above] = [1e10 * (1 - 1e-13), 1e10 * (1 + 1e-13)];
      expectClose(
        beta.upper(at(above), above, 3 * above),
        beta.upper(at(below), below, 3 * below),
        1e-11 * (1 + z * z),
      );
    }
    expect(beta.lower(0.5, 1e100, 1e100)).toBeCloseTo(0.5, 12);
    expectClose(beta.lower(1e-12, 3, 1e12), beta.lower(1e-8, 3, 1e8), 1e-6);
  });

  it('gives numbers for the smallest and the largest parameters and points', () => {
    const extremes = [1e-100, 1e-10, 1, 1e5, 1e12, 1e100];
    for (const a of extremes) {
      for (const b of extremes) {
        for (const x of [0, 1e-300, 1e-5, 0.5, 1 - 1e-16, 1]) {
          const values = [
            beta.lower(x, a, b),
            beta.logUpper(x, a, b),
            beta.density(x, a, b),
            beta.quantile(x, a, b),
            fisherF.upper(x * b, a, b),
            fisherF.upperQuantile(x, a, b),
            student.logUpper(x / b, a),
            student.density(x * b, a),
            student.quantile(x, a),
          ];
          expect(values.some(Number.isNaN), `${values} for ${a}, ${b}, ${x}`).toBe(false);
        }
      }
    }
  });

  it('refuses what is out of range, by name', () => {
    expect(() => beta.lower(0.5, 0, 1)).toThrow('a must be from 1e-100');
    expect(() => beta.quantile(0.5, 1, Number.POSITIVE_INFINITY)).toThrow('b must be');
    expect(() => fisherF.upper(1, 1, Number.NaN)).toThrow('df2 must be');
    expect(() => student.upper(1, 0)).toThrow('df must be');
    expect(() => student.quantile(2, 3)).toThrow('p must be');
  });
});

describe('F', () => {
  it.each([
    [1.0, 1.0, 1e-9, 2.0131684835084252e-5, 0.9999798683151649],
    [1.0, 1.0, 1000000000.0, 0.9999798683151649, 2.0131684835084252e-5],
    [1.0, 100.0, 120.0, 1.0, 8.088371053524654e-19],
    [2.0, 7.0, 1e20, 1.0, 8.021178022896637e-69],
    [3.3, 18.2, 1e-40, 1.6279178131015012e-66, 1.0],
    [29.0, 29.0, 25.0, 0.9999999999999268, 7.313100445042691e-14],
    [29.7, 200.0, 0.01, 1.3158822135368468e-24, 1.0],
    [100.0, 4.0, 0.005, 8.817700155004417e-47, 1.0],
    [500.0, 700.0, 2.5, 1.0, 3.3365475891841535e-29],
    [900.0, 1200.0, 0.25, 1.774847472440232e-96, 1.0],
  ])('with %d and %d degrees of freedom has its tails at %d', (df1, df2, x, lower, upper) => {
    expectClose(fisherF.lower(x, df1, df2), lower, 5e-13);
    expectClose(fisherF.upper(x, df1, df2), upper, 5e-13);
    expectClose(fisherF.upper(1 / x, df2, df1), lower, 5e-13);
  });

  it.each([
    [1.0, 1.0, 0.01, 0.00024678070282409454, 4052.180695476829],
    [1.0, 30.0, 1e-30, 1.597190725774714e-60, 2607.913192112423],
    [4.0, 2.5, 1e-100, 5.270462766947299e-51, 1.195710469336679e80],
    [12.0, 50.0, 0.4, 0.8504903426408713, 1.0756135313859225],
    [200.0, 300.0, 1e-60, 0.08284113462223062, 8.650929057651078],
  ])('with %d and %d degrees of freedom has its quantiles of %d', (df1, df2, p, lower, upper) => {
    expectClose(fisherF.quantile(p, df1, df2), lower, 5e-13);
    expectClose(fisherF.upperQuantile(p, df1, df2), upper, 5e-13);
  });
});

describe('t', () => {
  it.each([
    [0.1, 5.0, 0.35529535760159264],
    [1.0, 0.001, 0.4996816902199194],
    [1.0, 1000000000000.0, 3.1830988618379067e-13],
    [2.0, 100000.0, 4.99999999925e-11],
    [3.7, 250.0, 2.927871180316976e-9],
    [10.0, 0.5, 0.31394680287148646],
    [10.0, 100000000.0, 1.2304687499999943e-76],
    [30.0, 37.0, 6.802903145709932e-27],
    [101.0, 40.0, 4.7682865679636614e-64],
    [1000.0, 30.0, 7.687343722021741e-142],
    [2500.0, 36.0, 2.5245221502341526e-229],
  ])('with %d degrees of freedom has its tails at %d', (df, t, upper) => {
    expectClose(student.upper(t, df), upper, 5e-13);
    expectClose(student.lower(-t, df), upper, 5e-13);
    expectClose(student.lower(t, df), 1 - upper, 1e-15);
    expectClose(2 * student.upper(t, df), fisherF.upper(t * t, 1, df), 1e-12);
  });

  it.each([
    [0.5, 1e-9, 1.0284911563163398e17],
    [1.0, 1e-100, 3.1830988618379064e99],
    [2.0, 0.3, 0.6172133998483676],
    [7.3, 1e-30, 26632.855799735626],
    [30.0, 0.4999, 0.00025276002539339365],
    [101.0, 1e-200, 929.9276927645066],
  ])('with %d degrees of freedom has its quantile of %d', (df, p, upper) => {
    expectClose(student.upperQuantile(p, df), upper, 5e-13);
    expectClose(student.quantile(p, df), -upper, 5e-13);
  });

  it('is Cauchy for one degree of freedom, also far out, and normal for very many', () => {
    for (const t of [1e-9, 0.7, 30, 1e140, 1e152]) {
      expectClose(student.upper(t, 1), Math.atan2(1, t) / Math.PI, 1e-12);
      expectClose(student.density(t, 1), 1 / (Math.PI * (1 / t + t)) / t, 1e-12);
    }
    expectClose(student.upper(3, 1e15), 0.0013498980316300946, 1e-12);
    expect(student.upper(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expect(student.lower(Number.POSITIVE_INFINITY, 3)).toBe(1);
    expect(student.quantile(0.5, 3)).toBe(0);
    expectClose(student.quantile(0.5 + 1e-15, 1), Math.PI * (0.5 + 1e-15 - 0.5), 1e-12);
  });
});
