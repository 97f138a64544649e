import type { Vector3, Volume } from '../volume.ts';
import type { AxisPositions } from './axis-positions.ts';
import { coefficientPlanes, splineMargin } from './spline-coefficients.ts';
import { reachOf, type SplineTaps, splineTaps } from './spline-taps.ts';

/** About so many coefficients are held at a time, 256 MiB; a larger image is done in slabs along z. */
const maxCoefficients = 2 ** 25;

/** The taps along x, y and z. */
type Taps = readonly [x: SplineTaps, y: SplineTaps, z: SplineTaps];

/** What a slab's values are made of: coefficients from `lower` on, `width` a row and `plane` a plane. */
interface Slab {
  readonly coefficients: Float64Array;
  readonly lower: Vector3;
  readonly width: number;
  readonly plane: number;
}

/**
 * Cubic B-spline interpolation at the given positions along x, y, z, with mirrored edges. Only what the positions need is
 * filtered. Calls `emit` with each row of values along x and the offset of its first value in the new grid. Where a position lies
 * outside of the volume there is 0: rows all outside are not emitted.
 *
 * With `forIntegers`, values within rounding of a whole number are computed again in ITK's order of
 * summation: they are cut off next, and would else become another integer than there, mostly where the image is
 * flat or a new voxel meets an old one.
 */
export function sampleSpline(
  volume: Volume,
  positions: readonly AxisPositions[],
  forIntegers: boolean,
  emit: (row: Float64Array, offset: number) => void,
): void {
  const { size } = volume;
  const taps = positions.map((axis, n) => splineTaps(axis, size[n])) as unknown as Taps;
  const [x, y, z] = taps;
  if (x.from === x.to || y.from === y.to || z.from === z.to) return;
  const [x0, x1] = widened(reachOf(x, x.from, x.to), size[0]);
  const [y0, y1] = widened(reachOf(y, y.from, y.to), size[1]);
  const [z0, z1] = widened(reachOf(z, z.from, z.to), size[2]);
  const [width, height, depth] = [x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1];
  // Twice, as they are filtered from one array into another; a step between values may need more than a few planes.
  const room = Math.floor((maxCoefficients / (width * height) - 2 * splineMargin) / 2);
  const most = Math.min(depth, Math.max(room, 16));
  const planesOf = coefficientPlanes(volume, { lower: [x0, y0, z0], size: [width, height, depth] }, most);
  for (let from = z.from; from < z.to; ) {
    let to = from + 1;
    const [first, reach] = reachOf(z, from, to);
    let last = reach;
    for (; to < z.to; to++) {
      const next = reachOf(z, to, to + 1)[1];
      if (Math.max(last, next) - first + 1 > most) break;
      last = Math.max(last, next);
    }
    const coefficients = planesOf(first, last);
    const slab = { coefficients, lower: [x0, y0, first], width, plane: width * height } as const;
    evaluate(slab, taps, from, to, forIntegers, emit);
    from = to;
  }
}

function widened([first, last]: readonly [number, number], length: number): [number, number] {
  return [Math.max(0, first - splineMargin), Math.min(length - 1, last + splineMargin)];
}

/** The planes `from` up to `to`: coefficients are summed along z, then y, then x, a plane and a row at a time. */
function evaluate(
  slab: Slab,
  taps: Taps,
  from: number,
  to: number,
  forIntegers: boolean,
  emit: (row: Float64Array, offset: number) => void,
): void {
  const { coefficients, lower, width, plane } = slab;
  const [x, y, z] = taps;
  const [x0, x1] = reachOf(x, x.from, x.to).map((index) => index - lower[0]);
  const [y0, y1] = reachOf(y, y.from, y.to).map((index) => index - lower[1]);
  const [nx, ny] = [x.index.length / 4, y.index.length / 4];
  const tolerance = forIntegers ? 2 ** -40 * greatest(coefficients) : 0;
  const alongZ = new Float64Array(plane);
  const alongY = new Float64Array(width);
  const row = new Float64Array(nx);
  for (let k = from; k < to; k++) {
    for (let j = y0; j <= y1; j++) {
      weigh(coefficients, z, k, lower[2], plane, j * width, alongZ, j * width, x0, x1);
    }
    for (let j = y.from; j < y.to; j++) {
      weigh(alongZ, y, j, lower[1], width, 0, alongY, 0, x0, x1);
      weighAlong(alongY, x, lower[0], row);
      if (forIntegers) {
        for (let i = nearlyWhole(row, x.from, x.to, tolerance); i < x.to; ) {
          row[i] = valueAt(slab, taps, i, j, k);
          i = nearlyWhole(row, i + 1, x.to, tolerance);
        }
      }
      emit(row, nx * (j + ny * k));
    }
  }
}

/** The `n`th value along an axis, for each column from `x0` to `x1`. */
function weigh(
  source: Float64Array,
  { index, weights }: SplineTaps,
  n: number,
  lower: number,
  stride: number,
  start: number,
  target: Float64Array,
  at: number,
  x0: number,
  x1: number,
): void {
  const tap = 4 * n;
  const [w0, w1, w2, w3] = [weights[tap], weights[tap + 1], weights[tap + 2], weights[tap + 3]];
  const a = start + (index[tap] - lower) * stride;
  const b = start + (index[tap + 1] - lower) * stride;
  const c = start + (index[tap + 2] - lower) * stride;
  const d = start + (index[tap + 3] - lower) * stride;
  for (let i = x0; i <= x1; i++) {
    target[at + i] = w0 * source[a + i] + w1 * source[b + i] + w2 * source[c + i] + w3 * source[d + i];
  }
}

/** All values along x. */
function weighAlong(
  source: Float64Array,
  { from, to, index, weights }: SplineTaps,
  lower: number,
  target: Float64Array,
): void {
  for (let i = from, tap = 4 * from; i < to; i++, tap += 4) {
    target[i] =
      weights[tap] * source[index[tap] - lower] +
      weights[tap + 1] * source[index[tap + 1] - lower] +
      weights[tap + 2] * source[index[tap + 2] - lower] +
      weights[tap + 3] * source[index[tap + 3] - lower];
  }
}

/** The first value in [from, to) next to a whole number other than 0, or `to`: what is next to 0 is cut off to 0 from either side. */
function nearlyWhole(row: Float64Array, from: number, to: number, tolerance: number): number {
  for (let i = from; i < to; i++) {
    const value = row[i];
    const whole = Math.floor(value + 0.5);
    if (Math.abs(value - whole) <= tolerance && whole !== 0) return i;
  }
  return to;
}

/** One value, summed over its 64 coefficients as ITK does. */
function valueAt(
  { coefficients, lower, width, plane }: Slab,
  [x, y, z]: Taps,
  i: number,
  j: number,
  k: number,
) {
  let sum = 0;
  for (let c = 4 * k; c < 4 * k + 4; c++) {
    for (let b = 4 * j; b < 4 * j + 4; b++) {
      const row = (z.index[c] - lower[2]) * plane + (y.index[b] - lower[1]) * width - lower[0];
      for (let a = 4 * i; a < 4 * i + 4; a++) {
        sum += x.weights[a] * y.weights[b] * z.weights[c] * coefficients[row + x.index[a]];
      }
    }
  }
  return sum;
}

function greatest(values: Float64Array): number {
  let greatest = 0;
  for (let n = 0; n < values.length; n++) {
    const size = Math.abs(values[n]);
    if (size > greatest) greatest = size;
  }
  return greatest;
}
