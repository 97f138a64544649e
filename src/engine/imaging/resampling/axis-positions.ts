import type { Geometry, Vector3 } from '../volume.ts';
import { inverseSteps, stepsOf } from './grid-steps.ts';

/** Where the voxels of a new grid lie along one axis of an old one. */
export interface AxisPositions {
  /** As continuous indices of the old grid, ascending. */
  readonly at: Float64Array;
  /** The new voxels that lie in an old one, edges included: `from` up to `to`, not included. */
  readonly from: number;
  readonly to: number;
}

/**
 * The voxels of `grid` along each axis of `image`, two grids whose axes point the same way. The steps of ITK's
 * ResampleImageFilter, down to their rounding: over points in space, and along x between the row's two ends. So a voxel
 * half-way between two falls to the same side as there where the axes are those of space.
 */
export function positionsOf(grid: Geometry, image: Geometry): readonly AxisPositions[] {
  const toPoint = stepsOf(grid);
  const toIndex = inverseSteps(image);
  const indexOf = (index: Vector3, axis: number): number => {
    let sum = 0;
    for (let row = 0; row < 3; row++) {
      let point = grid.origin[row];
      for (let column = 0; column < 3; column++) point += toPoint[3 * row + column] * index[column];
      sum += toIndex[3 * axis + row] * (point - image.origin[row]);
    }
    return sum;
  };
  return [0, 1, 2].map((axis) => {
    const count = grid.size[axis];
    const at = new Float64Array(count);
    const start = indexOf([0, 0, 0], 0);
    const length = indexOf([count, 0, 0], 0) - start;
    for (let n = 0; n < count; n++) {
      at[n] = axis === 0 ? start + length * (n / count) : indexOf(axis === 1 ? [0, n, 0] : [0, 0, n], axis);
    }
    return { at, ...inside(at, image.size[axis]) };
  });
}

/** The new voxels that lie in one of `length` old ones; an old one holds its lower edge. */
function inside(at: Float64Array, length: number): { from: number; to: number } {
  let from = 0;
  while (from < at.length && at[from] < -0.5) from++;
  let to = at.length;
  while (to > from && at[to - 1] >= length - 0.5) to--;
  return { from, to };
}
