import { totalOf } from '../cells.ts';
import { type Emphases, emphasesOf } from '../emphasis.ts';
import { dependences } from '../gldm.ts';
import type { Levels } from '../levels.ts';
import { alongZ, averaged, isInSpace, partsOf } from './aggregation.ts';
import type { Aggregation, IbsiValues, TagOf } from './catalogue.ts';

const names: Readonly<Record<TagOf<'ngldm'>, keyof Emphases | 'energy'>> = {
  ngl_lde: 'smallSize',
  ngl_hde: 'largeSize',
  ngl_lgce: 'lowGray',
  ngl_hgce: 'highGray',
  ngl_ldlge: 'smallLow',
  ngl_ldhge: 'smallHigh',
  ngl_hdlge: 'largeLow',
  ngl_hdhge: 'largeHigh',
  ngl_glnu: 'grayNonUniformity',
  ngl_glnu_norm: 'grayNonUniformityNormalized',
  ngl_dcnu: 'sizeNonUniformity',
  ngl_dcnu_norm: 'sizeNonUniformityNormalized',
  ngl_dc_perc: 'percentage',
  ngl_gl_var: 'grayVariance',
  ngl_dc_var: 'sizeVariance',
  ngl_dc_entr: 'entropy',
  ngl_dc_energy: 'energy',
};

/**
 * IBSI's grey level dependence features (REK0) in one aggregation, at distance 1 with coarseness 0. The dependence count percentage
 * is 1, as every voxel has a neighbourhood.
 */
export function dependenceFeatures(levels: Levels, aggregation: Aggregation): IbsiValues<'ngldm'> {
  const fixed = isInSpace(aggregation) ? null : alongZ;
  const found = partsOf(levels, aggregation).map((part) => {
    const matrix = dependences(part, [1], fixed, 0);
    const total = totalOf(matrix);
    return {
      ...emphasesOf(matrix, part.grayLevels),
      percentage: total / part.region.voxels.length,
      energy: matrix.counts.reduce((sum, count) => sum + (count / total) ** 2, 0),
    };
  });
  return averaged(names, found);
}
