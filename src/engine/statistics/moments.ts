import { Failure } from '../failure.ts';
import { requireFinite } from './argument.ts';

/** Mean and spread of a sample. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Σ (x − mean)². Exactly 0 for equal values. */
  readonly sumOfSquares: number;
  /** sumOfSquares / (n − 1); null for a single value. */
  readonly variance: number | null;
}

/**
 * The moments of a sample of finite numbers, in two passes with the mean corrected by the mean of the residuals, so that
 * a large common offset costs no digits. Where squares of the deviations are past 1.8e308, their sum is Infinity.
 *
 * @param argument the name under which a failure speaks of the sample
 * @throws NO_OBSERVATIONS for an empty sample; ARGUMENT_INVALID with the index of a value that is not finite
 *
 * Citation: T. F. Chan, G. H. Golub, R. J. LeVeque, The American Statistician 37 (1983) 242.
 */
export function moments(values: ArrayLike<number>, argument = 'values'): Moments {
  const n = values.length;
  if (n === 0) throw new Failure('NO_OBSERVATIONS', `${argument} is empty`, { argument });
  requireFinite(argument, values);
  let rough = 0;
  for (let i = 0; i < n; i++) rough += values[i] / n;
  let residual = 0;
  for (let i = 0; i < n; i++) residual += (values[i] - rough) / n;
  const mean = rough + residual;
  let sumOfSquares = 0;
  let drift = 0;
  let isConstant = true;
  for (let i = 0; i < n; i++) {
    const deviation = values[i] - mean;
    sumOfSquares += deviation * deviation;
    drift += deviation;
    if (values[i] !== values[0]) isConstant = false;
  }
  if (isConstant) return { n, mean: values[0], sumOfSquares: 0, variance: n > 1 ? 0 : null };
  if (sumOfSquares < Infinity) sumOfSquares = Math.max(0, sumOfSquares - (drift * drift) / n);
  return { n, mean, sumOfSquares, variance: sumOfSquares / (n - 1) };
}

/**
 * The samples times one power of two that brings the largest value near 1, and that power, if squares of the values
 * would otherwise leave the range of numbers; else the samples as they are, and 1. Exact either way.
 */
export function rescaled(samples: readonly ArrayLike<number>[]): {
  samples: ArrayLike<number>[];
  scale: number;
} {
  let largest = 0;
  for (const sample of samples) {
    for (let i = 0; i < sample.length; i++) largest = Math.max(largest, Math.abs(sample[i]));
  }
  if (largest === 0 || !(largest < Infinity) || (largest > 1e-100 && largest < 1e100)) {
    return { samples: [...samples], scale: 1 };
  }
  const scale = 2 ** -Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
  return { samples: samples.map((sample) => Float64Array.from(sample, (x) => x * scale)), scale };
}
