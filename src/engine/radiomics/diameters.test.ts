import { expect, it } from 'vitest';
import { holds, regionWhere, smallScans, volumeOf } from '../../../test/support/small-regions.ts';
import { diametersOf } from './diameters.ts';
import type { Region } from './region.ts';

/** Every vertex of the mesh, compared with every other. */
function bruteForce({ voxels, mask, row, plane, spacing }: Region) {
  const vertices: number[][] = [];
  for (const voxel of voxels) {
    const centre = [voxel % row, Math.floor((voxel % plane) / row), Math.floor(voxel / plane)];
    [1, row, plane].forEach((step, axis) => {
      for (const side of [-1, 1]) {
        if (mask[voxel + side * step] === 0) {
          vertices.push(centre.map((c, a) => (a === axis ? c + side / 2 : c)));
        }
      }
    });
  }
  const largest = { all: 0, slice: 0, column: 0, row: 0 };
  for (const a of vertices) {
    for (const b of vertices) {
      const distance = Math.hypot(...a.map((c, axis) => (c - b[axis]) * spacing[axis]));
      largest.all = Math.max(largest.all, distance);
      if (a[2] === b[2]) largest.slice = Math.max(largest.slice, distance);
      if (a[1] === b[1]) largest.column = Math.max(largest.column, distance);
      if (a[0] === b[0]) largest.row = Math.max(largest.row, distance);
    }
  }
  return largest;
}

it('finds the largest distances that comparing all vertices finds', () => {
  holds(smallScans(1), ({ mask }) => {
    const region = regionWhere(mask);
    const expected = bruteForce(region);
    const found = diametersOf(region);
    for (const name of ['all', 'slice', 'column', 'row'] as const) {
      expect(found[name], name).toBeCloseTo(expected[name], 12);
    }
  });
});

it('looks across a region larger than its hull', () => {
  const radius = 12;
  const length = 2 * radius + 1;
  const ball = Uint8Array.from({ length: length ** 3 }, (_, n) => {
    const [x, y, z] = [n % length, Math.floor(n / length) % length, Math.floor(n / length ** 2)];
    return Math.hypot(x - radius, y - radius, z - radius) <= radius ? 1 : 0;
  });
  const region = regionWhere(volumeOf([length, length, length], ball, [0.7, 1.1, 2]));
  const expected = bruteForce(region);
  expect(diametersOf(region).all).toBeCloseTo(expected.all, 10);
  expect(diametersOf(region).slice).toBeCloseTo(expected.slice, 10);
});
