import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { boxMask, irregular, patterned } from '../../../test/support/patterned-volume.ts';
import { cropToLabel } from './crop.ts';
import { indexToPoint } from './geometry.ts';
import { labelBox } from './label-box.ts';

describe('labelBox', () => {
  it('is the box of the voxels with the label, wherever they lie', () => {
    const length = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(
        fc.tuple(length, length, length),
        fc.array(fc.nat({ max: 215 }), { minLength: 1, maxLength: 8 }),
        (size, places) => {
          const mask = patterned(Uint8Array, { size }, (x, _, z) => (x + z) % 2);
          const marked = places.map((place) => place % mask.voxels.length);
          for (const place of marked) mask.voxels[place] = 7;
          const at = [0, 1, 2].map((axis) => {
            const stride = [1, size[0], size[0] * size[1]][axis];
            return marked.map((place) => Math.floor(place / stride) % size[axis]);
          });
          const lower = at.map((along) => Math.min(...along));
          expect(labelBox(mask, 7, 'mask')).toEqual({
            lower,
            size: at.map((along, axis) => Math.max(...along) - lower[axis] + 1),
          });
        },
      ),
      { seed: 13 },
    );
  });

  it('names the labels that there are', () => {
    const mask = patterned(Int16Array, { size: [3, 1, 1] }, (x) => x);
    expect(failureOf(() => labelBox(mask, 5, 'roi.nrrd'))).toMatchObject({
      code: 'MASK_LABEL_ABSENT',
      message: 'No voxel of roi.nrrd carries the label 5; it has 1, 2.',
    });
  });
});

describe('cropToLabel', () => {
  it('keeps values, types and places, with a margin up to the edge', () => {
    const geometry = {
      size: [9, 8, 7] as const,
      spacing: [0.5, 2, 3] as const,
      origin: [1, 2, 3] as const,
      direction: [0, 1, 0, -1, 0, 0, 0, 0, 1] as const,
    };
    const image = patterned(Float32Array, geometry, irregular);
    const mask = boxMask(geometry, [1, 3, 6], [3, 3, 6]);
    const { image: part, mask: region } = cropToLabel(image, mask, 1, 2);
    expect(part.size).toEqual([6, 5, 3]);
    expect(part.origin).toEqual(indexToPoint(image, [0, 1, 4]));
    expect(part.voxels).toBeInstanceOf(Float32Array);
    expect(part.voxels[5 + 6 * (4 + 5 * 2)]).toBe(irregular(5, 5, 6));
    expect(labelBox(region, 1, 'mask')).toEqual({ lower: [1, 2, 2], size: [3, 1, 1] });
  });
});
