import { Failure } from '../../failure.ts';
import type { IbsiResegmentation } from '../../imaging/index.ts';
import { type Levels, levelsOf, rangeOf } from '../levels.ts';
import type { Region } from '../region.ts';
import { maximumGrayLevels } from '../settings.ts';
import type { IbsiDiscretisation } from './profile.ts';

/**
 * The levels, from 1 on, that IBSI's discretisation gives to values.
 *
 * Fixed bin size w (Q3RU): ⌊(x − low) / w⌋ + 1, low being the lower bound of the re-segmentation range or, where there is none, the
 * lowest value. Fixed bin number N (K15C): ⌊N (x − min) / (max − min)⌋ + 1, the maximum in bin N; 1 where all values are one.
 *
 * Throws `ARGUMENT_INVALID` for a bin width or number out of range, and `PROFILE_INVALID` if a bin width makes more than
 * `maximumGrayLevels`.
 */
export function ibsiLevels(
  values: Float64Array,
  discretisation: IbsiDiscretisation,
  range: IbsiResegmentation['range'],
): { levels: Uint16Array; highest: number } {
  const [minimum, maximum] = rangeOf(values);
  const levels = new Uint16Array(values.length);
  if (discretisation.method === 'FBN') {
    const { bins } = discretisation;
    if (!(Number.isInteger(bins) && bins >= 1 && bins <= maximumGrayLevels)) {
      throw new Failure(
        'ARGUMENT_INVALID',
        `The number of bins is ${bins}, but must be a whole number from 1 to ${maximumGrayLevels}.`,
        { argument: 'bins', value: String(bins) },
      );
    }
    const width = maximum - minimum;
    for (let n = 0; n < values.length; n++) {
      levels[n] = width > 0 ? Math.min(bins, Math.floor((bins * (values[n] - minimum)) / width) + 1) : 1;
    }
    return { levels, highest: bins };
  }
  const { width } = discretisation;
  const low = range && Number.isFinite(range[0]) ? range[0] : minimum;
  if (!(width > 0 && Number.isFinite(width))) {
    throw new Failure('ARGUMENT_INVALID', `The bin width is ${width}, but must be a number above 0.`, {
      argument: 'width',
      value: String(width),
    });
  }
  const highest = Math.floor((maximum - low) / width) + 1;
  if (!(highest <= maximumGrayLevels)) {
    throw new Failure(
      'PROFILE_INVALID',
      `A bin width of ${width} makes ${highest} grey levels of the intensities ${low} to ${maximum}; at most ${maximumGrayLevels} are allowed.`,
      { binWidth: width, levels: Number.isFinite(highest) ? highest : null, limit: maximumGrayLevels },
    );
  }
  for (let n = 0; n < values.length; n++) levels[n] = Math.floor((values[n] - low) / width) + 1;
  return { levels, highest };
}

/** A region's grey levels; IBSI's number of levels is the highest, which is always present. */
export function ibsiDiscretise(
  region: Region,
  values: Float64Array,
  discretisation: IbsiDiscretisation,
  range: IbsiResegmentation['range'],
): Levels {
  const { levels, highest } = ibsiLevels(values, discretisation, range);
  return levelsOf(region, levels, highest);
}
