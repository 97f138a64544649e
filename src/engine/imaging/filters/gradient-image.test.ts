import { expect, test } from 'vitest';
import { failureOf } from '../../../../test/support/failure-of.ts';
import {
  expectFigures,
  expectPartOf,
  unevenVolume,
  wholeOf,
} from '../../../../test/support/filtered-figures.ts';
import { gradientImage } from './gradient-image.ts';

const image = unevenVolume([13, 10, 7], [0.8, 1.1, 3]);

test('equals ITK, per mm and per voxel', () => {
  const perMm = gradientImage(image, wholeOf(image));
  expect(perMm.name).toBe('gradient');
  expect(perMm.volume.voxels).toBeInstanceOf(Float32Array);
  expectFigures(
    perMm.volume,
    [52.336456298828125, 74.3227310180664, 113.15904998779297, 279689.0894460678],
    6e-8,
  );
  const perVoxel = gradientImage(image, wholeOf(image), { useSpacing: false });
  expectFigures(
    perVoxel.volume,
    [61.34125900268555, 83.97321319580078, 101.6722640991211, 308774.071811676],
    6e-8,
  );
});

test('gives of a region the same as of the whole', () => {
  for (const lower of [
    [0, 0, 0],
    [9, 6, 5],
    [4, 3, 2],
  ] as const) {
    const region = { lower, size: [4, 4, 2] } as const;
    expectPartOf(gradientImage(image, region).volume, region, gradientImage(image, wholeOf(image)).volume, 0);
  }
});

test('is the slope of a plane, half of it at the edge, and 0 on a constant', () => {
  const plane = unevenVolume([7, 6, 5], [0.5, 1, 2], Float64Array);
  plane.voxels.forEach((_, n) => {
    plane.voxels[n] = 3 * (n % 7) * 0.5 + 4 * (Math.floor(n / 42) * 2);
  });
  const { voxels } = gradientImage(plane, wholeOf(plane)).volume;
  expect(voxels[3 + 7 * (3 + 6 * 2)]).toBe(5);
  expect(voxels[0 + 7 * (3 + 6 * 2)]).toBeCloseTo(Math.hypot(1.5, 4), 5);
  const constant = { ...plane, voxels: plane.voxels.map(() => 9) };
  expect([...gradientImage(constant, wholeOf(constant)).volume.voxels].every((value) => value === 0)).toBe(
    true,
  );
});

test('refuses values whose differences overflow', () => {
  const huge = unevenVolume([4, 4, 4], [1, 1, 1], Float64Array);
  huge.voxels[21] = 1e200;
  expect(failureOf(() => gradientImage(huge, wholeOf(huge))).code).toBe('IMAGE_NOT_FINITE');
});
