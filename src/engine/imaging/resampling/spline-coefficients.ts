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

/**
 * The coefficients of the cubic B-spline through the voxels in `box`, with mirrored edges: `coefficients[i + size.x · (j + size.y · k)]`
 * belongs to the box's voxel (i, j, k). Recursive filters along x, y, z, each causal and then anticausal, with the
 * arithmetic of itk::BSplineDecompositionImageFilter. Right from `splineMargin` voxels off those faces of the box that are not the image's.
 *
 * M. Unser, Splines: A perfect fit for signal and image processing, IEEE Signal Process. Mag. 16(6), 1999, box 2.
 */
export function splineCoefficients({ voxels, size }: Volume, { lower, size: part }: Box): Float64Array {
  const [nx, ny, nz] = part;
  const coefficients = new Float64Array(nx * ny * nz);
  const plane = nx * ny;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const from = lower[0] + size[0] * (lower[1] + j + size[1] * (lower[2] + k));
      const row = k * plane + j * nx;
      coefficients.set(voxels.subarray(from, from + nx), row);
      if (nx > 1) filterRow(coefficients, row, nx);
    }
    if (ny > 1) filterRows(coefficients, k * plane, nx, ny, nx);
  }
  if (nz > 1) {
    for (let j = 0; j < ny; j++) filterRows(coefficients, j * nx, nx, nz, plane);
  }
  return coefficients;
}

/** Along a row: samples `start` up to `start + count`. */
function filterRow(data: Float64Array, start: number, count: number): void {
  const end = start + count - 1;
  for (let n = start; n <= end; n++) data[n] *= gain;
  const { weights, last, divisor } = mirrorWeights[Math.min(count, horizon + 1)];
  let sum = data[start] + last * data[end];
  for (let n = 1; n < weights.length; n++) sum += weights[n] * data[start + n];
  data[start] = sum / divisor;
  for (let n = start + 1; n <= end; n++) data[n] += pole * data[n - 1];
  data[end] = (pole / (pole * pole - 1)) * (pole * data[end - 1] + data[end]);
  for (let n = end - 1; n >= start; n--) data[n] = pole * (data[n + 1] - data[n]);
}

/** Across rows: `count` rows of `width` samples that lie `stride` apart, all columns side by side. */
function filterRows(data: Float64Array, start: number, width: number, count: number, stride: number): void {
  for (let n = 0; n < count; n++) {
    const row = start + n * stride;
    for (let i = row; i < row + width; i++) data[i] *= gain;
  }
  const { weights, last, divisor } = mirrorWeights[Math.min(count, horizon + 1)];
  const end = (count - 1) * stride;
  if (last !== 0) for (let i = start; i < start + width; i++) data[i] += last * data[i + end];
  for (let n = 1; n < weights.length; n++) {
    const offset = n * stride;
    const weight = weights[n];
    for (let i = start; i < start + width; i++) data[i] += weight * data[i + offset];
  }
  if (divisor !== 1) for (let i = start; i < start + width; i++) data[i] /= divisor;
  for (let n = 1; n < count; n++) {
    const row = start + n * stride;
    for (let i = row; i < row + width; i++) data[i] += pole * data[i - stride];
  }
  const factor = pole / (pole * pole - 1);
  for (let i = start + end; i < start + end + width; i++)
    data[i] = factor * (pole * data[i - stride] + data[i]);
  for (let n = count - 2; n >= 0; n--) {
    const row = start + n * stride;
    for (let i = row; i < row + width; i++) data[i] = pole * (data[i + stride] - data[i]);
  }
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
