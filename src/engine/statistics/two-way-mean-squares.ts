import { rescaled } from './moments.ts';

/** Mean squares of a table of n subjects by k raters; Infinity where they are past 1.8e308. */
export interface MeanSquares {
  readonly subjects: number;
  readonly raters: number;
  readonly residual: number;
  /** Of the raters and the residual together: what a one-way analysis leaves. */
  readonly within: number;
}

/**
 * The two-way analysis of variance without repeats. A sum of squares that rounding alone can explain is 0.
 *
 * @returns the mean squares of the ratings times `scale`, which keeps squares within the range of numbers
 *
 * Citation: P. E. Shrout, J. L. Fleiss, Psychol. Bull. 86 (1979) 420, table 1.
 */
export function twoWayMeanSquares(ratings: readonly ArrayLike<number>[]): {
  scaled: MeanSquares;
  scale: number;
} {
  const n = ratings.length;
  const k = ratings[0].length;
  const { samples, scale } = rescaled(ratings);
  let largest = 0;
  let mean = 0;
  for (const row of samples) {
    for (let c = 0; c < k; c++) {
      mean += row[c] / (n * k);
      largest = Math.max(largest, Math.abs(row[c]));
    }
  }
  const ofSubjects = new Float64Array(n);
  const ofRaters = new Float64Array(k);
  let drift = 0;
  samples.forEach((row, i) => {
    for (let c = 0; c < k; c++) {
      const deviation = row[c] - mean;
      ofSubjects[i] += deviation / k;
      ofRaters[c] += deviation / n;
      drift += deviation / (n * k);
    }
  });
  const noise = n * k * (4 * Number.EPSILON * largest) ** 2;
  const cleaned = (sum: number) => (sum <= noise ? 0 : sum);
  const squares = (means: Float64Array) => means.reduce((sum, value) => sum + (value - drift) ** 2, 0);
  const subjects = cleaned(k * squares(ofSubjects));
  const raters = cleaned(n * squares(ofRaters));
  let residual = 0;
  samples.forEach((row, i) => {
    for (let c = 0; c < k; c++) residual += (row[c] - mean - ofSubjects[i] - (ofRaters[c] - drift)) ** 2;
  });
  residual = cleaned(residual);
  return {
    scaled: {
      subjects: subjects / (n - 1),
      raters: raters / (k - 1),
      residual: residual / ((n - 1) * (k - 1)),
      within: (raters + residual) / (n * (k - 1)),
    },
    scale,
  };
}

/**
 * The mean squares that the restricted maximum-likelihood variances imply: a variance that would be negative is 0, and
 * its mean square is pooled with the residual's. `within` is the residual and the raters' variance.
 *
 * Citation: S. R. Searle, G. Casella, C. E. McCulloch, Variance components (1992), ch. 4.
 */
export function restrictedMeanSquares(ms: MeanSquares, n: number, k: number): MeanSquares {
  const dfSubjects = n - 1;
  const dfRaters = k - 1;
  let df = (n - 1) * (k - 1);
  let residual = ms.residual;
  // The lowest first, since pooling it lowers what the other is held against.
  const others = [
    { value: ms.subjects, df: dfSubjects },
    { value: ms.raters, df: dfRaters },
  ].sort((a, b) => a.value - b.value);
  for (const other of others) {
    if (other.value >= residual) continue;
    residual = (residual * df + other.value * other.df) / (df + other.df);
    df += other.df;
  }
  const subjects = Math.max(ms.subjects, residual);
  const raters = Math.max(ms.raters, residual);
  return { subjects, raters, residual, within: residual + (raters - residual) / n };
}
