import { type Cells, cellKey, keyCells, largestTable, tableCells } from './cells.ts';
import type { Levels } from './levels.ts';
import type { Offset } from './offsets.ts';
import { roomFor } from './rank-room.ts';

/** What a direction makes of a region's grey levels. */
export interface NeighbourTally {
  /** The pairs (grey level of a voxel, grey level of its neighbour in the direction); symmetric: each pair both ways. */
  readonly pairs: Cells;
  /** The runs of equal grey level by grey level and length. */
  readonly runs: Cells;
}

const known = new WeakMap<Levels, Map<string, NeighbourTally>>();

/**
 * Counts co-occurrences and runs along a direction at once, as each voxel makes either a pair of different levels or a run longer. Kept
 * for as long as the levels are, so that whichever family comes second has them.
 */
export function neighbourTally(levels: Levels, direction: Offset, symmetric: boolean): NeighbourTally {
  const { region, grayLevels } = levels;
  let tallies = known.get(levels);
  if (tallies === undefined) {
    tallies = new Map();
    known.set(levels, tallies);
  }
  const key = `${direction} ${symmetric}`;
  let found = tallies.get(key);
  if (found === undefined) {
    const step = direction[0] + direction[1] * region.row + direction[2] * region.plane;
    const longest = Math.min(...region.size.filter((_, axis) => direction[axis] !== 0));
    const width = grayLevels.length + longest + 1;
    // The room takes rows of at most 64 KiB.
    found =
      (grayLevels.length + 1) * width <= largestTable && width < 2 ** 14
        ? counted(levels, step, width, symmetric)
        : sorted(levels, step, symmetric);
    tallies.set(key, found);
  }
  return found;
}

function counted(levels: Levels, step: number, width: number, symmetric: boolean): NeighbourTally {
  const size = levels.grayLevels.length;
  const table = roomFor(levels).tally(step, size, width);
  return { runs: runsIn(table, levels.counts, width), pairs: pairsIn(table, size, width, symmetric) };
}

/** The table tells how many runs reach each length from 2 on: those that reach the next do not end there. */
function runsIn(table: Uint32Array, voxels: Float64Array, width: number): Cells {
  const size = voxels.length;
  const [rows, columns, counts]: number[][] = [[], [], []];
  for (let row = 0; row < size; row++) {
    // Where column − at is the length.
    const at = (row + 1) * width + size;
    const longest = width - size - 1;
    let reaching = voxels[row];
    for (let length = 2; length <= longest; length++) reaching -= table[at + length];
    for (let length = 1; reaching > 0; length++) {
      const next = length < longest ? table[at + length + 1] : 0;
      if (reaching > next) {
        rows.push(row);
        columns.push(length);
        counts.push(reaching - next);
      }
      reaching = next;
    }
  }
  return {
    rows: Int32Array.from(rows),
    columns: Int32Array.from(columns),
    counts: Float64Array.from(counts),
  };
}

/** The table's row is the later voxel of a pair; its pairs of equal level are those that make runs longer. */
function pairsIn(table: Uint32Array, size: number, width: number, symmetric: boolean): Cells {
  const pairs = new Uint32Array((size + 1) * (size + 1));
  for (let i = 1; i <= size; i++) {
    let equal = 0;
    for (let at = i * width + size + 2; at < (i + 1) * width; at++) equal += table[at];
    pairs[i * (size + 1) + i] = symmetric ? 2 * equal : equal;
    for (let j = 1; j < i; j++) {
      const [later, earlier] = [table[i * width + j], table[j * width + i]];
      pairs[i * (size + 1) + j] = symmetric ? later + earlier : earlier;
      pairs[j * (size + 1) + i] = symmetric ? later + earlier : later;
    }
  }
  return tableCells(pairs, size, size);
}

/** The same where a table would be too large, and nearly empty. */
function sorted({ region, ranks }: Levels, step: number, symmetric: boolean): NeighbourTally {
  const { voxels } = region;
  const lengths = new Uint32Array(ranks.length);
  const runs = new Float64Array(voxels.length);
  const pairs: number[] = [];
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n];
    const rank = ranks[voxel];
    const before = ranks[voxel - step];
    lengths[voxel] = rank === before ? lengths[voxel - step] + 1 : 1;
    if (before !== 0) {
      pairs.push(cellKey(before, rank));
      if (symmetric) pairs.push(cellKey(rank, before));
    }
  }
  let count = 0;
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n];
    if (ranks[voxel + step] !== ranks[voxel]) runs[count++] = cellKey(ranks[voxel], lengths[voxel]);
  }
  return { pairs: keyCells(Float64Array.from(pairs)), runs: keyCells(runs.slice(0, count)) };
}
