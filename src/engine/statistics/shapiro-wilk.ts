import { Failure } from '../failure.ts';
import { requireFinite } from './argument.ts';
import { normal, normalQuantile } from './normal.ts';

export interface ShapiroWilkTest {
  /** W, at most 1; the smaller, the less normal. */
  readonly statistic: number | null;
  readonly p: number | null;
}

/**
 * The Shapiro–Wilk test of normality by Royston's approximation, as R's `shapiro.test`, for 3 to 5,000 values. Where all
 * values are equal, statistic and p are null. For n = 3 p is exact; p below 1e-99 for n < 12 is given as 1e-99.
 *
 * @throws NO_OBSERVATIONS for fewer than 3 values; ARGUMENT_INVALID for more than 5,000, or with the index of a value
 * that is not finite
 *
 * Citation: P. Royston, Remark AS R94: a remark on algorithm AS 181, Appl. Statist. 44 (1995) 547.
 */
export function shapiroWilk(values: ArrayLike<number>): ShapiroWilkTest {
  const n = values.length;
  if (n < 3) {
    throw new Failure('NO_OBSERVATIONS', `values: ${n} values, at least 3 are needed`, {
      argument: 'values',
      n,
    });
  }
  if (n > 5000) {
    throw new Failure('ARGUMENT_INVALID', `values has ${n} elements, at most 5000 are allowed`, {
      argument: 'values',
      n,
    });
  }
  requireFinite('values', values);
  const sorted = Float64Array.from(values).sort();
  const low = sorted[0];
  // Halved so that the range of values near ±1e308 is a number.
  const halfRange = sorted[n - 1] / 2 - low / 2;
  if (halfRange === 0) return { statistic: null, p: null };
  const scaled = sorted.map((x) => (x / 2 - low / 2) / halfRange);
  const distance = oneMinusW(scaled);
  return { statistic: 1 - distance, p: significance(distance, n) };
}

function oneMinusW(sorted: Float64Array): number {
  const n = sorted.length;
  const half = coefficients(n);
  const coefficient = (i: number) => (2 * i + 1 === n ? 0 : 2 * i + 1 < n ? -half[i] : half[n - 1 - i]);
  let mean = 0;
  for (const x of sorted) mean += x / n;
  let ofCoefficients = 0;
  let ofValues = 0;
  let product = 0;
  for (let i = 0; i < n; i++) {
    const a = coefficient(i);
    const deviation = sorted[i] - mean;
    ofCoefficients += a * a;
    ofValues += deviation * deviation;
    product += a * deviation;
  }
  const norm = Math.sqrt(ofCoefficients * ofValues);
  return ((norm - product) * (norm + product)) / (norm * norm);
}

/** The weights of the last size asked for: thousands of features of one cohort share them. */
let last: { readonly n: number; readonly weights: Float64Array } | undefined;

/** Royston's weights of the larger half of the order statistics, the largest first. */
function coefficients(n: number): Float64Array {
  if (last?.n !== n) last = { n, weights: weightsOf(n) };
  return last.weights;
}

function weightsOf(n: number): Float64Array {
  if (n === 3) return Float64Array.of(Math.SQRT1_2);
  const count = n >> 1;
  const scores = Float64Array.from({ length: count }, (_, i) => -normalQuantile((i + 0.625) / (n + 0.25)));
  const squares = 2 * scores.reduce((sum, score) => sum + score * score, 0);
  const inverseRoot = 1 / Math.sqrt(n);
  const weights = new Float64Array(count);
  weights[0] = polynomial(FIRST_WEIGHT, inverseRoot) + scores[0] / Math.sqrt(squares);
  let rest = squares - 2 * scores[0] ** 2;
  let norm = 1 - 2 * weights[0] ** 2;
  if (n > 5) {
    weights[1] = polynomial(SECOND_WEIGHT, inverseRoot) + scores[1] / Math.sqrt(squares);
    rest -= 2 * scores[1] ** 2;
    norm -= 2 * weights[1] ** 2;
  }
  const scale = Math.sqrt(rest / norm);
  for (let i = n > 5 ? 2 : 1; i < count; i++) weights[i] = scores[i] / scale;
  return weights;
}

function significance(distance: number, n: number): number {
  if (n === 3) {
    const p = (6 / Math.PI) * (Math.asin(Math.sqrt(1 - distance)) - Math.asin(Math.sqrt(0.75)));
    return Math.min(1, Math.max(0, p));
  }
  // A sample that fits exactly.
  if (distance <= 0) return 1;
  const logDistance = Math.log(distance);
  if (n <= 11) {
    const limit = polynomial(SMALL_LIMIT, n);
    if (logDistance >= limit) return 1e-99;
    const z =
      (-Math.log(limit - logDistance) - polynomial(SMALL_MEAN, n)) / Math.exp(polynomial(SMALL_SPREAD, n));
    return normal.upper(z);
  }
  const logN = Math.log(n);
  return normal.upper(
    (logDistance - polynomial(LARGE_MEAN, logN)) / Math.exp(polynomial(LARGE_SPREAD, logN)),
  );
}

function polynomial(constants: readonly number[], x: number): number {
  return constants.reduceRight((sum, constant) => sum * x + constant, 0);
}

const FIRST_WEIGHT = [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
const SECOND_WEIGHT = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];
const SMALL_LIMIT = [-2.273, 0.459];
const SMALL_MEAN = [0.544, -0.39978, 0.025054, -6.714e-4];
const SMALL_SPREAD = [1.3822, -0.77857, 0.062767, -0.0020322];
const LARGE_MEAN = [-1.5861, -0.31082, -0.083751, 0.0038915];
const LARGE_SPREAD = [-0.4803, -0.082676, 0.0030302];
