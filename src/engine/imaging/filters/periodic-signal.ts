import type { Vector3, Volume, VoxelArray } from '../volume.ts';

/** A periodic signal of three axes, of which `voxels` holds a part that suffices. */
export interface Signal {
  readonly periods: Vector3;
  readonly voxels: VoxelArray;
  readonly strides: Vector3;
  /** Where along an axis `voxels` has the sample of an index, which may lie in any period. */
  readonly stored: (axis: number, index: number) => number;
}

/** An image as a periodic signal: an axis of odd length is lengthened by its own first voxel. */
export function imageSignal({ size, voxels }: Volume): Signal {
  const periods: Vector3 = [size[0] + (size[0] % 2), size[1] + (size[1] % 2), size[2] + (size[2] % 2)];
  return {
    periods,
    voxels,
    strides: [1, size[0], size[0] * size[1]],
    stored: (axis, index) => {
      const inside = modulo(index, periods[axis]);
      return inside < size[axis] ? inside : 0;
    },
  };
}

export function modulo(index: number, period: number): number {
  return ((index % period) + period) % period;
}
