import { type Cells, cellKey, keyCells } from '../cells.ts';
import { type Emphases, emphasesOf } from '../emphasis.ts';
import type { Levels } from '../levels.ts';
import type { Region } from '../region.ts';
import { zonesOf } from '../zones.ts';
import { averaged, directionsOf, isInSpace } from './aggregation.ts';
import type { Aggregation, IbsiValues, TagOf } from './catalogue.ts';
import { edgeDistances } from './edge-distances.ts';

const sizeNames: Readonly<Record<TagOf<'glszm'>, keyof Emphases>> = {
  szm_sze: 'smallSize',
  szm_lze: 'largeSize',
  szm_lgze: 'lowGray',
  szm_hgze: 'highGray',
  szm_szlge: 'smallLow',
  szm_szhge: 'smallHigh',
  szm_lzlge: 'largeLow',
  szm_lzhge: 'largeHigh',
  szm_glnu: 'grayNonUniformity',
  szm_glnu_norm: 'grayNonUniformityNormalized',
  szm_zsnu: 'sizeNonUniformity',
  szm_zsnu_norm: 'sizeNonUniformityNormalized',
  szm_z_perc: 'percentage',
  szm_gl_var: 'grayVariance',
  szm_zs_var: 'sizeVariance',
  szm_zs_entr: 'entropy',
};

const distanceNames: Readonly<Record<TagOf<'gldzm'>, keyof Emphases>> = {
  dzm_sde: 'smallSize',
  dzm_lde: 'largeSize',
  dzm_lgze: 'lowGray',
  dzm_hgze: 'highGray',
  dzm_sdlge: 'smallLow',
  dzm_sdhge: 'smallHigh',
  dzm_ldlge: 'largeLow',
  dzm_ldhge: 'largeHigh',
  dzm_glnu: 'grayNonUniformity',
  dzm_glnu_norm: 'grayNonUniformityNormalized',
  dzm_zdnu: 'sizeNonUniformity',
  dzm_zdnu_norm: 'sizeNonUniformityNormalized',
  dzm_z_perc: 'percentage',
  dzm_gl_var: 'grayVariance',
  dzm_zd_var: 'sizeVariance',
  dzm_zd_entr: 'entropy',
};

/**
 * IBSI's size zone (9SAK) and distance zone (VMDZ) features in one aggregation: zones of equal grey level, 26-connected in space
 * and 8-connected in slices. A zone's distance is the least of its voxels' city block distances from the edge of the
 * morphological mask `outline`, which lies in the same box.
 */
export function zoneFeatures(
  levels: Levels,
  outline: Region,
  aggregation: Aggregation,
): IbsiValues<'glszm'> & IbsiValues<'gldzm'> {
  const parts = partsOf(levels, outline, aggregation);
  const sizes = parts.map((part) => emphasesOf(part.sizes, levels.grayLevels));
  const distances = parts.map((part, n) => ({
    ...emphasesOf(part.distances, levels.grayLevels),
    percentage: sizes[n].percentage,
  }));
  return { ...averaged(sizeNames, sizes), ...averaged(distanceNames, distances) };
}

/** The matrices by size and by distance, of each slice or of all. */
function partsOf(
  levels: Levels,
  outline: Region,
  aggregation: Aggregation,
): { sizes: Cells; distances: Cells }[] {
  const distances = edgeDistances(outline, isInSpace(aggregation));
  const { ranks, sizes, firsts, nearest } = zonesOf(levels, directionsOf(aggregation), distances);
  const parts: { sizes: number[]; distances: number[] }[] = [];
  let last = -1;
  for (let n = 0; n < sizes.length; n++) {
    // Zones come slice by slice.
    const slice = aggregation === '2D' ? Math.floor(firsts[n] / levels.region.plane) : 0;
    if (slice !== last) {
      last = slice;
      parts.push({ sizes: [], distances: [] });
    }
    const part = parts[parts.length - 1];
    part.sizes.push(cellKey(ranks[n], sizes[n]));
    part.distances.push(cellKey(ranks[n], nearest[n]));
  }
  return parts.map((part) => ({
    sizes: keyCells(Float64Array.from(part.sizes)),
    distances: keyCells(Float64Array.from(part.distances)),
  }));
}
