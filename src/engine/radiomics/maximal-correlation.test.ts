import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holds } from '../../../test/support/small-regions.ts';
import type { Cells } from './cells.ts';
import { maximalCorrelation } from './maximal-correlation.ts';

/** The cells of a matrix of counts as probabilities, with its marginals. */
function distribution(counts: readonly (readonly number[])[]) {
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  const cells = counts.flatMap((line, row) =>
    line.flatMap((count, column) => (count > 0 ? [{ row, column: column + 1, p: count / total }] : [])),
  );
  const p: Cells = {
    rows: Int32Array.from(cells, ({ row }) => row),
    columns: Int32Array.from(cells, ({ column }) => column),
    counts: Float64Array.from(cells, (cell) => cell.p),
  };
  const size = counts.length;
  const px = new Float64Array(size);
  const py = new Float64Array(size);
  for (const { row, column, p: probability } of cells) {
    px[row] += probability;
    py[column - 1] += probability;
  }
  return { p, px, py };
}

const correlation = (counts: readonly (readonly number[])[]): number => {
  const { p, px, py } = distribution(counts);
  return maximalCorrelation(p, px, py);
};

it('is 1 for a single level, and for groups of levels that never meet', () => {
  expect(correlation([[5]])).toBe(1);
  expect(
    correlation([
      [2, 1, 0, 0],
      [1, 3, 0, 0],
      [0, 0, 4, 1],
      [0, 0, 1, 2],
    ]),
  ).toBeCloseTo(1, 12);
});

it('is less than 1 by what ε weighs on the second of groups that never meet', () => {
  const counts = [
    [900, 0, 0, 0],
    [0, 4, 3, 0],
    [0, 3, 2, 0],
    [0, 0, 0, 1],
  ];
  // Of NumPy's eigenvalues of Q; the third group has 9.3e-11.
  expect((1 - correlation(counts)) / 2.56861e-12).toBeCloseTo(1, 3);
});

it('is 0 for independent levels', () => {
  expect(
    correlation([
      [2, 4, 6],
      [4, 8, 12],
      [6, 12, 18],
    ]),
  ).toBeLessThan(1e-7);
});

it("is the absolute value of Pearson's coefficient for two levels", () => {
  holds(fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50)), ([a, b, c, d]) => {
    const product = (a + b) * (c + d) * (a + c) * (b + d);
    fc.pre(product > 0);
    expect(
      correlation([
        [a, b],
        [c, d],
      ]),
    ).toBeCloseTo(Math.abs(a * d - b * c) / Math.sqrt(product), 7);
  });
});

it('does not depend on the order of the levels, nor on which of the two is first', () => {
  const matrices = fc
    .integer({ min: 3, max: 24 })
    .chain((size) =>
      fc.array(fc.array(fc.nat(9), { minLength: size, maxLength: size }), {
        minLength: size,
        maxLength: size,
      }),
    )
    .filter((counts) => counts.flat().some((count) => count > 0));
  holds(
    matrices,
    (counts) => {
      const expected = correlation(counts);
      expect(expected).toBeLessThanOrEqual(1 + 1e-9);
      expect(correlation(counts.map((line) => line.toReversed()).toReversed())).toBeCloseTo(expected, 8);
      expect(correlation(counts.map((_, i) => counts.map((line) => line[i])))).toBeCloseTo(expected, 8);
    },
    100,
  );
});
