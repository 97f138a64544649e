import { Failure } from '../failure.ts';
import type { RepeatedReading, SourceFeatures } from './study-data.ts';
import type { ReadingAgreement, SourceAgreement } from './study-result.ts';

/** A source's agreement, and which of its features stay, as indices into them. */
export interface AgreementFilter {
  readonly agreement: SourceAgreement;
  readonly kept: Int32Array;
  /** Features that a reading could not be compared in, for a value was missing, and features below the threshold. */
  readonly undefinedCount: number;
  readonly disagreeing: number;
}

/**
 * Keeps the features whose ICC(2,1) — two-way random effects, absolute agreement, single reading — between the first
 * reading and each repeated one is above the threshold. Without repeated readings all features stay.
 *
 * Citation: P. E. Shrout, J. L. Fleiss, Psychol. Bull. 86 (1979) 420; T. K. Koo, M. Y. Li, J. Chiropr. Med. 15 (2016) 155.
 *
 * @throws Failure NO_OBSERVATIONS for a repeated reading of fewer than two patients.
 */
export function filterByAgreement(source: SourceFeatures, threshold: number): AgreementFilter {
  const p = source.features.length;
  const readings = source.repeats.map((reading) => compare(source, reading, threshold));
  const kept: number[] = [];
  let undefinedCount = 0;
  for (let j = 0; j < p; j++) {
    if (readings.some(({ icc }) => icc[j] === null)) undefinedCount++;
    else if (readings.every(({ icc }) => (icc[j] as number) > threshold)) kept.push(j);
  }
  return {
    agreement: { source: source.name, readings, entered: p, remaining: kept.length },
    kept: Int32Array.from(kept),
    undefinedCount,
    disagreeing: p - kept.length - undefinedCount,
  };
}

function compare(source: SourceFeatures, reading: RepeatedReading, threshold: number): ReadingAgreement {
  const { kind, name, rows } = reading;
  const patients = source.present.length;
  if (rows.length < 2) {
    const message = `source ${source.name}: the repeated reading ${name} has ${rows.length} patients, at least 2 are needed`;
    throw new Failure('NO_OBSERVATIONS', message, {
      source: source.name,
      reading: name,
      patients: rows.length,
    });
  }
  const first = new Float64Array(rows.length);
  const icc = source.features.map((_, j) => {
    for (let i = 0; i < rows.length; i++) first[i] = source.values[j * patients + rows[i]];
    return absoluteAgreement(first, reading.values.subarray(j * rows.length, (j + 1) * rows.length));
  });
  const above = icc.filter((value) => value !== null && value > threshold).length;
  return { kind, name, patients: rows.length, icc, above };
}

/**
 * ICC(2,1) of two readings, (B − E) / (B + E + 2 (J − E) / n) with the mean squares of subjects B, readings J and residual
 * E: with two readings those of the pairs' means and differences. Null where a value is missing or nothing varies.
 * Thousands of features are read: this is `icc` of the statistics without its tests and limits.
 */
function absoluteAgreement(first: Float64Array, second: Float64Array): number | null {
  const n = first.length;
  const origin = first[0];
  let largest = 0;
  for (let i = 0; i < n; i++) {
    largest = Math.max(largest, Math.abs(first[i] - origin), Math.abs(second[i] - origin));
  }
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return null;
  let middle = 0;
  let shift = 0;
  for (let i = 0; i < n; i++) {
    const a = (first[i] - origin) / largest;
    const b = (second[i] - origin) / largest;
    middle += (a + b) / 2;
    shift += a - b;
  }
  middle /= n;
  shift /= n;
  let ofMeans = 0;
  let ofDifferences = 0;
  for (let i = 0; i < n; i++) {
    const a = (first[i] - origin) / largest;
    const b = (second[i] - origin) / largest;
    ofMeans += ((a + b) / 2 - middle) ** 2;
    ofDifferences += (a - b - shift) ** 2;
  }
  const subjects = (2 * ofMeans) / (n - 1);
  const residual = ofDifferences / (2 * (n - 1));
  const readings = (n * shift * shift) / 2;
  const total = subjects + residual + (2 * (readings - residual)) / n;
  return total > 0 ? (subjects - residual) / total : null;
}
