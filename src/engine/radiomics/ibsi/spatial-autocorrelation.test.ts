import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../../imaging/index.ts';
import { regionOf } from '../region.ts';
import { spatialAutocorrelation } from './spatial-autocorrelation.ts';

const unit = { origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;

function caseOf(size: Vector3, spacing: Vector3, keep: (n: number) => boolean) {
  const positions = Int32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => n).filter(keep);
  const values = Float64Array.from(positions, (n) => Math.sin(n / 5) * 30 + ((n * 7919) % 13) - 40);
  return { region: regionOf({ ...unit, size, spacing }, positions, 1), positions, values };
}

/** Pair by pair. */
function slowly({ positions, values }: ReturnType<typeof caseOf>, size: Vector3, spacing: Vector3) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const points = [...positions].map((n) => [
    (n % size[0]) * spacing[0],
    (Math.floor(n / size[0]) % size[1]) * spacing[1],
    Math.floor(n / (size[0] * size[1])) * spacing[2],
  ]);
  let [weights, products, differences] = [0, 0, 0];
  points.forEach((p, i) => {
    points.forEach((q, j) => {
      if (i === j) return;
      const weight = 1 / Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
      weights += weight;
      products += weight * (values[i] - mean) * (values[j] - mean);
      differences += weight * (values[i] - values[j]) ** 2;
    });
  });
  const scatter = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    moran: ((values.length / weights) * products) / scatter,
    geary: ((values.length - 1) / (2 * weights)) * (differences / scatter),
  };
}

describe('spatialAutocorrelation', () => {
  it.each<[string, Vector3, Vector3, (n: number) => boolean]>([
    ['a box', [7, 5, 4], [1, 1, 1], () => true],
    ['a region with gaps and uneven spacing', [9, 8, 5], [0.7, 1.3, 3], (n) => n % 3 !== 0],
    ['a line', [11, 1, 1], [2, 2, 2], () => true],
    ['a line along z', [1, 1, 11], [1, 1, 2], () => true],
    ['a slice', [6, 9, 1], [0.5, 0.5, 5], (n) => n % 5 !== 2],
    ['two voxels', [6, 9, 4], [0.5, 0.5, 5], (n) => n === 3 || n === 200],
  ])('sums over all pairs of %s', (_, size, spacing, keep) => {
    const given = caseOf(size, spacing, keep);
    const expected = slowly(given, size, spacing);
    const found = spatialAutocorrelation(given.region, given.values);
    expect(found.moran).toBeCloseTo(expected.moran, 11);
    expect(found.geary).toBeCloseTo(expected.geary, 11);
  });

  it('is undefined where all values are one, or there is one voxel', () => {
    const { region, values } = caseOf([3, 3, 3], [1, 1, 1], () => true);
    expect(spatialAutocorrelation(region, values.fill(0.1))).toEqual({ moran: NaN, geary: NaN });
    const one = caseOf([3, 3, 3], [1, 1, 1], (n) => n === 4);
    expect(spatialAutocorrelation(one.region, one.values)).toEqual({ moran: NaN, geary: NaN });
  });
});
