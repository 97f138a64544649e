import type { Vector3, Volume, VoxelArray } from '../volume.ts';
import type { AxisPositions } from './axis-positions.ts';
import { sameType } from './voxel-rows.ts';

/**
 * The voxels nearest to the given positions along x, y, z, half-way ones the upper, and 0 where a position lies outside of
 * the volume (itk::NearestNeighborInterpolateImageFunction).
 */
export function sampleNearest<T extends VoxelArray>(
  { voxels, size }: Volume<T>,
  positions: readonly AxisPositions[],
): T {
  const [nx, ny, nz] = positions.map(({ at }) => at.length) as unknown as Vector3;
  const [x, y, z] = positions;
  const columns = nearestOf(x, size[0]);
  const rows = nearestOf(y, size[1]);
  const planes = nearestOf(z, size[2]);
  const result = sameType(voxels, nx * ny * nz);
  const source = new Float64Array(size[0]);
  const target = new Float64Array(nx);
  for (let k = z.from; k < z.to; k++) {
    const plane = k * nx * ny;
    if (k > z.from && planes[k] === planes[k - 1]) {
      result.copyWithin(plane, plane - nx * ny, plane);
      continue;
    }
    for (let j = y.from; j < y.to; j++) {
      const row = plane + j * nx;
      if (j > y.from && rows[j] === rows[j - 1]) {
        result.copyWithin(row, row - nx, row);
        continue;
      }
      const from = size[0] * (rows[j] + size[1] * planes[k]);
      // By way of float64 rows, so that the loop sees one type.
      source.set(voxels.subarray(from, from + size[0]));
      for (let i = x.from; i < x.to; i++) target[i] = source[columns[i]];
      result.set(target, row);
    }
  }
  return result;
}

function nearestOf({ at, from, to }: AxisPositions, length: number): Int32Array {
  const nearest = new Int32Array(at.length);
  for (let n = from; n < to; n++) {
    nearest[n] = Math.max(0, Math.min(length - 1, Math.floor(at[n] + 0.5)));
  }
  return nearest;
}
