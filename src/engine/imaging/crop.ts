import { indexToPoint } from './geometry.ts';
import { type Box, labelBox } from './label-box.ts';
import type { ImageAndMask } from './resampling/interpolation.ts';
import type { GeometryNames } from './same-geometry.ts';
import type { Vector3, Volume, VoxelArray } from './volume.ts';

/**
 * Image and mask cut to the box around `label` with `padDistance` voxels more on every side, where the image has them:
 * PyRadiomics' `preCrop` (imageoperations.cropToTumorMask). Both must lie on one grid. Throws `MASK_LABEL_ABSENT`.
 */
export function cropToLabel(
  image: Volume,
  mask: Volume,
  label: number,
  padDistance: number,
  names: GeometryNames = { image: 'image', mask: 'mask' },
): ImageAndMask {
  const { lower, size } = labelBox(mask, label, names.mask);
  const start = lower.map((n) => Math.max(0, n - padDistance));
  const end = lower.map((n, axis) => Math.min(mask.size[axis], n + size[axis] + padDistance));
  const box: Box = {
    lower: start as unknown as Vector3,
    size: end.map((n, axis) => n - start[axis]) as unknown as Vector3,
  };
  return { image: crop(image, box), mask: crop(mask, box) };
}

/** The part of a volume in a box that lies in it; voxels keep their type and their place in space. */
export function crop<T extends VoxelArray>(volume: Volume<T>, { lower, size }: Box): Volume<T> {
  const { voxels, size: whole } = volume;
  const [width, height, depth] = size;
  const part = new (voxels.constructor as new (length: number) => T)(width * height * depth);
  let to = 0;
  for (let z = lower[2]; z < lower[2] + depth; z++) {
    for (let y = lower[1]; y < lower[1] + height; y++) {
      const from = lower[0] + whole[0] * (y + whole[1] * z);
      part.set(voxels.subarray(from, from + width), to);
      to += width;
    }
  }
  return { ...volume, size, origin: indexToPoint(volume, lower), voxels: part };
}
