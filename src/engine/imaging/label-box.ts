import { Failure } from '../failure.ts';
import { maskLabels } from './mask.ts';
import type { Vector3, Volume } from './volume.ts';

/** A box of whole voxels: its first voxel (i, j, k) and how many there are along each axis. */
export interface Box {
  readonly lower: Vector3;
  readonly size: Vector3;
}

/**
 * The smallest box that holds every voxel of `label`. Throws `MASK_LABEL_ABSENT` where there is none, naming the labels that
 * there are; `name` is what the message calls the mask.
 */
export function labelBox(mask: Volume, label: number, name: string): Box {
  const { voxels, size } = mask;
  const [width, height] = size;
  const first = voxels.indexOf(label);
  if (first < 0) {
    const labels = Object.keys(maskLabels(mask) ?? {}).map(Number);
    throw new Failure(
      'MASK_LABEL_ABSENT',
      `No voxel of ${name} carries the label ${label}; ${labels.length > 0 ? `it has ${labels.join(', ')}` : 'it has no labels'}.`,
      { mask: name, label, labels },
    );
  }
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  let last = first;
  // From row to row that has the label: the array's own search is many times faster than a loop.
  for (let next = first; next >= 0; ) {
    const row = Math.floor(next / width);
    const start = row * width;
    last = voxels.lastIndexOf(label, start + width - 1);
    const y = row % height;
    if (next - start < x0) x0 = next - start;
    if (last - start > x1) x1 = last - start;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
    next = start + width < voxels.length ? voxels.indexOf(label, start + width) : -1;
  }
  const z0 = Math.floor(first / (width * height));
  const z1 = Math.floor(last / (width * height));
  return { lower: [x0, y0, z0], size: [x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1] };
}
