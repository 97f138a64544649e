import type { GeometryNames } from '../same-geometry.ts';
import type { Vector3, Volume } from '../volume.ts';

/**
 * How values between voxels are found: the nearest voxel, the trilinear, or the cubic B-spline through all voxels with
 * mirrored edges (Unser 1999).
 */
export type Interpolation = 'nearest' | 'linear' | 'cubic';

export interface ResamplingOptions {
  /** Distance of the new voxels along x, y, z in mm; 0 keeps that of the mask. */
  readonly spacing: Vector3;
  /** How the image is interpolated. */
  readonly interpolation: Interpolation;
  /** The region of interest, around which the new grid is cut out. */
  readonly label: number;
  /** How many new voxels are kept on every side of the region, where the image has them; Infinity for all. */
  readonly padDistance: number;
  /** What messages call the two; "image" and "mask" where not given. */
  readonly names?: GeometryNames;
  /** The most voxels that the new grid may have. Default 2²⁷. */
  readonly maxVoxels?: number;
}

/** An image and a mask on one grid. */
export interface ImageAndMask {
  readonly image: Volume;
  readonly mask: Volume;
}

/** Those that are computed, by SimpleITK's names and in the order of its numbers from 1. */
const interpolators: readonly (readonly [name: string, Interpolation])[] = [
  ['sitkNearestNeighbor', 'nearest'],
  ['sitkLinear', 'linear'],
  ['sitkBSpline', 'cubic'],
];

/**
 * The interpolation that PyRadiomics' setting `interpolator` names, by SimpleITK's name or number (1 to 3); null for SimpleITK's
 * other interpolators (Gaussian, label Gaussian, windowed sincs), which are not computed.
 */
export function interpolationOf(interpolator: string | number): Interpolation | null {
  const found =
    typeof interpolator === 'number'
      ? interpolators[interpolator - 1]
      : interpolators.find(([name]) => name === interpolator);
  return found?.[1] ?? null;
}
