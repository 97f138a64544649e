import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { irregular, patterned } from '../../../../test/support/patterned-volume.ts';
import { coefficientPlanes, splineCoefficients, splineMargin } from './spline-coefficients.ts';

/** What the spline with these coefficients is at the voxels themselves: weights 1/6, 4/6, 1/6 along each axis, mirrored. */
function atVoxels(coefficients: Float64Array, size: readonly [number, number, number]): Float64Array {
  let values = coefficients;
  for (let axis = 0; axis < 3; axis++) {
    const stride = [1, size[0], size[0] * size[1]][axis];
    const before = values;
    values = before.map((value, n) => {
      const at = Math.floor(n / stride) % size[axis];
      if (size[axis] === 1) return value;
      const left = at === 0 ? n + stride : n - stride;
      const right = at === size[axis] - 1 ? n - stride : n + stride;
      return (before[left] + 4 * value + before[right]) / 6;
    });
  }
  return values;
}

describe('coefficientPlanes', () => {
  it('makes a spline that goes through every voxel, on any size', () => {
    const length = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(fc.tuple(length, length, length), (size) => {
        const image = patterned(Float64Array, { size }, irregular);
        const values = atVoxels(splineCoefficients(image, { lower: [0, 0, 0], size }), size);
        // ITK sums the mirror image up to 1e-10 of it only.
        values.forEach((value, n) => {
          expect(Math.abs(value - image.voxels[n])).toBeLessThan(1e-6);
        });
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  it('gives the same planes a few at a time, to the last bit', () => {
    const size = [7, 5, 260] as const;
    const image = patterned(Int16Array, { size }, irregular);
    const whole = splineCoefficients(image, { lower: [0, 0, 0], size });
    const planes = coefficientPlanes(image, { lower: [0, 0, 0], size }, 16);
    for (let first = 3; first + 10 < size[2]; first += 11) {
      expect(planes(first, first + 10).subarray(0, 11 * 35)).toEqual(
        whole.subarray(first * 35, (first + 11) * 35),
      );
    }
  });

  it('equals the whole image’s from the margin on, to the last bit', () => {
    const size = [3, 150, 150] as const;
    const image = patterned(Int16Array, { size }, irregular);
    const whole = splineCoefficients(image, { lower: [0, 0, 0], size });
    const count = 2 * splineMargin + 4;
    const part = splineCoefficients(image, { lower: [0, 20, 30], size: [3, count, count] });
    for (let k = splineMargin; k < splineMargin + 4; k++) {
      for (let j = splineMargin; j < splineMargin + 4; j++) {
        const [at, from] = [3 * (j + count * k), 3 * (20 + j + 150 * (30 + k))];
        expect(part.subarray(at, at + 3)).toEqual(whole.subarray(from, from + 3));
      }
    }
  });
});
