import { meanOverDirections } from '../emphasis.ts';
import type { Levels } from '../levels.ts';
import { type Offset, offsets } from '../offsets.ts';
import type { Aggregation } from './catalogue.ts';

/** PyRadiomics' number of the axis along z, along which nothing moves within slices. */
export const alongZ = 0;

/** The directions of neighbours: 13 in space, 4 in a slice, however flat the region is. */
export function directionsOf(aggregation: Aggregation): readonly Offset[] {
  return offsets([2, 2, 2], [1], isInSpace(aggregation) ? null : alongZ);
}

export const isInSpace = (aggregation: Aggregation): boolean => aggregation.startsWith('3D');

/** What an aggregation has matrices of: each slice by itself (2D), or all voxels at once (2.5D, 3D). */
export function partsOf(levels: Levels, aggregation: Aggregation): readonly Levels[] {
  return /^2D/.test(aggregation) ? slicesOf(levels) : [levels];
}

/** The slices across z that hold voxels. Grey levels stay those of the whole region, with counts of the slice. */
export function slicesOf(levels: Levels): Levels[] {
  const { region, ranks, grayLevels } = levels;
  const { voxels, plane } = region;
  const slices: Levels[] = [];
  for (let start = 0, end = 0; start < voxels.length; start = end) {
    const next = (Math.floor(voxels[start] / plane) + 1) * plane;
    const counts = new Float64Array(grayLevels.length);
    for (end = start; end < voxels.length && voxels[end] < next; end++) counts[ranks[voxels[end]] - 1]++;
    slices.push({ ...levels, counts, region: { ...region, voxels: voxels.subarray(start, end) } });
  }
  return slices;
}

/** The mean of each feature over matrices, those left out in which it is undefined, under its IBSI tag. */
export function averaged<T extends string, S extends string>(
  names: Readonly<Record<T, S>>,
  matrices: readonly Readonly<Record<S, number>>[],
): Record<T, number> {
  const tags = Object.entries(names) as [T, S][];
  const means = meanOverDirections(matrices, [...new Set(tags.map(([, name]) => name))]);
  return Object.fromEntries(tags.map(([tag, name]) => [tag, means[name]])) as Record<T, number>;
}
