import { Failure } from '../failure.ts';
import { voxelIndex } from './geometry.ts';
import type { Volume } from './volume.ts';

/** More different values than this are an image's, not labels. */
const maxLabels = 256;

/**
 * The number of voxels of each non-zero label of a mask, in ascending order of labels; null where the volume is rather an image
 * than a mask: a voxel is negative or not whole, or there are more than 256 labels.
 */
export function maskLabels({ voxels }: Volume): Record<string, number> | null {
  const counts = new Map<number, number>();
  const end = voxels.length;
  let start = 0;
  // By runs of equal voxels: most of a mask is one run.
  while (start < end) {
    const value = voxels[start];
    let next = start + 1;
    while (next < end && voxels[next] === value) next++;
    if (value !== 0) {
      if (!(value > 0) || !Number.isInteger(value)) return null;
      counts.set(value, (counts.get(value) ?? 0) + next - start);
      if (counts.size > maxLabels) return null;
    }
    start = next;
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => a - b));
}

/**
 * Throws `MASK_INVALID`, naming the first voxel (i, j, k, counted from 0), where a voxel of what is to be a mask is not a whole
 * number: PyRadiomics would cut off its fraction. `name` is what the message calls the mask.
 */
export function requireLabels({ voxels, size }: Volume, name: string): void {
  if (!(voxels instanceof Float32Array || voxels instanceof Float64Array)) return;
  for (let n = 0; n < voxels.length; n++) {
    if (Number.isInteger(voxels[n])) continue;
    const voxel = voxelIndex(size, n);
    throw new Failure(
      'MASK_INVALID',
      `${name}: voxel (${voxel.join(', ')}) is ${voxels[n]}, not a whole number`,
      {
        file: name,
        voxel,
        value: Number.isFinite(voxels[n]) ? voxels[n] : String(voxels[n]),
      },
    );
  }
}
