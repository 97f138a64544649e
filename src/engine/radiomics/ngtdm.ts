import type { FeatureValues } from './features.ts';
import type { Levels } from './levels.ts';
import { offsets, stepsOf } from './offsets.ts';
import { roomFor } from './rank-room.ts';
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
  levels: Levels,
  distances: readonly number[],
  fixed: number | null,
): ToneDifferences & { readonly isolated: Float64Array } {
  const { region, ranks, grayLevels, counts } = levels;
  const { voxels } = region;
  const { sums, numbers } = neighboursOf(levels, distances, fixed);
  const levelOf = Float64Array.of(0, ...grayLevels);
  const differences = new Float64Array(levelOf.length);
  const isolated = new Float64Array(levelOf.length);
  for (let n = 0; n < voxels.length; n++) {
    const rank = ranks[voxels[n]];
    if (numbers[n] > 0) differences[rank] += Math.abs(levelOf[rank] - sums[n] / numbers[n]);
    else isolated[rank]++;
  }
  return { counts, differences: differences.subarray(1), isolated: isolated.subarray(1) };
}

/** For each voxel of a region, its neighbours in the region: how many there are, and the sum of their grey levels. */
interface Neighbours {
  readonly sums: Int32Array;
  readonly numbers: Int32Array;
}

function neighboursOf(levels: Levels, distances: readonly number[], fixed: number | null): Neighbours {
  const { region, ranks, grayLevels } = levels;
  const { voxels, mask } = region;
  const levelOf = Int32Array.of(0, ...grayLevels);
  // 27 of these fit 16 bits.
  const isLow = grayLevels[grayLevels.length - 1] < 2 ** 16 / 27;
  if (isLow && distances.length === 1 && distances[0] === 1) {
    return { sums: sumsOfNext(levels, levelOf, fixed), numbers: numbersOfNext(levels, fixed) };
  }
  const steps = stepsOf(offsets(region.size, distances, fixed), region);
  const sums = new Int32Array(voxels.length);
  const numbers = new Int32Array(voxels.length);
  for (let n = 0; n < voxels.length; n++) {
    for (let d = 0; d < steps.length; d++) {
      const [ahead, behind] = [voxels[n] + steps[d], voxels[n] - steps[d]];
      sums[n] += levelOf[ranks[ahead]] + levelOf[ranks[behind]];
      numbers[n] += mask[ahead] + mask[behind];
    }
  }
  return { sums, numbers };
}

/**
 * What the next neighbours of each voxel of the region have in sum: row by row along x, then across rows, then across planes, so that
 * a voxel takes a few additions instead of one for each neighbour.
 */
function sumsOfNext(
  { region, ranks }: Pick<Levels, 'region' | 'ranks'>,
  numberOf: Int32Array,
  fixed: number | null,
): Int32Array {
  const { voxels, size, row, plane } = region;
  const room = roomFor({ region, ranks });
  const own = room.numbers(1).fill(0);
  for (let n = 0; n < voxels.length; n++) own[voxels[n]] = numberOf[ranks[voxels[n]]];
  const sums = room.sumThree(
    [1, row, plane].filter((_, axis) => size[axis] > 1 && axis !== 2 - (fixed ?? 3)),
  );
  const others = new Int32Array(voxels.length);
  for (let n = 0; n < voxels.length; n++) others[n] = sums[voxels[n]] - numberOf[ranks[voxels[n]]];
  return others;
}

/** By the voxels of a region, as its images have the same. */
const known = new WeakMap<Int32Array, { fixed: number | null; numbers: Int32Array }>();

function numbersOfNext(levels: Levels, fixed: number | null): Int32Array {
  const { voxels } = levels.region;
  const before = known.get(voxels);
  if (before?.fixed === fixed) return before.numbers;
  const numbers = sumsOfNext(levels, new Int32Array(levels.grayLevels.length + 1).fill(1), fixed);
  known.set(voxels, { fixed, numbers });
  return numbers;
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
