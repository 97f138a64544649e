import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../../test/support/failure-of.ts';
import { boxMask, irregular, patterned } from '../../../../test/support/patterned-volume.ts';
import { resampleFromCentre } from './from-centre.ts';

const geometry = { size: [20, 18, 11] as const, spacing: [1, 1, 3] as const, origin: [4, 5, 6] as const };
const mask = boxMask(geometry, [6, 6, 3], [12, 11, 6]);
const options = { interpolation: 'linear', label: 1, padDistance: Infinity, round: false } as const;

describe('resampleFromCentre', () => {
  it('lays the new grid around the image’s centre, with as many voxels as cover it', () => {
    const image = patterned(Int16Array, geometry, irregular);
    const { image: result } = resampleFromCentre(image, mask, { ...options, spacing: [3, 0, 2] });
    expect(result.size).toEqual([7, 18, 17]);
    expect(result.spacing).toEqual([3, 1, 2]);
    [4 + 9.5 - 9, 5, 6 + 15 - 16].forEach((start, axis) => {
      expect(result.origin[axis]).toBeCloseTo(start, 12);
    });
  });

  it('does not add a voxel for the rounding of a product', () => {
    const odd = { ...geometry, spacing: [0.7, 0.7, 3] as const };
    const { size } = resampleFromCentre(
      patterned(Int16Array, odd, irregular),
      { ...mask, ...odd },
      {
        ...options,
        spacing: [0.1, 0.35, 0],
      },
    ).image;
    expect(size).toEqual([140, 36, 11]);
  });

  it('reproduces a linear ramp inside the image, and holds the outermost values beyond', () => {
    const spacing = fc.double({ min: 0.5, max: 4, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(spacing, spacing, spacing), (to) => {
        const image = patterned(Float64Array, geometry, (x, y, z) => 2 * x - 3 * y + 7 * z);
        const result = resampleFromCentre(image, mask, { ...options, spacing: to }).image;
        const place = (n: number, axis: number) =>
          Math.min(
            geometry.size[axis] - 1,
            Math.max(
              0,
              (result.origin[axis] + n * to[axis] - geometry.origin[axis]) / geometry.spacing[axis],
            ),
          );
        const [nx, ny, nz] = result.size;
        for (const [i, j, k] of [
          [0, 0, 0],
          [nx >> 1, ny >> 1, nz >> 1],
          [nx - 1, ny - 1, nz - 1],
        ]) {
          const expected = 2 * place(i, 0) - 3 * place(j, 1) + 7 * place(k, 2);
          expect(result.voxels[i + nx * (j + ny * k)]).toBeCloseTo(expected, 8);
        }
      }),
      { numRuns: 30, seed: 5 },
    );
  });

  it.each(['nearest', 'linear', 'cubic'] as const)(
    '%s keeps an image whose spacing does not change',
    (interpolation) => {
      const image = patterned(Int16Array, geometry, irregular);
      const result = resampleFromCentre(image, mask, {
        ...options,
        interpolation,
        round: true,
        spacing: [1, 0, 3],
      });
      expect(result.image.voxels).toEqual(image.voxels);
      expect(result.mask.voxels).toEqual(mask.voxels);
    },
  );

  it('rounds half-way values up and keeps the type, or gives them as they are', () => {
    const image = patterned(Int16Array, { size: [4, 1, 1] }, (x) => [1, 2, -4, -5][x]);
    const region = boxMask({ size: [4, 1, 1] }, [0, 0, 0], [3, 0, 0]);
    const to = { ...options, spacing: [2, 1, 1] } as const;
    expect(resampleFromCentre(image, region, to).image.voxels).toEqual(Float64Array.of(1.5, -4.5));
    expect(resampleFromCentre(image, region, { ...to, round: true }).image.voxels).toEqual(
      Int16Array.of(2, -4),
    );
  });

  it('takes a voxel into the region from one half on', () => {
    const size = [8, 1, 1] as const;
    const image = patterned(Int16Array, { size }, irregular);
    // New centres at 0.5, 2.5, 4.5, 6.5: the second is half in, the third whole, the fourth not.
    const region = boxMask({ size }, [3, 0, 0], [5, 0, 0]);
    const result = resampleFromCentre(image, region, { ...options, spacing: [2, 1, 1] });
    expect([...result.mask.voxels]).toEqual([0, 1, 1, 0]);
    const cut = resampleFromCentre(image, region, { ...options, padDistance: 0, spacing: [2, 1, 1] });
    expect(cut.image.voxels).toEqual(result.image.voxels.slice(1, 3));
    expect([...cut.mask.voxels]).toEqual([1, 1]);
  });

  it('leaves other labels out', () => {
    const labels = patterned(Uint8Array, geometry, (x) => (x < 10 ? 1 : 2));
    const image = patterned(Int16Array, geometry, irregular);
    const result = resampleFromCentre(image, labels, { ...options, label: 2, spacing: [2, 2, 2] });
    expect(new Set(result.mask.voxels)).toEqual(new Set([0, 2]));
  });

  it('refuses a region that does not outlive it, and a grid beyond the limit', () => {
    const image = patterned(Int16Array, geometry, irregular);
    const single = boxMask(geometry, [6, 6, 3], [6, 6, 3]);
    const code = (given: typeof mask, more: object) =>
      failureOf(() => resampleFromCentre(image, given, { ...options, spacing: [4, 4, 4], ...more })).code;
    expect(code(single, {})).toBe('ROI_TOO_SMALL');
    expect(code(mask, { maxVoxels: 10 })).toBe('IMAGE_TOO_LARGE');
    expect(code(mask, { spacing: [1e-300, 1, 1] })).toBe('IMAGE_TOO_LARGE');
    expect(code(mask, { spacing: [-2, 1, 1] })).toBe('ARGUMENT_INVALID');
    expect(code(mask, { label: 3 })).toBe('MASK_LABEL_ABSENT');
  });
});
