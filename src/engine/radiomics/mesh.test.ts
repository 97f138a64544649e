import { expect, it } from 'vitest';
import { holds, regionWhere, smallScans, volumeOf } from '../../../test/support/small-regions.ts';
import { edgeMidpoints, triangles } from './marching-cubes.ts';
import { meshOf } from './mesh.ts';

it('makes an octahedron of a single voxel', () => {
  const { area, volume } = meshOf(regionWhere(volumeOf([1, 1, 1], [1])));
  expect(volume).toBeCloseTo(1 / 6, 14);
  expect(area).toBeCloseTo(Math.sqrt(3), 14);
});

it('has a table for half of all cases, with whole triangles on the edges it crosses', () => {
  expect(triangles).toHaveLength(128);
  triangles.forEach((edges, cubeCase) => {
    expect(edges.length % 3).toBe(0);
    const crossed = edgeMidpoints.flatMap((midpoint, edge) => {
      const ends = [-0.5, 0.5].map((side) => {
        const axis = midpoint.indexOf(0.5);
        const corner = midpoint.map((part, a) => (a === axis ? part + side : part));
        return (
          [
            [0, 3],
            [1, 2],
          ][corner[0]][corner[1]] +
          4 * corner[2]
        );
      });
      return ((cubeCase >> ends[0]) & 1) === ((cubeCase >> ends[1]) & 1) ? [] : [edge.toString(16)];
    });
    expect([...new Set(edges)].sort()).toEqual(crossed.sort());
  });
});

it('encloses no more than the voxels, with at least the area of a sphere', () => {
  holds(smallScans(1), ({ mask }) => {
    const region = regionWhere(mask);
    const { area, volume } = meshOf(region);
    const voxel = mask.spacing[0] * mask.spacing[1] * mask.spacing[2];
    expect(volume).toBeGreaterThan(0);
    expect(volume).toBeLessThanOrEqual(region.voxels.length * voxel * (1 + 1e-12));
    // A closed surface has no less area than the sphere of its volume.
    expect(area ** 3).toBeGreaterThanOrEqual(36 * Math.PI * volume ** 2);
  });
});

it('grows with the spacing', () => {
  holds(smallScans(1), ({ mask }) => {
    const { area, volume } = meshOf(regionWhere(mask));
    const larger = meshOf(
      regionWhere({ ...mask, spacing: mask.spacing.map((s) => 2 * s) as typeof mask.spacing & [] }),
    );
    expect(larger.area / area).toBeCloseTo(4, 10);
    expect(larger.volume / volume).toBeCloseTo(8, 10);
  });
});
