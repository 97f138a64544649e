import fc from 'fast-check';
import type { Vector3, Volume, VoxelArray } from '../../src/engine/imaging/index.ts';
import { discretise, type Levels } from '../../src/engine/radiomics/levels.ts';
import { type Region, regionOf, valuesAt } from '../../src/engine/radiomics/region.ts';
import { defaultSettings, type Settings } from '../../src/engine/radiomics/settings.ts';

/** A volume of the given voxels, x fastest, in spacing 1 unless told otherwise. */
export function volumeOf(
  size: Vector3,
  voxels: VoxelArray | readonly number[],
  spacing: Vector3 = [1, 1, 1],
): Volume {
  return {
    size,
    spacing,
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    voxels: Array.isArray(voxels) ? Float64Array.from(voxels) : (voxels as VoxelArray),
  };
}

/** The region of the non-zero voxels of a mask. */
export function regionWhere(mask: Volume, margin = 1): Region {
  return regionOf(mask, positionsWhere(mask), margin);
}

function positionsWhere(mask: Volume): Int32Array {
  return Int32Array.from(mask.voxels.keys()).filter((n) => mask.voxels[n] !== 0);
}

/** The grey levels, one apart, of an image in its mask's region. */
export function levelsWhere(image: Volume, mask: Volume, settings: Partial<Settings> = {}): Levels {
  const region = regionWhere(mask, Math.max(...(settings.distances ?? [1])));
  return discretise(region, valuesAt(image.voxels, positionsWhere(mask)), {
    ...defaultSettings,
    binWidth: 1,
    ...settings,
  });
}

export interface SmallScan {
  readonly image: Volume;
  readonly mask: Volume;
}

/** Images of at most 6 × 6 × 6 voxels and `levels` grey levels, with a mask of at least two voxels. */
export function smallScans(levels: number): fc.Arbitrary<SmallScan> {
  const length = fc.integer({ min: 1, max: 6 });
  const spacing = fc.constantFrom(0.5, 0.78125, 1, 3);
  return fc
    .tuple(fc.tuple(length, length, length), fc.tuple(spacing, spacing, spacing))
    .filter(([[x, y, z]]) => x * y * z > 1)
    .chain(([size, spacings]) => {
      const count = size[0] * size[1] * size[2];
      const array = (max: number) =>
        fc.array(fc.integer({ min: 0, max }), { minLength: count, maxLength: count });
      return fc
        .tuple(array(levels - 1), array(2))
        .filter(([, mask]) => mask.filter((value) => value > 0).length > 1)
        .map(([image, mask]) => ({
          image: volumeOf(size, image, spacings),
          // Two voxels in three belong to the region.
          mask: volumeOf(
            size,
            Uint8Array.from(mask, (value) => (value > 0 ? 1 : 0)),
            spacings,
          ),
        }));
    });
}

/** Runs a property on the same examples every time. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, numRuns = 200): void {
  fc.assert(fc.property(arbitrary, check), { seed: 20_241, numRuns });
}
