/**
 * A matrix of counts, or of weighted counts, by its cells that are not empty. Rows are grey levels: `rows[n]` is the index
 * into the grey levels present. `columns[n]` is a run length, zone size or number of dependent neighbours, or, from 1 on, the
 * rank of the neighbour's grey level. Rows ascend, and within a row the columns.
 */
export interface Cells {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly counts: Float64Array;
}

/** Matrices up to this many cells are counted in a table; larger ones are nearly empty, and their entries are sorted. */
export const largestTable = 1 << 22;

/** The cells of a table whose row 0 and column 0 stand for voxels outside the region and are left out. */
export function tableCells(table: Uint32Array | Float64Array, rows: number, columns: number): Cells {
  const width = columns + 1;
  let used = 0;
  for (let row = 1; row <= rows; row++) {
    for (let column = 1, at = row * width + 1; column <= columns; column++, at++) {
      if (table[at] !== 0) {
        used++;
      }
    }
  }
  const cells = emptyCells(used);
  let n = 0;
  for (let row = 1; row <= rows; row++) {
    for (let column = 1, at = row * width + 1; column <= columns; column++, at++) {
      if (table[at] !== 0) {
        cells.rows[n] = row - 1;
        cells.columns[n] = column;
        cells.counts[n++] = table[at];
      }
    }
  }
  return cells;
}

/** The key of a cell among sorted entries. */
export const cellKey = (rank: number, column: number): number => rank * 2 ** 32 + column;

/** Counts entries given by their keys, which are sorted in place. */
export function keyCells(keys: Float64Array): Cells {
  keys.sort();
  let used = 0;
  for (let i = 0; i < keys.length; i++) {
    if (i === 0 || keys[i] !== keys[i - 1]) {
      used++;
    }
  }
  const cells = emptyCells(used);
  let n = -1;
  for (let i = 0; i < keys.length; i++) {
    if (i === 0 || keys[i] !== keys[i - 1]) {
      n++;
      const rank = Math.floor(keys[i] / 2 ** 32);
      cells.rows[n] = rank - 1;
      cells.columns[n] = keys[i] - rank * 2 ** 32;
    }
    cells.counts[n]++;
  }
  return cells;
}

/** The weighted sum of matrices over the same rows and columns. */
export function sumCells(parts: readonly Cells[], weights: readonly number[]): Cells {
  const sums = new Map<number, number>();
  parts.forEach((part, p) => {
    for (let n = 0; n < part.rows.length; n++) {
      const key = cellKey(part.rows[n] + 1, part.columns[n]);
      sums.set(key, (sums.get(key) ?? 0) + weights[p] * part.counts[n]);
    }
  });
  const keys = Float64Array.from(sums.keys());
  const cells = keyCells(keys);
  keys.forEach((key, n) => {
    cells.counts[n] = sums.get(key)!;
  });
  return cells;
}

/** The sum of a matrix's entries. */
export function totalOf(cells: Cells): number {
  let total = 0;
  for (let n = 0; n < cells.counts.length; n++) {
    total += cells.counts[n];
  }
  return total;
}

function emptyCells(length: number): Cells {
  return { rows: new Int32Array(length), columns: new Int32Array(length), counts: new Float64Array(length) };
}
