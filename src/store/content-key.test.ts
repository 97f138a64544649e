import { expect, test } from 'vitest';
import { contentKey } from './content-key.ts';

test('equal values have equal keys, whatever the order of their properties', () => {
  expect(contentKey({ a: 1, b: { c: [1, 2], d: null } })).toBe(
    contentKey({ b: { d: null, c: [1, 2] }, a: 1 }),
  );
  expect(contentKey({ a: 1, b: undefined })).toBe(contentKey({ a: 1 }));
  expect(contentKey(new Float64Array([0.1, Number.NaN]))).toBe(
    contentKey(new Float64Array([0.1, Number.NaN])),
  );
  const long = new Float64Array(10).fill(1);
  expect(contentKey(long.subarray(2, 4))).toBe(contentKey(new Float64Array([1, 1])));
});

test('other values have other keys', () => {
  const values = [
    [1, 2],
    [2, 1],
    ['1', 2],
    [[1, 2]],
    [1],
    [{}],
    [{ a: 1 }],
    [{ a: '1' }],
    [{ b: 1 }],
    [null],
    [new Float64Array([1, 2])],
    [new Float64Array([1, 2 + 2 ** -51])],
    [new Float64Array([0])],
    [new Float64Array([-0])],
    [new Int32Array([1, 2])],
    [new Float64Array([])],
  ];
  expect(new Set(values.map((parts) => contentKey(...parts))).size).toBe(values.length);
});
