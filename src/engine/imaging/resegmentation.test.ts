import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../test/support/failure-of.ts';
import { resegment, resegmentIbsi } from './resegmentation.ts';

const values = Float64Array.of(-500, 3, 400, 401, -501, 0, 100);

describe('resegment', () => {
  it('keeps values in a range, both ends included, whichever end comes first', () => {
    expect([...resegment(values, [-500, 400])]).toEqual([0, 1, 2, 5, 6]);
    expect([...resegment(values, [400, -500])]).toEqual([0, 1, 2, 5, 6]);
    expect([...resegment(values, [100])]).toEqual([2, 3, 6]);
  });

  it('takes bounds as parts of the maximum', () => {
    expect([...resegment(values, [0, 0.25], 'relative')]).toEqual([1, 5, 6]);
  });

  it('takes bounds as standard deviations over N', () => {
    // Mean 3, standard deviation √2 over N and √(8/3) over N − 1.
    const four = Float64Array.of(1, 3, 3, 5);
    expect([...resegment(four, [-Math.SQRT2 - 1e-9, Math.SQRT2 + 1e-9], 'sigma')]).toEqual([0, 1, 2, 3]);
    expect([...resegment(four, [-1.3, 1.3], 'sigma')]).toEqual([1, 2]);
  });

  it('refuses to leave fewer than two voxels, and bounds that are none', () => {
    expect(failureOf(() => resegment(values, [401]))).toMatchObject({
      code: 'ROI_TOO_SMALL',
      details: { voxels: 1, before: 7, low: 401, high: null },
    });
    for (const bounds of [[], [1, 2, 3], [Number.NaN], [0, Infinity]]) {
      expect(failureOf(() => resegment(values, bounds)).code).toBe('ARGUMENT_INVALID');
    }
  });
});

describe('resegmentIbsi', () => {
  it('looks for outliers among what the range leaves', () => {
    const spread = Float64Array.of(...Array.from({ length: 20 }, (_, n) => n % 4), 60, 100_000);
    // With 100,000 in it the standard deviation hides 60.
    expect([...resegmentIbsi(spread, { sigma: 3 })]).toHaveLength(21);
    expect([...resegmentIbsi(spread, { sigma: 3, range: [0, 1000] })]).toHaveLength(20);
    expect([...resegmentIbsi(spread, { range: [0, 1000] })]).toHaveLength(21);
    expect([...resegmentIbsi(spread, { range: [2, Infinity] })].slice(0, 3)).toEqual([2, 3, 6]);
    expect([...resegmentIbsi(spread, {})]).toHaveLength(22);
  });

  it('keeps a single voxel, and refuses to leave none', () => {
    expect([...resegmentIbsi(Float64Array.of(5), { range: [0, 9], sigma: 3 })]).toEqual([0]);
    expect(failureOf(() => resegmentIbsi(values, { range: [1000, 2000] })).code).toBe('ROI_TOO_SMALL');
    expect(failureOf(() => resegmentIbsi(values, { sigma: 0 })).code).toBe('ARGUMENT_INVALID');
  });
});
