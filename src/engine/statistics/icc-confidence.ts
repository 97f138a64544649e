import { fisherF } from './fisher-f.ts';
import type { IccForm } from './icc.ts';
import type { MeanSquares } from './two-way-mean-squares.ts';

/** What the confidence interval of an intraclass correlation is made of: n subjects, k raters. */
interface Analysis {
  readonly ms: MeanSquares;
  readonly statistic: number;
  readonly df: readonly [number, number];
  readonly icc2: number;
  readonly n: number;
  readonly k: number;
}

/**
 * The confidence interval of one form of the intraclass correlation, with the chance `tail` left on each side; null where
 * it is undefined.
 *
 * Citation: K. O. McGraw, S. P. Wong, Psychol. Methods 1 (1996) 30, tables 7 and 8 (ICC2 with Satterthwaite's df).
 */
export function iccConfidence(form: IccForm, analysis: Analysis, tail: number): [number, number] | null {
  const { statistic, df, k } = analysis;
  let limits: [number, number];
  if (form === 'ICC2' || form === 'ICC2k') {
    const agreement = agreementLimits(analysis, tail);
    if (!agreement) return null;
    limits = form === 'ICC2' ? agreement : [ofMean(agreement[0], k), ofMean(agreement[1], k)];
  } else {
    const low = statistic / fisherF.upperQuantile(tail, df[0], df[1]);
    const high = statistic * fisherF.upperQuantile(tail, df[1], df[0]);
    const isOfMean = form.endsWith('k');
    const limit = (f: number) => (f === Infinity ? 1 : isOfMean ? 1 - 1 / f : (f - 1) / (f + k - 1));
    limits = [limit(low), limit(high)];
  }
  return limits.every(Number.isFinite) ? limits : null;
}

function ofMean(icc: number, k: number): number {
  return (icc * k) / (1 + icc * (k - 1));
}

function agreementLimits({ ms, icc2, n, k }: Analysis, tail: number): [number, number] | null {
  const { subjects: b, raters: j, residual: e } = ms;
  if (j === 0 && e === 0) return [1, 1];
  // Satterthwaite's df, in mean squares rather than their ratio, which may be infinite.
  const ofRaters = k * icc2 * j;
  const ofResidual = (n * (1 + (k - 1) * icc2) - k * icc2) * e;
  const df = ((k - 1) * (n - 1) * (ofRaters + ofResidual) ** 2) / ((n - 1) * ofRaters ** 2 + ofResidual ** 2);
  if (!(df > 0 && df < 1e300)) return null;
  const error = k * j + (k * n - k - n) * e;
  const upper = fisherF.upperQuantile(tail, n - 1, df);
  const lower = fisherF.upperQuantile(tail, df, n - 1);
  return [(n * (b - upper * e)) / (upper * error + n * b), (n * (lower * b - e)) / (error + n * lower * b)];
}
