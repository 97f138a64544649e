import { Failure } from '../failure.ts';
import { rangeOf } from './levels.ts';
import type { Settings } from './settings.ts';

/**
 * The voxels whose values lie in `resegmentRange`, both ends included: as such (`absolute`), as parts of the maximum
 * (`relative`), or as standard deviations (over N) from the mean (`sigma`). A single value is a lower bound.
 *
 * Throws `ROI_TOO_SMALL` if at most one voxel is left, as PyRadiomics does.
 */
export function resegment(positions: Int32Array, values: Float64Array, settings: Settings): Int32Array {
  const bounds = [...(settings.resegmentRange ?? [])].sort((a, b) => a - b);
  const [low, high = Infinity] = bounds.map(thresholds(values, settings.resegmentMode ?? 'absolute'));
  const kept = positions.filter((_, n) => values[n] >= low && values[n] <= high);
  if (kept.length <= 1) {
    throw new Failure(
      'ROI_TOO_SMALL',
      `Re-segmentation to ${low} and above${high < Infinity ? `, up to ${high},` : ''} leaves ${kept.length} of ${positions.length} voxels.`,
      { voxels: kept.length, before: positions.length, low, high: Number.isFinite(high) ? high : null },
    );
  }
  return kept;
}

function thresholds(
  values: Float64Array,
  mode: 'absolute' | 'relative' | 'sigma',
): (bound: number) => number {
  switch (mode) {
    case 'relative': {
      const [, maximum] = rangeOf(values);
      return (bound) => bound * maximum;
    }
    case 'sigma': {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const deviation = Math.sqrt(
        values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length,
      );
      return (bound) => mean + bound * deviation;
    }
    default:
      return (bound) => bound;
  }
}
