import { expect, it } from 'vitest';
import { ibsiEllipsoidArea } from './ellipsoid-area.ts';

/** IBSI's series. */
function series(a: number, b: number, c: number): number {
  const alpha = Math.sqrt(1 - (b / a) ** 2);
  const beta = Math.sqrt(1 - (c / a) ** 2);
  const x = (alpha ** 2 + beta ** 2) / (2 * alpha * beta);
  const legendre = [1, x];
  let sum = 0;
  for (let n = 0; n < 300; n++) {
    legendre.push(((2 * n + 3) * x * legendre[n + 1] - (n + 1) * legendre[n]) / (n + 2));
    sum += ((alpha * beta) ** n / (1 - 4 * n * n)) * legendre[n];
  }
  return 4 * Math.PI * a * b * sum;
}

it.each([
  [5.7, 4.65, 4.27],
  [46.6, 41, 35.5],
  [10, 9.9, 5],
  [10, 5, 4.9],
])('adds up the series of %f, %f, %f', (a, b, c) => {
  expect(ibsiEllipsoidArea(a, b, c) / series(a, b, c)).toBeCloseTo(1, 11);
});

it('is the area where the middle axis is the geometric mean of the others', () => {
  expect(ibsiEllipsoidArea(3, 3, 3) / (36 * Math.PI)).toBeCloseTo(1, 13);
  const [a, b, c] = [9, 6, 4];
  const steps = 400;
  let area = 0;
  for (let i = 0; i < steps; i++) {
    const theta = ((i + 0.5) / steps) * Math.PI;
    for (let j = 0; j < steps; j++) {
      const phi = ((j + 0.5) / steps) * 2 * Math.PI;
      const [s, u, v] = [Math.sin(theta), Math.cos(phi), Math.sin(phi)];
      area += s * Math.hypot(b * c * s * u, a * c * s * v, a * b * Math.cos(theta));
    }
  }
  area *= (2 * Math.PI ** 2) / steps ** 2;
  expect(ibsiEllipsoidArea(a, b, c) / area).toBeCloseTo(1, 4);
});

it('has a value for discs and none for lines', () => {
  // R_G(x, x, 0) = π √x / 4.
  expect(ibsiEllipsoidArea(5, 5, 0)).toBeCloseTo(25 * Math.PI ** 2, 10);
  expect(ibsiEllipsoidArea(5, 0, 0)).toBe(0);
  expect(ibsiEllipsoidArea(Number.NaN, Number.NaN, Number.NaN)).toBeNaN();
});
