import type { Levels } from '../levels.ts';
import type { IbsiValues } from './catalogue.ts';
import { distributionOf } from './intensity-statistics.ts';

/**
 * IBSI's intensity histogram features (ZVCW): statistics of the grey levels, and of the histogram over the levels from 1 to the
 * highest. Of several modes it is the one nearest to the mean, of several greatest or least gradients the first.
 */
export function intensityHistogram(levels: Levels): IbsiValues<'ih'> {
  const { region, ranks, grayLevels } = levels;
  const values = Float64Array.from(region.voxels, (voxel) => grayLevels[ranks[voxel] - 1]);
  const statistics = distributionOf(values, levels);
  const { greatest, least } = gradients(levels);
  return {
    ih_mean: statistics.mean,
    ih_var: statistics.variance,
    ih_skew: statistics.skewness,
    ih_kurt: statistics.kurtosis,
    ih_median: statistics.median,
    ih_min: statistics.minimum,
    ih_p10: statistics.p10,
    ih_p90: statistics.p90,
    ih_max: statistics.maximum,
    ih_mode: mode(levels, statistics.mean),
    ih_iqr: statistics.iqr,
    ih_range: statistics.range,
    ih_mad: statistics.mad,
    ih_rmad: statistics.robustMad,
    ih_medad: statistics.medianDeviation,
    ih_cov: statistics.variation,
    ih_qcod: statistics.dispersion,
    ih_entropy: statistics.entropy,
    ih_uniformity: statistics.uniformity,
    ih_max_grad: greatest.gradient,
    ih_max_grad_g: greatest.level,
    ih_min_grad: least.gradient,
    ih_min_grad_g: least.level,
  };
}

function mode({ grayLevels, counts }: Levels, mean: number): number {
  let best = 0;
  for (let i = 1; i < counts.length; i++) {
    const isNearer = Math.abs(grayLevels[i] - mean) < Math.abs(grayLevels[best] - mean);
    if (counts[i] > counts[best] || (counts[i] === counts[best] && isNearer)) best = i;
  }
  return grayLevels[best];
}

interface Gradient {
  readonly gradient: number;
  readonly level: number;
}

/** Differences between neighbouring levels: half of that between both sides, or one-sided at the ends. NaN of one level. */
function gradients({ grayLevels, counts }: Levels): { greatest: Gradient; least: Gradient } {
  const highest = grayLevels[grayLevels.length - 1];
  const histogram = new Float64Array(highest + 1);
  for (let i = 0; i < counts.length; i++) histogram[grayLevels[i]] = counts[i];
  let greatest = { gradient: Number.NaN, level: Number.NaN };
  let least = greatest;
  for (let level = 1; highest > 1 && level <= highest; level++) {
    const [from, to] = [Math.max(1, level - 1), Math.min(highest, level + 1)];
    const gradient = (histogram[to] - histogram[from]) / (to - from);
    if (!(gradient <= greatest.gradient)) greatest = { gradient, level };
    if (!(gradient >= least.gradient)) least = { gradient, level };
  }
  return { greatest, least };
}
