import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holds, levelsWhere, volumeOf } from '../../../test/support/small-regions.ts';
import { firstOrder } from './first-order.ts';
import { defaultSettings, type Settings } from './settings.ts';

function statistics(values: readonly number[], settings: Partial<Settings> = {}) {
  const size = [values.length, 1, 1] as const;
  const mask = volumeOf(size, new Uint8Array(values.length).fill(1), [2, 3, 4]);
  const levels = levelsWhere(volumeOf(size, values, [2, 3, 4]), mask, settings);
  return firstOrder(Float64Array.from(values), levels, { ...defaultSettings, ...settings });
}

it('gives the textbook statistics of a few values', () => {
  const found = statistics([1, 2, 3, 4, 10], { voxelArrayShift: 1 });
  expect(found).toMatchObject({
    Mean: 4,
    Median: 3,
    Minimum: 1,
    Maximum: 10,
    Range: 9,
    Variance: 10,
    InterquartileRange: 2,
    MeanAbsoluteDeviation: 2.4,
    Energy: 4 + 9 + 16 + 25 + 121,
    TotalEnergy: 24 * (4 + 9 + 16 + 25 + 121),
  });
  expect(found.Uniformity).toBeCloseTo(0.2, 14);
  expect(found.StandardDeviation).toBeCloseTo(Math.sqrt(10), 14);
  expect(found.Skewness).toBeCloseTo(36 / 10 ** 1.5, 14);
  expect(found.Kurtosis).toBeCloseTo(278.8 / 100, 14);
  expect(found.Entropy).toBeCloseTo(Math.log2(5), 14);
  // 10th and 90th percentile are 1.4 and 7.6, between which lie 2, 3 and 4.
  expect(found.RobustMeanAbsoluteDeviation).toBeCloseTo(2 / 3, 14);
});

it('has no skewness or kurtosis where all values are equal, even if their mean is rounded', () => {
  expect(statistics([0.1, 0.1, 0.1])).toMatchObject({ Skewness: 0, Kurtosis: 0, Variance: 0, Uniformity: 1 });
});

it('does not depend on where the values are', () => {
  const lists = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 });
  holds(
    lists.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
    ([list, shuffled]) => {
      const [a, b] = [statistics(list), statistics(shuffled)];
      for (const name of Object.keys(a) as (keyof typeof a)[]) {
        // Between the 10th and 90th percentile of two different values lies none.
        if (Number.isNaN(a[name])) expect(b[name], name).toBeNaN();
        else expect(b[name], name).toBeCloseTo(a[name], 6);
      }
    },
  );
});
