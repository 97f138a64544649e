import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { failureOf } from '../../../test/support/failure-of.ts';
import { chiSquaredTest } from './chi-squared-test.ts';

const tables = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 }))
  .chain(([r, c]) =>
    fc.array(fc.array(fc.nat(9), { minLength: c, maxLength: c }), { minLength: r, maxLength: r }),
  )
  .filter((table) => table.flat().some((count) => count > 0));

describe('chiSquaredTest', () => {
  it('is unchanged by transposition, and its correction lowers it', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const transposed = table[0].map((_, j) => table.map((row) => row[j]));
        const ours = chiSquaredTest(table);
        if (ours.statistic === null || ours.p === null) {
          expect(ours.leastExpected).toBe(0);
          return;
        }
        expectClose(chiSquaredTest(transposed).p, ours.p, 1e-9);
        const plain = chiSquaredTest(table, { continuity: false });
        expect(ours.statistic).toBeLessThanOrEqual(plain.statistic ?? 0);
      }),
      { seed: 44, numRuns: 150 },
    );
  });

  it('gives null for an empty row or column', () => {
    expect(
      chiSquaredTest([
        [0, 0],
        [3, 4],
      ]),
    ).toMatchObject({ statistic: null, p: null, df: 1, leastExpected: 0 });
    expect(
      failureOf(() =>
        chiSquaredTest([
          [1, 2],
          [3, -1],
        ]),
      ).message,
    ).toContain('table[1][1]');
  });
});
