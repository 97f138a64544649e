import { expect, it } from 'vitest';
import { Moments } from './moments.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

it.each([1, 2, 3, 1000, 1001])('sums %i values', (length) => {
  const values = Array.from({ length }, (_, n) => ((n * n * 31) % 257) - 128.5);
  const moments = Moments.of(Float64Array.from(values), new Int32Array(length));
  expect(moments.range()).toEqual({
    sum: sum(values),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  });
  // Halves and their powers are exact.
  const away = values.map((value) => value - 0.5);
  expect(moments.deviations(0.5)).toEqual([
    sum(away.map(Math.abs)),
    ...[2, 3, 4].map((power) => sum(away.map((value) => value ** power))),
  ]);
  const [low, high] = [-50.5, 60];
  const inside = values.filter((value) => value >= low && value <= high);
  expect(moments.within(low, high, 2)).toEqual({
    number: inside.length,
    sum: sum(inside),
    absolute: sum(inside.map((value) => Math.abs(value - 2))),
  });
});

it('forgets the values of another image', () => {
  const voxels = Int32Array.of(5, 6, 7);
  expect(Moments.of(Float64Array.of(1, 2, 3), voxels).range().sum).toBe(6);
  expect(Moments.of(Float64Array.of(4, 5, 9), voxels).range()).toEqual({ sum: 18, minimum: 4, maximum: 9 });
});
