import { Failure } from '../failure.ts';
import { requireInteger } from './argument.ts';

/** A table of counts by row, with its margins. */
export interface Contingency {
  readonly rows: readonly (readonly number[])[];
  readonly rowSums: readonly number[];
  readonly columnSums: readonly number[];
  readonly total: number;
}

/**
 * Checks a contingency table and adds up its margins.
 *
 * @throws ARGUMENT_INVALID unless it has at least 2 rows and 2 columns of whole counts from 0, all rows as long, and a
 * total from 1 to 1e9
 */
export function contingency(table: readonly ArrayLike<number>[]): Contingency {
  const columns = table[0]?.length ?? 0;
  if (table.length < 2 || columns < 2) {
    throw new Failure('ARGUMENT_INVALID', `table is ${table.length} × ${columns}, at least 2 × 2 is needed`, {
      argument: 'table',
      rows: table.length,
      columns,
    });
  }
  const rowSums = new Array<number>(table.length).fill(0);
  const columnSums = new Array<number>(columns).fill(0);
  let total = 0;
  const rows = table.map((row, i) => {
    if (row.length !== columns) {
      throw new Failure('LENGTH_MISMATCH', `table[${i}] has ${row.length} columns, table[0] has ${columns}`, {
        argument: `table[${i}]`,
        length: row.length,
        expected: columns,
      });
    }
    return Array.from(row, (count, j) => {
      requireInteger(`table[${i}][${j}]`, count, 0, 1e9);
      rowSums[i] += count;
      columnSums[j] += count;
      total += count;
      return count;
    });
  });
  requireInteger('total of table', total, 1, 1e9);
  return { rows, rowSums, columnSums, total };
}
