import { type Cells, tableCells } from './cells.ts';
import { emphasesOf } from './emphasis.ts';
import type { FeatureValues } from './features.ts';
import type { Levels } from './levels.ts';
import { offsets, stepsOf } from './offsets.ts';
import { roomFor } from './rank-room.ts';
import type { Settings } from './settings.ts';

/**
 * Grey level dependence features: for each voxel one plus the number of neighbours whose grey level differs by at most
 * `gldm_a`, by the voxel's grey level.
 *
 * Sun and Wee, CVGIP 23 (1983) 341; IBSI 3.12 (neighbouring grey level dependence); names and formulas as PyRadiomics' gldm.
 */
export function gldm(levels: Levels, settings: Settings): FeatureValues<'gldm'> {
  const fixed = settings.force2D ? settings.force2Ddimension : null;
  return dependenceFeatures(
    dependences(levels, settings.distances, fixed, settings.gldm_a ?? 0),
    levels.grayLevels,
  );
}

/** Counts the voxels by grey level and one plus the number of dependent neighbours. */
export function dependences(
  levels: Levels,
  distances: readonly number[],
  fixed: number | null,
  tolerance: number,
): Cells {
  const { region, ranks, grayLevels } = levels;
  const { voxels } = region;
  const steps = stepsOf(offsets(region.size, distances, fixed), region);
  const largest = 2 * steps.length + 1;
  const width = largest + 1;
  const levelCount = grayLevels.length;
  // The room takes rows of at most 64 KiB.
  if (tolerance === 0 && steps.length > 0 && width < 2 ** 14) {
    return tableCells(roomFor(levels).tallyEqual(steps, levelCount, width), levelCount, largest);
  }
  const table = new Uint32Array((levelCount + 1) * width);
  // The lowest and highest rank within the tolerance of each rank, so that ranks need not be turned into levels.
  const lowest = new Uint16Array(grayLevels.length + 1);
  const highest = new Uint16Array(grayLevels.length + 1);
  for (let rank = 1, low = 1, high = 1; rank <= grayLevels.length; rank++) {
    while (grayLevels[rank - 1] - grayLevels[low - 1] > tolerance) {
      low++;
    }
    while (high < grayLevels.length && grayLevels[high] - grayLevels[rank - 1] <= tolerance) {
      high++;
    }
    lowest[rank] = low;
    highest[rank] = high;
  }
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n];
    const rank = ranks[voxel];
    const low = lowest[rank];
    const high = highest[rank];
    let dependent = 1;
    for (let d = 0; d < steps.length; d++) {
      const ahead = ranks[voxel + steps[d]];
      const behind = ranks[voxel - steps[d]];
      // One of the differences is negative outside the range: sign bits, as no branch could be foretold here.
      dependent += 2 + (((ahead - low) | (high - ahead)) >> 31) + (((behind - low) | (high - behind)) >> 31);
    }
    table[rank * (largest + 1) + dependent]++;
  }
  return tableCells(table, grayLevels.length, largest);
}

/** The features of one dependence matrix. */
export function dependenceFeatures(matrix: Cells, grayLevels: Float64Array): FeatureValues<'gldm'> {
  const e = emphasesOf(matrix, grayLevels);
  return {
    DependenceEntropy: e.entropy,
    DependenceNonUniformity: e.sizeNonUniformity,
    DependenceNonUniformityNormalized: e.sizeNonUniformityNormalized,
    DependenceVariance: e.sizeVariance,
    GrayLevelNonUniformity: e.grayNonUniformity,
    GrayLevelVariance: e.grayVariance,
    HighGrayLevelEmphasis: e.highGray,
    LargeDependenceEmphasis: e.largeSize,
    LargeDependenceHighGrayLevelEmphasis: e.largeHigh,
    LargeDependenceLowGrayLevelEmphasis: e.largeLow,
    LowGrayLevelEmphasis: e.lowGray,
    SmallDependenceEmphasis: e.smallSize,
    SmallDependenceHighGrayLevelEmphasis: e.smallHigh,
    SmallDependenceLowGrayLevelEmphasis: e.smallLow,
  };
}
