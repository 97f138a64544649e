import { Failure } from '../../failure.ts';
import { axisNames } from '../geometry.ts';
import type { Box } from '../label-box.ts';
import type { Volume } from '../volume.ts';
import { withFilterMemory } from './filter-memory.ts';
import { type FilteredImage, filteredImage, requireBox, type SkippedImage } from './filtered-image.ts';
import { RecursiveLaplacian } from './recursive-laplacian.ts';

/**
 * The Laplacian of Gaussian of an image, times σ², for each σ in mm, one after the other; `log-sigma-2-0-mm-3D`, float32.
 *
 * As ITK's LaplacianRecursiveGaussianImageFilter normalised across scale, which PyRadiomics takes: along each axis the
 * second derivative by a recursive filter of fourth order, then smoothing along the other two, every pass rounded to
 * float32, the image continued beyond its edge by the value at the edge. Computed
 * from what lies within reach of the region; what is left out weighs less than 1e-13 of each pass.
 *
 * With `reuse` each image takes the memory of the one before, which is lost with the next step.
 *
 * As in PyRadiomics, an image is skipped that has fewer than 4 voxels along an axis, or fewer than σ/spacing (rounded up)
 * + 1. Throws `ARGUMENT_INVALID` (region, a σ that is not positive) and `IMAGE_NOT_FINITE`.
 */
export function* laplacianOfGaussianImages(
  image: Volume,
  region: Box,
  sigmas: readonly number[],
  { reuse = false }: { readonly reuse?: boolean } = {},
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
  yield* withFilterMemory(region, function* (memory) {
    const laplacian = new RecursiveLaplacian(memory);
    for (const sigma of sigmas) {
      const name = laplacianOfGaussianName(sigma);
      const reason = tooSmall(image, sigma);
      if (reason === null) {
        const voxels = laplacian.over(region, image, sigma);
        yield filteredImage(name, image, region, reuse ? voxels : voxels.slice());
      } else yield { name, volume: null, reason };
    }
  });
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
