import { firstOrder } from '../first-order.ts';
import type { Levels } from '../levels.ts';
import { percentiles } from '../order-statistics.ts';
import { defaultSettings } from '../settings.ts';
import type { IbsiValues } from './catalogue.ts';

/**
 * IBSI's intensity statistics (UHIW) of a region's values. Kurtosis is the excess; it and skewness are 0 where all values are one.
 * Percentiles interpolate between order statistics. The coefficients of variation and of dispersion are not defined where
 * what they divide by is 0.
 */
export function intensityStatistics(values: Float64Array, levels: Levels): IbsiValues<'stat'> {
  const { energy, rms, ...statistics } = distributionOf(values, levels);
  return {
    stat_mean: statistics.mean,
    stat_var: statistics.variance,
    stat_skew: statistics.skewness,
    stat_kurt: statistics.kurtosis,
    stat_median: statistics.median,
    stat_min: statistics.minimum,
    stat_p10: statistics.p10,
    stat_p90: statistics.p90,
    stat_max: statistics.maximum,
    stat_iqr: statistics.iqr,
    stat_range: statistics.range,
    stat_mad: statistics.mad,
    stat_rmad: statistics.robustMad,
    stat_medad: statistics.medianDeviation,
    stat_cov: statistics.variation,
    stat_qcod: statistics.dispersion,
    stat_energy: energy,
    stat_rms: rms,
  };
}

/** What intensities and grey levels are both described by; `levels` serve entropy and uniformity. */
export function distributionOf(values: Float64Array, levels: Levels) {
  const found = firstOrder(values, levels, defaultSettings);
  const { Median: median, Mean: mean, InterquartileRange: iqr } = found;
  const [p25, p75] = percentiles(values, [25, 75]);
  let fromMedian = 0;
  for (let n = 0; n < values.length; n++) fromMedian += Math.abs(values[n] - median);
  return {
    mean,
    variance: found.Variance,
    skewness: found.Skewness,
    kurtosis: found.Variance === 0 ? 0 : found.Kurtosis - 3,
    median,
    minimum: found.Minimum,
    p10: found['10Percentile'],
    p90: found['90Percentile'],
    maximum: found.Maximum,
    iqr,
    range: found.Range,
    mad: found.MeanAbsoluteDeviation,
    robustMad: found.RobustMeanAbsoluteDeviation,
    medianDeviation: fromMedian / values.length,
    variation: Math.sqrt(found.Variance) / mean,
    dispersion: iqr / (p25 + p75),
    energy: found.Energy,
    rms: found.RootMeanSquared,
    entropy: found.Entropy,
    uniformity: found.Uniformity,
  };
}
