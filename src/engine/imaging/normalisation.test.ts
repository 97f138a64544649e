import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { checksum, irregular, patterned } from '../../../test/support/patterned-volume.ts';
import { normalise } from './normalisation.ts';

const image = patterned(Int16Array, { size: [9, 8, 7] }, irregular);

describe('normalise', () => {
  // By PyRadiomics 3.0.1 with SimpleITK 2.5.7, whose variance is a difference of sums: 13 digits agree.
  it('equals PyRadiomics', () => {
    const { voxels } = normalise(image);
    expect(voxels[0]).toBeCloseTo(-1.695999531859385, 13);
    expect(voxels[3]).toBeCloseTo(1.2456181302841154, 13);
    expect(checksum(voxels)).toBeCloseTo(275.8128940432548, 9);
  });

  it('sets outliers to the limit before it scales', () => {
    const { voxels } = normalise(image, { scale: 100, removeOutliers: 1 });
    expect(voxels[0]).toBe(-100);
    expect(voxels[1]).toBeCloseTo(-71.54603111448849, 11);
    expect(voxels[3]).toBe(100);
    expect(checksum(voxels)).toBeCloseTo(13930.065987024402, 7);
  });

  it('gives mean 0 and standard deviation 1 over N − 1, wherever the values lie', () => {
    const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2, maxLength: 40 }),
        fc.integer({ min: -1000, max: 1000 }),
        (values, offset) => {
          fc.pre(Math.max(...values) - Math.min(...values) > 1);
          const size = [values.length, 1, 1] as const;
          const { voxels } = normalise(patterned(Float64Array, { size }, (x) => values[x] + offset));
          const mean = voxels.reduce((sum, z) => sum + z, 0) / voxels.length;
          const variance = voxels.reduce((sum, z) => sum + (z - mean) ** 2, 0) / (voxels.length - 1);
          expect(mean).toBeCloseTo(0, 9);
          expect(variance).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: 50, seed: 7 },
    );
  });

  it('refuses a constant image, one voxel, what is not finite, and limits not above 0', () => {
    const constant = patterned(Int16Array, { size: [3, 3, 3] }, () => -7);
    expect(failureOf(() => normalise(constant, { name: 'flat.nii' }))).toMatchObject({
      code: 'IMAGE_CONSTANT',
      message: 'flat.nii has -7 in all its 27 voxels, so that it has no standard deviation.',
    });
    const single = patterned(Int16Array, { size: [1, 1, 1] }, () => 5);
    expect(failureOf(() => normalise(single)).code).toBe('IMAGE_CONSTANT');
    const tenths = patterned(Float64Array, { size: [10, 10, 10] }, () => 0.1);
    expect(failureOf(() => normalise(tenths)).code).toBe('IMAGE_CONSTANT');
    const infinite = patterned(Float32Array, { size: [3, 1, 1] }, (x) => (x === 1 ? Infinity : x));
    expect(failureOf(() => normalise(infinite)).code).toBe('IMAGE_NOT_FINITE');
    expect(failureOf(() => normalise(image, { scale: 0 })).code).toBe('ARGUMENT_INVALID');
    expect(failureOf(() => normalise(image, { removeOutliers: Number.NaN })).code).toBe('ARGUMENT_INVALID');
  });
});
