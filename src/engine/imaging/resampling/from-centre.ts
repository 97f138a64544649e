import { requireFinite } from '../finite.ts';
import { indexToPoint } from '../geometry.ts';
import { type Box, labelBox } from '../label-box.ts';
import type { Geometry, Vector3, Volume, VoxelArray } from '../volume.ts';
import type { AxisPositions } from './axis-positions.ts';
import type { ImageAndMask, ResamplingOptions } from './interpolation.ts';
import { sampleLinear } from './linear.ts';
import { sampleNearest } from './nearest.ts';
import { requestedSpacing, requireGridSize, requireLabelKept } from './resampling-request.ts';
import { sampleSpline } from './spline.ts';
import { integerRange, sameType, writeRow } from './voxel-rows.ts';

export interface CentredResamplingOptions extends ResamplingOptions {
  /** Whether values are rounded to the nearest whole number, half-way ones up, as IBSI does for CT; they keep their type then. */
  readonly round: boolean;
}

/** Sums of products that are equal on paper may differ by this much of a voxel. */
const rounding = 1e-9;

/**
 * Resamples image and mask as the IBSI reference manual does (chapter 2, image interpolation and its rounding): the centres of the
 * new grid and the image coincide, and each axis has ⌈n · old spacing / new spacing⌉ voxels, of which those within `padDistance` of
 * the region are kept. Beyond the image's outermost voxels their value holds (nearest, linear) or the image is mirrored (cubic).
 * The region is where its mask, interpolated trilinearly (nearest under `nearest`), is at least ½; other labels are left out. Image and
 * mask must lie on one grid. Values are float64, unless rounded.
 *
 * Throws `ARGUMENT_INVALID` for a negative spacing or pad, `IMAGE_NOT_FINITE`, `MASK_LABEL_ABSENT`, `IMAGE_TOO_LARGE` and,
 * where no voxel of the region is left, `ROI_TOO_SMALL`.
 */
export function resampleFromCentre(
  image: Volume,
  mask: Volume,
  options: CentredResamplingOptions,
): ImageAndMask {
  const { interpolation, label, padDistance, round, names = { image: 'image', mask: 'mask' } } = options;
  const spacing = requestedSpacing(options, image);
  const box = labelBox(mask, label, names.mask);
  requireFinite(image, names.image);
  const centred = [0, 1, 2].map((axis) => centredAxis(image, spacing[axis], axis));
  const parts = centred.map(({ start, step, count }, axis) => {
    const upper = box.lower[axis] + box.size[axis] - 1;
    // At most half a voxel off the region's outermost voxels, or anywhere beyond the image where those are the image's.
    const from = box.lower[axis] === 0 ? 0 : Math.ceil((box.lower[axis] - 0.5 - start) / step - rounding);
    const to =
      upper === image.size[axis] - 1 ? count - 1 : Math.floor((upper + 0.5 - start) / step + rounding);
    return { first: Math.max(0, from - padDistance), last: Math.min(count - 1, to + padDistance) };
  });
  const grid: Geometry = {
    size: parts.map(({ first, last }) => last - first + 1) as unknown as Vector3,
    spacing,
    origin: indexToPoint(
      image,
      centred.map(({ start, step }, axis) => start + step * parts[axis].first) as unknown as Vector3,
    ),
    direction: image.direction,
  };
  requireGridSize(grid, options);
  const positions = centred.map(({ start, step }, axis) => {
    const at = new Float64Array(grid.size[axis]);
    const limit = image.size[axis] - 1;
    for (let n = 0; n < at.length; n++) {
      const position = start + step * (parts[axis].first + n);
      // Half a voxel and more beyond the image the cubic spline is not defined either.
      at[n] = Math.max(-0.5, Math.min(limit + 0.5, position));
    }
    return { at, from: 0, to: at.length };
  });
  const newMask = { ...grid, voxels: regionOn(grid, mask, box, positions, options) };
  requireLabelKept(newMask, label, names.mask);
  if (interpolation === 'nearest') {
    return { image: { ...grid, voxels: sampleNearest(image, positions) }, mask: newMask };
  }
  const count = grid.size[0] * grid.size[1] * grid.size[2];
  const voxels: VoxelArray = round ? sameType(image.voxels, count) : new Float64Array(count);
  const range = integerRange(voxels);
  const emit = (row: Float64Array, offset: number) => {
    if (round) for (let i = 0; i < row.length; i++) row[i] = Math.floor(row[i] + 0.5);
    writeRow(row, voxels, offset, range);
  };
  if (interpolation === 'linear') sampleLinear(image, positions, emit);
  else sampleSpline(image, positions, false, emit);
  return { image: { ...grid, voxels }, mask: newMask };
}

/** The whole new grid along an axis: its first voxel and its step in old voxels, and its length. */
function centredAxis({ size, spacing }: Geometry, wanted: number, axis: number) {
  const step = wanted / spacing[axis];
  const count = Math.max(1, Math.ceil(size[axis] / step - rounding * size[axis]));
  return { start: (size[axis] - 1 - (count - 1) * step) / 2, step, count };
}

/** The new mask: the label where the region, interpolated, is at least ½. */
function regionOn(
  grid: Geometry,
  mask: Volume,
  box: Box,
  positions: readonly AxisPositions[],
  { label, interpolation }: ResamplingOptions,
): VoxelArray {
  const region = surroundingsOf(mask, box, label);
  const within = positions.map(({ at, from, to }, axis) => ({
    at: at.map((position) => position - region.lower[axis]),
    from,
    to,
  }));
  const voxels = sameType(mask.voxels, grid.size[0] * grid.size[1] * grid.size[2]);
  if (interpolation === 'nearest') {
    const nearest = sampleNearest(region.volume, within);
    for (let n = 0; n < nearest.length; n++) if (nearest[n] === 1) voxels[n] = label;
    return voxels;
  }
  sampleLinear(region.volume, within, (row, offset) => {
    for (let i = 0; i < row.length; i++) row[i] = row[i] >= 0.5 - rounding ? label : 0;
    voxels.set(row, offset);
  });
  return voxels;
}

/** 1 in the region and 0 around it, in its box and a voxel beyond where the image has one. */
function surroundingsOf(mask: Volume, box: Box, label: number) {
  const lower = box.lower.map((n) => Math.max(0, n - 1)) as unknown as Vector3;
  const size = box.lower.map(
    (n, axis) => Math.min(mask.size[axis], n + box.size[axis] + 1) - lower[axis],
  ) as unknown as Vector3;
  const voxels = new Uint8Array(size[0] * size[1] * size[2]);
  const row = new Float64Array(size[0]);
  let to = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const from = lower[0] + mask.size[0] * (lower[1] + j + mask.size[1] * (lower[2] + k));
      row.set(mask.voxels.subarray(from, from + size[0]));
      for (let i = 0; i < size[0]; i++) voxels[to++] = row[i] === label ? 1 : 0;
    }
  }
  return { lower, volume: { ...mask, size, voxels } };
}
