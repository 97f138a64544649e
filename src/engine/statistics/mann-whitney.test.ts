import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { failureOf } from '../../../test/support/failure-of.ts';
import { kruskalWallis } from './kruskal-wallis.ts';
import { mannWhitney } from './mann-whitney.ts';
import { rankSumDistribution } from './rank-sum-distribution.ts';

const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 25 });

describe('mannWhitney', () => {
  it('is exact for small samples without ties', () => {
    // R: wilcox.test(1:5 + .5, c(2, 4, 7, 9))
    const ours = mannWhitney([1.5, 2.5, 3.5, 4.5, 5.5], [2, 4, 7, 9]);
    expect(ours.method).toBe('exact');
    expect(ours.statistic).toBe(6);
    expectClose(ours.p, 0.4126984126984127, 1e-14);
  });

  it('counts pairs: U of x and U of y sum to their number, with the same p', () => {
    fc.assert(
      fc.property(values, values, (x, y) => {
        const forward = mannWhitney(x, y);
        const backward = mannWhitney(y, x);
        const pairs = x.flatMap((a) => y.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
        expect(forward.statistic).toBe(pairs.reduce<number>((sum, share) => sum + share, 0));
        expect(forward.statistic + backward.statistic).toBe(x.length * y.length);
        if (forward.p === null) expect(backward.p).toBeNull();
        else expectClose(backward.p, forward.p, 1e-12);
      }),
      { seed: 31, numRuns: 200 },
    );
  });

  it('does not change under a rising function', () => {
    fc.assert(
      fc.property(values, values, (x, y) => {
        const rising = (v: number) => Math.sign(v) * v * v + v;
        expect(mannWhitney(x.map(rising), y.map(rising))).toEqual(mannWhitney(x, y));
      }),
      { seed: 32, numRuns: 100 },
    );
  });

  it('is normal from 50 values on, near the exact p, and the square of Kruskal–Wallis without continuity', () => {
    const x = Array.from({ length: 49 }, (_, i) => ((i * 37) % 101) + 0.5);
    const y = Array.from({ length: 60 }, (_, i) => ((i * 53) % 97) + 9);
    expect(mannWhitney(x, y).method).toBe('normal');
    const normal = mannWhitney(x, y, { continuity: false });
    expectClose(kruskalWallis([x, y]).p, normal.p ?? 0, 1e-10);
    const exact = mannWhitney(
      x,
      y.map((v) => v + 0.25),
      { method: 'exact' },
    );
    expect(Math.abs((exact.p ?? 0) - (mannWhitney(x, y).p ?? 1))).toBeLessThan(0.02);
  });

  it('gives null where all values are equal, and refuses what it cannot take', () => {
    expect(mannWhitney([2, 2], [2, 2, 2])).toEqual({ statistic: 3, p: null, method: 'normal' });
    expect(kruskalWallis([[2, 2], [2]])).toEqual({ statistic: null, df: 1, p: null });
    expect(mannWhitney([1], [2]).p).toBe(1);
    expect(failureOf(() => mannWhitney([], [1])).code).toBe('NO_OBSERVATIONS');
    expect(failureOf(() => mannWhitney([1, 1], [2], { method: 'exact' })).message).toContain('method');
    expect(failureOf(() => mannWhitney([1, Number.NaN], [2])).message).toContain('x[1]');
    expect(failureOf(() => rankSumDistribution(300, 300)).message).toContain('n must be');
    expect(failureOf(() => kruskalWallis([[1], []])).message).toContain('groups[1]');
  });
});

describe('rankSumDistribution', () => {
  it('counts the orders of a few values', () => {
    for (const [m, n] of [
      [0, 3],
      [1, 4],
      [3, 2],
      [4, 4],
    ]) {
      const counts = new Map<number, number>();
      for (let order = 0; order < 2 ** (m + n); order++) {
        const ofFirst = [...order.toString(2).padStart(m + n, '0')].map((bit) => bit === '1');
        if (ofFirst.filter(Boolean).length !== m) continue;
        let u = 0;
        ofFirst.forEach((isFirst, i) => {
          if (isFirst) u += ofFirst.slice(0, i).filter((other) => !other).length;
        });
        counts.set(u, (counts.get(u) ?? 0) + 1);
      }
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const distribution = rankSumDistribution(m, n);
      let below = 0;
      for (let u = 0; u <= m * n; u++) {
        below += counts.get(u) ?? 0;
        expectClose(distribution.lower(u), below / all, 1e-14);
        expectClose(distribution.upper(u), (all - below) / all, 1e-14);
      }
      expect(distribution.lower(-1)).toBe(0);
      expect(distribution.upper(m * n)).toBe(0);
    }
  });
});
