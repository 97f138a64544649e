import type { Box } from '../label-box.ts';
import type { Volume, VoxelArray } from '../volume.ts';
import { type FilteredImage, filteredImage, forEachRow, requireBox } from './filtered-image.ts';

/** Whether the gradient is per mm (default) or per voxel; PyRadiomics' gradientUseSpacing. */
export interface GradientOptions {
  readonly useSpacing?: boolean;
}

/**
 * The length of the gradient by central differences, (x₊ − x₋)/2 over the spacing along each axis; `gradient`, float32. At the
 * image's edge the missing neighbour has the edge's value. As ITK's GradientMagnitudeImageFilter, which PyRadiomics takes.
 * Throws `ARGUMENT_INVALID` (region) and `IMAGE_NOT_FINITE`.
 */
export function gradientImage(image: Volume, region: Box, options: GradientOptions = {}): FilteredImage {
  requireBox(image, region);
  const { useSpacing = true } = options;
  const half = image.spacing.map((spacing) => 0.5 * (useSpacing ? 1 / spacing : 1));
  const [width, rows, planes] = region.size;
  const result = new Float32Array(width * rows * planes);
  const [nx, ny, nz] = image.size;
  const { voxels } = image;
  // The row itself with a neighbour on both sides, and the four rows beside it, as float64: one type in the inner loop.
  const own = new Float64Array(width + 2);
  const [below, above, before, behind] = [0, 0, 0, 0].map(() => new Float64Array(width));
  const first = region.lower[0];
  const last = first + width - 1;
  forEachRow(image, region, (from, to) => {
    const row = Math.floor(from / nx);
    const y = row % ny;
    const z = Math.floor(row / ny);
    own[0] = voxels[from - (first > 0 ? 1 : 0)];
    copy(voxels, from, own.subarray(1, width + 1));
    own[width + 1] = voxels[from + width - (last < nx - 1 ? 0 : 1)];
    copy(voxels, from - (y > 0 ? nx : 0), below);
    copy(voxels, from + (y < ny - 1 ? nx : 0), above);
    copy(voxels, from - (z > 0 ? nx * ny : 0), before);
    copy(voxels, from + (z < nz - 1 ? nx * ny : 0), behind);
    for (let x = 0; x < width; x++) {
      const dx = own[x + 2] * half[0] - own[x] * half[0];
      const dy = above[x] * half[1] - below[x] * half[1];
      const dz = behind[x] * half[2] - before[x] * half[2];
      result[to + x] = Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  });
  return filteredImage('gradient', image, region, result);
}

function copy(voxels: VoxelArray, from: number, to: Float64Array): void {
  to.set(voxels.subarray(from, from + to.length));
}
