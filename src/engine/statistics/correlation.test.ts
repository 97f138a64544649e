import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { failureOf } from '../../../test/support/failure-of.ts';
import { correlationMatrix } from './correlation-matrix.ts';
import { kendall } from './kendall.ts';
import { pearson } from './pearson.ts';
import { spearman } from './spearman.ts';

const x = [2.1, 3.4, 1.9, 5.6, 4.4, 7.8, 6.1, 9.3, 8.2, 0.5];
const y = [1.2, 3.9, 2.2, 4.1, 5.3, 6.6, 7.9, 8.8, 6.0, 1.1];

const pairs = fc
  .array(fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 })), {
    minLength: 3,
    maxLength: 40,
  })
  .map((list) => [list.map(([a]) => a), list.map(([, b]) => b)] as const);

describe('correlations', () => {
  it.each([
    ['pearson', pearson],
    ['spearman', spearman],
    ['kendall', kendall],
  ] as const)('%s is symmetric, changes sign with x, and stays within ±1', (_, correlation) => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const ours = correlation(a, b);
        const negative = correlation(
          a.map((v) => -v),
          b,
        );
        if (ours.estimate === null || ours.p === null) {
          expect(negative.estimate).toBeNull();
          return;
        }
        const swapped = correlation(b, a);
        expect(Math.abs((swapped.estimate ?? 9) - ours.estimate)).toBeLessThan(1e-14);
        expect(Math.abs((negative.estimate ?? 9) + ours.estimate)).toBeLessThan(1e-14);
        expectClose(negative.p, ours.p, 1e-10);
        expect(Math.abs(ours.estimate)).toBeLessThanOrEqual(1);
        expect(ours.p).toBeLessThanOrEqual(1);
      }),
      { seed: 51, numRuns: 200 },
    );
  });

  it('of ranks do not change under a rising function', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const risen = a.map((v) => v * v * v);
        expect(spearman(risen, b)).toEqual(spearman(a, b));
        expect(kendall(risen, b)).toEqual(kendall(a, b));
      }),
      { seed: 52, numRuns: 100 },
    );
  });

  it('give null for a constant side, and refuse what they cannot take', () => {
    expect(pearson([1, 1, 1, 1], [1, 2, 3, 4])).toEqual({
      estimate: null,
      statistic: null,
      df: 2,
      p: null,
      confidence: null,
    });
    expect(spearman([1, 1, 1], [1, 2, 3])).toEqual({ estimate: null, statistic: null, p: null, method: 't' });
    expect(kendall([1, 2], [3, 3])).toEqual({ estimate: null, statistic: null, p: null, method: 'normal' });
    for (const correlation of [pearson, spearman, kendall]) {
      expect(failureOf(() => correlation([1, 2, 3], [1, 2])).code).toBe('LENGTH_MISMATCH');
      expect(failureOf(() => correlation([1], [2])).code).toBe('NO_OBSERVATIONS');
      expect(failureOf(() => correlation([1, 2, Number.NaN], [1, 2, 3])).message).toContain('x[2]');
    }
    expect(failureOf(() => spearman([1, 1, 2], [1, 2, 3], { method: 'rank' })).message).toContain('method');
    expect(failureOf(() => kendall([1, 1, 2], [1, 2, 3], { method: 'exact' })).message).toContain('method');
  });
});

describe('pearson', () => {
  it('keeps its digits next to 1, where 1 − r² of a rounded r has none', () => {
    const line = Array.from({ length: 12 }, (_, i) => i + 1);
    const near = line.map((v) => v + 1e-7 * ((v * v) % 5));
    // Computed with 40 digits.
    expectClose(pearson(line, near).statistic, 65997266.32921205, 1e-8);
    expect(pearson(line, line)).toMatchObject({ estimate: 1, statistic: Infinity, p: 0, confidence: [1, 1] });
  });

  it('does not change with scale, however large or small, and has no interval for three pairs', () => {
    const ordinary = pearson(x, y);
    for (const scale of [1e-300, 1e-200, 1e200, 1e300]) {
      const scaled = pearson(
        x.map((v) => v * scale),
        y,
      );
      expectClose(scaled.statistic, ordinary.statistic ?? 0, 1e-12);
    }
    expect(pearson([1, 2, 3], [1, 3, 2]).confidence).toBeNull();
  });
});

