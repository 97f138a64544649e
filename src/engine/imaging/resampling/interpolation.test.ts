import { expect, it } from 'vitest';
import { interpolationOf } from './interpolation.ts';

it('knows SimpleITK’s interpolators by name and number, and says which are not computed', () => {
  expect(['sitkNearestNeighbor', 'sitkLinear', 'sitkBSpline'].map(interpolationOf)).toEqual([
    'nearest',
    'linear',
    'cubic',
  ]);
  expect([1, 2, 3].map(interpolationOf)).toEqual(['nearest', 'linear', 'cubic']);
  expect(['sitkGaussian', 'sitkHammingWindowedSinc', 4, 10, 0, 1.5].map(interpolationOf)).toEqual(
    Array(6).fill(null),
  );
});
