import { describe, expect, it } from 'vitest';
import { normal } from '../statistics/normal.ts';
import { findCutpoint } from './cutpoint.ts';
import { gaussianMaximum } from './gaussian-maximum.ts';

const time = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
const data = { time, event: Uint8Array.from(time, () => 1) };

describe('findCutpoint', () => {
  it('finds the cut between those who live long and those who do not', () => {
    const marker = Float64Array.of(9, 8, 9, 7, 8, 1, 3, 2, 1, 2);
    const found = findCutpoint(data, marker);
    expect(found).toMatchObject({ cutpoint: 3, low: 5, high: 5 });
    expect(found.p.lau94).toBeLessThan(0.1);
    expect(found.p.permutation).toBeNull();
  });

  it('does not depend on a monotone map of the marker, and its seed fixes the permutations', () => {
    const marker = Float64Array.of(5, 3, 8, 1, 9, 2, 7, 4, 6, 0);
    const a = findCutpoint(data, marker, { permutations: 200, seed: 4 });
    const b = findCutpoint(data, marker.map(Math.exp), { permutations: 200, seed: 4 });
    expect(b.statistic).toBe(a.statistic);
    expect(b.p).toEqual(a.p);
  });

  it('keeps the least share in either group', () => {
    const found = findCutpoint(data, time, { minProportion: 0.4 });
    expect([...found.cuts]).toEqual([4, 5, 6]);
  });

  it.each<[string, () => unknown, string]>([
    ['a constant marker', () => findCutpoint(data, new Float64Array(10)), 'ARGUMENT_INVALID'],
    [
      'a share that no cut leaves',
      () =>
        findCutpoint(
          data,
          time.map((_, i) => (i < 2 ? 0 : 1)),
          { minProportion: 0.3 },
        ),
      'ARGUMENT_INVALID',
    ],
    ['a share of a half', () => findCutpoint(data, time, { minProportion: 0.5 }), 'ARGUMENT_INVALID'],
    [
      'a marker of NaN',
      () =>
        findCutpoint(
          data,
          time.map(() => NaN),
        ),
      'ARGUMENT_INVALID',
    ],
    ['a short marker', () => findCutpoint(data, Float64Array.of(1)), 'LENGTH_MISMATCH'],
    ['no events', () => findCutpoint({ time, event: new Uint8Array(10) }, time), 'NO_EVENTS'],
    ['entry times', () => findCutpoint({ ...data, entry: new Float64Array(10) }, time), 'ARGUMENT_INVALID'],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});

it('integrates one normal variable, and two equal ones as one', () => {
  expect(gaussianMaximum(1.5, [5], 10)).toBeCloseTo(1 - 2 * normal.upper(1.5), 12);
  expect(gaussianMaximum(1.5, [500_000, 500_001], 1_000_000)).toBeCloseTo(1 - 2 * normal.upper(1.5), 2);
});
