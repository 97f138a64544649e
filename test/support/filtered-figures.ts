import { expect } from 'vitest';
import type { Geometry, Vector3, Volume, VoxelArray } from '../../src/engine/imaging/index.ts';
import { patterned } from './patterned-volume.ts';

/** First, middle and last voxel, and the sum of all with the weights 1 to 7 in turn. */
export type Figures = readonly [first: number, middle: number, last: number, weightedSum: number];

/** A volume without symmetries: whole numbers from −100 to 150, divided by `divisor`. */
export function unevenVolume(
  size: Vector3,
  spacing: Vector3,
  type: new (length: number) => VoxelArray = Int16Array,
  divisor = 1,
): Volume {
  return patterned(
    type,
    { size, spacing },
    (x, y, z) => (((x * 37 + y * 101 + z * 59 + x * y * z * 7) % 251) - 100) / divisor,
  );
}

/** The whole of an image. */
export function wholeOf({ size }: Geometry): { lower: Vector3; size: Vector3 } {
  return { lower: [0, 0, 0], size };
}

/** Holds a volume to its figures, within a share of their size (of the sum: of the number of voxels times that). */
export function expectFigures(volume: Volume | null, figures: Figures, share: number): void {
  if (volume === null) throw new Error('The image was skipped.');
  const { voxels } = volume;
  const found = [voxels[0], voxels[voxels.length >> 1], voxels[voxels.length - 1], 0];
  let scale = 0;
  for (let n = 0; n < voxels.length; n++) {
    found[3] += voxels[n] * ((n % 7) + 1);
    scale = Math.max(scale, Math.abs(voxels[n]));
  }
  for (const [n, figure] of figures.entries()) {
    const allowed = share * scale * (n < 3 ? 1 : voxels.length);
    expect(Math.abs(found[n] - figure), `figure ${n} is ${found[n]}, not ${figure}`).toBeLessThanOrEqual(
      allowed,
    );
  }
}

/** Holds the part of a filtered image that was made on its own to the same part of the whole. */
export function expectPartOf(
  part: Volume | null,
  { lower, size }: { lower: Vector3; size: Vector3 },
  whole: Volume | null,
  share: number,
): void {
  if (part === null || whole === null) throw new Error('The image was skipped.');
  expect(part.size).toEqual(size);
  expect(part.voxels.length).toBe(size[0] * size[1] * size[2]);
  const scale = Float64Array.from(whole.voxels).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let [n, worst] = [0, 0];
  for (let z = lower[2]; z < lower[2] + size[2]; z++) {
    for (let y = lower[1]; y < lower[1] + size[1]; y++) {
      for (let x = lower[0]; x < lower[0] + size[0]; x++, n++) {
        const value = whole.voxels[x + whole.size[0] * (y + whole.size[1] * z)];
        worst = Math.max(worst, Math.abs(part.voxels[n] - value));
      }
    }
  }
  expect(worst).toBeLessThanOrEqual(share * scale);
}
