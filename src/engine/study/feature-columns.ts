import { moments } from '../statistics/index.ts';

/** A feature standardised by the training patients: (value − mean) / standard deviation, in their order. */
export interface StandardFeature {
  readonly name: string;
  readonly mean: number;
  /** With denominator n − 1. */
  readonly standardDeviation: number;
  readonly values: Float64Array;
}

/** A feature by its name, one value a patient of the study, NaN where it has none. */
export interface FeatureColumn {
  readonly name: string;
  readonly values: Float64Array;
}

/** Standardised features of the training rows, and how many fell for want of a value or of any variation. */
export interface StandardFeatures {
  readonly features: readonly StandardFeature[];
  readonly undefinedCount: number;
  readonly constantCount: number;
}

/** Standardises each feature by the rows given alone; rows may repeat, as in a bootstrap resample. */
export function standardiseFeatures(columns: readonly FeatureColumn[], rows: Int32Array): StandardFeatures {
  const features: StandardFeature[] = [];
  let undefinedCount = 0;
  let constantCount = 0;
  for (const { name, values } of columns) {
    const own = new Float64Array(rows.length);
    let isComplete = true;
    for (let i = 0; i < rows.length; i++) {
      own[i] = values[rows[i]];
      isComplete &&= Number.isFinite(own[i]);
    }
    if (!isComplete) {
      undefinedCount++;
      continue;
    }
    const { mean, variance } = moments(own, name);
    const standardDeviation = Math.sqrt(variance ?? 0);
    // A spread that rounding alone explains is none.
    if (!(standardDeviation > Math.abs(mean) * 1e-13) || !Number.isFinite(standardDeviation)) {
      constantCount++;
      continue;
    }
    for (let i = 0; i < own.length; i++) own[i] = (own[i] - mean) / standardDeviation;
    features.push({ name, mean, standardDeviation, values: own });
  }
  return { features, undefinedCount, constantCount };
}
