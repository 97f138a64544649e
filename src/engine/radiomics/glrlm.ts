import { type Cells, keyCells, sumCells } from './cells.ts';
import { emphasesOf, meanOverDirections } from './emphasis.ts';
import { type FeatureValues, featureClasses } from './features.ts';
import type { Levels } from './levels.ts';
import { neighbourTally } from './neighbour-tally.ts';
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
  // Runs are the same either way, but pairs are counted with them for glcm.
  const symmetric = settings.symmetricalGLCM ?? true;
  const matrices = directions.map((direction) => runLengths(levels, direction, symmetric));
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

/** Counts the runs along a direction as PyRadiomics does: none where no line holds two voxels of the region. */
export function runLengths(levels: Levels, direction: Offset, symmetric = true): Cells {
  const { runs, pairs } = neighbourTally(levels, direction, symmetric);
  return pairs.counts.length > 0 || hasLongLine(levels, direction) ? runs : keyCells(new Float64Array());
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
