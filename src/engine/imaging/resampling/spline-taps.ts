import type { AxisPositions } from './axis-positions.ts';

/** Along one axis: the four coefficients that make each value, and their weights. */
export interface SplineTaps {
  readonly from: number;
  readonly to: number;
  /** Four a value; indices of the image's voxels, mirrored at its ends. */
  readonly index: Int32Array;
  readonly weights: Float64Array;
}

/** The cubic B-spline's taps at given positions along an axis of `length` voxels (itk::BSplineInterpolateImageFunction). */
export function splineTaps({ at, from, to }: AxisPositions, length: number): SplineTaps {
  const index = new Int32Array(4 * at.length);
  const weights = new Float64Array(4 * at.length);
  for (let n = from; n < to; n++) {
    // As ITK, which rounds to float32 here: next to a whole number the piece beyond it is as good, but rounds otherwise.
    const first = Math.floor(Math.fround(at[n])) - 1;
    for (let tap = 0; tap < 4; tap++) index[4 * n + tap] = mirrored(first + tap, length);
    const w = at[n] - (first + 1);
    const w3 = (1 / 6) * w * w * w;
    const w0 = 1 / 6 + 0.5 * w * (w - 1) - w3;
    const w2 = w + w0 - 2 * w3;
    weights[4 * n] = w0;
    weights[4 * n + 1] = 1 - w0 - w2 - w3;
    weights[4 * n + 2] = w2;
    weights[4 * n + 3] = w3;
  }
  return { from, to, index, weights };
}

/** The first and the last voxel that the values `from` up to `to`, not included, draw on. */
export function reachOf(
  { index }: SplineTaps,
  from: number,
  to: number,
): readonly [first: number, last: number] {
  let [first, last] = [index[4 * from], index[4 * from]];
  for (let n = 4 * from; n < 4 * to; n++) {
    if (index[n] < first) first = index[n];
    if (index[n] > last) last = index[n];
  }
  return [first, last];
}

function mirrored(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((index % period) + period) % period;
  return within < length ? within : period - within;
}
