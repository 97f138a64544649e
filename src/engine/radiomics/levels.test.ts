import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holds, levelsWhere, volumeOf } from '../../../test/support/small-regions.ts';
import type { Settings } from './settings.ts';

/** The grey level of each value, all of them in the region. */
function levelsOf(values: readonly number[], settings: Partial<Settings>): number[] {
  const levels = levelsWhere(
    volumeOf([values.length, 1, 1], values),
    volumeOf([values.length, 1, 1], new Uint8Array(values.length).fill(1)),
    settings,
  );
  return Array.from(levels.region.voxels, (voxel) => levels.grayLevels[levels.ranks[voxel] - 1]);
}

it('puts bin edges at multiples of the width and calls the lowest bin 1', () => {
  expect(levelsOf([54, 75, 99, 100, 166], { binWidth: 25 })).toEqual([1, 2, 2, 3, 5]);
  expect(levelsOf([-26, -25, -1, 0, 24, 25], { binWidth: 25 })).toEqual([1, 2, 2, 3, 3, 4]);
  // In float64 0.3 lies below the edge 0.1 + 2 × 0.1.
  expect(levelsOf([0.3, 0.1, 0.2, 0.31], { binWidth: 0.1 })).toEqual([2, 1, 2, 3]);
});

it('divides the range by the bin count, the maximum in the last bin', () => {
  expect(levelsOf([0, 1, 2, 3, 4], { binCount: 4 })).toEqual([1, 2, 3, 4, 4]);
  expect(levelsOf([7, 7], { binCount: 8 })).toEqual([5, 5]);
});

it('keeps the order of the values', () => {
  const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  holds(
    fc.tuple(fc.array(finite, { minLength: 2, maxLength: 20 }), fc.integer({ min: 1, max: 64 })),
    ([values, binCount]) => {
      const levels = levelsOf(values, { binCount });
      values.forEach((a, i) => {
        expect(levels[i]).toBeGreaterThanOrEqual(1);
        expect(levels[i]).toBeLessThanOrEqual(binCount);
        values.forEach((b, j) => {
          if (a <= b) expect(levels[i]).toBeLessThanOrEqual(levels[j]);
        });
      });
    },
  );
});

it('counts the levels that are present, and only those', () => {
  const { grayLevels, counts } = levelsWhere(
    volumeOf([4, 1, 1], [10, 15, 10, 12]),
    volumeOf([4, 1, 1], [1, 1, 1, 0]),
  );
  expect([...grayLevels]).toEqual([1, 6]);
  expect([...counts]).toEqual([2, 1]);
});

it('refuses more levels than can be meant', () => {
  expect(() => levelsOf([0, 1e9], { binWidth: 1e-3 })).toThrow(
    expect.objectContaining({ code: 'PROFILE_INVALID', details: expect.objectContaining({ limit: 32_768 }) }),
  );
  expect(() => levelsOf([1e20, 1e20], { binWidth: 25 })).toThrow(
    expect.objectContaining({ code: 'PROFILE_INVALID' }),
  );
});
