import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../../test/support/failure-of.ts';
import {
  expectFigures,
  expectPartOf,
  type Figures,
  unevenVolume,
  wholeOf,
} from '../../../../test/support/filtered-figures.ts';
import { type BinaryPattern2DOptions, binaryPattern2DImage } from './binary-pattern-2d.ts';

const image = unevenVolume([13, 10, 7], [0.8, 1.1, 3]);

// Of PyRadiomics 3.0.1 with scikit-image 0.26.
const cases: [BinaryPattern2DOptions, Figures][] = [
  [{}, [8, 0, 0, 18119]],
  [{ radius: 2, samples: 12 }, [12, 13, 0, 33093]],
  [{ method: 'default' }, [255, 0, 0, 454837]],
  [{ method: 'ror', samples: 9, radius: 1.5 }, [511, 0, 0, 618930]],
  [{ method: 'var' }, [407, 1153, 974, 9087568]],
  [{ normal: 1 }, [8, 1, 0, 18066]],
  [{ normal: 0, samples: 5, radius: 1.3 }, [5, 6, 0, 10108]],
];

describe('binaryPattern2DImage', () => {
  test.each(cases)('equals scikit-image with %j', (options, figures) => {
    const found = binaryPattern2DImage(image, wholeOf(image), options);
    expect(found.name).toBe('lbp-2D');
    expect(found.volume.voxels).toBeInstanceOf(Int16Array);
    expectFigures(found.volume, figures, 0);
  });

  test('keeps fractions in an image of floats', () => {
    const floats = unevenVolume([13, 10, 7], [0.8, 1.1, 3], Float64Array, 8);
    const found = binaryPattern2DImage(floats, wholeOf(floats), { method: 'var' });
    const figures: Figures = [6.369568521486707, 18.022824433928694, 15.231214742872616, 142020.76173821106];
    expectFigures(found.volume, figures, 1e-14);
  });

  test.each(cases)('gives of a region the same as of the whole, with %j', (options) => {
    for (const lower of [
      [0, 0, 0],
      [9, 6, 4],
      [4, 3, 2],
    ] as const) {
      const region = { lower, size: [4, 4, 3] } as const;
      const part = binaryPattern2DImage(image, region, options).volume;
      expectPartOf(part, region, binaryPattern2DImage(image, wholeOf(image), options).volume, 0);
    }
  });

  test('all points are ones on a constant, and the variance is 0, not NaN', () => {
    const constant = { ...image, voxels: new Float32Array(image.voxels.length).fill(4) };
    const region = { lower: [2, 2, 2], size: [3, 3, 3] } as const;
    expect(binaryPattern2DImage(constant, region).volume.voxels[0]).toBe(8);
    expect(binaryPattern2DImage(constant, region, { method: 'var' }).volume.voxels[0]).toBe(0);
  });

  test('takes a circle that is larger than the image', () => {
    const found = binaryPattern2DImage(image, wholeOf(image), { radius: 1000 });
    // All points are 0 there: ones where the voxel is not above 0.
    found.volume.voxels.forEach((value, n) => {
      expect(value).toBe(image.voxels[n] <= 0 ? 8 : 0);
    });
  });

  test.each([
    { radius: 0 },
    { radius: Number.NaN },
    { samples: 0 },
    { samples: 2.5 },
    { samples: 32, method: 'default' },
    { samples: 1e9 },
    { method: 'nri_uniform' },
    { normal: 3 },
  ])('refuses %j', (options) => {
    const work = () => binaryPattern2DImage(image, wholeOf(image), options as BinaryPattern2DOptions);
    expect(failureOf(work).code).toBe('ARGUMENT_INVALID');
  });
});
