import { labelBox } from './label-box.ts';
import { sameType } from './resampling/voxel-rows.ts';
import type { Volume, VoxelArray } from './volume.ts';

/**
 * A mask of the one axial slice in which `label` has the most voxels, and of nothing else; of slices with equally many the first along
 * the axis. Axial are the slices across the axis that is nearest to the patient's length, whichever of x, y, z that is. The
 * two-dimensional region that studies draw on the largest section of a lesion. Throws `MASK_LABEL_ABSENT`.
 */
export function largestSection<T extends VoxelArray>(
  mask: Volume<T>,
  label: number,
  name = 'mask',
): Volume<T> {
  const { voxels, size, direction } = mask;
  const axis = axialAxis(direction);
  const { lower, size: extent } = labelBox(mask, label, name);
  const counts = new Uint32Array(size[axis]);
  const visit = (found: (position: number, slice: number) => void) => {
    for (let z = lower[2]; z < lower[2] + extent[2]; z++) {
      for (let y = lower[1]; y < lower[1] + extent[1]; y++) {
        const row = size[0] * (y + size[1] * z);
        for (let x = lower[0]; x < lower[0] + extent[0]; x++) {
          if (voxels[row + x] === label) found(row + x, axis === 0 ? x : axis === 1 ? y : z);
        }
      }
    }
  };
  visit((_, slice) => {
    counts[slice]++;
  });
  const largest = counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
  const section = sameType(voxels, voxels.length);
  visit((position, slice) => {
    if (slice === largest) section[position] = label;
  });
  return { ...mask, voxels: section };
}

function axialAxis(direction: Volume['direction']): number {
  const alongPatient = [6, 7, 8].map((n) => Math.abs(direction[n]));
  return alongPatient.indexOf(Math.max(...alongPatient));
}
