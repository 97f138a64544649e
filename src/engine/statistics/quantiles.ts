import { Failure } from '../failure.ts';
import { requireFinite, requireInteger, requireProbability } from './argument.ts';

export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/**
 * Sample quantiles of the nine types of Hyndman and Fan, as R's `quantile(type = )`: 1 to 3 are steps of the empirical
 * distribution (2 averages at them, 3 takes the nearest even), 4 to 9 interpolate; 7, the default, is R's.
 *
 * @param values finite numbers in any order, at least one
 * @param probabilities each from 0 to 1
 * @returns one quantile for each probability
 * @throws NO_OBSERVATIONS without values; ARGUMENT_INVALID with the index of what is not finite, or not a probability
 *
 * Citation: R. J. Hyndman, Y. Fan, The American Statistician 50 (1996) 361.
 */
export function quantiles(
  values: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  type: QuantileType = 7,
): Float64Array {
  requireInteger('type', type, 1, 9);
  if (values.length === 0) throw new Failure('NO_OBSERVATIONS', 'values is empty', { argument: 'values' });
  requireFinite('values', values);
  const sorted = Float64Array.from(values).sort();
  return Float64Array.from(probabilities, (p, i) => {
    requireProbability(`probabilities[${i}]`, p);
    return quantileOfSorted(sorted, p, type);
  });
}

/** The median: the quantile of ½ of type 7. Throws as `quantiles`. */
export function median(values: ArrayLike<number>): number {
  return quantiles(values, [0.5])[0];
}

function quantileOfSorted(sorted: Float64Array, p: number, type: QuantileType): number {
  const n = sorted.length;
  // The order statistic from 1 below the quantile, and how far it is to the next.
  let below: number;
  let share: number;
  if (type === 1 || type === 2 || type === 3) {
    const position = type === 3 ? n * p - 0.5 : n * p;
    below = Math.floor(position);
    const isBeyond = position > below;
    if (type === 1) share = isBeyond ? 1 : 0;
    else if (type === 2) share = isBeyond ? 1 : 0.5;
    else share = isBeyond || below % 2 !== 0 ? 1 : 0;
  } else if (type === 7) {
    const position = 1 + (n - 1) * p;
    below = Math.floor(position);
    share = position - below;
  } else {
    const [a, b] = PLOTTING[type];
    const position = a + p * (n + 1 - a - b);
    // A position within rounding of a whole number is that number.
    const fuzz = 4 * Number.EPSILON;
    below = Math.floor(position + fuzz);
    share = Math.abs(position - below) < fuzz ? 0 : position - below;
  }
  const lower = sorted[Math.min(n, Math.max(1, below)) - 1];
  const upper = sorted[Math.min(n, Math.max(1, below + 1)) - 1];
  if (share === 0 || lower === upper) return lower;
  return share === 1 ? upper : (1 - share) * lower + share * upper;
}

/** Hyndman and Fan's constants: the position is a + p (n + 1 − a − b). */
const PLOTTING = {
  4: [0, 1],
  5: [1 / 2, 1 / 2],
  6: [0, 0],
  8: [1 / 3, 1 / 3],
  9: [3 / 8, 3 / 8],
} as const;
