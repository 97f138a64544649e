import { Failure } from '../../failure.ts';
import { axisNames } from '../geometry.ts';
import type { Box } from '../label-box.ts';
import type { Volume } from '../volume.ts';
import { AxisPass, type Range, type Rows } from './axis-pass.ts';
import { type FilteredImage, filteredImage, requireBox, type SkippedImage } from './filtered-image.ts';
import { gaussianReach, recursiveGaussian } from './recursive-gaussian.ts';

/**
 * The Laplacian of Gaussian of an image, times σ², for each σ in mm, one after the other; `log-sigma-2-0-mm-3D`, float32.
 *
 * As ITK's LaplacianRecursiveGaussianImageFilter normalised across scale, which PyRadiomics takes: along each axis the
 * second derivative by a recursive filter of fourth order, then smoothing along the other two, every pass rounded to
 * float32, the image continued beyond its edge by the value at the edge. Computed
 * from what lies within reach of the region; what is left out weighs less than 1e-13 of each pass.
 *
 * As in PyRadiomics, an image is skipped that has fewer than 4 voxels along an axis, or fewer than σ/spacing (rounded up)
 * + 1. Throws `ARGUMENT_INVALID` (region, a σ that is not positive) and `IMAGE_NOT_FINITE`.
 */
export function* laplacianOfGaussianImages(
  image: Volume,
  region: Box,
  sigmas: readonly number[],
): Generator<FilteredImage | SkippedImage> {
  requireBox(image, region);
  for (const sigma of sigmas) {
    if (!(sigma > 0) || sigma === Infinity) {
      throw new Failure('ARGUMENT_INVALID', `sigma is ${sigma}, but must be a positive length in mm`, {
        argument: 'sigma',
        value: String(sigma),
      });
    }
  }
  const pass = new AxisPass();
  for (const sigma of sigmas) {
    const name = laplacianOfGaussianName(sigma);
    const reason = tooSmall(image, sigma);
    if (reason === null) yield filteredImage(name, image, region, laplacian(image, region, sigma, pass));
    else yield { name, volume: null, reason };
  }
}

/** `log-sigma-2-0-mm-3D` for 2: the number as Python writes it, with a hyphen for the point. */
export function laplacianOfGaussianName(sigma: number): string {
  const digits = Number.isInteger(sigma) ? sigma.toFixed(1) : String(sigma);
  return `log-sigma-${digits.replaceAll('.', '-')}-mm-3D`;
}

function tooSmall({ size, spacing }: Volume, sigma: number): string | null {
  for (let axis = 0; axis < 3; axis++) {
    const least = Math.max(4, Math.ceil(sigma / spacing[axis]) + 1);
    if (size[axis] < least) {
      return `the image has ${size[axis]} voxels along ${axisNames[axis]}, but sigma ${sigma} mm takes at least ${least}`;
    }
  }
  return null;
}

function laplacian(image: Volume, region: Box, sigma: number, pass: AxisPass): Float32Array {
  const samples = region.size[0] * region.size[1] * region.size[2];
  const sum = new Float32Array(samples);
  for (const axis of [0, 1, 2]) addSecondDerivative(image, region, sigma, axis, pass, sum);
  return sum;
}

/**
 * Adds the second derivative along one axis, smoothed along the others in the order of the axes. The last of these, c, is
 * y or z, so that the image is taken plane by plane; r is the other of y and z, across the rows of a plane.
 */
function addSecondDerivative(
  image: Volume,
  { lower, size }: Box,
  sigma: number,
  curvedAxis: number,
  pass: AxisPass,
  sum: Float32Array,
): void {
  const c = curvedAxis === 2 ? 1 : 2;
  const r = 3 - c;
  const reach = image.spacing.map((spacing) => gaussianReach(sigma / spacing));
  const step = [1, image.size[0], image.size[0] * image.size[1]];
  const filter = (axis: number) =>
    axis === curvedAxis
      ? recursiveGaussian(sigma / image.spacing[axis], 2, sigma * sigma)
      : recursiveGaussian(sigma / image.spacing[axis], 0, 1);
  const [filterX, filterR, filterC] = [filter(0), filter(r), filter(c)];
  /** What is read along an axis. At some distance along another only a share of the reach still counts. */
  const around = (axis: number, share: number): Range => {
    const margin = Math.max(4, Math.ceil(reach[axis] * share));
    return {
      first: Math.max(0, lower[axis] - margin),
      last: Math.min(image.size[axis], lower[axis] + size[axis] + margin),
    };
  };
  const wanted = (axis: number, { first }: Range): Range => ({
    first: lower[axis] - first,
    last: lower[axis] - first + size[axis],
  });

  const planes = around(c, 1);
  const width = size[0];
  const area = width * size[r];
  const smoothed = new Float32Array((planes.last - planes.first) * area);
  const [mostX, mostR] = [around(0, 1), around(r, 1)];
  const halfway = new Float32Array(
    curvedAxis === 0 ? (mostR.last - mostR.first) * width : (mostX.last - mostX.first) * size[r],
  );
  for (let plane = planes.first; plane < planes.last; plane++) {
    const distance = Math.max(lower[c] - plane, plane - (lower[c] + size[c] - 1), 0);
    const share = Math.max(0, 1 - distance / reach[c]);
    const [xs, rs] = [around(0, share), around(r, share)];
    const [columns, rows] = [xs.last - xs.first, rs.last - rs.first];
    const offset = xs.first + rs.first * step[r] + plane * step[c];
    const from: Rows = { samples: image.voxels, offset, step: step[r] };
    const to: Rows = { samples: smoothed, offset: (plane - planes.first) * area, step: width };
    if (curvedAxis === 0) {
      const between: Rows = { samples: halfway, offset: 0, step: width };
      pass.along(from, rows, columns, wanted(0, xs), filterX, between);
      pass.across(between, width, rows, wanted(r, rs), filterR, to);
    } else {
      const between: Rows = { samples: halfway, offset: 0, step: columns };
      pass.across(from, columns, rows, wanted(r, rs), filterR, between);
      pass.along(between, size[r], columns, wanted(0, xs), filterX, to);
    }
  }

  const weight = 1 / (image.spacing[curvedAxis] * image.spacing[curvedAxis]);
  const last = new Float32Array(size[c] * width);
  const result: Rows = { samples: last, offset: 0, step: width };
  const [sumStepC, sumStepR] = c === 2 ? [size[0] * size[1], size[0]] : [size[0], size[0] * size[1]];
  for (let row = 0; row < size[r]; row++) {
    const from: Rows = { samples: smoothed, offset: row * width, step: area };
    pass.across(from, width, planes.last - planes.first, wanted(c, planes), filterC, result);
    for (let k = 0; k < size[c]; k++) {
      const at = row * sumStepR + k * sumStepC;
      for (let x = 0; x < width; x++) sum[at + x] += last[k * width + x] * weight;
    }
  }
}
