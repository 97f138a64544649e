import { expect, it } from 'vitest';
import { holds, levelsWhere, smallScans, volumeOf } from '../../../test/support/small-regions.ts';
import { type Cells, cellKey, totalOf } from './cells.ts';
import { glcm } from './glcm.ts';
import type { Levels } from './levels.ts';
import { neighbourTally } from './neighbour-tally.ts';
import { type Offset, offsets, stepsOf } from './offsets.ts';
import { defaultSettings } from './settings.ts';

const everywhere = (size: readonly [number, number, number]) =>
  volumeOf(size, new Uint8Array(size[0] * size[1] * size[2]).fill(1));

/** Pairs of grey levels, counted one by one. */
function bruteForce({ region, ranks }: Levels, direction: Offset, symmetric: boolean): Map<number, number> {
  const [step] = stepsOf([direction], region);
  const counts = new Map<number, number>();
  const count = (a: number, b: number) => counts.set(cellKey(a, b), (counts.get(cellKey(a, b)) ?? 0) + 1);
  for (const voxel of region.voxels) {
    const neighbour = ranks[voxel + step];
    if (neighbour > 0) {
      count(ranks[voxel], neighbour);
      if (symmetric) count(neighbour, ranks[voxel]);
    }
  }
  return counts;
}

const asMap = ({ rows, columns, counts }: Cells) =>
  new Map([...counts].map((count, n) => [cellKey(rows[n] + 1, columns[n]), count]));

it("counts Haralick's example", () => {
  // Fig. 3 of his paper, a row of pixels after the other, horizontal neighbours both ways.
  const image = volumeOf([4, 4, 1], [0, 0, 1, 1, 0, 0, 1, 1, 0, 2, 2, 2, 2, 2, 3, 3]);
  const cells = neighbourTally(levelsWhere(image, everywhere([4, 4, 1])), [1, 0, 0], true).pairs;
  const dense = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
  cells.counts.forEach((count, n) => {
    dense[cells.rows[n]][cells.columns[n] - 1] = count;
  });
  expect(dense).toEqual([
    [4, 2, 1, 0],
    [2, 4, 0, 0],
    [1, 0, 6, 1],
    [0, 0, 1, 2],
  ]);
});

it.each([4, 100])('counts each pair of neighbours once, or both ways, among %d levels', (levels) => {
  holds(
    smallScans(levels),
    ({ image, mask }) => {
      const found = levelsWhere(image, mask, { distances: [1, 2] });
      for (const direction of offsets(found.region.size, [1, 2], null)) {
        for (const symmetric of [true, false]) {
          const cells = neighbourTally(found, direction, symmetric).pairs;
          expect(asMap(cells)).toEqual(bruteForce(found, direction, symmetric));
        }
      }
    },
    60,
  );
});

it('counts the same where the levels are too many for a table', () => {
  const size = [14, 14, 14] as const;
  // A permutation of 0 … 2743, so that every voxel has a level of its own.
  const voxels = Array.from({ length: 2744 }, (_, n) => (n * 1009) % 2744);
  const levels = levelsWhere(volumeOf(size, voxels), everywhere(size));
  expect(levels.grayLevels).toHaveLength(2744);
  const cells = neighbourTally(levels, [1, 0, 0], true).pairs;
  expect(totalOf(cells)).toBe(2 * 13 * 14 * 14);
  expect(asMap(cells)).toEqual(bruteForce(levels, [1, 0, 0], true));
  const features = glcm(levels, { ...defaultSettings, binWidth: 1 });
  expect(features.MCC).toBeGreaterThan(0.99);
  expect(features.JointEntropy).toBeCloseTo(Math.log2(2 * 13 * 14 * 14), 0);
});

it('has the limits of a flat region', () => {
  const levels = levelsWhere(volumeOf([3, 3, 3], new Float64Array(27).fill(5)), everywhere([3, 3, 3]));
  expect(glcm(levels, defaultSettings)).toMatchObject({
    Autocorrelation: 1,
    Contrast: 0,
    Correlation: 1,
    Imc1: 0,
    Imc2: 0,
    JointEnergy: 1,
    MCC: 1,
    Idmn: 1,
  });
});

it('is undefined where no two voxels are neighbours', () => {
  const levels = levelsWhere(volumeOf([3, 1, 1], [1, 2, 3]), volumeOf([3, 1, 1], [1, 0, 1]));
  for (const settings of [defaultSettings, { ...defaultSettings, weightingNorm: 'no_weighting' as const }]) {
    expect(Object.values(glcm(levels, settings)).every(Number.isNaN)).toBe(true);
  }
});

it('keeps each plane to itself with force2D', () => {
  // Two planes, each flat, of different levels.
  const levels = levelsWhere(volumeOf([2, 2, 2], [1, 1, 1, 1, 9, 9, 9, 9]), everywhere([2, 2, 2]));
  expect(glcm(levels, defaultSettings).Contrast).toBeGreaterThan(0);
  expect(glcm(levels, { ...defaultSettings, force2D: true }).Contrast).toBe(0);
  expect(glcm(levels, { ...defaultSettings, force2D: true, force2Ddimension: 1 }).Contrast).toBeGreaterThan(
    0,
  );
});

it('does not change when all grey levels move up together, where only differences count', () => {
  holds(
    smallScans(5),
    ({ image, mask }) => {
      const higher = { ...image, voxels: image.voxels.map((value) => 3 * value) };
      const low = glcm(levelsWhere(image, mask), defaultSettings);
      const high = glcm(levelsWhere(higher, mask), defaultSettings);
      for (const name of [
        'JointEntropy',
        'JointEnergy',
        'MaximumProbability',
        'Imc1',
        'Imc2',
        'Correlation',
      ] as const) {
        expect(high[name], name).toBeCloseTo(low[name], 9);
      }
      expect(high.Contrast).toBeCloseTo(9 * low.Contrast, 9);
      expect(high.DifferenceAverage).toBeCloseTo(3 * low.DifferenceAverage, 9);
    },
    60,
  );
});
