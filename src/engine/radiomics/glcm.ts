import { sumCells } from './cells.ts';
import { cooccurrenceFeatures } from './cooccurrence-features.ts';
import { meanOverDirections } from './emphasis.ts';
import { type FeatureValues, featureClasses } from './features.ts';
import type { Levels } from './levels.ts';
import { neighbourTally } from './neighbour-tally.ts';
import { lengthOf, offsets } from './offsets.ts';
import type { Settings } from './settings.ts';

/**
 * Grey level co-occurrence features: how often grey level i has j as its neighbour in a direction. Each feature is
 * computed per direction and averaged (IBSI ITBB, 3D average), or, with a `weightingNorm`, once from the weighted sum of the
 * directions' matrices (`no_weighting`: IBSI IAZD, 3D merged). With force2D the directions are those in the plane.
 * Directions in which the region has no pair of neighbours do not count; without any, the features are NaN.
 *
 * Haralick, IEEE Trans. SMC 3 (1973) 610; IBSI 3.6; names and formulas as PyRadiomics' glcm.
 */
export function glcm(levels: Levels, settings: Settings): FeatureValues<'glcm'> {
  const { region, grayLevels } = levels;
  const directions = offsets(
    region.size,
    settings.distances,
    settings.force2D ? settings.force2Ddimension : null,
  );
  const symmetric = settings.symmetricalGLCM ?? true;
  const norm = settings.weightingNorm;
  const matrices = (function* () {
    for (const direction of directions) {
      yield neighbourTally(levels, direction, symmetric).pairs;
    }
  })();
  if (norm !== undefined) {
    const weights = directions.map((direction) =>
      norm === 'no_weighting' ? 1 : Math.exp(-(lengthOf(direction, region.spacing, norm) ** 2)),
    );
    return cooccurrenceFeatures(sumCells([...matrices], weights), grayLevels);
  }
  const perDirection: FeatureValues<'glcm'>[] = [];
  for (const matrix of matrices) {
    if (matrix.counts.length > 0) {
      perDirection.push(cooccurrenceFeatures(matrix, grayLevels));
    }
  }
  if (perDirection.length === 0) {
    return cooccurrenceFeatures(
      { rows: new Int32Array(), columns: new Int32Array(), counts: new Float64Array() },
      grayLevels,
    );
  }
  return meanOverDirections(perDirection, featureClasses.glcm);
}
