import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../../test/support/failure-of.ts';
import { boxMask, checksum, patterned } from '../../../../test/support/patterned-volume.ts';
import type { Geometry } from '../volume.ts';
import { correctMask } from './mask-correction.ts';

const drawn = { size: [20, 20, 10] as const, spacing: [1, 1, 2] as const };
const box = boxMask(drawn, [5, 5, 2], [14, 13, 7]);
const mask = patterned(Uint32Array, drawn, (x, y, z) => {
  const inside = box.voxels[x + 20 * (y + 20 * z)];
  return inside * ((x * 5 + y * 3 + z + Math.floor((x * y) / 7)) % 3 === 0 ? 2 : 1);
});
const image: Geometry = {
  size: [40, 40, 30],
  spacing: [0.8, 0.9, 1.1],
  origin: [-2, -3, -3],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const turned: Geometry = { ...image, origin: [0, -8, -3], direction: [c, -s, 0, s, c, 0, 0, 0, 1] };

describe('correctMask', () => {
  // Checksum and voxels of the labels 1 and 2 by PyRadiomics 3.0.1 with SimpleITK 2.5.7.
  it.each([
    ['another grid', image, 82_775, 875, 445],
    ['a grid turned by 0.3 rad', turned, 88_685, 907, 468],
  ])('equals PyRadiomics on %s', (_, grid, sum, ones, twos) => {
    const { voxels, ...geometry } = correctMask(grid, mask, 1);
    expect(geometry).toEqual(grid);
    expect(checksum(voxels)).toBe(sum);
    expect(voxels.filter((label) => label === 1).length).toBe(ones);
    expect(voxels.filter((label) => label === 2).length).toBe(twos);
  });

  it('gives a mask on its image’s grid back', () => {
    expect(correctMask({ ...mask }, mask, 1)).toBe(mask);
  });

  it('refuses a region that reaches out of the image, or that the image’s voxels miss', () => {
    const names = { image: 'ct.nii.gz', mask: 'roi.nii.gz' };
    expect(failureOf(() => correctMask({ ...image, origin: [6, -3, -3] }, mask, 1, names))).toMatchObject({
      code: 'MASK_OUTSIDE_IMAGE',
      message:
        'The region in roi.nii.gz reaches along x from voxel -1.875 to 10.625 of ct.nii.gz, which has 40.',
    });
    const single = boxMask(drawn, [5, 5, 2], [5, 5, 2]);
    const coarse: Geometry = { ...image, size: [5, 5, 5], spacing: [8, 8, 8], origin: [0, 0, 0] };
    expect(failureOf(() => correctMask(coarse, single, 1)).code).toBe('ROI_TOO_SMALL');
    expect(failureOf(() => correctMask(image, mask, 5)).code).toBe('MASK_LABEL_ABSENT');
  });
});
