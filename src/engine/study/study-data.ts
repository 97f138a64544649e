import type { CovariateColumn } from './cohort-table.ts';
import type { RepeatKind } from './study-specification.ts';
import type { TimeUnit } from './time-unit.ts';

/** Everything that a study reads, patients in rows. Nothing here changes while a study runs; threads may share it. */
export interface StudyData {
  readonly subjects: readonly string[];
  readonly outcomes: readonly OutcomeColumn[];
  readonly covariates: readonly CovariateColumn[];
  /** One a source of the specification, by its name; a source for which the cohort has nothing may be absent. */
  readonly sources: readonly SourceFeatures[];
}

/** One outcome of every patient: follow-up, NaN where there is none, and 1 where the event was seen. */
export interface OutcomeColumn {
  readonly name: string;
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly timeUnit: TimeUnit;
}

export interface SourceFeatures {
  readonly name: string;
  /** Unique over all sources, e.g. `CT_ARTERIAL_original_firstorder_Mean`. */
  readonly features: readonly string[];
  /** One column a feature, one after the other, one value a patient; NaN where it is undefined or was not extracted. */
  readonly values: Float64Array;
  /** 1 for each patient who was extracted from this source. */
  readonly present: Uint8Array;
  readonly repeats: readonly RepeatedReading[];
}

/** A second reading of some patients. */
export interface RepeatedReading {
  readonly kind: RepeatKind;
  /** E.g. the reader and the session. */
  readonly name: string;
  /** Which patients, as rows of the study's data. */
  readonly rows: Int32Array;
  /** One column a feature, one value for each of these rows. */
  readonly values: Float64Array;
}
