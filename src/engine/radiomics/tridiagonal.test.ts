import { expect, it } from 'vitest';
import { largestEigenvalue } from './tridiagonal.ts';

it('finds the largest eigenvalue and its vector of the second difference, which are known', () => {
  for (const size of [1, 2, 7, 60]) {
    const { value, vector } = largestEigenvalue(new Array(size).fill(2), new Array(size - 1).fill(-1));
    const angle = (size * Math.PI) / (size + 1);
    expect(value).toBeCloseTo(2 - 2 * Math.cos(angle), 12);
    const length = Math.sqrt((size + 1) / 2);
    const sign = Math.sign(vector[0] * Math.sin(angle));
    vector.forEach((x, n) => {
      expect(sign * x).toBeCloseTo(Math.sin((n + 1) * angle) / length, 6);
    });
  }
});

it('takes a matrix without anything beside the diagonal, and none at all', () => {
  const { value, vector } = largestEigenvalue([1, 5, 3], [0, 0]);
  expect(value).toBeCloseTo(5, 12);
  expect([...vector].map(Math.abs)).toEqual([
    expect.closeTo(0, 6),
    expect.closeTo(1, 6),
    expect.closeTo(0, 6),
  ]);
  expect(largestEigenvalue([], []).value).toBe(0);
});
