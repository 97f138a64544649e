import { expect, it } from 'vitest';
import { holds, smallScans, volumeOf } from '../../../test/support/small-regions.ts';
import { crop } from '../imaging/crop.ts';
import { regionOf, Stretches, takeValues, valuesAt } from './region.ts';

it('has the voxels of the mask in its box, in order', () => {
  holds(smallScans(3), ({ mask }) => {
    const [width, height] = mask.size;
    const positions = Int32Array.from(mask.voxels.keys()).filter((n) => mask.voxels[n] === 1);
    const region = regionOf(mask, positions, 2);
    expect(region.mask.reduce((sum, one) => sum + one, 0)).toBe(positions.length);
    expect([...region.voxels].every((voxel) => region.mask[voxel] === 1)).toBe(true);
    const { lower, margin, row, plane, voxels } = region;
    const back = Array.from(voxels, (voxel) => {
      const [x, y, z] = [voxel % row, Math.floor((voxel % plane) / row), Math.floor(voxel / plane)];
      return x - margin + lower[0] + width * (y - margin + lower[1] + height * (z - margin + lower[2]));
    });
    expect(back).toEqual([...positions]);
  });
});

it('refuses a box that is too large to be worked on', () => {
  const image = { ...volumeOf([1, 1, 1], [0]), size: [1000, 800, 601] as const };
  const corners = Int32Array.of(0, 1000 * 800 * 601 - 1);
  expect(() => regionOf(image, corners, 1)).toThrow(
    expect.objectContaining({ code: 'IMAGE_TOO_LARGE', details: { voxels: 1002 * 802 * 603, limit: 48e7 } }),
  );
});

it('visits stretches up to the end of a row', () => {
  const found: number[][] = [];
  for (const at = new Stretches(Int32Array.of(1, 2, 3, 4, 6, 12), 4, 8); at.next(); ) {
    found.push([at.from, at.to, at.x, at.y, at.z]);
  }
  expect(found).toEqual([
    [0, 3, 1, 0, 0],
    [3, 4, 0, 1, 0],
    [4, 5, 2, 1, 0],
    [5, 6, 0, 1, 1],
  ]);
});

it.each([Int16Array, Float32Array, Float64Array])(
  'takes the values of its box as of the image: %o',
  (Type) => {
    holds(smallScans(50), ({ image, mask }) => {
      const positions = Int32Array.from(mask.voxels.keys()).filter((n) => mask.voxels[n] === 1);
      const region = regionOf(mask, positions, 2);
      const typed = { ...image, voxels: Type.from(image.voxels) };
      const values = new Float64Array(positions.length);
      takeValues(crop(typed, region).voxels, region, values);
      expect(values).toEqual(valuesAt(typed.voxels, positions));
    });
  },
);

it.each([Int16Array, Float32Array, Float64Array])('has the values of any type of voxels', (Type) => {
  const voxels = new Type(10).map((_, n) => 3 * n);
  expect([...valuesAt(voxels, Int32Array.of(0, 1, 2, 5, 9))]).toEqual([0, 3, 6, 15, 27]);
});
