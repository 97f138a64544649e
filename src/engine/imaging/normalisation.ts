import { Failure } from '../failure.ts';
import { requireFinite } from './finite.ts';
import type { Volume } from './volume.ts';

export interface NormalisationOptions {
  /** What a standard deviation becomes. Default 1. */
  readonly scale?: number;
  /** Values further than so many standard deviations from the mean are set to that limit; null keeps them. Default null. */
  readonly removeOutliers?: number | null;
  /** What messages call the image. Default "image". */
  readonly name?: string;
}

/**
 * Z-scores over the whole image, times `scale`: (x − mean) / sd with the standard deviation over N − 1, as PyRadiomics'
 * `normalize`, `removeOutliers` and `normalizeScale` (imageoperations.normalizeImage with itk::NormalizeImageFilter). The image's voxels
 * are left as they are; those of the result are float64.
 *
 * Throws `ARGUMENT_INVALID` for a scale or limit that is not above 0, `IMAGE_NOT_FINITE`, and `IMAGE_CONSTANT` where all voxels
 * are equal.
 */
export function normalise(
  image: Volume,
  { scale = 1, removeOutliers = null, name = 'image' }: NormalisationOptions = {},
): Volume<Float64Array> {
  for (const [argument, value] of Object.entries({ scale, removeOutliers: removeOutliers ?? 1 })) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new Failure('ARGUMENT_INVALID', `${argument} is ${value}, but must be above 0.`, {
      argument,
      value: String(value),
    });
  }
  requireFinite(image, name);
  const voxels = new Float64Array(image.voxels);
  // Not by the standard deviation, which rounding keeps from being 0.
  if (voxels.every((value) => value === voxels[0])) {
    throw new Failure(
      'IMAGE_CONSTANT',
      `${name} has ${voxels[0]} in all its ${voxels.length} voxels, so that it has no standard deviation.`,
      { image: name, value: voxels[0], voxels: voxels.length },
    );
  }
  const mean = sumOf(voxels) / voxels.length;
  const deviation = Math.sqrt(squaresFrom(mean, voxels) / (voxels.length - 1));
  const limit = removeOutliers ?? Infinity;
  const factor = 1 / deviation;
  for (let n = 0; n < voxels.length; n++) {
    voxels[n] = Math.min(limit, Math.max(-limit, (voxels[n] - mean) * factor)) * scale;
  }
  return { ...image, voxels };
}

/** Sums by blocks keep the rounding error of long sums small. */
const blockLength = 1 << 12;

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let start = 0; start < values.length; start += blockLength) {
    const end = Math.min(values.length, start + blockLength);
    let part = 0;
    for (let n = start; n < end; n++) part += values[n];
    sum += part;
  }
  return sum;
}

function squaresFrom(mean: number, values: Float64Array): number {
  let sum = 0;
  for (let start = 0; start < values.length; start += blockLength) {
    const end = Math.min(values.length, start + blockLength);
    let part = 0;
    for (let n = start; n < end; n++) part += (values[n] - mean) * (values[n] - mean);
    sum += part;
  }
  return sum;
}
