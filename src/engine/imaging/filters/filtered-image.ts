import { Failure } from '../../failure.ts';
import { requireFinite } from '../finite.ts';
import { axisNames, indexToPoint } from '../geometry.ts';
import type { Box } from '../label-box.ts';
import type { Geometry, Volume } from '../volume.ts';

/** What a filter makes of an image, cropped to the box that was asked for. */
export interface FilteredImage {
  /** As in a feature's name, e.g. `wavelet-LLH`. */
  readonly name: string;
  readonly volume: Volume;
}

/** An image that PyRadiomics leaves out, as the filter is not defined on what it was given. */
export interface SkippedImage {
  readonly name: string;
  readonly volume: null;
  /** Why, as a clause: `the image is 0 everywhere`. */
  readonly reason: string;
}

/** Throws `ARGUMENT_INVALID` where the box is not one of whole voxels inside the image. */
export function requireBox({ size }: Geometry, box: Box): void {
  for (let axis = 0; axis < 3; axis++) {
    const first = box.lower[axis];
    const length = box.size[axis];
    if (Number.isInteger(first) && first >= 0 && Number.isInteger(length) && length > 0) {
      if (first + length <= size[axis]) continue;
    }
    throw new Failure(
      'ARGUMENT_INVALID',
      `the region's ${axisNames[axis]} runs from ${first} over ${length} voxels, but the image has ${size[axis]}`,
      { argument: 'region', axis: axisNames[axis], first: String(first), length: String(length) },
    );
  }
}

/**
 * The filtered voxels of a box of `image` as a volume of their own. Throws `IMAGE_NOT_FINITE` where one of them is not,
 * as the image has NaN or infinities in reach of the filter, or values so large that it overflows.
 */
export function filteredImage(
  name: string,
  image: Geometry,
  box: Box,
  voxels: Volume['voxels'],
): FilteredImage {
  const volume: Volume = {
    size: box.size,
    spacing: image.spacing,
    origin: indexToPoint(image, box.lower),
    direction: image.direction,
    voxels,
  };
  requireFinite(volume, name);
  return { name, volume };
}

/** Visits the rows (runs along x) of a box: where each starts in the image, and where in the box. */
export function forEachRow(
  { size: [nx, ny] }: Geometry,
  { lower, size }: Box,
  visit: (imageOffset: number, boxOffset: number) => void,
): void {
  let boxOffset = 0;
  for (let z = lower[2]; z < lower[2] + size[2]; z++) {
    for (let y = lower[1]; y < lower[1] + size[1]; y++) {
      visit(lower[0] + nx * (y + ny * z), boxOffset);
      boxOffset += size[0];
    }
  }
}
