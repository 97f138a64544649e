import { Failure } from '../failure.ts';
import { voxelIndex } from './geometry.ts';
import type { Volume } from './volume.ts';

/**
 * Throws `IMAGE_NOT_FINITE`, naming the first voxel (i, j, k, counted from 0), where a voxel is NaN or infinite. `name` is
 * what the message calls the image.
 */
export function requireFinite({ voxels, size }: Volume, name: string): void {
  const first = firstNotFinite(voxels);
  if (first < 0) return;
  const index = voxelIndex(size, first);
  throw new Failure('IMAGE_NOT_FINITE', `${name}: voxel (${index.join(', ')}) is ${voxels[first]}`, {
    file: name,
    voxel: index,
    value: String(voxels[first]),
  });
}

function firstNotFinite(voxels: Volume['voxels']): number {
  if (voxels instanceof Float32Array) return firstNotFinite32(voxels);
  if (voxels instanceof Float64Array) return firstNotFinite64(voxels);
  return -1;
}

// Two of a kind, as one loop over both types of array runs at half the speed. What is not finite makes a sum of differences NaN;
// where it is comes after.
function firstNotFinite32(voxels: Float32Array): number {
  const whole = voxels.length & ~3;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let n = 0; n < whole; n += 4) {
    a += voxels[n] - voxels[n];
    b += voxels[n + 1] - voxels[n + 1];
    c += voxels[n + 2] - voxels[n + 2];
    d += voxels[n + 3] - voxels[n + 3];
  }
  const found = a + b + c + d === 0 ? whole : 0;
  for (let n = found; n < voxels.length; n++) if (!Number.isFinite(voxels[n])) return n;
  return -1;
}

function firstNotFinite64(voxels: Float64Array): number {
  const whole = voxels.length & ~3;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let n = 0; n < whole; n += 4) {
    a += voxels[n] - voxels[n];
    b += voxels[n + 1] - voxels[n + 1];
    c += voxels[n + 2] - voxels[n + 2];
    d += voxels[n + 3] - voxels[n + 3];
  }
  const found = a + b + c + d === 0 ? whole : 0;
  for (let n = found; n < voxels.length; n++) if (!Number.isFinite(voxels[n])) return n;
  return -1;
}
