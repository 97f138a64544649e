import { Failure } from '../failure.ts';
import type { Region } from './region.ts';
import { maximumGrayLevels, type Settings } from './settings.ts';
import { ValueRoom } from './value-room.ts';

/** A region's grey levels after discretisation: only those present are counted, from 1 on in ascending order. */
export interface Levels {
  readonly region: Region;
  /** Over the region's box with its margin: 0 outside, else n for the n-th grey level present. */
  readonly ranks: Uint16Array;
  /** The grey levels present, ascending: `grayLevels[rank - 1]`. */
  readonly grayLevels: Float64Array;
  /** How many voxels have each. */
  readonly counts: Float64Array;
}

/**
 * Discretises the values of a region's voxels as PyRadiomics does.
 *
 * Fixed bin width W (default 25): level = floor(x / W) − floor(min / W) + 1, the edges being multiples of W.
 * Fixed bin count N: N bins of equal width between minimum and maximum, the maximum in the last.
 * Neither is IBSI's fixed bin size, whose edges start at the re-segmentation range.
 *
 * `into` takes the ranks, of a former image of the region or zeros. Throws `PROFILE_INVALID` if that makes more grey levels than `maximumGrayLevels`.
 */
export function discretise(
  region: Region,
  values: Float64Array,
  settings: Settings,
  into?: Uint16Array,
): Levels {
  const room = ValueRoom.of(values, region.voxels);
  const { minimum, maximum } = room.range();
  const { edge, step, bins } =
    settings.binCount === undefined
      ? binsByWidth(minimum, maximum, settings.binWidth ?? 25)
      : binsByCount(minimum, maximum, settings.binCount);
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => (i < bins ? edge(i) : Infinity));
  return levelsOf(region, room.bins(edges, edge(0), step), bins, into);
}

function binsByWidth(minimum: number, maximum: number, width: number) {
  const remainder = minimum % width;
  const low = minimum - (remainder < 0 ? remainder + width : remainder);
  const highest = Math.floor((maximum - low) / width) + 1;
  if (!(highest <= maximumGrayLevels)) {
    throw new Failure(
      'PROFILE_INVALID',
      `A bin width of ${width} makes ${highest} grey levels of the intensities ${minimum} to ${maximum}; at most ${maximumGrayLevels} are allowed.`,
      { key: 'setting.binWidth', binWidth: width, levels: highest, limit: maximumGrayLevels },
    );
  }
  // The edges are numpy's, low + i·step with the step that float64 leaves of the width, so that values on an edge fall alike.
  const step = low + width - low;
  if (!(step > 0)) {
    throw new Failure(
      'PROFILE_INVALID',
      `A bin width of ${width} is too small to tell intensities near ${minimum} apart.`,
      { key: 'setting.binWidth', binWidth: width },
    );
  }
  return { edge: (i: number) => low + i * step, step, bins: highest + 1 };
}

function binsByCount(minimum: number, maximum: number, count: number) {
  const [low, high] = minimum === maximum ? [minimum - 0.5, maximum + 0.5] : [minimum, maximum];
  const step = (high - low) / count;
  // PyRadiomics raises the last edge by one, which puts the maximum itself in the last bin; the last has no end here.
  return { edge: (i: number) => i * step + low, step, bins: count };
}

/** Numbers the levels present, of those from 1 to `highest` that the region's voxels have, and lays them out over its box. */
export function levelsOf(
  region: Region,
  levels: Uint16Array,
  highest: number,
  ranks: Uint16Array = new Uint16Array(region.mask.length),
): Levels {
  const occurrences = new Uint32Array(highest + 1);
  for (let n = 0; n < levels.length; n++) {
    occurrences[levels[n]]++;
  }
  const present: number[] = [];
  const rankOf = new Uint16Array(highest + 1);
  for (let level = 1; level <= highest; level++) {
    if (occurrences[level] > 0) {
      present.push(level);
      rankOf[level] = present.length;
    }
  }
  const { voxels } = region;
  for (let n = 0; n < voxels.length; n++) {
    ranks[voxels[n]] = rankOf[levels[n]];
  }
  return {
    region,
    ranks,
    grayLevels: Float64Array.from(present),
    counts: Float64Array.from(present, (level) => occurrences[level]),
  };
}

export function rangeOf(values: Float64Array): [minimum: number, maximum: number] {
  let minimum = Infinity;
  let maximum = -Infinity;
  for (let n = 0; n < values.length; n++) {
    minimum = Math.min(minimum, values[n]);
    maximum = Math.max(maximum, values[n]);
  }
  return [minimum, maximum];
}
