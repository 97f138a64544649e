import type { FeatureValues } from './features.ts';
import type { Levels } from './levels.ts';
import { offsets, stepsOf } from './offsets.ts';
import type { Region } from './region.ts';
import type { Settings } from './settings.ts';

/** Per grey level: the number of its voxels, and the sum of their differences from the mean of their neighbours. */
export interface ToneDifferences {
  readonly counts: Float64Array;
  readonly differences: Float64Array;
}

/**
 * Neighbouring grey tone difference features.
 *
 * Amadasun and King, IEEE Trans. SMC 19 (1989) 1264; IBSI 3.11; names, formulas and limits (Coarseness 10⁶, Busyness and
 * Strength 0 where nothing differs) as PyRadiomics' ngtdm. A voxel without neighbours in the region differs by 0.
 */
export function ngtdm(levels: Levels, settings: Settings): FeatureValues<'ngtdm'> {
  const fixed = settings.force2D ? settings.force2Ddimension : null;
  return toneFeatures(toneDifferences(levels, settings.distances, fixed), levels.grayLevels);
}

/**
 * Adds up the absolute differences between each voxel and the mean of its neighbours in the region. `isolated` counts those of
 * the voxels that have none, of which `counts` are all (PyRadiomics; IBSI leaves the isolated ones out).
 */
export function toneDifferences(
  { region, ranks, grayLevels, counts }: Levels,
  distances: readonly number[],
  fixed: number | null,
): ToneDifferences & { readonly isolated: Float64Array } {
  const { voxels } = region;
  const steps = stepsOf(offsets(region.size, distances, fixed), region);
  const packed = new Float64Array(grayLevels.length + 1);
  grayLevels.forEach((level, i) => {
    packed[i + 1] = unit + level;
  });
  const sums = distances.length === 1 && distances[0] === 1 ? sumsOfNext(region, ranks, packed, fixed) : null;
  const differences = new Float64Array(grayLevels.length);
  const isolated = new Float64Array(grayLevels.length);
  for (let n = 0; n < voxels.length; n++) {
    const voxel = voxels[n];
    let sum = 0;
    if (sums !== null) sum = sums[n];
    else {
      for (let d = 0; d < steps.length; d++) {
        sum += packed[ranks[voxel + steps[d]]] + packed[ranks[voxel - steps[d]]];
      }
    }
    const rank = ranks[voxel];
    if (sum > 0) {
      const neighbours = Math.floor(sum / unit);
      differences[rank - 1] += Math.abs(grayLevels[rank - 1] - (sum - neighbours * unit) / neighbours);
    } else {
      isolated[rank - 1]++;
    }
  }
  return { counts, differences, isolated };
}

/** One sum serves for both the neighbours' levels and, in units of this, for their number; both stay exact. */
const unit = 2 ** 32;

/**
 * What the next neighbours of each voxel of the region have in sum: row by row along x, then across rows, then across planes, so that
 * a voxel takes a few additions instead of one for each neighbour.
 */
function sumsOfNext(
  { voxels, mask, row, plane, size }: Region,
  ranks: Uint16Array,
  packed: Float64Array,
  fixed: number | null,
): Float64Array {
  // Of 26 neighbours with levels up to 2^15 both parts fit 32 bits, which are faster.
  const bits = 20;
  const small = Int32Array.from(packed, (sum) => Math.floor(sum / unit) * 2 ** bits + (sum % unit));
  const own = new Int32Array(mask.length);
  for (let n = 0; n < voxels.length; n++) own[voxels[n]] = small[ranks[voxels[n]]];
  let sums = own;
  const strides = [1, row, plane];
  for (let axis = 0; axis < 3; axis++) {
    if (size[axis] === 1 || axis === 2 - (fixed ?? 3)) continue;
    const step = strides[axis];
    const from = sums;
    sums = new Int32Array(mask.length);
    for (let i = step; i < sums.length - step; i++) sums[i] = from[i - step] + from[i] + from[i + step];
  }
  const others = new Float64Array(voxels.length);
  for (let n = 0; n < voxels.length; n++) {
    const sum = sums[voxels[n]] - own[voxels[n]];
    others[n] = (sum >> bits) * unit + (sum & (2 ** bits - 1));
  }
  return others;
}

/** The features of one tone difference matrix. */
export function toneFeatures(
  { counts, differences }: ToneDifferences,
  grayLevels: Float64Array,
): FeatureValues<'ngtdm'> {
  const voxels = counts.reduce((sum, count) => sum + count, 0);
  const total = differences.reduce((sum, difference) => sum + difference, 0);
  const size = grayLevels.length;
  const p = counts.map((count) => count / voxels);
  let weighted = 0;
  for (let i = 0; i < size; i++) {
    weighted += p[i] * differences[i];
  }
  let [contrast, spread, complexity, strength] = [0, 0, 0, 0];
  for (let i = 0; i < size; i++) {
    const gi = grayLevels[i];
    const pi = p[i];
    for (let j = 0; j < i; j++) {
      const gap = gi - grayLevels[j];
      contrast += pi * p[j] * gap * gap;
      spread += Math.abs(gi * pi - grayLevels[j] * p[j]);
      complexity += (gap * (pi * differences[i] + p[j] * differences[j])) / (pi + p[j]);
      strength += (pi + p[j]) * gap * gap;
    }
  }
  // The sums above run over each pair once; the definitions over both orders.
  return {
    Busyness: spread === 0 ? 0 : weighted / (2 * spread),
    Coarseness: weighted === 0 ? 1e6 : 1 / weighted,
    Complexity: (2 * complexity) / voxels,
    Contrast: size < 2 ? 0 : (((2 * contrast) / (size * (size - 1))) * total) / voxels,
    Strength: total === 0 ? 0 : (2 * strength) / total,
  };
}
