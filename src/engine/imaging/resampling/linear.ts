import type { Vector3, Volume } from '../volume.ts';
import type { AxisPositions } from './axis-positions.ts';

/**
 * Trilinear interpolation at the given positions along x, y, z, in the order of itk::LinearInterpolateImageFunction (x, y, z);
 * beyond the outermost voxels their value holds. Calls `emit` with each row of values along x and the offset of its first
 * value in the new grid. Where a position lies outside of the volume there is 0: rows all outside are not emitted.
 */
export function sampleLinear(
  { voxels, size }: Volume,
  positions: readonly AxisPositions[],
  emit: (row: Float64Array, offset: number) => void,
): void {
  const [nx, ny] = positions.map(({ at }) => at.length) as unknown as Vector3;
  const [x, y, z] = positions.map((axis, n) => neighboursOf(axis, size[n]));
  const source = new Float64Array(size[0]);
  const target = new Float64Array(nx);
  const rows = [0, 1].map(() => ({ index: -1, values: new Float64Array(nx) }));
  const planes = [0, 1].map(() => ({ index: -1, values: new Float64Array(nx * ny) }));

  function rowAt(plane: number, index: number): Float64Array {
    const key = index + size[1] * plane;
    const found = rows[index & 1];
    if (found.index !== key) {
      found.index = key;
      source.set(voxels.subarray(key * size[0], (key + 1) * size[0]));
      const { values } = found;
      for (let i = x.from; i < x.to; i++) {
        const a = source[x.lower[i]];
        values[i] = a + (source[x.upper[i]] - a) * x.fraction[i];
      }
    }
    return found.values;
  }

  function planeAt(index: number): Float64Array {
    const found = planes[index & 1];
    if (found.index !== index) {
      found.index = index;
      for (let j = y.from; j < y.to; j++) {
        const values = found.values.subarray(j * nx, (j + 1) * nx);
        mix(rowAt(index, y.lower[j]), rowAt(index, y.upper[j]), y.fraction[j], values);
      }
    }
    return found.values;
  }

  for (let k = z.from; k < z.to; k++) {
    const a = planeAt(z.lower[k]);
    const b = planeAt(z.upper[k]);
    for (let j = y.from; j < y.to; j++) {
      mix(a.subarray(j * nx, (j + 1) * nx), b.subarray(j * nx, (j + 1) * nx), z.fraction[k], target);
      emit(target, nx * (j + ny * k));
    }
  }
}

function mix(a: Float64Array, b: Float64Array, fraction: number, target: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = a[i] + (b[i] - a[i]) * fraction;
}

interface Neighbours {
  readonly from: number;
  readonly to: number;
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly fraction: Float64Array;
}

function neighboursOf({ at, from, to }: AxisPositions, length: number): Neighbours {
  const lower = new Int32Array(at.length);
  const upper = new Int32Array(at.length);
  const fraction = new Float64Array(at.length);
  for (let n = from; n < to; n++) {
    lower[n] = Math.max(0, Math.min(length - 1, Math.floor(at[n])));
    upper[n] = Math.min(length - 1, lower[n] + 1);
    fraction[n] = Math.max(0, at[n] - lower[n]);
  }
  return { from, to, lower, upper, fraction };
}
