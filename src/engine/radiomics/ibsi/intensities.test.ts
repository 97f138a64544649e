import { describe, expect, it } from 'vitest';
import { regionOf } from '../region.ts';
import { ibsiDiscretise, ibsiLevels } from './discretisation.ts';
import { intensityHistogram } from './intensity-histogram.ts';
import { intensityVolumeHistogram } from './intensity-volume-histogram.ts';
import { type IbsiProfile, ibsiProfiles } from './profile.ts';

function levelsFor(values: Float64Array) {
  const geometry = {
    size: [values.length, 1, 1],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  } as const;
  const region = regionOf(geometry, Int32Array.from(values.keys()), 1);
  return ibsiDiscretise(region, values, { method: 'FBS', width: 1 }, [1, Infinity]);
}

describe('ibsiLevels', () => {
  const values = Float64Array.of(-80, -50.5, -50, 24.9, 25, 120);

  it('counts bins of a size from the range on, or from the lowest value', () => {
    const bins = { method: 'FBS', width: 25 } as const;
    expect([...ibsiLevels(values, bins, [-100, 400]).levels]).toEqual([1, 2, 3, 5, 6, 9]);
    expect([...ibsiLevels(values, bins, null).levels]).toEqual([1, 2, 2, 5, 5, 9]);
    expect([...ibsiLevels(values, bins, [-Infinity, 400]).levels]).toEqual([1, 2, 2, 5, 5, 9]);
  });

  it('counts a number of bins between the lowest and the highest value, which is in the last', () => {
    const found = ibsiLevels(values, { method: 'FBN', bins: 4 }, [-100, 400]);
    expect([...found.levels]).toEqual([1, 1, 1, 3, 3, 4]);
    expect([...ibsiLevels(Float64Array.of(3, 3), { method: 'FBN', bins: 4 }, null).levels]).toEqual([1, 1]);
  });
});

describe('intensityHistogram', () => {
  it('counts empty levels among the gradients, and takes the mode nearest to the mean', () => {
    const found = intensityHistogram(levelsFor(Float64Array.of(2, 2, 2, 5, 5, 5, 6, 9, 9, 9)));
    // Levels 1 to 9 occur 0 3 0 0 3 1 0 0 3 times; the mean is 5.4.
    expect(found.ih_mode).toBe(5);
    expect([found.ih_max_grad, found.ih_max_grad_g]).toEqual([3, 1]);
    expect([found.ih_min_grad, found.ih_min_grad_g]).toEqual([-1.5, 3]);
    expect(found.ih_range).toBe(7);
  });
});

describe('intensityVolumeHistogram', () => {
  const profile = (ivhDiscretisation: IbsiProfile['ivhDiscretisation'], range: [number, number] | null) => ({
    ...ibsiProfiles['ibsi-a'],
    ivhDiscretisation,
    resegmentation: { range },
  });
  const values = Float64Array.from({ length: 100 }, (_, n) => n);

  it('takes whole units', () => {
    expect(intensityVolumeHistogram(values, profile(null, null))).toEqual({
      ivh_v10: expect.closeTo(0.9, 12),
      ivh_v90: expect.closeTo(0.1, 12),
      ivh_i10: 90,
      ivh_i90: 10,
      ivh_diff_v10_v90: expect.closeTo(0.8, 12),
      ivh_diff_i10_i90: 80,
    });
  });

  it('takes the places of intensities in the range, not in the region', () => {
    const found = intensityVolumeHistogram(values, profile(null, [-100, 100]));
    // A tenth of the way is at -80, nine tenths at 80.
    expect([found.ivh_v10, found.ivh_v90]).toEqual([1, expect.closeTo(0.2, 12)]);
  });

  it('takes centres of bins, and numbers of bins', () => {
    const bySize = intensityVolumeHistogram(values, profile({ method: 'FBS', width: 10 }, [0, 100]));
    expect([bySize.ivh_i10, bySize.ivh_i90]).toEqual([95, 15]);
    const byNumber = intensityVolumeHistogram(values, profile({ method: 'FBN', bins: 10 }, null));
    expect([byNumber.ivh_i10, byNumber.ivh_i90]).toEqual([10, 2]);
  });
});
