import { epsilon } from './emphasis.ts';
import type { FeatureValues } from './features.ts';
import type { Levels } from './levels.ts';
import { percentiles } from './order-statistics.ts';
import type { Settings } from './settings.ts';
import { ValueRoom } from './value-room.ts';

/**
 * First-order statistics of a region's values. Entropy and Uniformity are of the discretised values, Energy, TotalEnergy
 * and RootMeanSquared of the values plus `voxelArrayShift`. Variance, Skewness and Kurtosis divide by N; Kurtosis is not
 * the excess (IBSI's is 3 less). Skewness and Kurtosis of a flat region are 0, as PyRadiomics has them. IBSI 3.3, 3.4.
 */
export function firstOrder(
  values: Float64Array,
  levels: Levels,
  settings: Settings,
): FeatureValues<'firstorder'> {
  const n = values.length;
  const room = ValueRoom.of(values, levels.region.voxels);
  const { sum, minimum, maximum } = room.range();
  const [p10, p25, p50, p75, p90] = percentiles(values, [10, 25, 50, 75, 90], [minimum, maximum]);
  const mean = sum / n;
  const [absolute, m2, m3, m4] = room.deviations(mean);
  const energy = m2 + n * (mean + (settings.voxelArrayShift ?? 0)) ** 2;
  const robust = room.within(p10, p90, 0);
  const robustAbsolute = room.within(p10, p90, robust.sum / robust.number).absolute;
  const flat = minimum === maximum;
  const variance = flat ? 0 : m2 / n;
  const [spacingX, spacingY, spacingZ] = levels.region.spacing;
  return {
    '10Percentile': p10,
    '90Percentile': p90,
    Energy: energy,
    ...histogramFeatures(levels),
    InterquartileRange: p75 - p25,
    Kurtosis: flat ? 0 : m4 / n / variance ** 2,
    Maximum: maximum,
    MeanAbsoluteDeviation: absolute / n,
    Mean: mean,
    Median: p50,
    Minimum: minimum,
    Range: maximum - minimum,
    RobustMeanAbsoluteDeviation: robustAbsolute / robust.number,
    RootMeanSquared: Math.sqrt(energy / n),
    Skewness: flat ? 0 : m3 / n / variance ** 1.5,
    TotalEnergy: energy * spacingX * spacingY * spacingZ,
    Variance: variance,
    StandardDeviation: Math.sqrt(variance),
  };
}

function histogramFeatures({ counts, region }: Levels): { Entropy: number; Uniformity: number } {
  let [entropy, uniformity] = [0, 0];
  for (const count of counts) {
    const p = count / region.voxels.length;
    entropy -= p * Math.log2(p + epsilon);
    uniformity += p * p;
  }
  return { Entropy: entropy, Uniformity: uniformity };
}
