import type { FailureJson } from '../failure.ts';
import type { Nomogram, SmoothCalibrationPoint } from '../survival/index.ts';
import type { Warning } from '../warning.ts';
import type { PrognosisResult } from './prognosis.ts';
import type { ChiSquared, Coefficient, Subset } from './prognosis-event.ts';
import type { CrossValidated, Dropped, StudyScope, StudyStage } from './study-event.ts';
import type { RepeatKind } from './study-specification.ts';
import type { TableOneRow } from './table-one.ts';
import type { TimeUnit } from './time-unit.ts';

/** A whole study, as plain JSON: the paper's tables and figures as numbers. */
export interface StudyResult {
  readonly patients: StudyPatients;
  /** Table 1: the patients' characteristics in training and validation. */
  readonly characteristics: readonly TableOneRow[];
  readonly agreement: readonly SourceAgreement[];
  readonly endpoints: readonly EndpointResult[];
  readonly warnings: readonly Warning[];
}

export interface StudyPatients {
  readonly candidates: number;
  readonly excluded: readonly { readonly reason: string; readonly patients: number }[];
  readonly training: number;
  readonly validation: number;
  /** By row of the data: the subset, or null for a patient who was left out. */
  readonly subsets: readonly (Subset | null)[];
}

/** How well the features of a source agree between readings. */
export interface SourceAgreement {
  readonly source: string;
  readonly readings: readonly ReadingAgreement[];
  readonly entered: number;
  readonly remaining: number;
}

export interface ReadingAgreement {
  readonly kind: RepeatKind;
  readonly name: string;
  readonly patients: number;
  /** ICC(2,1) by feature of the source; null where it is undefined. */
  readonly icc: readonly (number | null)[];
  readonly above: number;
}

export interface EndpointResult {
  readonly endpoint: string;
  readonly timeUnit: TimeUnit;
  /** The study's horizons in the endpoint's unit; those past the last follow-up in training are left out, with a warning. */
  readonly horizons: readonly number[];
  readonly subsets: readonly EndpointSubset[];
  readonly models: readonly StudyModelOutcome[];
  readonly comparisons: readonly ModelComparison[];
}

export interface EndpointSubset {
  readonly subset: Subset;
  readonly patients: number;
  readonly events: number;
  /** By the reverse Kaplan–Meier estimate; null where it does not fall to one half. */
  readonly medianFollowUp: number | null;
}

export type StudyModelKind = 'RADIOMICS' | 'CLINICAL' | 'RADIOMICS_CLINICAL';

/** What became of one model of the study: a result, or the reason why there is none. */
export interface StudyModelOutcome {
  /** E.g. `CT`, `CT+MR`, `CLINICAL`, `CT+MR+CLINICAL`. */
  readonly name: string;
  readonly kind: StudyModelKind;
  readonly sources: readonly string[];
  readonly attrition: readonly Attrition[];
  readonly failure: FailureJson | null;
  readonly result: StudyModelResult | null;
}

export interface Attrition {
  readonly stage: StudyStage;
  readonly entered: number;
  readonly remaining: number;
  readonly dropped: readonly Dropped[];
  /** The names of those that remain. */
  readonly kept: readonly string[];
}

/** A fitted model of a study: a Cox model whose covariates may include a radscore. */
export interface StudyModelResult extends PrognosisResult {
  /** Null for a clinical model. */
  readonly radscore: Radscore | null;
  /** Each candidate of the Cox model by itself: the left half of the paper's Tables 2 to 5. */
  readonly univariate: readonly Coefficient[];
  /** All candidates that entered together, before elimination; null where nothing was to be eliminated. */
  readonly beforeElimination: readonly Coefficient[] | null;
  readonly cutpointTest: { readonly statistic: number; readonly p: number } | null;
  readonly performance: readonly SubsetPerformance[];
  /** By term, and `GLOBAL`: whether its hazard ratio changes with time. */
  readonly proportionalHazards: readonly (ChiSquared & { readonly term: string })[];
  readonly nomogram: Nomogram | null;
  readonly calibration: readonly HorizonCalibration[];
  readonly optimism: Optimism | null;
  readonly pipelineOptimism: Optimism | null;
}

