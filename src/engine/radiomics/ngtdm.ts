import type { FeatureValues } from './features.ts';
import type { Levels } from './levels.ts';
import { offsets, stepsOf } from './offsets.ts';
import { type RankRoom, roomFor } from './rank-room.ts';
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
  const { region, grayLevels, counts } = levels;
  const levelOf = Float64Array.of(0, ...grayLevels);
  // 27 of these fit 16 bits.
  const isLow = levelOf[grayLevels.length] < 2 ** 16 / 27;
  const { differences, isolated } =
    isLow && distances.length === 1 && distances[0] === 1
      ? differencesFromNext(levels, levelOf, fixed)
      : differencesFrom(stepsOf(offsets(region.size, distances, fixed), region), levels, levelOf);
  return { counts, differences: differences.subarray(1), isolated: isolated.subarray(1) };
}

/** By rank, from 0 on. */
type Differences = Pick<ToneDifferences, 'differences'> & { readonly isolated: Float64Array };

function differencesFrom(steps: Int32Array, { region, ranks }: Levels, levelOf: Float64Array): Differences {
  const { voxels, mask } = region;
  const differences = new Float64Array(levelOf.length);
  const isolated = new Float64Array(levelOf.length);
  for (let n = 0; n < voxels.length; n++) {
    const rank = ranks[voxels[n]];
    let [sum, number] = [0, 0];
    for (let d = 0; d < steps.length; d++) {
      const [ahead, behind] = [voxels[n] + steps[d], voxels[n] - steps[d]];
      sum += levelOf[ranks[ahead]] + levelOf[ranks[behind]];
      number += mask[ahead] + mask[behind];
    }
    if (number > 0) differences[rank] += Math.abs(levelOf[rank] - sum / number);
    else isolated[rank]++;
  }
  return { differences, isolated };
}

/**
 * From the next neighbours, which are added row by row along x, then across rows, then across planes, so that a voxel takes a few
 * additions instead of one for each neighbour.
 */
function differencesFromNext(levels: Levels, levelOf: Float64Array, fixed: number | null): Differences {
  const { region, ranks } = levels;
  const { voxels, size, row, plane } = region;
  const strides = [1, row, plane].filter((_, axis) => size[axis] > 1 && axis !== 2 - (fixed ?? 3));
  const room = roomFor(levels);
  const isolated = new Float64Array(levelOf.length);
  for (const voxel of countNeighbours(room, voxels, strides)) isolated[ranks[voxel]]++;
  const own = room.numbers(1).fill(0);
  const numberOf = Uint16Array.from(levelOf);
  for (let n = 0; n < voxels.length; n++) own[voxels[n]] = numberOf[ranks[voxels[n]]];
  return { differences: room.differences(levelOf, room.sumThree(strides)), isolated };
}

/** What the last room for numbers has, as a region's images have the same. */
const known = new WeakMap<RankRoom, { voxels: Int32Array; strides: string; isolated: Int32Array }>();

/** Puts into the last room for numbers how many neighbours each voxel has in the region, and tells those that have none. */
function countNeighbours(room: RankRoom, voxels: Int32Array, strides: readonly number[]): Int32Array {
  const before = known.get(room);
  if (before?.voxels === voxels && before.strides === `${strides}`) return before.isolated;
  const ones = room.numbers(1).fill(0);
  for (let n = 0; n < voxels.length; n++) ones[voxels[n]] = 1;
  const sums = room.sumThree(strides);
  const numbers = room.numbers(3);
  for (let n = 0; n < voxels.length; n++) numbers[voxels[n]] = sums[voxels[n]] - 1;
  const isolated = voxels.filter((voxel) => numbers[voxel] === 0);
  known.set(room, { voxels, strides: `${strides}`, isolated });
  return isolated;
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
