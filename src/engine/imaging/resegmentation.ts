import { Failure } from '../failure.ts';

/** How PyRadiomics reads `resegmentRange`: as values, as parts of the maximum, as standard deviations from the mean. */
export type ResegmentMode = 'absolute' | 'relative' | 'sigma';

/**
 * The values of a region that a range keeps, both ends included, as ascending indices into `values`: PyRadiomics' `resegmentRange` under
 * `resegmentMode` (imageoperations.resegmentMask). A single bound is a lower one. `relative` bounds are parts of the region's maximum,
 * `sigma` ones standard deviations (over N) from its mean.
 *
 * Throws `ARGUMENT_INVALID` unless there are one or two finite bounds, and `ROI_TOO_SMALL` where at most one value is kept.
 */
export function resegment(
  values: Float64Array,
  bounds: readonly number[],
  mode: ResegmentMode = 'absolute',
): Int32Array {
  if (bounds.length < 1 || bounds.length > 2 || !bounds.every(Number.isFinite)) {
    throw new Failure('ARGUMENT_INVALID', `The range is [${bounds.join(', ')}], not one or two numbers.`, {
      argument: 'bounds',
      value: bounds.map(String),
    });
  }
  const threshold = thresholds(values, mode);
  const [low, high = Infinity] = [...bounds].sort((a, b) => a - b).map(threshold);
  return keptBetween(values, low, high, 2);
}

export interface IbsiResegmentation {
  /** Lowest and highest intensity kept; either may be infinite. */
  readonly range?: readonly [low: number, high: number] | null;
  /** Intensities further from the mean than so many standard deviations are outliers. */
  readonly sigma?: number | null;
}

/**
 * The values of a region that make its intensity mask after the IBSI reference manual (re-segmentation): first those in `range`, both
 * ends included (3.4.1), then of these the ones within `sigma` standard deviations (over N) of their mean (3.4.2). As
 * ascending indices into `values`; the morphological mask keeps all of them.
 *
 * Throws `ARGUMENT_INVALID` for a sigma that is not above 0, and `ROI_TOO_SMALL` where no value is kept.
 */
export function resegmentIbsi(
  values: Float64Array,
  { range = null, sigma = null }: IbsiResegmentation,
): Int32Array {
  const inRange = keptBetween(values, range?.[0] ?? -Infinity, range?.[1] ?? Infinity, 1);
  if (sigma === null) return inRange;
  if (!(sigma > 0)) {
    throw new Failure('ARGUMENT_INVALID', `sigma is ${sigma}, but must be above 0.`, {
      argument: 'sigma',
      value: String(sigma),
    });
  }
  const left = Float64Array.from(inRange, (index) => values[index]);
  const threshold = thresholds(left, 'sigma');
  return keptBetween(left, threshold(-sigma), threshold(sigma), 1).map((index) => inRange[index]);
}

function keptBetween(values: Float64Array, low: number, high: number, least: number): Int32Array {
  const kept = new Int32Array(values.length);
  let count = 0;
  for (let n = 0; n < values.length; n++) {
    if (values[n] >= low && values[n] <= high) kept[count++] = n;
  }
  if (count < least) {
    throw new Failure(
      'ROI_TOO_SMALL',
      `Re-segmentation to values from ${low} to ${high} leaves ${count} of ${values.length} voxels.`,
      {
        voxels: count,
        before: values.length,
        low: Number.isFinite(low) ? low : null,
        high: Number.isFinite(high) ? high : null,
      },
    );
  }
  return kept.slice(0, count);
}

/** What turns a bound into a value. */
function thresholds(values: Float64Array, mode: ResegmentMode): (bound: number) => number {
  if (mode === 'absolute') return (bound) => bound;
  if (mode === 'relative') {
    const maximum = values.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
    return (bound) => bound * maximum;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / values.length);
  return (bound) => mean + bound * deviation;
}
