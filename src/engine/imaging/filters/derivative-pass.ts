import type { Box } from '../label-box.ts';
import type { Vector3, Volume } from '../volume.ts';
import { gaussianReach, type RecursiveGaussian, recursiveGaussian } from './recursive-gaussian.ts';

/** A range of indices along an axis, [first, last). */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * The second derivative along one axis over a box, of an image that is smoothed along the others in the order of the axes. The last
 * of these, c, is y or z, so that the image is taken plane by plane; r is the other of y and z, across the rows of a plane.
 */
export interface DerivativePass {
  readonly image: Volume;
  readonly box: Box;
  readonly curvedAxis: number;
  readonly r: number;
  readonly c: number;
  /** By axis, how far away samples count. */
  readonly reach: Vector3;
  readonly filterX: RecursiveGaussian;
  readonly filterR: RecursiveGaussian;
  readonly filterC: RecursiveGaussian;
}

export function derivativePass(image: Volume, box: Box, sigma: number, curvedAxis: number): DerivativePass {
  const c = curvedAxis === 2 ? 1 : 2;
  const r = 3 - c;
  const [x, y, z] = image.spacing.map((spacing) => sigma / spacing);
  const filter = (axis: number) => {
    const sigmaInVoxels = sigma / image.spacing[axis];
    return axis === curvedAxis
      ? recursiveGaussian(sigmaInVoxels, 2, sigma * sigma)
      : recursiveGaussian(sigmaInVoxels, 0, 1);
  };
  return {
    ...{ image, box, curvedAxis, r, c },
    reach: [gaussianReach(x), gaussianReach(y), gaussianReach(z)],
    ...{ filterX: filter(0), filterR: filter(r), filterC: filter(c) },
  };
}

/** What is read along an axis, with a share of the reach. */
export function rangeAround({ image, box, reach }: DerivativePass, axis: number, share: number): Range {
  const margin = Math.max(4, Math.ceil(reach[axis] * share));
  return {
    first: Math.max(0, box.lower[axis] - margin),
    last: Math.min(image.size[axis], box.lower[axis] + box.size[axis] + margin),
  };
}

/** So many lines are filtered side by side: a block of them fits the processor's cache of the second level. */
export const blockLines = 64;

/** Lengths as the functions that work in the memory need them. */
export function padded(count: number): number {
  return 4 * Math.ceil(count / 4);
}
