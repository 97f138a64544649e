import { Failure } from '../../failure.ts';
import { axisNames, indexToPoint } from '../geometry.ts';
import { type Box, labelBox } from '../label-box.ts';
import type { GeometryNames } from '../same-geometry.ts';
import type { Geometry, Vector3, Volume } from '../volume.ts';
import { positionsOf } from './axis-positions.ts';
import { pointToIndex } from './grid-steps.ts';
import { sampleNearest } from './nearest.ts';
import { requireLabelKept } from './resampling-request.ts';
import { sameType } from './voxel-rows.ts';

/**
 * The mask on its image's grid, each voxel that of the mask's nearest, 0 outside: PyRadiomics' `correctMask`
 * (imageoperations._correctMask) for a mask that was drawn on another grid. The mask itself where its grid is the image's.
 *
 * Throws `MASK_LABEL_ABSENT`, `MASK_OUTSIDE_IMAGE` where the box around the label reaches out of the image by more than a
 * thousandth of a voxel, and `ROI_TOO_SMALL` where no voxel of the label is left.
 */
export function correctMask(
  image: Geometry,
  mask: Volume,
  label: number,
  names: GeometryNames = { image: 'image', mask: 'mask' },
): Volume {
  requireInside(image, mask, labelBox(mask, label, names.mask), names);
  const { size, spacing, origin, direction } = image;
  const fields = ['size', 'spacing', 'origin', 'direction'] as const;
  if (fields.every((field) => image[field].every((value, n) => value === mask[field][n]))) return mask;
  const voxels = sameDirection(image, mask)
    ? sampleNearest(mask, positionsOf(image, mask))
    : nearestByPoint(image, mask);
  const corrected = { size, spacing, origin, direction, voxels };
  requireLabelKept(corrected, label, names.mask);
  return corrected;
}

/** Whether the axes of two grids point the same way, up to rounding in a header. */
export function sameDirection(a: Geometry, b: Geometry): boolean {
  return a.direction.every((cosine, n) => Math.abs(cosine - b.direction[n]) <= 1e-6);
}

/**
 * Throws `MASK_OUTSIDE_IMAGE` unless the first and the last corner of a box in the mask lie in the image, to a thousandth of a
 * voxel: PyRadiomics' check of the region (imageoperations._checkROI).
 */
export function requireInside(
  image: Geometry,
  mask: Geometry,
  { lower, size }: Box,
  names: GeometryNames,
): void {
  const tolerance = 1e-3;
  const corner = (index: number[]) =>
    pointToIndex(image, indexToPoint(mask, index as unknown as Vector3)) as readonly number[];
  const first = corner(lower.map((n) => n - 0.5));
  const last = corner(lower.map((n, axis) => n + size[axis] - 0.5));
  for (let axis = 0; axis < axisNames.length; axis++) {
    const from = Math.min(first[axis], last[axis]);
    const to = Math.max(first[axis], last[axis]);
    if (from >= -0.5 - tolerance && to <= image.size[axis] - 0.5 + tolerance) continue;
    throw new Failure(
      'MASK_OUTSIDE_IMAGE',
      `The region in ${names.mask} reaches along ${axisNames[axis]} from voxel ${from.toFixed(3)} to ${to.toFixed(3)} of ${names.image}, which has ${image.size[axis]}.`,
      { mask: names.mask, image: names.image, axis: axisNames[axis], from, to, size: image.size[axis] },
    );
  }
}

/** As `sampleNearest`, for a grid whose axes point elsewhere: row by row between the indices of its two ends. */
function nearestByPoint(image: Geometry, mask: Volume): Volume['voxels'] {
  const [nx, ny, nz] = image.size;
  const { voxels, size } = mask;
  const result = sameType(voxels, nx * ny * nz);
  let n = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const start = pointToIndex(mask, indexToPoint(image, [0, j, k]));
      const end = pointToIndex(mask, indexToPoint(image, [nx, j, k]));
      for (let i = 0; i < nx; i++, n++) {
        const part = i / nx;
        const x = Math.floor(start[0] + (end[0] - start[0]) * part + 0.5);
        const y = Math.floor(start[1] + (end[1] - start[1]) * part + 0.5);
        const z = Math.floor(start[2] + (end[2] - start[2]) * part + 0.5);
        if (x < 0 || y < 0 || z < 0 || x >= size[0] || y >= size[1] || z >= size[2]) continue;
        result[n] = voxels[x + size[0] * (y + size[1] * z)];
      }
    }
  }
  return result;
}
