import type { Region } from '../region.ts';

/**
 * How many steps along the axes lead from each voxel of a region out of it, over its box; 1 at the edge, 0 outside. Steps in z
 * count only `inSpace`. What lies beyond the image is outside.
 */
export function edgeDistances({ voxels, mask, row, plane }: Region, inSpace: boolean): Uint16Array {
  const distances = new Uint16Array(mask.length);
  // Two sweeps make the city block distance exact. Without z the first step serves twice.
  const third = inSpace ? plane : 1;
  for (let n = 0; n < voxels.length; n++) {
    const at = voxels[n];
    distances[at] = 1 + Math.min(distances[at - 1], distances[at - row], distances[at - third]);
  }
  for (let n = voxels.length - 1; n >= 0; n--) {
    const at = voxels[n];
    const back = 1 + Math.min(distances[at + 1], distances[at + row], distances[at + third]);
    if (back < distances[at]) distances[at] = back;
  }
  return distances;
}