/** A LASSO-weighted sum of standardised features: Σ coefficient · (value − mean) / standardDeviation. */
export interface Radscore {
  readonly features: readonly RadscoreFeature[];
  readonly lambda: number;
  readonly crossValidation: Omit<CrossValidated, 'type' | keyof StudyScope>;
  /** The coefficient paths of every feature that ever enters, by λ of the cross-validation. */
  readonly path: readonly { readonly name: string; readonly coefficients: readonly number[] }[];
}

export interface RadscoreFeature {
  readonly name: string;
  /** Of the training patients. */
  readonly mean: number;
  readonly standardDeviation: number;
  readonly coefficient: number;
}

/** How well a model does on one subset. */
export interface SubsetPerformance {
  readonly subset: Subset;
  readonly patients: number;
  readonly events: number;
  /** Uno's C; null where it is undefined. */
  readonly uno: number | null;
  readonly unoStandardError: number | null;
  readonly horizons: readonly HorizonPerformance[];
  readonly integratedBrier: number | null;
  /** High against low risk. */
  readonly hazardRatio: Coefficient | null;
}

export interface HorizonPerformance {
  readonly horizon: number;
  readonly auc: number | null;
  readonly brier: number | null;
  /** The Brier score of the Kaplan–Meier curve, which knows no patient. */
  readonly referenceBrier: number | null;
  /** Net benefit by threshold probability, of the model and of treating all; treating none has 0. Null past the follow-up. */
  readonly decision: {
    readonly threshold: readonly number[];
    readonly netBenefit: readonly number[];
    readonly treatAll: readonly number[];
  } | null;
}

/** Predicted against observed survival at a horizon, in groups of about equal size by the prediction. */
export interface HorizonCalibration {
  readonly horizon: number;
  readonly subset: Subset;
  readonly groups: readonly CalibrationPoint[];
  /** Null where the patients are too few for a curve. */
  readonly smooth: SmoothedCalibration | null;
}

/** Calibration without groups (Austin, Harrell & van Klaveren 2020). */
export interface SmoothedCalibration {
  readonly curve: readonly SmoothCalibrationPoint[];
  /** Mean, median and 90th percentile of |observed − predicted| over the patients. */
  readonly ici: number;
  readonly e50: number;
  readonly e90: number;
}

export interface CalibrationPoint {
  readonly patients: number;
  readonly events: number;
  /** Mean predicted survival. */
  readonly predicted: number | null;
  /** By Kaplan–Meier, with 95 % limits (log); null where the group is not followed so far. */
  readonly observed: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Observed survival less the bootstrap's optimism; null in validation, where there is none to correct. */
  readonly corrected: number | null;
}

/** By how much the C-index in training flatters the model, as the bootstrap estimates it. */
export interface Optimism {
  /**
   * `HARRELL`: terms held fixed and refitted, judged on all training patients (Harrell, Lee & Mark 1996). `PLUS_632`:
   * the whole selection repeated, judged on the patients left out of the resample, and weighed with the apparent C by
   * the .632+ rule (Efron & Tibshirani 1997), for a selection among thousands remembers whom it has seen.
   */
  readonly method: 'HARRELL' | 'PLUS_632';
  readonly replicates: number;
  /** Resamples in which no model came about; they count as a C of one half. */
  readonly failed: number;
  readonly apparent: number;
  /** apparent − corrected. */
  readonly optimism: number;
  readonly corrected: number;
  /**
   * 2.5 and 97.5 percentiles over the resamples, moved by the correction (Noma, Shinozaki, Iba, Teramukai & Furukawa,
   * Stat. Med. 40 (2021) 5691): of the resamples' own C, or, for `PLUS_632`, of the C of the patients left out, who are
   * few, so that these limits are wide.
   */
  readonly lower: number;
  readonly upper: number;
}

/** The difference of two models' C-indices on the patients whom both can predict. */
export interface ModelComparison {
  readonly subset: Subset;
  readonly first: string;
  readonly second: string;
  readonly patients: number;
  /** C of the second less C of the first. */
  readonly difference: number;
  readonly standardError: number;
  readonly p: number;
  /** 95 % limits by the paired bootstrap of the patients; null with too few resamples. */
  readonly lower: number | null;
  readonly upper: number | null;
}
