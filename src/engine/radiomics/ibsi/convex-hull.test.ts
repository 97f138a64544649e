import { expect, it } from 'vitest';
import type { Vector3 } from '../../imaging/index.ts';
import { convexHull } from './convex-hull.ts';

const grid = (size: number, keep: (x: number, y: number, z: number) => boolean = () => true): Vector3[] =>
  Array.from(
    { length: size ** 3 },
    (_, n): Vector3 => [n % size, Math.floor(n / size) % size, Math.floor(n / size ** 2)],
  ).filter(([x, y, z]) => keep(x, y, z));

it('finds a box among all points in it, scaled along each axis', () => {
  const { area, volume } = convexHull(grid(6), [1, 2, 0.5]);
  expect(volume).toBeCloseTo(5 ** 3, 10);
  expect(area).toBeCloseTo(2 * (5 * 10 + 5 * 2.5 + 10 * 2.5), 10);
});

it('finds an octahedron and a tetrahedron', () => {
  const octahedron = convexHull(
    grid(9, (x, y, z) => Math.abs(x - 4) + Math.abs(y - 4) + Math.abs(z - 4) <= 4),
    [1, 1, 1],
  );
  expect(octahedron.volume).toBeCloseTo((4 / 3) * 4 ** 3, 10);
  expect(octahedron.area).toBeCloseTo(2 * Math.sqrt(3) * 2 * 4 ** 2, 10);
  const tetrahedron = convexHull(
    [
      [0, 0, 0],
      [3, 0, 0],
      [0, 3, 0],
      [0, 0, 3],
    ],
    [1, 1, 1],
  );
  expect(tetrahedron.volume).toBeCloseTo(4.5, 12);
});

it('is that of all the triangles with every point on one side', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const points = Array.from({ length: 16 }, (_, n): Vector3 => {
      const part = (axis: number) =>
        Math.floor((Math.sin(seed * 911 + n * 37 + axis * 5.3) * 43758.5453) % 1000);
      return [part(0), part(1), part(2)];
    });
    let [volume, area] = [0, 0];
    for (const [i, a] of points.entries()) {
      for (const [j, b] of points.entries()) {
        for (const c of points.slice(j + 1)) {
          if (j <= i || c === a) continue;
          const u = b.map((part, axis) => part - a[axis]);
          const v = c.map((part, axis) => part - a[axis]);
          const normal = [0, 1, 2].map((axis) => {
            const [p, q] = [(axis + 1) % 3, (axis + 2) % 3];
            return u[p] * v[q] - u[q] * v[p];
          });
          const heights = points.map((point) =>
            normal.reduce((sum, part, axis) => sum + part * (point[axis] - a[axis]), 0),
          );
          const [above, below] = [Math.max(...heights) > 0, Math.min(...heights) < 0];
          if (above && below) continue;
          area += Math.hypot(...normal) / 2;
          const height = normal.reduce((sum, part, axis) => sum + part * a[axis], 0);
          volume += (above ? -height : height) / 6;
        }
      }
    }
    const found = convexHull(points, [1, 1, 1]);
    expect(found.volume / volume).toBeCloseTo(1, 12);
    expect(found.area / area).toBeCloseTo(1, 12);
  }
});

it('does not depend on the order of points, of which many share a plane', () => {
  const ball = grid(31, (x, y, z) => (x - 15) ** 2 + (y - 15) ** 2 + (z - 15) ** 2 <= 225);
  const { area, volume } = convexHull(ball, [1, 1, 1]);
  expect(volume).toBeLessThan((4 / 3) * Math.PI * 3375);
  expect(volume).toBeGreaterThan(ball.length - area / 2 - 100);
  const shuffled = ball.map((_, n) => ball[(n * 7919) % ball.length]);
  expect(new Set(shuffled).size).toBe(ball.length);
  for (const order of [[...ball].reverse(), shuffled]) {
    expect(convexHull(order, [1, 1, 1]).volume).toBeCloseTo(volume, 8);
    expect(convexHull(order, [1, 1, 1]).area).toBeCloseTo(area, 8);
  }
});
