import { expect, it } from 'vitest';
import { holds, regionWhere, smallScans, volumeOf } from '../../../test/support/small-regions.ts';
import { shape } from './shape.ts';
import { shape2D } from './shape-2d.ts';

it('describes a box', () => {
  const box = regionWhere(volumeOf([4, 2, 6], new Uint8Array(48).fill(1), [1, 2, 0.5]));
  const found = shape(box);
  expect(found.VoxelVolume).toBe(48);
  // Evenly spaced points n apart s have the variance s²·(n² − 1)/12.
  expect(found.MajorAxisLength).toBeCloseTo(4 * Math.sqrt(15 / 12), 12);
  expect(found.MinorAxisLength).toBeCloseTo(4 * Math.sqrt((4 * 3) / 12), 12);
  expect(found.LeastAxisLength).toBeCloseTo(4 * Math.sqrt((0.25 * 35) / 12), 12);
  expect(found.Compactness2).toBeCloseTo(found.Sphericity ** 3, 12);
  expect(found.SphericalDisproportion).toBeCloseTo(1 / found.Sphericity, 12);
});

it('has no third axis where the region is flat', () => {
  const plane = regionWhere(
    volumeOf(
      [3, 3, 3],
      Array.from({ length: 27 }, (_, n) => (n % 3 === Math.floor(n / 3) % 3 ? 1 : 0)),
    ),
  );
  expect(shape(plane)).toMatchObject({ LeastAxisLength: 0, Flatness: 0 });
});

it('scales with the spacing and does not depend on where the region is', () => {
  holds(smallScans(1), ({ mask }) => {
    const found = shape(regionWhere(mask));
    const [x, y, z] = mask.size;
    const moved = new Uint8Array((x + 3) * (y + 1) * (z + 2));
    mask.voxels.forEach((value, n) => {
      const [i, j, k] = [n % x, Math.floor(n / x) % y, Math.floor(n / (x * y))];
      moved[i + 2 + (x + 3) * (j + 1 + (y + 1) * (k + 1))] = value;
    });
    expect(shape(regionWhere(volumeOf([x + 3, y + 1, z + 2], moved, mask.spacing)))).toEqual(found);
    const [sx, sy, sz] = mask.spacing;
    const scaled = shape(regionWhere({ ...mask, spacing: [3 * sx, 3 * sy, 3 * sz] }));
    expect(scaled.MeshVolume / found.MeshVolume).toBeCloseTo(27, 9);
    expect(scaled.SurfaceArea / found.SurfaceArea).toBeCloseTo(9, 9);
    expect(scaled.Maximum3DDiameter / found.Maximum3DDiameter).toBeCloseTo(3, 9);
    expect(scaled.Sphericity).toBeCloseTo(found.Sphericity, 9);
    expect(scaled.Elongation).toBeCloseTo(found.Elongation, 9);
  });
});

it('describes a rectangle of pixels in any plane', () => {
  const expected = {
    PixelSurface: 6 * 0.5,
    // The corners are cut half-way between the pixels: eight sides.
    MeshSurface: (6 - 4 / 8) * 0.5,
    Perimeter: 2 * (2 * 1 + 1 * 0.5) + 4 * Math.hypot(0.5, 0.25),
    MaximumDiameter: Math.hypot(3, 0.5),
  };
  for (const [size, spacing, fixed] of [
    [[3, 2, 1], [1, 0.5, 9], 0],
    [[3, 1, 2], [1, 9, 0.5], 1],
    [[1, 3, 2], [9, 1, 0.5], 2],
  ] as const) {
    const found = shape2D(regionWhere(volumeOf(size, new Uint8Array(6).fill(1), spacing)), fixed)!;
    for (const [name, value] of Object.entries(expected)) {
      expect(found[name as keyof typeof expected], name).toBeCloseTo(value, 12);
    }
  }
});

it('has no outline in the plane where the region spans several planes', () => {
  const region = regionWhere(volumeOf([2, 2, 2], new Uint8Array(8).fill(1)));
  expect(shape2D(region, 0)).toBeNull();
});
