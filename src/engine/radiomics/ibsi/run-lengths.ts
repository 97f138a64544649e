import { sumCells } from '../cells.ts';
import { type Emphases, emphasesOf } from '../emphasis.ts';
import type { Levels } from '../levels.ts';
import { neighbourTally } from '../neighbour-tally.ts';
import { averaged, directionsOf, partsOf } from './aggregation.ts';
import type { Aggregation, IbsiValues, TagOf } from './catalogue.ts';

const names: Readonly<Record<TagOf<'glrlm'>, keyof Emphases>> = {
  rlm_sre: 'smallSize',
  rlm_lre: 'largeSize',
  rlm_lgre: 'lowGray',
  rlm_hgre: 'highGray',
  rlm_srlge: 'smallLow',
  rlm_srhge: 'smallHigh',
  rlm_lrlge: 'largeLow',
  rlm_lrhge: 'largeHigh',
  rlm_glnu: 'grayNonUniformity',
  rlm_glnu_norm: 'grayNonUniformityNormalized',
  rlm_rlnu: 'sizeNonUniformity',
  rlm_rlnu_norm: 'sizeNonUniformityNormalized',
  rlm_r_perc: 'percentage',
  rlm_gl_var: 'grayVariance',
  rlm_rl_var: 'sizeVariance',
  rlm_rl_entr: 'entropy',
};

/** IBSI's run length features (TP0I) in one aggregation. Every direction counts, even where all its runs are single voxels. */
export function runLengthFeatures(levels: Levels, aggregation: Aggregation): IbsiValues<'glrlm'> {
  const directions = directionsOf(aggregation);
  const matrices = partsOf(levels, aggregation).flatMap((part) => {
    const ofDirections = directions.map((direction) => neighbourTally(part, direction, true).runs);
    return aggregation.endsWith('mrg')
      ? [
          sumCells(
            ofDirections,
            ofDirections.map(() => 1),
          ),
        ]
      : ofDirections;
  });
  return averaged(
    names,
    matrices.map((matrix) => emphasesOf(matrix, levels.grayLevels)),
  );
}
