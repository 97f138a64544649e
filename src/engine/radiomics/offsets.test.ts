import { expect, it } from 'vitest';
import { lengthOf, offsets } from './offsets.ts';

it('gives one of each opposite pair, in the order of PyRadiomics', () => {
  const found = offsets([9, 9, 9], [1], null);
  expect(found).toHaveLength(13);
  expect(found.slice(0, 4)).toEqual([
    [1, 1, 1],
    [0, 1, 1],
    [-1, 1, 1],
    [1, 0, 1],
  ]);
  expect(found.at(-1)).toEqual([1, 0, 0]);
});

it('stays in the plane, in the box and at the distances asked for', () => {
  expect(offsets([9, 9, 9], [1], 0)).toEqual([
    [1, 1, 0],
    [0, 1, 0],
    [-1, 1, 0],
    [1, 0, 0],
  ]);
  expect(offsets([9, 9, 9], [1], 2).every(([x]) => x === 0)).toBe(true);
  expect(offsets([2, 1, 1], [1, 2], null)).toEqual([[1, 0, 0]]);
  expect(offsets([9, 9, 9], [2], null)).toHaveLength((125 - 27) / 2);
  expect(offsets([9, 9, 9], [1, 2], null)).toHaveLength((125 - 1) / 2);
  expect(offsets([5, 1, 1], [1], 2)).toEqual([]);
});

it('measures in mm', () => {
  expect(lengthOf([1, -1, 0], [3, 4, 9], 'euclidean')).toBe(5);
  expect(lengthOf([1, -1, 0], [3, 4, 9], 'manhattan')).toBe(7);
  expect(lengthOf([1, -1, 0], [3, 4, 9], 'infinity')).toBe(4);
});
