import type { FeatureValues } from '../features.ts';
import type { Levels } from '../levels.ts';
import { toneDifferences, toneFeatures } from '../ngtdm.ts';
import { alongZ, averaged, isInSpace, partsOf } from './aggregation.ts';
import type { Aggregation, IbsiValues, TagOf } from './catalogue.ts';

const names: Readonly<Record<TagOf<'ngtdm'>, keyof FeatureValues<'ngtdm'>>> = {
  ngt_coarseness: 'Coarseness',
  ngt_contrast: 'Contrast',
  ngt_busyness: 'Busyness',
  ngt_complexity: 'Complexity',
  ngt_strength: 'Strength',
};

/**
 * IBSI's grey tone difference features (IPET) in one aggregation, at distance 1. Voxels without a neighbour in the region do not
 * count, nor do slices of such voxels. Where nothing differs coarseness is 10⁶, busyness and strength are 0.
 */
export function toneDifferenceFeatures(levels: Levels, aggregation: Aggregation): IbsiValues<'ngtdm'> {
  const fixed = isInSpace(aggregation) ? null : alongZ;
  const found = partsOf(levels, aggregation).flatMap((part) => {
    const { counts, differences, isolated } = toneDifferences(part, [1], fixed);
    const neighboured = counts.map((count, i) => count - isolated[i]);
    const isPresent = (_: number, i: number) => neighboured[i] > 0;
    const present = {
      counts: neighboured.filter(isPresent),
      differences: differences.filter(isPresent),
    };
    return present.counts.length > 0 ? [toneFeatures(present, part.grayLevels.filter(isPresent))] : [];
  });
  return averaged(names, found);
}