describe('spearman', () => {
  // R: cor.test(x, y, method = "spearman")
  it.each([
    [2, 1, 1, 'exact'],
    [5, 0.13333333333333333, 0.8, 'exact'],
    [9, 0.0020282186948853615, 0.9, 'exact'],
    [10, 0.00013016239446527519, 0.9272727272727271, 'edgeworth'],
  ])('of the first %d pairs has p = %d', (n, p, rho, method) => {
    const ours = spearman(x.slice(0, n), y.slice(0, n));
    expectClose(ours.p, p, 1e-13);
    expectClose(ours.estimate, rho, 1e-14);
    expect(ours.method).toBe(method);
  });
});

describe('kendall', () => {
  it('is exact for fewer than 50 without ties', () => {
    // R: cor.test(x, y, method = "kendall")
    const ours = kendall(x, y);
    expect(ours).toMatchObject({ statistic: 40, method: 'exact' });
    expectClose(ours.p, 0.0009463183421516419, 1e-13);
    const a = Array.from({ length: 30 }, (_, i) => ((i + 1) * 7) % 31);
    const b = Array.from({ length: 30 }, (_, i) => ((i + 1) * 11) % 37);
    expect(kendall(a, b).statistic).toBe(224);
    expectClose(kendall(a, b).p, 0.8319546479488689, 1e-12);
  });

  it('counts concordant pairs as their definition does', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        let score = 0;
        let ofA = 0;
        let ofB = 0;
        for (let i = 0; i < a.length; i++) {
          for (let j = 0; j < i; j++) {
            score += Math.sign(a[i] - a[j]) * Math.sign(b[i] - b[j]);
            ofA += Math.abs(Math.sign(a[i] - a[j]));
            ofB += Math.abs(Math.sign(b[i] - b[j]));
          }
        }
        const { estimate } = kendall(a, b);
        if (ofA * ofB === 0) expect(estimate).toBeNull();
        else expect(Math.abs((estimate ?? 9) - score / Math.sqrt(ofA * ofB))).toBeLessThan(1e-14);
      }),
      { seed: 53, numRuns: 200 },
    );
  });

  it('agrees in its two methods for long sequences', () => {
    const a = Array.from({ length: 400 }, (_, i) => (i * 7) % 401);
    const b = Array.from({ length: 400 }, (_, i) => ((i * 31 + i * i) % 1009) + i / 1000);
    const exact = kendall(a, b, { method: 'exact' }).p ?? 0;
    expect(Math.abs(exact - (kendall(a, b).p ?? 9))).toBeLessThan(2e-3);
  });
});

describe('correlationMatrix', () => {
  it('holds the correlations of all pairs, with constant columns apart', () => {
    const columns = [x, y, x.map((v) => -v), y.map(() => 3), x.map((v) => v * v)];
    for (const [method, correlation] of [
      ['pearson', pearson],
      ['spearman', spearman],
    ] as const) {
      const { values, constant } = correlationMatrix(columns, method);
      expect(constant).toEqual([3]);
      columns.forEach((a, i) => {
        columns.forEach((b, j) => {
          const wanted = i === j ? 1 : (correlation(a, b).estimate ?? 0);
          expect(Math.abs(values[i * columns.length + j] - wanted)).toBeLessThan(1e-14);
        });
      });
    }
    expect(correlationMatrix([]).values).toHaveLength(0);
    expect(failureOf(() => correlationMatrix([[1, 2], [1]])).message).toContain('columns[1]');
    expect(
      failureOf(() =>
        correlationMatrix([
          [1, 2],
          [1, Number.NaN],
        ]),
      ).message,
    ).toContain('columns[1][1]');
  });
});
