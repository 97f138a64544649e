import { Failure } from '../failure.ts';
import type { Volume, VoxelArray } from './volume.ts';

/** More different values than this are an image's, not labels. */
const maxLabels = 256;

/**
 * The number of voxels of each non-zero label of a mask, in ascending order of labels; null where the volume cannot be a mask:
 * a voxel is negative or not whole, or there are more than 256 labels.
 */
export function maskLabels(mask: Volume): Record<string, number> | null {
  const counts = countValues(mask.voxels);
  return counts instanceof Map ? Object.fromEntries([...counts].sort(([a], [b]) => a - b)) : null;
}

/** `maskLabels` of what must be a mask. Throws `MASK_INVALID`, naming the first voxel that is not a label. */
export function requireLabels(mask: Volume, name: string): Record<string, number> {
  const counts = countValues(mask.voxels);
  if (counts instanceof Map) return Object.fromEntries([...counts].sort(([a], [b]) => a - b));
  const [nx, ny] = mask.size;
  const voxel = [counts % nx, Math.floor(counts / nx) % ny, Math.floor(counts / (nx * ny))];
  const value = mask.voxels[counts];
  const isLabel = Number.isInteger(value) && value >= 0;
  throw new Failure(
    'MASK_INVALID',
    `${name}: voxel (${voxel.join(', ')}) is ${value}, ${isLabel ? `one of more than ${maxLabels} different labels` : 'not a whole number from 0 up'}`,
    { file: name, voxel, value: Number.isFinite(value) ? value : String(value) },
  );
}

/** Counts by value, or the position of the first voxel that cannot be a label. */
function countValues(voxels: VoxelArray): Map<number, number> | number {
  const counts = new Map<number, number>();
  const end = voxels.length;
  let start = 0;
  // By runs of equal voxels: most of a mask is one run.
  while (start < end) {
    const value = voxels[start];
    let next = start + 1;
    while (next < end && voxels[next] === value) next++;
    if (value !== 0) {
      if (!(value > 0) || !Number.isInteger(value)) return start;
      counts.set(value, (counts.get(value) ?? 0) + next - start);
      if (counts.size > maxLabels) return start;
    }
    start = next;
  }
  return counts;
}
