import type { Vector3 } from '../imaging/index.ts';

/** The displacement to a neighbour in voxels along x, y, z. */
export type Offset = Vector3;

/**
 * The displacements to the neighbours at the given distances in the infinity norm, one of each opposite pair: 13 for
 * `[1]` in three dimensions, 4 in two. Those longer than the region's box in some direction are left out. `fixed` is the
 * axis (0 = z, 1 = y, 2 = x, PyRadiomics' `force2Ddimension`) along which nothing moves, or null.
 *
 * The order is PyRadiomics' own: (1,1,1), (1,1,0), … in z, y, x, descending.
 */
export function offsets(size: Vector3, distances: readonly number[], fixed: number | null): Offset[] {
  const farthest = Math.max(...distances);
  const reach = (axis: number) => (2 - axis === fixed ? 0 : Math.min(farthest, size[axis] - 1));
  const [rx, ry, rz] = [reach(0), reach(1), reach(2)];
  const found: Offset[] = [];
  for (let z = rz; z >= 0; z--) {
    for (let y = ry; y >= -ry; y--) {
      for (let x = rx; x >= -rx; x--) {
        const isFirstOfPair = z > 0 || (z === 0 && (y > 0 || (y === 0 && x > 0)));
        if (isFirstOfPair && distances.includes(Math.max(z, Math.abs(y), Math.abs(x)))) {
          found.push([x, y, z]);
        }
      }
    }
  }
  return found;
}

/** The steps in a region's box that the displacements make. */
export function stepsOf(
  displacements: readonly Offset[],
  region: { row: number; plane: number },
): Int32Array {
  return Int32Array.from(displacements, ([x, y, z]) => x + y * region.row + z * region.plane);
}

/** The lengths in mm of the displacements in PyRadiomics' `weightingNorm`; `no_weighting` makes each 1. */
export function lengthOf(
  [x, y, z]: Offset,
  spacing: Vector3,
  norm: 'infinity' | 'euclidean' | 'manhattan',
): number {
  const parts = [Math.abs(x) * spacing[0], Math.abs(y) * spacing[1], Math.abs(z) * spacing[2]];
  switch (norm) {
    case 'infinity':
      return Math.max(...parts);
    case 'euclidean':
      return Math.hypot(...parts);
    default:
      return parts[0] + parts[1] + parts[2];
  }
}
