import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { maskLabels, requireLabels } from './mask.ts';
import type { Volume, VoxelArray } from './volume.ts';

function mask(voxels: VoxelArray): Volume {
  return {
    size: [2, 2, voxels.length / 4],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    voxels,
  };
}

describe('maskLabels', () => {
  it('counts the voxels of each label', () => {
    expect(maskLabels(mask(Uint8Array.of(0, 5, 5, 0, 2, 5, 0, 0)))).toEqual({ 2: 1, 5: 3 });
    expect(maskLabels(mask(Float64Array.of(0, 1, 1, 65_536)))).toEqual({ 1: 2, 65536: 1 });
    expect(maskLabels(mask(new Uint16Array(8)))).toEqual({});
  });

  it('gives null for what cannot be a mask', () => {
    expect(maskLabels(mask(Float32Array.of(0, 0.5, 1, 1)))).toBeNull();
    expect(maskLabels(mask(Float32Array.of(0, Number.NaN, 1, 1)))).toBeNull();
    expect(maskLabels(mask(Int16Array.of(0, -1, 1, 1)))).toBeNull();
    expect(maskLabels(mask(Float32Array.of(0, Number.POSITIVE_INFINITY, 1, 1)))).toBeNull();
    expect(maskLabels(mask(Uint16Array.from({ length: 260 }, (_, n) => Math.min(n, 256))))).not.toBeNull();
    expect(maskLabels(mask(Uint16Array.from({ length: 260 }, (_, n) => n)))).toBeNull();
  });
});

describe('requireLabels', () => {
  it('passes whole numbers', () => {
    expect(() => requireLabels(mask(Float32Array.of(0, 5, -1, 65_536)), 'roi.nii')).not.toThrow();
    expect(() => requireLabels(mask(Int16Array.of(0, 5, -1, 300)), 'roi.nii')).not.toThrow();
  });

  it.each([
    [Float32Array, 0.5],
    [Float64Array, 1.000001],
    [Float64Array, Number.NaN],
    [Float32Array, Number.NEGATIVE_INFINITY],
  ])('names the first voxel of a %o that is %d', (array, value) => {
    const voxels = Object.assign(new array(8).fill(1), { 7: value });
    const failure = failureOf(() => requireLabels(mask(voxels), 'roi.nii'));
    expect(failure.code).toBe('MASK_INVALID');
    expect(failure.message).toBe(`roi.nii: voxel (1, 1, 1) is ${value}, not a whole number`);
    expect(failure.details).toMatchObject({ file: 'roi.nii', voxel: [1, 1, 1] });
  });
});
