import fc from 'fast-check';
import { expect, test } from 'vitest';
import { histogramEdges, requireEdges } from './histogram-edges.ts';

test.each([
  [0, 100, 10, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]],
  [18.2, 89.9, 10, [10, 20, 30, 40, 50, 60, 70, 80, 90]],
  [0.1, 0.7, 10, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]],
  [-3, 4, 4, [-4, -2, 0, 2, 4]],
  [7, 7, 10, [7, 7]],
  [0, 1, 1, [0, 1]],
])('from %d to %d in at most %d bins', (least, greatest, count, edges) => {
  expect(histogramEdges(least, greatest, count)).toEqual(edges);
});

test('edges rise, cover the numbers, and are not more than asked for', () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -1000, max: 1000, noNaN: true }),
    fc.integer(),
  );
  fc.assert(
    fc.property(number, number, fc.integer({ min: 1, max: 200 }), (a, b, count) => {
      const [least, greatest] = [Math.min(a, b), Math.max(a, b)];
      const edges = histogramEdges(least, greatest, count);
      expect(edges.length).toBeGreaterThanOrEqual(2);
      expect(edges.length).toBeLessThanOrEqual(count + 1);
      expect(edges[0]).toBeLessThanOrEqual(least);
      expect(edges[edges.length - 1]).toBeGreaterThanOrEqual(greatest);
      expect(edges.every(Number.isFinite)).toBe(true);
      if (least < greatest)
        for (let i = 1; i < edges.length; i++) expect(edges[i]).toBeGreaterThan(edges[i - 1]!);
    }),
    { seed: 3, numRuns: 2000 },
  );
});

test.each([[[1]], [[1, 1]], [[2, 1]], [[0, Number.NaN]], [Array.from({ length: 202 }, (_, n) => n)]])(
  'edges that are none are refused: %j',
  (edges) => expect(() => requireEdges(edges, 'edges')).toThrow(/edges/),
);
