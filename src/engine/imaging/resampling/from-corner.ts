import { Failure } from '../../failure.ts';
import { cropToLabel } from '../crop.ts';
import { requireFinite } from '../finite.ts';
import { axisNames } from '../geometry.ts';
import { type Box, labelBox } from '../label-box.ts';
import type { Geometry, Vector3, Volume } from '../volume.ts';
import { positionsOf } from './axis-positions.ts';
import { stepsOf } from './grid-steps.ts';
import type { ImageAndMask, ResamplingOptions } from './interpolation.ts';
import { sampleLinear } from './linear.ts';
import { correctMask, requireInside, sameDirection } from './mask-correction.ts';
import { sampleNearest } from './nearest.ts';
import { requestedSpacing, requireGridSize, requireLabelKept } from './resampling-request.ts';
import { sampleSpline } from './spline.ts';
import { integerRange, sameType, writeRow } from './voxel-rows.ts';

/**
 * Resamples image and mask as PyRadiomics does (imageoperations.resampleImage) with SimpleITK's filters: the new grid's corner is
 * the mask's, and it is cut to the region's box and `padDistance` new voxels more on every side. An axis along which the
 * region is one voxel thick keeps its spacing. Voxels keep their type: integers are bounded to it and cut off toward zero. New
 * voxels outside of the image are 0. The mask takes its nearest voxel, so that it keeps all its labels. Where no
 * spacing changes, nothing is resampled and the box is cut out.
 *
 * The mask may lie on another grid than the image, if the axes point the same way and its region lies in the image.
 * Integer images equal SimpleITK's voxel for voxel, others to rounding.
 *
 * Throws `ARGUMENT_INVALID` for a negative spacing or pad, `IMAGE_NOT_FINITE`, `MASK_LABEL_ABSENT`,
 * `MASK_DIRECTION_MISMATCH`, `MASK_OUTSIDE_IMAGE`, `IMAGE_TOO_LARGE` and, where no voxel of the region is left, `ROI_TOO_SMALL`.
 */
export function resampleFromCorner(image: Volume, mask: Volume, options: ResamplingOptions): ImageAndMask {
  const { interpolation, label, padDistance, names = { image: 'image', mask: 'mask' } } = options;
  const box = labelBox(mask, label, names.mask);
  const spacing = requestedSpacing(options, mask).map((value, axis) =>
    box.size[axis] === 1 ? mask.spacing[axis] : value,
  ) as unknown as Vector3;
  requireInside(image, mask, box, names);
  requireFinite(image, names.image);
  if (spacing.every((value, axis) => nearlyEqual(image.spacing[axis], value))) {
    return cropToLabel(image, correctMask(image, mask, label, names), label, padDistance, names);
  }
  if (!sameDirection(image, mask)) {
    throw new Failure(
      'MASK_DIRECTION_MISMATCH',
      `The axes of ${names.mask} point elsewhere than those of ${names.image}; resampling needs them alike.`,
      { mask: names.mask, image: names.image },
    );
  }
  const grid = cornerGrid(mask, box, spacing, padDistance);
  requireGridSize(grid, options);
  const newMask = { ...grid, voxels: sampleNearest(mask, positionsOf(grid, mask)) };
  requireLabelKept(newMask, label, names.mask);
  const positions = positionsOf(grid, image);
  if (interpolation === 'nearest') {
    return { image: { ...grid, voxels: sampleNearest(image, positions) }, mask: newMask };
  }
  const voxels = sameType(image.voxels, grid.size[0] * grid.size[1] * grid.size[2]);
  const range = integerRange(voxels);
  const emit = (row: Float64Array, offset: number) => writeRow(row, voxels, offset, range);
  if (interpolation === 'linear') sampleLinear(image, positions, emit);
  else sampleSpline(image, positions, range !== null, emit);
  return { image: { ...grid, voxels }, mask: newMask };
}

/** NumPy's allclose, by which PyRadiomics decides. */
function nearlyEqual(found: number, wanted: number): boolean {
  return Math.abs(found - wanted) <= 1e-8 + 1e-5 * Math.abs(wanted);
}

/** The new grid, by PyRadiomics' own steps, so that its rounding is the same. */
function cornerGrid(mask: Geometry, { lower, size }: Box, spacing: Vector3, padDistance: number): Geometry {
  const first: number[] = [];
  const count: number[] = [];
  const corner: number[] = [];
  for (let axis = 0; axis < axisNames.length; axis++) {
    const old = mask.spacing[axis];
    const ratio = old / spacing[axis];
    const end = Math.ceil(mask.size[axis] * ratio) - 1;
    first[axis] = Math.max(0, Math.floor((lower[axis] - 0.5) * ratio - padDistance));
    const last = Math.min(end, Math.ceil((lower[axis] + size[axis] - 0.5) * ratio + padDistance));
    count[axis] = last - first[axis] + 1;
    corner[axis] = (0.5 * (spacing[axis] - old)) / old + first[axis] / ratio;
  }
  const steps = stepsOf(mask);
  const origin = mask.origin.map((start, row) => {
    const [a, b, c] = corner.map((index, axis) => steps[3 * row + axis] * index);
    return a + b + c + start;
  });
  return {
    size: count as unknown as Vector3,
    spacing,
    origin: origin as unknown as Vector3,
    direction: mask.direction,
  };
}
