import { chiSquared } from './chi-squared.ts';
import { contingency } from './contingency.ts';

export interface ChiSquaredTest {
  readonly statistic: number | null;
  readonly df: number;
  readonly p: number | null;
  /** The counts expected of independent rows and columns, in the shape of the table. */
  readonly expected: readonly (readonly number[])[];
  /** The least expected count. Below 5 the approximation by χ² is doubtful; Fisher's test does without it. */
  readonly leastExpected: number;
}

/**
 * Pearson's χ² test of independence in a contingency table (an array of rows), as R's `chisq.test`: a 2 × 2 table with
 * Yates' continuity correction unless `continuity` is false, larger ones without. Where a row or a column is empty,
 * statistic and p are null.
 *
 * @throws ARGUMENT_INVALID or LENGTH_MISMATCH unless the table is at least 2 × 2, of whole counts from 0
 *
 * Citations: K. Pearson, Phil. Mag. 50 (1900) 157; F. Yates, Suppl. J. R. Statist. Soc. 1 (1934) 217.
 */
export function chiSquaredTest(
  table: readonly ArrayLike<number>[],
  options: { readonly continuity?: boolean } = {},
): ChiSquaredTest {
  const { rows, rowSums, columnSums, total } = contingency(table);
  const isCorrected = (options.continuity ?? true) && rowSums.length === 2 && columnSums.length === 2;
  const expected = rowSums.map((row) => columnSums.map((column) => (row * column) / total));
  const leastExpected = Math.min(...expected.flat());
  const df = (rowSums.length - 1) * (columnSums.length - 1);
  if (leastExpected === 0) return { statistic: null, df, p: null, expected, leastExpected };
  const deviations = rows.flatMap((row, i) => row.map((count, j) => Math.abs(count - expected[i][j])));
  // Yates' ½, but never across the expected count.
  const correction = isCorrected ? Math.min(0.5, ...deviations) : 0;
  const cells = expected.flat();
  let statistic = 0;
  deviations.forEach((deviation, cell) => {
    statistic += (deviation - correction) ** 2 / cells[cell];
  });
  return { statistic, df, p: chiSquared.upper(statistic, df), expected, leastExpected };
}
