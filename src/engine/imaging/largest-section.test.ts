import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { boxMask, patterned } from '../../../test/support/patterned-volume.ts';
import { labelBox } from './label-box.ts';
import { largestSection } from './largest-section.ts';

describe('largestSection', () => {
  // Slice z has z + 1 voxels of label 2 up to z = 3, as many at 4, and fewer after; label 1 is larger.
  const mask = patterned(Uint8Array, { size: [8, 3, 7] }, (x, y, z) =>
    y === 1 && x <= Math.min(z, 3) - (z > 4 ? 1 : 0) ? 2 : 1,
  );

  it('is the slice with the most voxels of the label, the first of equal ones, and nothing else', () => {
    const { voxels, ...geometry } = largestSection(mask, 2);
    expect({ ...geometry, voxels: mask.voxels }).toEqual(mask);
    expect(labelBox({ ...mask, voxels }, 2, 'mask')).toEqual({ lower: [0, 1, 3], size: [4, 1, 1] });
    expect(new Set(voxels)).toEqual(new Set([0, 2]));
  });

  it('is axial, whichever axis of the image runs along the patient', () => {
    const box = boxMask({ size: [5, 6, 7], direction: [0, 0, 1, 0, 1, 0, -1, 0, 0] }, [1, 1, 1], [2, 4, 5]);
    box.voxels[3 + 5 * (2 + 6 * 3)] = 1;
    expect(labelBox(largestSection(box, 1), 1, 'mask')).toEqual({ lower: [1, 1, 1], size: [1, 4, 5] });
    const sagittal = { ...box, direction: [1, 0, 0, 0, 0, 1, 0, -1, 0] as const };
    expect(labelBox(largestSection(sagittal, 1), 1, 'mask')).toEqual({ lower: [1, 2, 1], size: [3, 1, 5] });
  });

  it('refuses a label that is not there', () => {
    expect(failureOf(() => largestSection(mask, 9)).code).toBe('MASK_LABEL_ABSENT');
  });
});
