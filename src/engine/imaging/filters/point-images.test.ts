import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../../test/support/failure-of.ts';
import {
  expectFigures,
  expectPartOf,
  type Figures,
  unevenVolume,
  wholeOf,
} from '../../../../test/support/filtered-figures.ts';
import { exponentialImage, logarithmImage, squareImage, squareRootImage } from './point-images.ts';

const image = unevenVolume([13, 10, 7], [0.8, 1.1, 3]);
const filters = [
  ['square', squareImage, [66.66666666666667, 42.666666666666664, 94.40666666666667, 136373.25333333336]],
  [
    'squareroot',
    squareRootImage,
    [-122.47448713915891, 109.54451150103323, 133.60389215887386, 93130.57124079195],
  ],
  [
    'logarithm',
    logarithmImage,
    [-137.97677228337645, 131.37943161235336, 143.13009933151088, 99904.72977647596],
  ],
  [
    'exponential',
    exponentialImage,
    [0.03542195230608705, 14.473781257162972, 53.255655204976634, 63180.05608958319],
  ],
] as const;

describe.each(filters)('%s', (name, filter, figures) => {
  test('equals PyRadiomics 3.0.1', () => {
    const found = filter(image, wholeOf(image));
    expect(found.name).toBe(name);
    expect(found.volume?.voxels).toBeInstanceOf(Float64Array);
    expectFigures(found.volume, figures as Figures, 1e-14);
  });

  test('scales by the largest magnitude of the whole image, not of the region', () => {
    const region = { lower: [3, 2, 1], size: [4, 3, 2] } as const;
    expectPartOf(filter(image, region).volume, region, filter(image, wholeOf(image)).volume, 0);
  });

  test('skips an image that is 0 everywhere', () => {
    const zero = { ...image, voxels: new Uint8Array(image.voxels.length) };
    expect(filter(zero, wholeOf(zero))).toEqual({ name, volume: null, reason: 'the image is 0 everywhere' });
  });

  test('refuses NaN and infinity wherever they are', () => {
    for (const value of [Number.NaN, Infinity]) {
      const broken = unevenVolume([5, 5, 5], [1, 1, 1], Float64Array);
      broken.voxels[124] = value;
      const region = { lower: [0, 0, 0], size: [2, 2, 2] } as const;
      expect(failureOf(() => filter(broken, region)).code).toBe('IMAGE_NOT_FINITE');
    }
  });
});

test('the range stays: the largest magnitude is mapped onto itself', () => {
  const positive = unevenVolume([6, 5, 4], [1, 1, 1], Float64Array);
  positive.voxels.forEach((value, n) => {
    positive.voxels[n] = Math.abs(value);
  });
  const most = (voxels: ArrayLike<number>) => Math.max(...Array.from(voxels));
  for (const [, filter] of filters) {
    expect(most(filter(positive, wholeOf(positive)).volume!.voxels)).toBeCloseTo(most(positive.voxels), 9);
  }
});

test('values between −1 and 1 keep their sign', () => {
  const small = unevenVolume([6, 5, 4], [1, 1, 1], Float32Array, 1000);
  const { voxels } = squareRootImage(small, wholeOf(small)).volume!;
  for (let n = 0; n < voxels.length; n++) expect(Math.sign(voxels[n])).toBe(Math.sign(small.voxels[n]));
});
