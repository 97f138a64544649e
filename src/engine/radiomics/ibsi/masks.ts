import { type IbsiResegmentation, resegmentIbsi, type Volume } from '../../imaging/index.ts';
import { type Region, regionOf, valuesAt } from '../region.ts';

/** The two masks of a region of interest, in one box: that of its shape, and that of the intensities that count. */
export interface Masks {
  readonly morphological: Region;
  /** The voxels of the morphological mask that re-segmentation left. */
  readonly intensity: Region;
  /** The same voxels as ascending offsets in the image. */
  readonly positions: Int32Array;
  /** The intensities of the intensity mask's voxels. */
  readonly values: Float64Array;
}

/**
 * The masks of the voxels at the given ascending offsets of `image`, of which re-segmentation (IBSI IFBN) makes the intensity mask.
 * Throws `ROI_TOO_SMALL` if it leaves none.
 */
export function masksOf(image: Volume, positions: Int32Array, resegmentation: IbsiResegmentation): Masks {
  const morphological = regionOf(image, positions, 1);
  const all = valuesAt(image.voxels, positions);
  const kept = resegmentIbsi(all, resegmentation);
  const voxels = kept.map((n) => morphological.voxels[n]);
  const mask = new Uint8Array(morphological.mask.length);
  for (let n = 0; n < voxels.length; n++) mask[voxels[n]] = 1;
  return {
    morphological,
    intensity: { ...morphological, voxels, mask },
    positions: kept.map((n) => positions[n]),
    values: Float64Array.from(kept, (n) => all[n]),
  };
}
