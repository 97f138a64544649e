import { Failure } from '../../failure.ts';
import { axisNames } from '../geometry.ts';
import type { Geometry, Vector3, Volume } from '../volume.ts';
import type { ResamplingOptions } from './interpolation.ts';

const defaultMaxVoxels = 2 ** 27;

/**
 * The spacing asked for, with 0 replaced by that of `grid`. Throws `ARGUMENT_INVALID` for a spacing that is negative or not
 * finite, or a pad that is no whole number from 0 up.
 */
export function requestedSpacing({ spacing, padDistance }: ResamplingOptions, grid: Geometry): Vector3 {
  spacing.forEach((value, axis) => {
    if (value >= 0 && Number.isFinite(value)) return;
    throw new Failure(
      'ARGUMENT_INVALID',
      `The spacing along ${axisNames[axis]} is ${value} mm, but must be above 0, or 0 to keep the image's.`,
      { argument: 'spacing', axis: axisNames[axis], value: String(value) },
    );
  });
  if (padDistance !== Infinity && !(Number.isInteger(padDistance) && padDistance >= 0)) {
    throw new Failure(
      'ARGUMENT_INVALID',
      `The pad distance is ${padDistance}, but must be a whole number from 0 up.`,
      { argument: 'padDistance', value: String(padDistance) },
    );
  }
  return spacing.map((value, axis) => (value === 0 ? grid.spacing[axis] : value)) as unknown as Vector3;
}

/** Throws `IMAGE_TOO_LARGE` where a new grid has more voxels than `maxVoxels`: before anything is allocated for it. */
export function requireGridSize(
  { size, spacing }: Pick<Geometry, 'size' | 'spacing'>,
  { maxVoxels = defaultMaxVoxels }: ResamplingOptions,
): void {
  const voxels = size[0] * size[1] * size[2];
  if (voxels <= maxVoxels) return;
  throw new Failure(
    'IMAGE_TOO_LARGE',
    `A grid of ${spacing.map((value) => Number(value.toPrecision(6))).join(' × ')} mm would have ${size.join(' × ')} voxels; the limit is ${maxVoxels}.`,
    // A spacing next to 0 makes infinities, which JSON has not.
    {
      spacing: [...spacing],
      voxels: Math.min(voxels || Infinity, Number.MAX_SAFE_INTEGER),
      limit: maxVoxels,
    },
  );
}

/** Throws `ROI_TOO_SMALL` where no voxel of the resampled mask carries the label. */
export function requireLabelKept(mask: Volume, label: number, name: string): void {
  if (mask.voxels.includes(label)) return;
  throw new Failure(
    'ROI_TOO_SMALL',
    `No voxel of label ${label} in ${name} is left after resampling to ${mask.spacing.map((value) => Number(value.toPrecision(6))).join(' × ')} mm.`,
    { mask: name, label, voxels: 0, spacing: [...mask.spacing] },
  );
}
