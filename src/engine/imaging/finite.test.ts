import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { requireFinite } from './finite.ts';
import type { Volume, VoxelArray } from './volume.ts';

const volume = (voxels: VoxelArray): Volume => ({
  size: [2, 3, 4],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  voxels,
});

describe('requireFinite', () => {
  it('passes finite voxels of every type', () => {
    for (const array of [
      Int8Array,
      Uint8Array,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
    ]) {
      expect(() => requireFinite(volume(new array(24).fill(3)), 'a')).not.toThrow();
    }
  });

  it.each([
    [Float32Array, Number.NaN],
    [Float64Array, Number.NaN],
    [Float32Array, Number.POSITIVE_INFINITY],
    [Float64Array, Number.NEGATIVE_INFINITY],
  ])('names the first voxel of a %o that is %d', (array, value) => {
    const voxels = new array(24);
    voxels[17] = value;
    voxels[20] = Number.NaN;
    const failure = failureOf(() => requireFinite(volume(voxels), 'pet.nii'));
    expect(failure.code).toBe('IMAGE_NOT_FINITE');
    // 17 = 1 + 2 · (2 + 3 · 2)
    expect(failure.message).toBe(`pet.nii: voxel (1, 2, 2) is ${value}`);
    expect(failure.details.voxel).toEqual([1, 2, 2]);
  });
});
