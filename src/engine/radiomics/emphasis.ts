import { type Cells, totalOf } from './cells.ts';

/** Added inside logarithms, as PyRadiomics does (numpy.spacing(1)). */
export const epsilon = 2 ** -52;

/** What a matrix of counts P(i, j) by grey level i and size j says; run length, size zone and dependence matrices share it. */
export interface Emphases {
  readonly smallSize: number;
  readonly largeSize: number;
  readonly lowGray: number;
  readonly highGray: number;
  readonly smallLow: number;
  readonly smallHigh: number;
  readonly largeLow: number;
  readonly largeHigh: number;
  readonly grayNonUniformity: number;
  readonly grayNonUniformityNormalized: number;
  readonly sizeNonUniformity: number;
  readonly sizeNonUniformityNormalized: number;
  readonly grayVariance: number;
  readonly sizeVariance: number;
  readonly entropy: number;
  /** Entries per voxel. */
  readonly percentage: number;
}

/**
 * The moments of a matrix of counts with N entries: emphases Σ P·j^±2·i^±2 / N, non-uniformities Σ (Σ P)² / N and / N²,
 * variances of i and j, entropy −Σ p log₂(p + ε), and N / Σ P·j. An empty matrix makes each NaN.
 * Follows PyRadiomics' glrlm, glszm and gldm; IBSI 3.7, 3.8 and 3.12 define the same.
 */
export function emphasesOf({ rows, columns, counts }: Cells, grayLevels: Float64Array): Emphases {
  const total = totalOf({ rows, columns, counts });
  const distinct = distinctValues(columns);
  const byGray = new Float64Array(grayLevels.length);
  const bySize = new Float64Array(distinct.values.length);
  let [smallLow, smallHigh, largeLow, largeHigh, entropy] = [0, 0, 0, 0, 0];
  for (let n = 0; n < counts.length; n++) {
    const count = counts[n];
    const gray2 = grayLevels[rows[n]] ** 2;
    const size2 = columns[n] ** 2;
    byGray[rows[n]] += count;
    bySize[distinct.indices[n]] += count;
    smallLow += count / (gray2 * size2);
    smallHigh += (count * gray2) / size2;
    largeLow += (count * size2) / gray2;
    largeHigh += count * gray2 * size2;
    const p = count / total;
    entropy -= p * Math.log2(p + epsilon);
  }
  const gray = marginal(grayLevels, byGray, total);
  const size = marginal(distinct.values, bySize, total);
  return {
    smallSize: size.inverseSquare,
    largeSize: size.square,
    lowGray: gray.inverseSquare,
    highGray: gray.square,
    smallLow: smallLow / total,
    smallHigh: smallHigh / total,
    largeLow: largeLow / total,
    largeHigh: largeHigh / total,
    grayNonUniformity: gray.sumOfSquares / total,
    grayNonUniformityNormalized: gray.sumOfSquares / total ** 2,
    sizeNonUniformity: size.sumOfSquares / total,
    sizeNonUniformityNormalized: size.sumOfSquares / total ** 2,
    grayVariance: gray.variance,
    sizeVariance: size.variance,
    entropy: total > 0 ? entropy : Number.NaN,
    percentage: 1 / size.mean,
  };
}

/** Sizes below this are found in a table, which is all 0 between uses. */
const smallSizes = new Int32Array(4096);

/** The values present, in the order of their first occurrence, and the index of each entry's among them. */
function distinctValues(all: Int32Array): { values: Float64Array; indices: Int32Array } {
  const large = new Map<number, number>();
  const values: number[] = [];
  const indices = new Int32Array(all.length);
  for (let n = 0; n < all.length; n++) {
    const value = all[n];
    let number = value < smallSizes.length ? smallSizes[value] : (large.get(value) ?? 0);
    if (number === 0) {
      number = values.push(value);
      if (value < smallSizes.length) smallSizes[value] = number;
      else large.set(value, number);
    }
    indices[n] = number - 1;
  }
  for (let n = 0; n < values.length; n++) {
    if (values[n] < smallSizes.length) smallSizes[values[n]] = 0;
  }
  return { values: Float64Array.from(values), indices };
}

/** The moments of one marginal distribution. */
function marginal(values: Float64Array, counts: Float64Array, total: number) {
  let [mean, square, inverseSquare, sumOfSquares] = [0, 0, 0, 0];
  for (let n = 0; n < values.length; n++) {
    mean += counts[n] * values[n];
    square += counts[n] * values[n] ** 2;
    inverseSquare += counts[n] / values[n] ** 2;
    sumOfSquares += counts[n] ** 2;
  }
  mean /= total;
  let variance = 0;
  for (let n = 0; n < values.length; n++) {
    variance += (counts[n] / total) * (values[n] - mean) ** 2;
  }
  return {
    mean,
    square: square / total,
    inverseSquare: inverseSquare / total,
    sumOfSquares,
    variance: total > 0 ? variance : Number.NaN,
  };
}

/** The mean of each value over the directions that have one; NaN where none has. */
export function meanOverDirections<K extends string>(
  directions: readonly Readonly<Record<K, number>>[],
  names: readonly K[],
): Record<K, number> {
  const means = {} as Record<K, number>;
  for (const name of names) {
    let sum = 0;
    let defined = 0;
    for (const direction of directions) {
      if (!Number.isNaN(direction[name])) {
        sum += direction[name];
        defined++;
      }
    }
    means[name] = defined > 0 ? sum / defined : Number.NaN;
  }
  return means;
}
