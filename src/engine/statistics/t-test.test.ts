import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { failureOf } from '../../../test/support/failure-of.ts';
import { anova } from './anova.ts';
import { tTest } from './t-test.ts';
import { varianceTest } from './variance-test.ts';

const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 30 });

describe('tTest', () => {
  it('is antisymmetric, and does not change with a shift or a positive scale', () => {
    fc.assert(
      fc.property(
        sample,
        sample,
        fc.constantFrom('pooled' as const, 'separate' as const),
        (x, y, variance) => {
          const forward = tTest(x, y, { variance });
          const backward = tTest(y, x, { variance });
          const moved = tTest(
            x.map((v) => 8 * v + 1024),
            y.map((v) => 8 * v + 1024),
            { variance },
          );
          if (forward.statistic === null || forward.p === null) {
            expect(backward.statistic).toBeNull();
            return;
          }
          expectClose(backward.statistic, -forward.statistic, 1e-12);
          expectClose(backward.p, forward.p, 1e-12);
          expectClose(moved.p, forward.p, 1e-9);
          const [low, high] = forward.confidence ?? [Number.NaN, Number.NaN];
          // The interval leaves 0 out just where p is below 1 − level.
          if (Math.abs(forward.p - 0.05) > 1e-9) expect(low > 0 || high < 0).toBe(forward.p < 0.05);
        },
      ),
      { seed: 21, numRuns: 200 },
    );
  });

  it('with one variance is the analysis of variance of two groups', () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const ours = tTest(x, y, { variance: 'pooled' });
        if (ours.p !== null) expectClose(anova([x, y]).p, ours.p, 1e-9);
      }),
      { seed: 22, numRuns: 100 },
    );
  });

  it('holds for the largest and the smallest numbers', () => {
    const [x, y] = [
      [1, 2, 4, 7],
      [3, 5, 9, 9, 12],
    ];
    const ordinary = tTest(x, y);
    for (const scale of [1e-290, 1e-200, 1e200, 1e300]) {
      const scaled = tTest(
        x.map((v) => v * scale),
        y.map((v) => v * scale),
      );
      expectClose(scaled.p, ordinary.p ?? 0, 1e-12);
      expectClose(scaled.difference, ordinary.difference * scale, 1e-12);
      expectClose(scaled.confidence?.[0] ?? 0, (ordinary.confidence?.[0] ?? 0) * scale, 1e-12);
    }
  });

  it('gives null for constant data, and says which group is too small or where it is not finite', () => {
    const constant = tTest([5, 5, 5], [5, 5]);
    expect(constant).toEqual({
      statistic: null,
      df: null,
      p: null,
      confidence: null,
      means: [5, 5],
      difference: 0,
      standardError: 0,
    });
    expect(tTest([5, 5, 5], [6, 6]).p).toBeNull();
    expect(tTest([5, 5, 5], [6, 7]).p).not.toBeNull();
    expect(failureOf(() => tTest([1], [1, 2])).code).toBe('NO_OBSERVATIONS');
    expect(tTest([1], [1, 2], { variance: 'pooled' }).df).toBe(1);
    expect(failureOf(() => tTest([1], [2], { variance: 'pooled' })).code).toBe('NO_OBSERVATIONS');
    expect(failureOf(() => tTest([], [1, 2])).code).toBe('NO_OBSERVATIONS');
    expect(failureOf(() => tTest([1, 2], [1, Number.NaN])).message).toBe('y[1] must be finite, not NaN');
  });
});

describe('varianceTest', () => {
  it('mirrors when the samples change places', () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const forward = varianceTest(x, y);
        const backward = varianceTest(y, x);
        if (!forward.statistic || !backward.statistic || forward.p === null) return;
        expectClose(backward.statistic, 1 / forward.statistic, 1e-12);
        expectClose(backward.p, forward.p, 1e-10);
      }),
      { seed: 23, numRuns: 100 },
    );
  });

  it('gives null where the second sample is constant, and refuses single values', () => {
    expect(varianceTest([1, 2], [3, 3])).toEqual({ statistic: null, df: [1, 1], p: null, confidence: null });
    expect(varianceTest([3, 3], [1, 2]).p).toBe(0);
    expect(failureOf(() => varianceTest([1], [1, 2])).code).toBe('NO_OBSERVATIONS');
  });
});

describe('anova', () => {
  it('does not change with the order of groups, nor with a shift', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 2, maxLength: 5 }), (groups) => {
        for (const variance of ['pooled', 'separate'] as const) {
          const ours = anova(groups, { variance });
          const other = anova(
            groups.toReversed().map((group) => group.map((v) => v + 512)),
            { variance },
          );
          if (ours.p === null) expect(other.p).toBeNull();
          else expectClose(other.p, ours.p, 1e-9);
        }
      }),
      { seed: 24, numRuns: 100 },
    );
  });

  it('gives null without spread in the groups, and refuses too few values', () => {
    expect(
      anova([
        [1, 1],
        [2, 2],
      ]),
    ).toEqual({ statistic: null, df: null, p: null });
    expect(
      anova(
        [
          [1, 1],
          [2, 3],
        ],
        { variance: 'separate' },
      ).p,
    ).toBeNull();
    expect(failureOf(() => anova([[1, 2]])).code).toBe('NO_OBSERVATIONS');
    expect(failureOf(() => anova([[1], [2]])).code).toBe('NO_OBSERVATIONS');
    expect(failureOf(() => anova([[1, 2], [2]], { variance: 'separate' })).message).toContain('groups[1]');
    expect(
      failureOf(() =>
        anova([
          [1, 2],
          [2, Infinity],
        ]),
      ).message,
    ).toContain('groups[1][1]');
  });
});
