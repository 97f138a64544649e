import { Failure } from '../failure.ts';
import { twoWayMeanSquares } from '../statistics/two-way-mean-squares.ts';
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
  const pairs = Array.from(rows, () => new Float64Array(2));
  const icc = source.features.map((_, j) => {
    for (let i = 0; i < rows.length; i++) {
      pairs[i][0] = source.values[j * patients + rows[i]];
      pairs[i][1] = reading.values[j * rows.length + i];
    }
    return pairs.every((pair) => Number.isFinite(pair[0]) && Number.isFinite(pair[1]))
      ? absoluteAgreement(pairs)
      : null;
  });
  const above = icc.filter((value) => value !== null && value > threshold).length;
  return { kind, name, patients: rows.length, icc, above };
}

/** ICC(2,1); null where nothing varies. */
function absoluteAgreement(pairs: readonly Float64Array[]): number | null {
  const n = pairs.length;
  const { subjects, raters, residual } = twoWayMeanSquares(pairs).scaled;
  const total = subjects + residual + (2 * (raters - residual)) / n;
  return total > 0 ? (subjects - residual) / total : null;
}
