import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { failureOf } from '../../../test/support/failure-of.ts';
import { type IccForm, icc } from './icc.ts';

const FORMS: readonly IccForm[] = ['ICC1', 'ICC2', 'ICC3', 'ICC1k', 'ICC2k', 'ICC3k'];

const ratings = fc.tuple(fc.integer({ min: 3, max: 12 }), fc.integer({ min: 2, max: 4 })).chain(([n, k]) =>
  fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: k, maxLength: k }), {
    minLength: n,
    maxLength: n,
  }),
);

describe('icc', () => {
  it('does not change with the order of subjects or raters, nor with shift and scale', () => {
    fc.assert(
      fc.property(ratings, (table) => {
        const ours = icc(table);
        const other = icc(table.toReversed().map((row) => row.toReversed().map((v) => 4 * v - 256)));
        for (const form of FORMS) {
          const { icc: value } = ours.forms[form];
          // Next to a divisor of 0 the value has no digits.
          if (value === null || Math.abs(value) > 1e3) continue;
          expect(Math.abs((other.forms[form].icc ?? Infinity) - value)).toBeLessThan(1e-9);
        }
      }),
      { seed: 61, numRuns: 150 },
    );
  });

  it('lies within its interval, and REML equals the mean squares where none is below the residual', () => {
    fc.assert(
      fc.property(ratings, (table) => {
        const ours = icc(table);
        const { subjects, raters, residual } = ours.meanSquares;
        if (!(subjects > residual && raters > residual && residual > 0)) return;
        const reml = icc(table, { estimate: 'reml' });
        for (const form of ['ICC2', 'ICC3', 'ICC2k', 'ICC3k'] as const) {
          const { icc: value, confidence } = ours.forms[form];
          expectClose(reml.forms[form].icc, value ?? Number.NaN, 1e-9);
          if (confidence && value !== null) {
            expect(confidence[0]).toBeLessThanOrEqual(value + 1e-12);
            expect(confidence[1]).toBeGreaterThanOrEqual(value - 1e-12);
          }
        }
      }),
      { seed: 62, numRuns: 150 },
    );
  });

  it('is 1 for raters that agree, also next to the ends of the range of numbers', () => {
    for (const scale of [1e-300, 1e-200, 1, 1e200, 1e300]) {
      const { forms } = icc([1, 2, 3, 7].map((v) => [v * scale, v * scale]));
      for (const form of FORMS) {
        expect(forms[form]).toMatchObject({ icc: 1, statistic: Infinity, p: 0, confidence: [1, 1] });
      }
    }
  });

  it('is undefined without any variance, also where the mean rounds', () => {
    for (const value of [0, 3, 0.1, 1e17 / 3]) {
      const { forms } = icc([
        [value, value, value],
        [value, value, value],
      ]);
      for (const form of FORMS) {
        expect(forms[form]).toMatchObject({ icc: null, statistic: null, p: null, confidence: null });
      }
    }
  });

  it('sees a constant shift between raters in agreement alone', () => {
    const { forms } = icc([0.1, 0.2, 0.7, 0.9].map((v) => [v, v + 0.3]));
    expect(forms.ICC3).toMatchObject({ icc: 1, statistic: Infinity, confidence: [1, 1] });
    expect(forms.ICC2.icc).toBeLessThan(0.8);
    expect(forms.ICC2.confidence?.every(Number.isFinite)).toBe(true);
  });

  it('refuses too few ratings, ragged rows and values that are not finite', () => {
    expect(failureOf(() => icc([[1, 2]])).code).toBe('NO_OBSERVATIONS');
    expect(failureOf(() => icc([[1], [2]])).code).toBe('NO_OBSERVATIONS');
    expect(failureOf(() => icc([])).code).toBe('NO_OBSERVATIONS');
    expect(failureOf(() => icc([[1, 2], [1]])).code).toBe('LENGTH_MISMATCH');
    expect(
      failureOf(() =>
        icc([
          [1, 2],
          [1, Number.NaN],
        ]),
      ).message,
    ).toContain('ratings[1][1]');
  });
});
