import type { Region } from './region.ts';

/**
 * Visits the connected zones of equal rank in a region: voxels belong together when one is at one of `steps` from the other.
 * `ranks` lies over the region's box with its margin, 0 outside. The first `size` of `members` are the zone's voxels until the next
 * visit. Zones come in the order of their first voxels.
 */
export function forEachZone(
  region: Region,
  ranks: Uint16Array,
  steps: Int32Array,
  visit: (rank: number, size: number, members: Int32Array) => void,
): void {
  const left = ranks.slice();
  const members = new Int32Array(region.voxels.length);
  const { voxels } = region;
  const directions = steps.length;
  for (let n = 0; n < voxels.length; n++) {
    const rank = left[voxels[n]];
    if (rank === 0) {
      continue;
    }
    let size = 0;
    members[size++] = voxels[n];
    left[voxels[n]] = 0;
    for (let next = 0; next < size; next++) {
      const voxel = members[next];
      for (let d = 0; d < directions; d++) {
        const ahead = voxel + steps[d];
        if (left[ahead] === rank) {
          left[ahead] = 0;
          members[size++] = ahead;
        }
        const behind = voxel - steps[d];
        if (left[behind] === rank) {
          left[behind] = 0;
          members[size++] = behind;
        }
      }
    }
    visit(rank, size, members);
  }
}
