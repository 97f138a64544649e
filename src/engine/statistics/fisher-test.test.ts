import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { failureOf } from '../../../test/support/failure-of.ts';
import { fisherTest } from './fisher-test.ts';

const logFactorial = (n: number): number => (n < 2 ? 0 : Math.log(n) + logFactorial(n - 1));

/** p by going through every table with the same margins. */
function byEnumeration(table: readonly (readonly number[])[]): number {
  const rowSums = table.map((row) => row.reduce((a, b) => a + b, 0));
  const columnSums = table[0].map((_, j) => table.reduce((sum, row) => sum + row[j], 0));
  const shares: number[] = [];
  const fill = (cell: number, rows: readonly number[], columns: readonly number[], share: number): void => {
    if (cell === rowSums.length * columnSums.length) {
      shares.push(share);
      return;
    }
    const i = Math.floor(cell / columnSums.length);
    const j = cell % columnSums.length;
    const isLastOfRow = j === columnSums.length - 1;
    const isLastRow = i === rowSums.length - 1;
    for (let x = 0; x <= Math.min(rows[i], columns[j]); x++) {
      if ((isLastOfRow && x !== rows[i]) || (isLastRow && x !== columns[j])) continue;
      fill(cell + 1, rows.with(i, rows[i] - x), columns.with(j, columns[j] - x), share - logFactorial(x));
    }
  };
  fill(0, rowSums, columnSums, 0);
  const observed = -table.flat().reduce((sum, x) => sum + logFactorial(x), 0);
  const all = shares.reduce((sum, share) => sum + Math.exp(share - observed), 0);
  const within = shares.filter((share) => share <= observed + 1e-7);
  return within.reduce((sum, share) => sum + Math.exp(share - observed), 0) / all;
}

const tables = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 }))
  .chain(([r, c]) =>
    fc.array(fc.array(fc.nat(r * c > 9 ? 2 : 5), { minLength: c, maxLength: c }), {
      minLength: r,
      maxLength: r,
    }),
  )
  .filter((table) => table.flat().some((count) => count > 0));

describe('fisherTest', () => {
  it('sums the tables that are no more probable', () => {
    fc.assert(
      fc.property(tables, (table) => {
        expectClose(fisherTest(table).p, byEnumeration(table), 1e-10);
      }),
      { seed: 41, numRuns: 150 },
    );
  });

  it('does not change when rows, columns or both are exchanged', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { p } = fisherTest(table);
        const transposed = table[0].map((_, j) => table.map((row) => row[j]));
        expectClose(fisherTest(transposed).p, p, 1e-11);
        expectClose(fisherTest(table.toReversed()).p, p, 1e-11);
        expectClose(fisherTest(table.map((row) => row.toReversed())).p, p, 1e-11);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  // R: fisher.test(m, workspace = 2e8)$p.value
  it.each([
    [
      0.00156758061537692,
      [
        [20, 30, 25, 12],
        [15, 22, 31, 18],
        [9, 14, 28, 33],
      ],
    ],
    [
      0.102895819880779,
      [
        [2, 1, 4, 3, 1],
        [1, 5, 2, 0, 2],
        [0, 2, 3, 5, 1],
        [4, 1, 0, 2, 3],
        [1, 1, 2, 3, 4],
      ],
    ],
    [
      0.202238351182746,
      [
        [30, 20, 10, 5, 8, 9],
        [22, 18, 20, 9, 4, 11],
      ],
    ],
  ])('has p = %d', (p, table) => {
    expectClose(fisherTest(table).p, p, 1e-9);
  });

  // Odds ratio and 95 % limits solved with 40 digits.
  it.each([
    [
      [
        [3, 1],
        [1, 3],
      ],
      6.408319658199674,
      0.21173559544657858,
      626.243530588814,
    ],
    [
      [
        [37, 53],
        [26, 112],
      ],
      2.9916826224844035,
      1.5837667306188221,
      5.728392609400189,
    ],
    [
      [
        [1, 11],
        [9, 3],
      ],
      0.03720908483238119,
      0.0006360029488751071,
      0.42586647569637387,
    ],
    [
      [
        [0, 7],
        [5, 3],
      ],
      0,
      0,
      0.8791633559623129,
    ],
    [
      [
        [1200, 1100],
        [800, 950],
      ],
      1.295371547094004,
      1.1413612124881403,
      1.4703784858253934,
    ],
    [
      [
        [1, 99],
        [40, 60],
      ],
      0.015388199279989826,
      0.00037073894289224135,
      0.09576800621187204,
    ],
  ])('of %j has the conditional odds ratio and its limits', (table, odds, low, high) => {
    const ours = fisherTest(table);
    expectClose(ours.oddsRatio, odds, 1e-12);
    expectClose(ours.confidence?.[0] ?? Number.NaN, low, 1e-12);
    expectClose(ours.confidence?.[1] ?? Number.NaN, high, 1e-12);
  });

  it('inverts the odds ratio when the columns change places', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 4, maxLength: 4 }),
        ([a, b, c, d]) => {
          const ours = fisherTest([
            [a, b],
            [c, d],
          ]);
          const other = fisherTest([
            [b, a],
            [d, c],
          ]);
          expectClose(other.oddsRatio, 1 / (ours.oddsRatio ?? Number.NaN), 1e-11);
          expectClose(other.confidence?.[0] ?? Number.NaN, 1 / (ours.confidence?.[1] ?? Number.NaN), 1e-11);
        },
      ),
      { seed: 43, numRuns: 60 },
    );
  });

  it('ignores empty rows and columns, and refuses what it cannot take', () => {
    expect(
      fisherTest([
        [1, 2],
        [0, 0],
      ]),
    ).toEqual({ p: 1, oddsRatio: null, confidence: null });
    expectClose(
      fisherTest([
        [3, 1, 0],
        [1, 3, 0],
      ]).p,
      0.4857142857142857,
      1e-12,
    );
    expect(
      failureOf(() =>
        fisherTest([
          [1e6, 1],
          [1, 1],
        ]),
      ).message,
    ).toContain('total of table');
    expect(failureOf(() => fisherTest([[1, 2]])).message).toContain('1 × 2');
    expect(failureOf(() => fisherTest([[1, 2], [3]])).code).toBe('LENGTH_MISMATCH');
    expect(
      failureOf(() =>
        fisherTest([
          [1, 2],
          [3, 0.5],
        ]),
      ).message,
    ).toContain('table[1][1]');
    expect(
      failureOf(() =>
        fisherTest(
          [
            [1, 2, 1],
            [3, 4, 1],
          ],
          { alternative: 'less' },
        ),
      ).code,
    ).toBe('ARGUMENT_INVALID');
    expect(
      failureOf(() =>
        fisherTest([
          [0, 0],
          [0, 0],
        ]),
      ).code,
    ).toBe('ARGUMENT_INVALID');
  });
});
