import { Failure } from '../../failure.ts';
import type { IbsiResegmentation } from '../../imaging/index.ts';
import { rangeOf } from '../levels.ts';
import type { IbsiValues } from './catalogue.ts';
import { ibsiLevels } from './discretisation.ts';
import type { IbsiProfile } from './profile.ts';

/** Steps beyond this many are refused. */
const maximumSteps = 2 ** 24;

/**
 * IBSI's intensity–volume histogram features (P88C). ν(i) is the fraction of voxels with intensity i or more, γ(i) the place of i
 * between the lowest and the highest intensity of the range. Volume at x % intensity: the largest ν with γ of at least x %. Intensity
 * at x % volume: the least i with ν of at most x %.
 *
 * Intensities are whole numbers of calibrated units, without discretisation; centres of bins by a fixed bin size, for other
 * calibrated units; or levels by a fixed bin number, for arbitrary units. The range is that of re-segmentation, if any.
 * Where there is but one intensity, or none with so small a volume, features are NaN.
 */
export function intensityVolumeHistogram(
  values: Float64Array,
  { ivhDiscretisation, resegmentation: { range } }: IbsiProfile,
): IbsiValues<'ivh'> {
  const { steps, first, step, count } = binned(values, ivhDiscretisation, range);
  const below = new Float64Array(count + 1);
  for (let n = 0; n < steps.length; n++) below[steps[n] + 1]++;
  for (let k = 0; k < count; k++) below[k + 1] += below[k];
  const volumeAt = (k: number) => 1 - below[k] / values.length;
  // The first k with k / (count - 1) of at least x: the fraction is taken, as a product could round otherwise.
  const volume = (x: number) => {
    for (let k = Math.max(0, Math.floor(x * (count - 1)) - 1); k < count; k++) {
      if (k / (count - 1) >= x) return volumeAt(k);
    }
    return Number.NaN;
  };
  const intensity = (x: number) => {
    for (let k = 0; k < count; k++) if (volumeAt(k) <= x) return first + k * step;
    return Number.NaN;
  };
  const [v10, v90, i10, i90] = [volume(0.1), volume(0.9), intensity(0.1), intensity(0.9)];
  return {
    ivh_v10: v10,
    ivh_v90: v90,
    ivh_i10: i10,
    ivh_i90: i90,
    ivh_diff_v10_v90: v10 - v90,
    ivh_diff_i10_i90: i10 - i90,
  };
}

/** The values as steps from 0 below `count`; step k is the intensity first + k · step. */
function binned(
  values: Float64Array,
  discretisation: IbsiProfile['ivhDiscretisation'],
  range: IbsiResegmentation['range'],
): { steps: Uint16Array | Int32Array; first: number; step: number; count: number } {
  const [minimum, maximum] = rangeOf(values);
  const [low, high] = range?.map((bound, n) => (Number.isFinite(bound) ? bound : [minimum, maximum][n])) ?? [
    minimum,
    maximum,
  ];
  if (discretisation === null) {
    const count = Math.floor(high - low) + 1;
    if (!(count <= maximumSteps)) {
      throw new Failure(
        'PROFILE_INVALID',
        `An intensity–volume histogram of whole units from ${low} to ${high} has ${count} steps; at most ${maximumSteps} are allowed.`,
        { steps: Number.isFinite(count) ? count : null, limit: maximumSteps },
      );
    }
    const steps = Int32Array.from(values, (value) => Math.floor(value - low));
    return { steps, first: low, step: 1, count };
  }
  const { levels, highest } = ibsiLevels(values, discretisation, [low, high]);
  const steps = levels.map((level) => level - 1);
  if (discretisation.method === 'FBN') {
    return { steps, first: 1, step: 1, count: highest };
  }
  const { width } = discretisation;
  return { steps, first: low + width / 2, step: width, count: Math.floor((high - low) / width) + 1 };
}
