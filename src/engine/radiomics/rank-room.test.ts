import { expect, it } from 'vitest';
import { levelsWhere, volumeOf } from '../../../test/support/small-regions.ts';
import { offsets, stepsOf } from './offsets.ts';
import { roomFor } from './rank-room.ts';

/** Three grey levels over a region whose rows span several vectors, two in three of whose voxels count. */
const size = [37, 9, 5] as const;
const count = size[0] * size[1] * size[2];
const levels = levelsWhere(
  volumeOf(
    size,
    Array.from({ length: count }, (_, n) => ((n * n * 7 + n) >> 2) % 3),
  ),
  volumeOf(
    size,
    Uint8Array.from({ length: count }, (_, n) => Math.min(1, ((n * n * 5) >> 3) % 3)),
  ),
);
const { region, ranks } = levels;
const steps = stepsOf(offsets(size, [1], null), region);
const has = (voxel: number, other: number) => Number(ranks[voxel] === ranks[other]);

it('tallies equal ranks on both sides', () => {
  const width = 2 * steps.length + 2;
  const found = roomFor(levels).tallyEqual(steps, 3, width);
  const expected = new Uint32Array(4 * width);
  for (const voxel of region.voxels) {
    const equal = [...steps].map((step) => has(voxel, voxel + step) + has(voxel, voxel - step));
    expected[ranks[voxel] * width + 1 + equal.reduce((sum, one) => sum + one)]++;
  }
  expect([...found.subarray(width)]).toEqual([...expected.subarray(width)]);
});

it('tells before which voxels the same rank lies', () => {
  const { bits, without } = roomFor(levels).equalBits(steps);
  expect(without).toBe(region.voxels.filter((voxel) => bits[voxel] === 0).length);
  for (const voxel of region.voxels) {
    const expected = [...steps].map((step, n) => has(voxel, voxel - step) << n);
    expect(bits[voxel]).toBe(expected.reduce((sum, one) => sum + one));
  }
});

it('adds up neighbours axis by axis', () => {
  const room = roomFor(levels);
  room.numbers(1).set(ranks);
  const found = room.sumThree([1, region.row, region.plane]);
  for (const voxel of region.voxels) {
    const expected = [...steps].reduce(
      (sum, step) => sum + ranks[voxel + step] + ranks[voxel - step],
      ranks[voxel],
    );
    expect(found[voxel]).toBe(expected);
  }
});

it.each([...steps, 3, 7])('tallies pairs and runs %i before', (step) => {
  const width = 3 + Math.max(...size) + 1;
  // What other images and directions leave in the room does not matter.
  roomFor(levels).numbers(1).fill(0xffff);
  const found = roomFor(levels).tally(step, 3, width);
  const expected = new Uint32Array(4 * width);
  for (const voxel of region.voxels) {
    const rank = ranks[voxel];
    let length = 1;
    while (ranks[voxel - length * step] === rank) length++;
    expected[rank * width + (length > 1 ? 3 + length : ranks[voxel - step])]++;
  }
  expect([...found.subarray(width)]).toEqual([...expected.subarray(width)]);
});
