import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../../test/support/failure-of.ts';
import {
  expectFigures,
  expectPartOf,
  unevenVolume,
  wholeOf,
} from '../../../../test/support/filtered-figures.ts';
import type { Vector3, Volume } from '../volume.ts';
import { FilterMemory } from './filter-memory.ts';
import { laplacianOfGaussianImages, laplacianOfGaussianName } from './laplacian-of-gaussian.ts';
import { RecursiveLaplacian } from './recursive-laplacian.ts';

const image = unevenVolume([13, 10, 7], [0.8, 1.1, 3]);

function logOf(volume: Volume, sigma: number, region = wholeOf(volume)): Volume | null {
  const [found] = laplacianOfGaussianImages(volume, region, [sigma]);
  return found.volume;
}

describe('laplacianOfGaussianImages', () => {
  // Of SimpleITK 2.5.7 (ITK 5.4). Values are float32: one step of theirs is 1.2e-7 of the value at most.
  test.each([
    [0.7, [50.55612564086914, -27.28203010559082, -31.52944564819336, -1452.9363968400285]],
    [1.5, [41.03913497924805, 7.522340774536133, -24.708940505981445, -2212.688774848357]],
    [3, [16.09004783630371, -6.961744785308838, -10.132736206054688, -1258.293730209116]],
  ] as const)('equals ITK with sigma %s mm', (sigma, figures) => {
    const found = logOf(image, sigma);
    expect(found?.voxels).toBeInstanceOf(Float32Array);
    expectFigures(found, figures, 1.2e-7);
  });

  test('rounds an image of float64 to float32, too', () => {
    const found = logOf(unevenVolume([13, 10, 7], [0.8, 1.1, 3], Float64Array, 8), 1.5);
    expectFigures(
      found,
      [5.129891872406006, 0.9402925968170166, -3.0886175632476807, -276.5860968560446],
      1.2e-7,
    );
  });

  test('gives one image for each sigma', () => {
    const names = [...laplacianOfGaussianImages(image, wholeOf(image), [1, 2.5])].map(({ name }) => name);
    expect(names).toEqual(['log-sigma-1-0-mm-3D', 'log-sigma-2-5-mm-3D']);
  });

  test('gives of a region the same as of the whole, though it leaves most of it out', () => {
    // Steps of 2000 at the far end weigh most when they are left out.
    const large = unevenVolume([90, 40, 30], [1, 1, 1]);
    large.voxels.forEach((_, n) => {
      if (n % 90 > 60) large.voxels[n] += 2000;
    });
    for (const [sigma, lower] of [
      [1, [10, 5, 3]],
      [1, [75, 30, 20]],
      [0.4, [40, 15, 12]],
      [2, [2, 2, 2]],
    ] as const) {
      const region = { lower: lower as Vector3, size: [8, 6, 5] as Vector3 };
      // One step of float32, where a rounding is decided by what was left out, is 6e-8.
      expectPartOf(logOf(large, sigma, region), region, logOf(large, sigma), 6e-8);
    }
  });

  test('gives the same where images reuse their memory', () => {
    const each = laplacianOfGaussianImages(image, wholeOf(image), [1, 2.5, 1], { reuse: true });
    for (const [n, { volume }] of [
      ...laplacianOfGaussianImages(image, wholeOf(image), [1, 2.5, 1]),
    ].entries()) {
      expect(each.next().value?.volume?.voxels, String(n)).toEqual(volume?.voxels);
    }
  });

  test('gives the same in parts', () => {
    const region = wholeOf(image);
    const parts = new RecursiveLaplacian(new FilterMemory(), 4 * 13 * 7).over(region, image, 1.5);
    expect(parts).toEqual(new RecursiveLaplacian(new FilterMemory()).over(region, image, 1.5));
    expect(new RecursiveLaplacian(new FilterMemory(), 1).over(region, image, 1.5)).toEqual(parts);
  });

  test('is 0 on a constant, and on a square the sum of the second derivatives times sigma²', () => {
    const constant = { ...image, voxels: new Int16Array(image.voxels.length).fill(500) };
    for (const value of logOf(constant, 2)!.voxels) expect(Math.abs(value)).toBeLessThan(1e-10);
    const size: Vector3 = [81, 41, 41];
    const squares = unevenVolume(size, [0.5, 1, 1], Float64Array);
    squares.voxels.forEach((_, n) => {
      squares.voxels[n] = ((n % 81) * 0.5 - 20) ** 2 + (Math.floor(n / 81) % 41) ** 2;
    });
    const centre = logOf(squares, 1.5, { lower: [40, 20, 20], size: [1, 1, 1] })!.voxels[0];
    expect(centre).toBeCloseTo(4 * 1.5 ** 2, 3);
  });

  test.each([
    ['an axis of fewer than 4 voxels', [9, 9, 3], 0.5, /3 voxels along z/],
    ['an axis shorter than sigma', [9, 9, 9], 9, /9 voxels along x, but sigma 9 mm takes at least 10/],
  ] as const)('skips %s', (_, size, sigma, reason) => {
    const small = unevenVolume(size, [1, 1, 1]);
    const [found] = laplacianOfGaussianImages(small, wholeOf(small), [sigma]);
    expect(found.volume).toBeNull();
    expect(found).toMatchObject({ reason: expect.stringMatching(reason) });
  });

  test.each([0, -1, Number.NaN, Infinity])('refuses the sigma %s', (sigma) => {
    expect(failureOf(() => logOf(image, sigma)).code).toBe('ARGUMENT_INVALID');
  });

  test('refuses NaN', () => {
    const broken = unevenVolume([8, 8, 8], [1, 1, 1], Float32Array);
    broken.voxels[100] = Number.NaN;
    expect(failureOf(() => logOf(broken, 1)).code).toBe('IMAGE_NOT_FINITE');
  });

  test('writes a sigma as Python does', () => {
    expect([1, 0.5, 2.25, 12].map(laplacianOfGaussianName)).toEqual([
      'log-sigma-1-0-mm-3D',
      'log-sigma-0-5-mm-3D',
      'log-sigma-2-25-mm-3D',
      'log-sigma-12-0-mm-3D',
    ]);
  });
});
