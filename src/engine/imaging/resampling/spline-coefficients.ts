import type { Box } from '../label-box.ts';
import type { Volume } from '../volume.ts';

const pole = Math.sqrt(3) - 2;
const gain = (1 - pole) * (1 - 1 / pole);
/** So many samples from a mirror bring what lies behind it below 1e-10: ITK's tolerance, kept for equal results. */
const horizon = Math.ceil(Math.log(1e-10) / Math.log(-pole));

/**
 * How many voxels around those that matter must be filtered along with them where the box cuts the image: what is beyond
 * weighs less than 0.268^48 = 4e-28, so that the coefficients equal those of the whole image to the last bit.
 */
export const splineMargin = 48;

/** Gives the planes `first` to `last` of the coefficients, one after the other; `first` never falls from call to call. */
export type CoefficientPlanes = (first: number, last: number) => Float64Array;

/**
 * The coefficients of the cubic B-spline through the voxels in `box`, with mirrored edges, plane by plane: `width · j + i` in a plane
 * belongs to the box's voxel (i, j). Planes count from the image's first. Recursive filters along x, y, z, each causal and then
 * anticausal, with the arithmetic of itk::BSplineDecompositionImageFilter. Right from `splineMargin` voxels off those
 * faces of the box that are not the image's. A call may ask for up to `most` planes; so many and a margin are in memory.
 * What a call gives is overwritten by the next.
 *
 * M. Unser, Splines: A perfect fit for signal and image processing, IEEE Signal Process. Mag. 16(6), 1999, box 2.
 */
export function coefficientPlanes(
  { voxels, size }: Volume,
  { lower, size: part }: Box,
  most: number,
): CoefficientPlanes {
  const [nx, ny, nz] = part;
  const plane = nx * ny;
  const start = lower[2];
  const end = start + nz - 1;
  const slots = Math.min(nz, most + splineMargin + horizon + 1);
  // Filtered along x, y and causally along z; plane z is in slot z modulo their number.
  const ring = new Float64Array(slots * plane);
  const block = new Float64Array(Math.min(nz, most) * plane);
  const beyond = new Float64Array(plane);
  const slotOf = (z: number) => (z % slots) * plane;
  let [loaded, causal] = [start - 1, start - 1];

  function loadTo(z: number): void {
    while (loaded < Math.min(z, end)) {
      loaded++;
      const slot = slotOf(loaded);
      for (let j = 0; j < ny; j++) {
        const from = lower[0] + size[0] * (lower[1] + j + size[1] * loaded);
        ring.set(voxels.subarray(from, from + nx), slot + j * nx);
      }
      if (nx > 1) {
        const fours = ny & ~3;
        for (let j = 0; j < fours; j += 4) filterFourRows(ring, slot + j * nx, nx);
        for (let j = fours; j < ny; j++) filterRow(ring, slot + j * nx, nx);
      }
      if (ny > 1) filterRows(ring, slot, nx, ny);
      if (nz > 1) scale(ring, slot, plane);
    }
  }

  function filterTo(z: number): void {
    if (causal < start) {
      const { weights, last, divisor } = mirrorWeights[Math.min(nz, horizon + 1)];
      loadTo(start + Math.min(nz, horizon + 1) - 1);
      if (last !== 0) add(ring, slotOf(start), slotOf(end), plane, last);
      for (let n = 1; n < weights.length; n++) add(ring, slotOf(start), slotOf(start + n), plane, weights[n]);
      divide(ring, slotOf(start), plane, divisor);
      causal = start;
    }
    while (causal < z) {
      causal++;
      loadTo(causal);
      add(ring, slotOf(causal), slotOf(causal - 1), plane, pole);
    }
  }

  return (first, last) => {
    if (nz === 1) {
      loadTo(start);
      return ring;
    }
    const far = Math.min(end, last + splineMargin);
    filterTo(far);
    let [target, at] = far > last ? [beyond, 0] : [block, (far - first) * plane];
    turn(target, at, ring, slotOf(far), slotOf(far - 1), plane);
    for (let z = far - 1; z >= first; z--) {
      const [source, from] = [target, at];
      [target, at] = z > last ? [beyond, 0] : [block, (z - first) * plane];
      back(target, at, source, from, ring, slotOf(z), plane);
    }
    return block;
  };
}

/** All coefficients of a box in one array: those of its voxel (i, j, k) at `i + size.x · (j + size.y · k)`. */
export function splineCoefficients(volume: Volume, box: Box): Float64Array {
  const [first, count] = [box.lower[2], box.size[2]];
  return coefficientPlanes(volume, box, count)(first, first + count - 1);
}

/** Along a row: samples `start` up to `start + count`. */
function filterRow(data: Float64Array, start: number, count: number): void {
  const end = start + count - 1;
  scale(data, start, count);
  startRow(data, start, count);
  for (let n = start + 1; n <= end; n++) data[n] += pole * data[n - 1];
  endRow(data, end);
  for (let n = end - 1; n >= start; n--) data[n] = pole * (data[n + 1] - data[n]);
}

