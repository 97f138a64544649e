import { type Cells, cellKey, keyCells, largestTable, sumCells, tableCells } from './cells.ts';
import { emphasesOf, meanOverDirections } from './emphasis.ts';
import { type FeatureValues, featureClasses } from './features.ts';
import type { Levels } from './levels.ts';
import { lengthOf, type Offset, offsets } from './offsets.ts';
import type { Settings } from './settings.ts';

/**
 * Grey level run length features: runs of equal grey level along the 13 directions (4 with force2D), each feature computed
 * per direction and averaged (IBSI ITBB), or, with a `weightingNorm`, once from the weighted sum (`no_weighting`: IBSI
 * IAZD). A direction along which the region is nowhere more than one voxel long does not count; without any, the features are NaN.
 *
 * Galloway, CGIP 4 (1975) 172; IBSI 3.7; names and formulas as PyRadiomics' glrlm.
 */
export function glrlm(levels: Levels, settings: Settings): FeatureValues<'glrlm'> {
  const { region, grayLevels } = levels;
  const directions = offsets(region.size, [1], settings.force2D ? settings.force2Ddimension : null);
  const lengths = lengthsFor(levels);
  const matrices = directions.map((direction) => runLengths(levels, direction, lengths));
  const norm = settings.weightingNorm;
  if (norm !== undefined) {
    const weights = directions.map((direction) =>
      norm === 'no_weighting' ? 1 : lengthOf(direction, region.spacing, norm),
    );
    return runFeatures(sumCells(matrices, weights), grayLevels);
  }
  return meanOverDirections(
    matrices.map((matrix) => runFeatures(matrix, grayLevels)),
    featureClasses.glrlm,
  );
}

type RunLengths = Uint16Array | Uint32Array;

/** Room for the length of a run at each voxel of the region's box. */
export function lengthsFor({ ranks, region }: Levels): RunLengths {
  return Math.max(...region.size) > 0xffff ? new Uint32Array(ranks.length) : new Uint16Array(ranks.length);
}

/** Counts the runs along a direction as PyRadiomics does: none where no line holds two voxels of the region. */
export function runLengths(levels: Levels, direction: Offset, lengths: RunLengths): Cells {
  const { cells, hasNeighbours } = runsAlong(levels, direction, lengths);
  return hasNeighbours || hasLongLine(levels, direction) ? cells : keyCells(new Float64Array());
}

/**
 * Counts the runs along a direction by grey level and length, and says whether any voxel of the region has a neighbour in it
 * along that direction. `lengths` is room that calls may share.
 */
export function runsAlong(levels: Levels, direction: Offset, lengths: RunLengths) {
  const { region, ranks, grayLevels } = levels;
  const { voxels } = region;
  const step = direction[0] + direction[1] * region.row + direction[2] * region.plane;
  const longest = Math.max(...region.size);
  const width = longest + 1;
  const isDense = (grayLevels.length + 1) * width <= largestTable;
  // Where there are too many levels for a table by level and length, the lengths alone are counted, and the keys sorted.
  const table = new Uint32Array((isDense ? grayLevels.length + 1 : 1) * width);
  const hasNeighbours = countRuns(voxels, ranks, step, lengths, table, isDense ? width : 0);
  const cells = endingRuns(
    isDense
      ? tableCells(table, grayLevels.length, longest)
      : keyCells(Float64Array.from(voxels, (voxel) => cellKey(ranks[voxel], lengths[voxel]))),
  );
  return { cells, hasNeighbours };
}

/**
 * Notes at each voxel how long its run is so far, and counts that by grey level in rows of `width`. Returns whether any voxel
 * has a neighbour in the region.
 */
function countRuns(
  voxels: Int32Array,
  ranks: Uint16Array,
  step: number,
  lengths: RunLengths,
  table: Uint32Array,
  width: number,
): boolean {
  let neighbours = 0;
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n];
    const rank = ranks[voxel];
    const before = ranks[voxel - step];
    neighbours |= before;
    // All bits where the run goes on, else none: whether it does cannot be foretold, so there is no branch. The voxel before
    // has its length, as every step is positive.
    const goesOn = ((before ^ rank) - 1) >> 31;
    const length = 1 + (lengths[voxel - step] & goesOn);
    lengths[voxel] = length;
    table[rank * width + length]++;
  }
  return neighbours !== 0;
}

/** From the number of runs that reach each length to the number that end at it. */
function endingRuns({ rows, columns, counts }: Cells): Cells {
  const ending = {
    rows: new Int32Array(rows.length),
    columns: new Int32Array(rows.length),
    counts: new Float64Array(rows.length),
  };
  let kept = 0;
  for (let n = 0; n < rows.length; n++) {
    const goOn = rows[n + 1] === rows[n] && columns[n + 1] === columns[n] + 1 ? counts[n + 1] : 0;
    if (counts[n] > goOn) {
      ending.rows[kept] = rows[n];
      ending.columns[kept] = columns[n];
      ending.counts[kept++] = counts[n] - goOn;
    }
  }
  return {
    rows: ending.rows.subarray(0, kept),
    columns: ending.columns.subarray(0, kept),
    counts: ending.counts.subarray(0, kept),
  };
}

/** Whether some line along the direction holds two voxels of the region, with a gap between them. */
function hasLongLine({ region }: Levels, [dx, dy, dz]: Offset): boolean {
  const { voxels, mask, margin, row, plane, size } = region;
  for (let n = 0; n < voxels.length; n++) {
    let z = Math.floor(voxels[n] / plane) - margin;
    let y = Math.floor((voxels[n] % plane) / row) - margin;
    let x = (voxels[n] % row) - margin;
    let at = voxels[n];
    for (;;) {
      [x, y, z] = [x + dx, y + dy, z + dz];
      at += dx + dy * row + dz * plane;
      if (x < 0 || y < 0 || z < 0 || x >= size[0] || y >= size[1] || z >= size[2]) {
        break;
      }
      if (mask[at] === 1) {
        return true;
      }
    }
  }
  return false;
}

/** The features of one run length matrix. */
export function runFeatures(matrix: Cells, grayLevels: Float64Array): FeatureValues<'glrlm'> {
  const e = emphasesOf(matrix, grayLevels);
  return {
    GrayLevelNonUniformity: e.grayNonUniformity,
    GrayLevelNonUniformityNormalized: e.grayNonUniformityNormalized,
    GrayLevelVariance: e.grayVariance,
    HighGrayLevelRunEmphasis: e.highGray,
    LongRunEmphasis: e.largeSize,
    LongRunHighGrayLevelEmphasis: e.largeHigh,
    LongRunLowGrayLevelEmphasis: e.largeLow,
    LowGrayLevelRunEmphasis: e.lowGray,
    RunEntropy: e.entropy,
    RunLengthNonUniformity: e.sizeNonUniformity,
    RunLengthNonUniformityNormalized: e.sizeNonUniformityNormalized,
    RunPercentage: e.percentage,
    RunVariance: e.sizeVariance,
    ShortRunEmphasis: e.smallSize,
    ShortRunHighGrayLevelEmphasis: e.smallHigh,
    ShortRunLowGrayLevelEmphasis: e.smallLow,
  };
}
