import { expect, it } from 'vitest';
import type { Vector3, Volume } from '../../imaging/index.ts';
import { regionOf, valuesAt } from '../region.ts';
import { localIntensity } from './local-intensity.ts';

function volumeOf(size: Vector3, spacing: Vector3): Volume<Int16Array> {
  return {
    size,
    spacing,
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    voxels: Int16Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => ((n * 7919) % 211) - 60),
  };
}

/** The mean over all voxels of the image whose centres are within the sphere. */
function peak({ size, spacing, voxels }: Volume, centre: number): number {
  const place = (n: number) =>
    [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))].map(
      (index, axis) => index * spacing[axis],
    );
  const from = place(centre);
  const near = [...voxels].filter(
    (_, n) =>
      Math.hypot(...place(n).map((part, axis) => part - from[axis])) <= Math.cbrt(3000 / (4 * Math.PI)),
  );
  return near.reduce((sum, value) => sum + value, 0) / near.length;
}

it.each<[Vector3, Vector3]>([
  [
    [12, 10, 9],
    [2, 2, 2],
  ],
  [
    [20, 9, 4],
    [0.9, 1.7, 3.1],
  ],
  [
    [5, 6, 7],
    [7, 7, 7],
  ],
  [
    [4, 3, 2],
    [0.01, 0.01, 0.01],
  ],
])('averages over spheres that reach out of region and image: %j at %j', (size, spacing) => {
  const image = volumeOf(size, spacing);
  const positions = Int32Array.from(image.voxels.keys()).filter((n) => n % 3 === 0 && n % size[0] > 1);
  // Two voxels share the highest intensity.
  image.voxels[positions[1]] = 500;
  image.voxels[positions[positions.length - 2]] = 500;
  const values = valuesAt(image.voxels, positions);
  const found = localIntensity(image, regionOf(image, positions, 1), values);
  const means = Float64Array.from(positions, (n) => peak(image, n));
  expect(found.loc_peak_glob).toBeCloseTo(Math.max(...means), 10);
  expect(found.loc_peak_loc).toBeCloseTo(Math.max(means[1], means[means.length - 2]), 10);
});
