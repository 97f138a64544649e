import { Failure } from '../failure.ts';
import type { Geometry, Matrix3, Vector3 } from './volume.ts';

export const axisNames = ['x', 'y', 'z'] as const;

/** How far the cosine of the angle between two axes may be from 0: that of ITK's NIfTI reader. */
const skewTolerance = 1e-4;

/** Number of voxels of a grid. */
export function voxelCount({ size }: Pick<Geometry, 'size'>): number {
  return size[0] * size[1] * size[2];
}

/** The index (i, j, k) of the voxel at `position` in the array. */
export function voxelIndex([nx, ny]: Vector3, position: number): Vector3 {
  return [position % nx, Math.floor(position / nx) % ny, Math.floor(position / (nx * ny))];
}

/** The centre of voxel (i, j, k), which need not be whole or inside, in mm. */
export function indexToPoint(geometry: Geometry, index: Vector3): Vector3 {
  const { spacing, origin, direction } = geometry;
  const x = index[0] * spacing[0];
  const y = index[1] * spacing[1];
  const z = index[2] * spacing[2];
  return [
    origin[0] + direction[0] * x + direction[1] * y + direction[2] * z,
    origin[1] + direction[3] * x + direction[4] * y + direction[5] * z,
    origin[2] + direction[6] * x + direction[7] * y + direction[8] * z,
  ];
}

/**
 * Gives `geometry` back if it is that of a volume in space: whole positive sizes, finite positive spacing, a finite
 * origin, and three axes at right angles (the cosine between any two at most 1e-4; either hand). Every feature takes
 * voxels for boxes, so that a sheared grid would give wrong volumes and distances. Throws `IMAGE_GEOMETRY_INVALID`.
 */
export function requireGeometry<G extends Geometry>(geometry: G): G {
  const { size, spacing, origin, direction } = geometry;
  for (let axis = 0; axis < 3; axis++) {
    const name = axisNames[axis];
    if (!Number.isSafeInteger(size[axis]) || size[axis] < 1) fail('size', name, size[axis]);
    if (!(spacing[axis] > 0) || !Number.isFinite(spacing[axis])) fail('spacing', name, spacing[axis]);
    if (!Number.isFinite(origin[axis])) fail('origin', name, origin[axis]);
  }
  for (let a = 0; a < 3; a++) {
    for (let b = a; b < 3; b++) {
      const cosine = columnProduct(direction, a, b);
      if (a === b && !(Math.abs(cosine - 1) <= skewTolerance)) fail('direction', axisNames[a], cosine);
      if (a !== b && !(Math.abs(cosine) <= skewTolerance)) {
        const degrees = (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;
        throw new Failure(
          'IMAGE_GEOMETRY_INVALID',
          `the ${axisNames[a]} and ${axisNames[b]} axes meet at ${degrees.toFixed(3)}°, not at a right angle`,
          { field: 'direction', axes: [axisNames[a], axisNames[b]], degrees },
        );
      }
    }
  }
  return geometry;
}

/** The lengths of the columns of `steps`: the spacing of a grid whose steps they are. */
export function columnLengths(steps: Matrix3): Vector3 {
  const length = (column: number) =>
    Math.sqrt(steps[column] ** 2 + steps[column + 3] ** 2 + steps[column + 6] ** 2);
  return [length(0), length(1), length(2)];
}

function columnProduct(m: Matrix3, a: number, b: number): number {
  return m[a] * m[b] + m[a + 3] * m[b + 3] + m[a + 6] * m[b + 6];
}

function fail(field: string, axis: string, value: number): never {
  throw new Failure('IMAGE_GEOMETRY_INVALID', `the ${field} along ${axis} is ${value}`, {
    field,
    axis,
    value: Number.isFinite(value) ? value : String(value),
  });
}
