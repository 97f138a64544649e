import { describe, expect, it } from 'vitest';
import { splineColumns, splineKnots } from './restricted-cubic-spline.ts';

const hundred = Float64Array.from({ length: 101 }, (_, i) => i);

describe('splineKnots', () => {
  // Hmisc 4.8-0, rcspline.eval(0:100, nk = k, knots.only = TRUE), and of 0:50.
  it.each([
    [3, [10, 50, 90]],
    [4, [5, 35, 65, 95]],
    [5, [5, 27.5, 50, 72.5, 95]],
  ])('%d of them stand at quantiles', (count, expected) => {
    const knots = splineKnots(hundred, count);
    expect(knots.length).toBe(count);
    for (let k = 0; k < count; k++) expect(knots[k]).toBeCloseTo(expected[k], 10);
  });

  it('stand at the fifth from the ends in a small sample, and merge where values are tied', () => {
    expect(splineKnots(hundred.slice(0, 51), 3)).toEqual([4, 25, 46]);
    expect(splineKnots(new Float64Array(20), 4)).toEqual([0]);
  });
});

describe('splineColumns', () => {
  it('is linear outside of the knots and cubic between', () => {
    const [x, cubic] = splineColumns(hundred, [10, 50, 90]);
    expect(x).toBe(hundred);
    expect([...cubic.slice(0, 11)]).toEqual(new Array(11).fill(0));
    // ((40)³) / 80² at the middle knot.
    expect(cubic[50]).toBe(10);
    expect(cubic[100] - cubic[99]).toBeCloseTo(cubic[93] - cubic[92], 10);
    expect(splineColumns(hundred, [50])).toEqual([hundred]);
  });
});
