import { requireFinite } from '../finite.ts';
import type { Box } from '../label-box.ts';
import type { Volume, VoxelArray } from '../volume.ts';
import {
  type FilteredImage,
  filteredImage,
  forEachRow,
  requireBox,
  type SkippedImage,
} from './filtered-image.ts';

/** Maps values in place, given the largest magnitude M > 0 of the whole image. */
type PointFilter = (values: Float64Array, largest: number) => void;

/**
 * (c·x)² with c = 1/√M, M the largest magnitude in the whole image; `square`, float64. Skipped where the image is 0
 * everywhere. As PyRadiomics' getSquareImage. Throws `ARGUMENT_INVALID`, `IMAGE_NOT_FINITE`.
 */
export function squareImage(image: Volume, region: Box): FilteredImage | SkippedImage {
  return pointImage('square', image, region, (values, largest) => {
    const c = 1 / Math.sqrt(largest);
    for (let n = 0; n < values.length; n++) {
      const scaled = c * values[n];
      values[n] = scaled * scaled;
    }
  });
}

/**
 * sign(x)·√(M·|x|), M the largest magnitude in the whole image; `squareroot`, float64. Skipped where the image is 0
 * everywhere. As PyRadiomics' getSquareRootImage. Throws `ARGUMENT_INVALID`, `IMAGE_NOT_FINITE`.
 */
export function squareRootImage(image: Volume, region: Box): FilteredImage | SkippedImage {
  return pointImage('squareroot', image, region, (values, largest) => {
    for (let n = 0; n < values.length; n++) {
      const x = values[n];
      values[n] = x > 0 ? Math.sqrt(x * largest) : x < 0 ? -Math.sqrt(-x * largest) : x;
    }
  });
}

/**
 * sign(x)·M·log(|x| + 1)/log(M + 1), M the largest magnitude in the whole image; `logarithm`, float64. Skipped where the
 * image is 0 everywhere. As PyRadiomics' getLogarithmImage. Throws `ARGUMENT_INVALID`, `IMAGE_NOT_FINITE`.
 */
export function logarithmImage(image: Volume, region: Box): FilteredImage | SkippedImage {
  return pointImage('logarithm', image, region, (values, largest) => {
    const c = largest / Math.log(largest + 1);
    for (let n = 0; n < values.length; n++) {
      const x = values[n];
      // Not log1p: the reference adds first.
      values[n] = (x > 0 ? Math.log(x + 1) : x < 0 ? -Math.log(-(x - 1)) : x) * c;
    }
  });
}

/**
 * exp(x·log(M)/M), M the largest magnitude in the whole image; `exponential`, float64. Skipped where the image is 0
 * everywhere. As PyRadiomics' getExponentialImage. Throws `ARGUMENT_INVALID`, `IMAGE_NOT_FINITE`.
 */
export function exponentialImage(image: Volume, region: Box): FilteredImage | SkippedImage {
  return pointImage('exponential', image, region, (values, largest) => {
    const c = Math.log(largest) / largest;
    for (let n = 0; n < values.length; n++) values[n] = Math.exp(c * values[n]);
  });
}

function pointImage(
  name: string,
  image: Volume,
  region: Box,
  filter: PointFilter,
): FilteredImage | SkippedImage {
  requireBox(image, region);
  requireFinite(image, 'image');
  const largest = largestMagnitude(image.voxels);
  if (largest === 0) return { name, volume: null, reason: 'the image is 0 everywhere' };
  const { voxels } = image;
  const width = region.size[0];
  const values = new Float64Array(width * region.size[1] * region.size[2]);
  forEachRow(image, region, (from, to) => values.set(voxels.subarray(from, from + width), to));
  filter(values, largest);
  return filteredImage(name, image, region, values);
}

const chunkLength = 1 << 14;

function largestMagnitude(voxels: VoxelArray): number {
  let largest = 0;
  // In chunks of float64, so that the loop sees one type of array.
  const buffer = new Float64Array(chunkLength);
  for (let start = 0; start < voxels.length; start += chunkLength) {
    const part = voxels.subarray(start, start + chunkLength);
    buffer.set(part);
    for (let n = 0; n < part.length; n++) {
      const magnitude = Math.abs(buffer[n]);
      if (magnitude > largest) largest = magnitude;
    }
  }
  return largest;
}
