import { expect, it } from 'vitest';
import { ValueRoom } from './value-room.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

it.each([1, 2, 3, 1000, 1001])('sums %i values', (length) => {
  const values = Array.from({ length }, (_, n) => ((n * n * 31) % 257) - 128.5);
  const room = ValueRoom.of(Float64Array.from(values), new Int32Array(length));
  expect(room.range()).toEqual({
    sum: sum(values),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  });
  // Halves and their powers are exact.
  const away = values.map((value) => value - 0.5);
  expect(room.deviations(0.5)).toEqual([
    sum(away.map(Math.abs)),
    ...[2, 3, 4].map((power) => sum(away.map((value) => value ** power))),
  ]);
  const [low, high] = [-50.5, 60];
  const inside = values.filter((value) => value >= low && value <= high);
  expect(room.within(low, high, 2)).toEqual({
    number: inside.length,
    sum: sum(inside),
    absolute: sum(inside.map((value) => Math.abs(value - 2))),
  });
});

it('forgets the values of another image', () => {
  const voxels = Int32Array.of(5, 6, 7);
  expect(ValueRoom.of(Float64Array.of(1, 2, 3), voxels).range().sum).toBe(6);
  expect(ValueRoom.of(Float64Array.of(4, 5, 9), voxels).range()).toEqual({ sum: 18, minimum: 4, maximum: 9 });
});

it('puts values into bins, whichever was guessed', () => {
  const values = Float64Array.from({ length: 501 }, (_, n) => ((n * n * 31) % 257) / 16);
  const edges = Float64Array.of(0, 1, 1.5, 8, 8.25, Infinity);
  for (const step of [0.01, 1, 100]) {
    const found = ValueRoom.of(values, new Int32Array(501)).bins(edges, 0, step);
    expect([...found]).toEqual([...values].map((value) => edges.filter((edge) => edge <= value).length));
  }
});
