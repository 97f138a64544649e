import { sumCells } from '../cells.ts';
import { type PairFeatures, pairFeatures } from '../cooccurrence-features.ts';
import type { Levels } from '../levels.ts';
import { neighbourTally } from '../neighbour-tally.ts';
import { averaged, directionsOf, partsOf } from './aggregation.ts';
import type { Aggregation, IbsiValues, TagOf } from './catalogue.ts';

const names: Readonly<Record<TagOf<'glcm'>, keyof PairFeatures>> = {
  cm_joint_max: 'MaximumProbability',
  cm_joint_avg: 'JointAverage',
  cm_joint_var: 'SumSquares',
  cm_joint_entr: 'JointEntropy',
  cm_diff_avg: 'DifferenceAverage',
  cm_diff_var: 'DifferenceVariance',
  cm_diff_entr: 'DifferenceEntropy',
  cm_sum_avg: 'SumAverage',
  cm_sum_var: 'ClusterTendency',
  cm_sum_entr: 'SumEntropy',
  cm_energy: 'JointEnergy',
  cm_contrast: 'Contrast',
  cm_dissimilarity: 'DifferenceAverage',
  cm_inv_diff: 'Id',
  cm_inv_diff_norm: 'Idn',
  cm_inv_diff_mom: 'Idm',
  cm_inv_diff_mom_norm: 'Idmn',
  cm_inv_var: 'InverseVariance',
  cm_corr: 'Correlation',
  cm_auto_corr: 'Autocorrelation',
  cm_clust_tend: 'ClusterTendency',
  cm_clust_shade: 'ClusterShade',
  cm_clust_prom: 'ClusterProminence',
  cm_info_corr1: 'Imc1',
  cm_info_corr2: 'Imc2',
};

/**
 * IBSI's co-occurrence features (LFYI) in one aggregation: symmetric matrices at distance 1, of which those without a pair do not
 * count. Of a matrix with one grey level the correlation is 1 and the information correlations are 0.
 */
export function cooccurrences(levels: Levels, aggregation: Aggregation): IbsiValues<'glcm'> {
  const directions = directionsOf(aggregation);
  const matrices = partsOf(levels, aggregation).flatMap((part) => {
    const ofDirections = directions.map((direction) => neighbourTally(part, direction, true).pairs);
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
    matrices.map((matrix) => pairFeatures(matrix, levels.grayLevels).features),
  );
}
