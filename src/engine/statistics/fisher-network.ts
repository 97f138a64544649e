import { Failure } from '../failure.ts';
import { LastColumns, type Past } from './fisher-last-columns.ts';
import { logGamma } from './log-gamma.ts';

/** What is left of the rows after some columns, and the ways to get there. */
interface Node {
  readonly rows: readonly number[];
  /** Keyed by the share rounded to 1e-10, so that equal shares meet. */
  readonly pasts: Map<number, Past>;
}

/** Steps of the search after which it is given up. */
const MOST_STEPS = 1e8;

/**
 * The two-sided p of Fisher's exact test for a table without empty margins: the probability, given the margins, of all
 * tables that are no more probable than this one.
 *
 * A table's probability is a constant times ∏ 1/xᵢⱼ!. Its columns are filled one after the other. What remains to be
 * filled depends on the rows' remainders alone, so that ways with the same remainders and the same product go on as
 * one; and where even the most probable completion is no more probable than the observed table, all completions are
 * added at once, since their sum is n! / ∏ rᵢ! ∏ cⱼ!; where even the least probable one is more probable, none is.
 *
 * @throws ARGUMENT_INVALID if the table takes more than 1e8 steps (some seconds)
 *
 * Citation: C. R. Mehta, N. R. Patel, J. Am. Statist. Ass. 78 (1983) 427.
 */
export function networkProbability(table: readonly (readonly number[])[]): number {
  const isWide = table.length <= table[0].length;
  const byRow = isWide ? table : table[0].map((_, j) => table.map((row) => row[j]));
  const rows = byRow.map((row) => row.reduce((sum, count) => sum + count, 0));
  // Small columns first: they branch less.
  const columns = byRow[0].map((_, j) => byRow.reduce((sum, row) => sum + row[j], 0)).sort((a, b) => a - b);
  const total = rows.reduce((sum, count) => sum + count, 0);
  const logFactorials = Float64Array.from({ length: total + 1 }, (_, k) => logGamma(k + 1));
  const logs = (counts: readonly number[]) => counts.reduce((sum, count) => sum + logFactorials[count], 0);
  const constant = logs(rows) + logs(columns) - logFactorials[total];
  const limit = -byRow.reduce((sum, row) => sum + logs(row), 0) + Math.log1p(1e-7);

  let steps = 0;
  const step = () => {
    if (++steps > MOST_STEPS) {
      throw new Failure('ARGUMENT_INVALID', "table has too many arrangements for Fisher's exact test", {
        argument: 'table',
        rows: table.length,
        columns: table[0].length,
        total,
      });
    }
  };

  let p = 0;
  let level = new Map([['', startOf(rows)]]);
  for (let column = 0; column < columns.length - 2; column++) {
    const rest = columns.slice(column + 1);
    const logRest = logs(rest);
    const next = new Map<
      string,
      Node & { readonly least: number; readonly most: number; readonly sum: number }
    >();
    for (const { rows: remaining, pasts } of level.values()) {
      forEachFilling(remaining, columns[column], (filling) => {
        const left = remaining.map((count, i) => count - filling[i]).sort((a, b) => a - b);
        const key = left.join();
        let node = next.get(key);
        if (!node) {
          const sum = logFactorials[left.reduce((a, b) => a + b, 0)] - logs(left) - logRest;
          node = {
            rows: left,
            pasts: new Map(),
            least: leastProbable(left, rest, logFactorials),
            most: mostProbable(left, rest, logFactorials),
            sum,
          };
          next.set(key, node);
        }
        const share = logs(filling);
        for (const past of pasts.values()) {
          step();
          const value = past.share - share;
          if (value + node.least > limit) continue;
          if (value + node.most <= limit) {
            p += past.ways * Math.exp(constant + value + node.sum);
            continue;
          }
          const rounded = Math.round(value * 1e10);
          const known = node.pasts.get(rounded);
          if (known) known.ways += past.ways;
          else node.pasts.set(rounded, { share: value, ways: past.ways });
        }
      });
    }
    level = next;
  }
  const last = new LastColumns(columns[columns.length - 2], logFactorials, constant, limit, step);
  for (const { rows: remaining, pasts } of level.values()) {
    if (pasts.size > 0) p += last.probability(remaining, [...pasts.values()]);
  }
  return Math.min(1, p);
}

function startOf(rows: readonly number[]): Node {
  return { rows: rows.toSorted((a, b) => a - b), pasts: new Map([[0, { share: 0, ways: 1 }]]) };
}

/** Calls back for each way to spread a column's count over rows that have room for it. The array is reused. */
function forEachFilling(
  rows: readonly number[],
  count: number,
  visit: (filling: readonly number[]) => void,
): void {
  const filling = new Array<number>(rows.length).fill(0);
  const roomAfter = rows.map((_, i) => rows.slice(i + 1).reduce((sum, room) => sum + room, 0));
  const fill = (row: number, left: number): void => {
    if (row === rows.length - 1) {
      filling[row] = left;
      visit(filling);
      return;
    }
    for (let x = Math.max(0, left - roomAfter[row]); x <= Math.min(rows[row], left); x++) {
      filling[row] = x;
      fill(row + 1, left - x);
    }
  };
  fill(0, count);
}

/** A lower bound of log ∏ 1/xᵢⱼ! over all tables with these margins: each row, or each column, piled up where it can be. */
function leastProbable(
  rows: readonly number[],
  columns: readonly number[],
  logFactorials: Float64Array,
): number {
  const piled = (counts: readonly number[], rooms: readonly number[]) => {
    let sum = 0;
    for (const count of counts) {
      let left = count;
      for (let i = rooms.length - 1; i >= 0 && left > 0; i--) {
        const put = Math.min(left, rooms[i]);
        sum += logFactorials[put];
        left -= put;
      }
    }
    return sum;
  };
  // Both are sorted, so that the largest room comes first.
  return -Math.min(piled(rows, columns), piled(columns, rows)) - 1e-9;
}

/** An upper bound of log ∏ 1/xᵢⱼ! over all tables with these margins. */
function mostProbable(
  rows: readonly number[],
  columns: readonly number[],
  logFactorials: Float64Array,
): number {
  const total = rows.reduce((sum, count) => sum + count, 0);
  const proportions = rows.map((count) => count / total);
  const logProportions = proportions.map((p) => (p > 0 ? Math.log(p) : 0));
  let bound = 0;
  rows.forEach((count, i) => {
    bound -= count * logProportions[i];
  });
  for (const column of columns) {
    const mode = proportions.map((p) => Math.floor(column * p));
    let left = column - mode.reduce((sum, count) => sum + count, 0);
    for (; left > 0; left--) {
      let best = 0;
      for (let i = 1; i < mode.length; i++) {
        if (proportions[i] / (mode[i] + 1) > proportions[best] / (mode[best] + 1)) best = i;
      }
      mode[best]++;
    }
    mode.forEach((count, i) => {
      bound += count * logProportions[i] - logFactorials[count];
    });
  }
  // Above rounding, so that the bound stays one.
  return bound + 1e-9;
}