/** The causal filter's first value. */
function startRow(data: Float64Array, start: number, count: number): void {
  const { weights, last, divisor } = mirrorWeights[Math.min(count, horizon + 1)];
  let sum = data[start] + last * data[start + count - 1];
  for (let n = 1; n < weights.length; n++) sum += weights[n] * data[start + n];
  data[start] = sum / divisor;
}

/** The anticausal filter's first value. */
function endRow(data: Float64Array, end: number): void {
  data[end] = (pole / (pole * pole - 1)) * (pole * data[end - 1] + data[end]);
}

/** Along four rows, one after the other in memory: side by side, as each value of a row has to wait for the one before it. */
function filterFourRows(data: Float64Array, start: number, count: number): void {
  const [second, third, fourth] = [count, 2 * count, 3 * count];
  const end = start + count - 1;
  scale(data, start, 4 * count);
  for (let row = start; row <= start + fourth; row += count) startRow(data, row, count);
  let [a, b, c, d] = [data[start], data[start + second], data[start + third], data[start + fourth]];
  for (let n = start + 1; n <= end; n++) {
    a = data[n] + pole * a;
    b = data[n + second] + pole * b;
    c = data[n + third] + pole * c;
    d = data[n + fourth] + pole * d;
    data[n] = a;
    data[n + second] = b;
    data[n + third] = c;
    data[n + fourth] = d;
  }
  for (let row = end; row <= end + fourth; row += count) endRow(data, row);
  [a, b, c, d] = [data[end], data[end + second], data[end + third], data[end + fourth]];
  for (let n = end - 1; n >= start; n--) {
    a = pole * (a - data[n]);
    b = pole * (b - data[n + second]);
    c = pole * (c - data[n + third]);
    d = pole * (d - data[n + fourth]);
    data[n] = a;
    data[n + second] = b;
    data[n + third] = c;
    data[n + fourth] = d;
  }
}

/** Across rows: `count` rows of `width` samples, all columns side by side. */
function filterRows(data: Float64Array, start: number, width: number, count: number): void {
  const end = start + (count - 1) * width;
  scale(data, start, count * width);
  const { weights, last, divisor } = mirrorWeights[Math.min(count, horizon + 1)];
  if (last !== 0) add(data, start, end, width, last);
  for (let n = 1; n < weights.length; n++) add(data, start, start + n * width, width, weights[n]);
  divide(data, start, width, divisor);
  for (let row = start + width; row <= end; row += width) add(data, row, row - width, width, pole);
  turn(data, end, data, end, end - width, width);
  for (let row = end - width; row >= start; row -= width) {
    back(data, row, data, row + width, data, row, width);
  }
}

function scale(data: Float64Array, start: number, count: number): void {
  for (let i = start; i < start + count; i++) data[i] *= gain;
}

function divide(data: Float64Array, start: number, count: number, divisor: number): void {
  if (divisor === 1) return;
  for (let i = start; i < start + count; i++) data[i] /= divisor;
}

function add(data: Float64Array, to: number, from: number, count: number, weight: number): void {
  for (let i = 0; i < count; i++) data[to + i] += weight * data[from + i];
}

/** The anticausal filter's first values, from the causal one's last two. */
function turn(
  target: Float64Array,
  to: number,
  causal: Float64Array,
  last: number,
  previous: number,
  count: number,
): void {
  const factor = pole / (pole * pole - 1);
  for (let i = 0; i < count; i++) {
    target[to + i] = factor * (pole * causal[previous + i] + causal[last + i]);
  }
}

/** The anticausal filter's next values, from those after them and the causal ones. */
function back(
  target: Float64Array,
  to: number,
  after: Float64Array,
  from: number,
  causal: Float64Array,
  at: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) target[to + i] = pole * (after[from + i] - causal[at + i]);
}

/** What the samples add to the first value of the causal filter over them and their mirror images. */
interface MirrorWeights {
  /** Of the samples 1 up to `weights.length`, not included. */
  readonly weights: Float64Array;
  /** Of the last sample. */
  readonly last: number;
  readonly divisor: number;
}

const mirrorWeights = Array.from({ length: horizon + 2 }, (_, count) => mirrorWeightsOf(count));

function mirrorWeightsOf(count: number): MirrorWeights {
  let power = pole;
  if (count > horizon) {
    const weights = new Float64Array(horizon);
    for (let n = 1; n < horizon; n++) {
      weights[n] = power;
      power *= pole;
    }
    return { weights, last: 0, divisor: 1 };
  }
  const weights = new Float64Array(Math.max(1, count - 1));
  const last = pole ** (count - 1);
  let back = last * (last * (1 / pole));
  for (let n = 1; n < weights.length; n++) {
    weights[n] = power + back;
    power *= pole;
    back *= 1 / pole;
  }
  return { weights, last, divisor: 1 - power * power };
}
