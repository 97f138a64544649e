import { type Cells, cellKey, keyCells } from './cells.ts';
import { emphasesOf } from './emphasis.ts';
import type { FeatureValues } from './features.ts';
import type { Levels } from './levels.ts';
import { offsets } from './offsets.ts';
import type { Settings } from './settings.ts';
import { zonesOf } from './zones.ts';

/**
 * Grey level size zone features: zones of connected voxels of one grey level, 26-connected (8-connected in the plane with
 * force2D, the zones of all planes in one matrix: IBSI 62GR; else IBSI KOBO).
 *
 * Thibault et al., PRIP 2009, 140; IBSI 3.8; names and formulas as PyRadiomics' glszm.
 */
export function glszm(levels: Levels, settings: Settings): FeatureValues<'glszm'> {
  return zoneFeatures(
    zoneSizes(levels, settings.force2D ? settings.force2Ddimension : null),
    levels.grayLevels,
  );
}

/** Sizes below this are counted in a table; there are few larger zones. */
const smallZone = 128;

/** Counts the zones by grey level and size. */
export function zoneSizes(levels: Levels, fixed: number | null): Cells {
  const { ranks, sizes } = zonesOf(levels, offsets(levels.region.size, [1], fixed));
  const rows = levels.grayLevels.length;
  const table = new Uint32Array((rows + 1) * smallZone);
  const larger: number[] = [];
  for (let n = 0; n < sizes.length; n++) {
    if (sizes[n] < smallZone) table[ranks[n] * smallZone + sizes[n]]++;
    else larger.push(cellKey(ranks[n], sizes[n]));
  }
  return joined(table, larger, rows);
}

/** The table's cells and those of the larger zones, row by row. */
function joined(table: Uint32Array, larger: readonly number[], rows: number): Cells {
  const large = keyCells(Float64Array.from(larger));
  const [rowList, columnList, countList]: number[][] = [[], [], []];
  let next = 0;
  for (let row = 0; row < rows; row++) {
    for (let size = 1; size < smallZone; size++) {
      const count = table[(row + 1) * smallZone + size];
      if (count > 0) {
        rowList.push(row);
        columnList.push(size);
        countList.push(count);
      }
    }
    for (; next < large.rows.length && large.rows[next] === row; next++) {
      rowList.push(row);
      columnList.push(large.columns[next]);
      countList.push(large.counts[next]);
    }
  }
  return {
    rows: Int32Array.from(rowList),
    columns: Int32Array.from(columnList),
    counts: Float64Array.from(countList),
  };
}

/** The features of one size zone matrix. */
export function zoneFeatures(matrix: Cells, grayLevels: Float64Array): FeatureValues<'glszm'> {
  const e = emphasesOf(matrix, grayLevels);
  return {
    GrayLevelNonUniformity: e.grayNonUniformity,
    GrayLevelNonUniformityNormalized: e.grayNonUniformityNormalized,
    GrayLevelVariance: e.grayVariance,
    HighGrayLevelZoneEmphasis: e.highGray,
    LargeAreaEmphasis: e.largeSize,
    LargeAreaHighGrayLevelEmphasis: e.largeHigh,
    LargeAreaLowGrayLevelEmphasis: e.largeLow,
    LowGrayLevelZoneEmphasis: e.lowGray,
    SizeZoneNonUniformity: e.sizeNonUniformity,
    SizeZoneNonUniformityNormalized: e.sizeNonUniformityNormalized,
    SmallAreaEmphasis: e.smallSize,
    SmallAreaHighGrayLevelEmphasis: e.smallHigh,
    SmallAreaLowGrayLevelEmphasis: e.smallLow,
    ZoneEntropy: e.entropy,
    ZonePercentage: e.percentage,
    ZoneVariance: e.sizeVariance,
  };
}
