import type { VoxelArray } from '../volume.ts';

/** The least and greatest whole number of each integer type, as ITK's cast bounds it. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  Int8Array: [-(2 ** 7), 2 ** 7 - 1],
  Uint8Array: [0, 2 ** 8 - 1],
  Int16Array: [-(2 ** 15), 2 ** 15 - 1],
  Uint16Array: [0, 2 ** 16 - 1],
  Int32Array: [-(2 ** 31), 2 ** 31 - 1],
  Uint32Array: [0, 2 ** 32 - 1],
};

/** The bounds of an integer type of voxels; null for the floating-point types. */
export function integerRange(voxels: VoxelArray): readonly [number, number] | null {
  return ranges[voxels[Symbol.toStringTag]] ?? null;
}

/** An array of the type of `voxels`. */
export function sameType<T extends VoxelArray>(voxels: T, length: number): T {
  return new (voxels.constructor as new (length: number) => T)(length);
}

/**
 * Writes a row of values into voxels of any type. Integers are bounded to their type and cut off toward zero, as by
 * itk::ResampleImageFilter; `row` is changed on the way.
 */
export function writeRow(
  row: Float64Array,
  voxels: VoxelArray,
  start: number,
  range: readonly [number, number] | null,
): void {
  if (range !== null) {
    const [low, high] = range;
    for (let i = 0; i < row.length; i++) row[i] = Math.min(high, Math.max(low, row[i]));
  }
  // set() cuts off the fraction.
  voxels.set(row, start);
}
