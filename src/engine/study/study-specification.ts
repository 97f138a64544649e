import type { SplitSpecification } from './split.ts';

/** A time to an event that the study is about: the first event among some of the cohort's outcomes. */
export interface EndpointDefinition {
  readonly name: string;
  /** The outcomes of which the first to happen is the event; default the one that has the endpoint's name. */
  readonly outcomes: readonly string[];
  /** Where time begins, in words: for the methods text alone. */
  readonly origin: string | null;
  /** Months after that origin at which the study's clock starts; whoever was not followed so long is left out. */
  readonly landmark: number;
}

/** Where features come from: the scans of one modality in one or several contrast phases, as one reader drew on them. */
export interface SourceDefinition {
  readonly name: string;
  /** The extraction profile's name. */
  readonly profile: string;
  readonly modality: string | null;
  /** One feature of each name a phase; none for scans without phases. */
  readonly phases: readonly string[];
  readonly reader: string | null;
  readonly session: number | null;
  readonly lesion: string | null;
  /** Second readings of some patients; a feature stays if it agrees with the first reading in each of them. */
  readonly repeats: readonly RepeatDefinition[];
}

export interface RepeatDefinition {
  readonly kind: RepeatKind;
  readonly reader: string | null;
  readonly session: number | null;
}

export type RepeatKind = 'WITHIN_READER' | 'BETWEEN_READERS';

/** Patients to leave out, and why, in the words of the report. A patient counts under the first rule that fits. */
export interface ExclusionRule {
  readonly reason: string;
  /** The covariate that decides … */
  readonly covariate: string | null;
  /** … by having one of these values or levels, or, with none given, by being missing … */
  readonly equals: readonly (string | number)[];
  /** … or the source that the patient lacks. */
  readonly withoutSource: string | null;
}

/** Which patients train, by a seed, or patient by patient. */
export type StudySplit =
  | ({ readonly kind: 'SEEDED' } & SplitSpecification)
  | { readonly kind: 'GIVEN'; readonly training: readonly string[]; readonly validation: readonly string[] };

/** Cross-validation folds: a number of them by the study's seed, or each training patient's, from 1. */
export type StudyFolds =
  | { readonly kind: 'SEEDED'; readonly count: number }
  | { readonly kind: 'GIVEN'; readonly foldOf: Readonly<Record<string, number>> };

/** A study as a value: the same specification on the same data gives the same result to the bit. */
export interface StudySpecification {
  readonly endpoints: readonly EndpointDefinition[];
  readonly sources: readonly SourceDefinition[];
  /** Clinical covariates that may enter a model. */
  readonly covariates: readonly string[];
  readonly exclusions: readonly ExclusionRule[];
  readonly split: StudySplit;
  /** Least ICC(2,1), exclusive, for a feature to stay. */
  readonly iccThreshold: number;
  /** Greatest p, exclusive, of a feature's own Cox model; 1 lets every feature pass. */
  readonly univariateP: number;
  /** Of two features correlated beyond this in absolute value, the one with the greater univariate p goes. */
  readonly correlationThreshold: number;
  /** As `univariateP`, for clinical covariates. */
  readonly clinicalP: number;
  /** Least share of the training patients in either risk group. */
  readonly minimumGroup: number;
  readonly folds: StudyFolds;
  readonly lambda: 'MIN' | 'ONE_SE';
  /** Months at which survival is predicted, calibrated and assessed. */
  readonly horizons: readonly number[];
  readonly missingCovariates: 'COMPLETE_CASE' | 'MEDIAN';
  /** Bootstrap resamples of each finished model. */
  readonly replicates: number;
  /** Bootstrap resamples in which the whole selection is repeated. */
  readonly pipelineReplicates: number;
  readonly seed: number;
}

/** The paper's settings; what a study leaves out is taken from here. */
export const studyDefaults = {
  endpoints: ['DFS', 'OS'].map((name) => ({ name, outcomes: [name], origin: 'surgery', landmark: 0 })),
  sources: [],
  covariates: [],
  exclusions: [],
  split: { kind: 'SEEDED', trainingFraction: 0.7, seed: 1, stratifyByEvent: true },
  iccThreshold: 0.75,
  univariateP: 0.05,
  correlationThreshold: 0.8,
  clinicalP: 0.05,
  minimumGroup: 0.1,
  folds: { kind: 'SEEDED', count: 10 },
  lambda: 'MIN',
  horizons: [24, 48, 60],
  missingCovariates: 'COMPLETE_CASE',
  replicates: 200,
  pipelineReplicates: 0,
  seed: 1,
} as const satisfies StudySpecification;
