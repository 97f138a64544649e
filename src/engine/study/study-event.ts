import type { FailureJson } from '../failure.ts';
import type {
  ConcordanceEstimated,
  ModelEstimated,
  PatientsSelected,
  RiskGroupsCompared,
  SurvivalCurveEstimated,
  WarningRaised,
} from './prognosis-event.ts';

/** The steps that candidates pass, in their order. */
export const studyStages = [
  'AGREEMENT',
  'UNIVARIATE',
  'REDUNDANCY',
  'LASSO',
  'CLINICAL_UNIVARIATE',
  'STEPWISE',
] as const;
export type StudyStage = (typeof studyStages)[number];

/** Why a candidate fell. */
export type DropReason =
  | 'UNDEFINED'
  | 'CONSTANT'
  | 'DISAGREEMENT'
  | 'NOT_SIGNIFICANT'
  | 'NOT_ESTIMABLE'
  | 'REDUNDANT'
  | 'ZERO_COEFFICIENT'
  | 'ELIMINATED';

export interface Dropped {
  readonly reason: DropReason;
  readonly count: number;
}

/** What an event is about; null where it holds for all endpoints or models. */
export interface StudyScope {
  readonly endpoint: string | null;
  readonly model: string | null;
}

/** Patients were left out for one reason. */
export interface PatientsExcluded {
  readonly type: 'PatientsExcluded';
  readonly reason: string;
  readonly patients: number;
}

export interface StageBegan extends StudyScope {
  readonly type: 'StageBegan';
  readonly stage: StudyStage;
  readonly candidates: number;
}

export interface StageEnded extends StudyScope {
  readonly type: 'StageEnded';
  readonly stage: StudyStage;
  readonly entered: number;
  readonly remaining: number;
  readonly dropped: readonly Dropped[];
}

/** How far the univariate Cox models are. */
export interface FeaturesScreened extends StudyScope {
  readonly type: 'FeaturesScreened';
  readonly done: number;
  readonly total: number;
  /** Of those done, how many are below the threshold. */
  readonly significant: number;
}

/** One λ of the path of all training patients. */
export interface PenaltySolved extends StudyScope {
  readonly type: 'PenaltySolved';
  readonly index: number;
  readonly lambda: number;
  /** Share of the deviance explained, 0 to 1. */
  readonly explained: number;
  readonly nonZero: number;
}

export interface FoldCompleted extends StudyScope {
  readonly type: 'FoldCompleted';
  readonly fold: number;
  readonly folds: number;
}

/** The cross-validation curve: the partial-likelihood deviance of the patients left out, by λ. */
export interface CrossValidated extends StudyScope {
  readonly type: 'CrossValidated';
  readonly lambda: readonly number[];
  readonly mean: readonly number[];
  readonly standardError: readonly number[];
  readonly nonZero: readonly number[];
  /** Index of the λ of least deviance, of the greatest within one standard error of it, and of the one that is used. */
  readonly best: number;
  readonly oneStandardError: number;
  readonly chosen: number;
}

/** The bootstrap's correction of the C-index as it settles, resample by resample. */
export interface ConcordanceCorrected extends StudyScope {
  readonly type: 'ConcordanceCorrected';
  /** Whether the whole selection is repeated in each resample, or the finished model's terms are refitted. */
  readonly wholePipeline: boolean;
  readonly replicate: number;
  readonly replicates: number;
  readonly apparent: number;
  readonly optimism: number;
  readonly corrected: number;
}

/** A model of the study could not be built; the others go on. */
export interface ModelNotFitted extends StudyScope {
  readonly type: 'ModelNotFitted';
  readonly failure: FailureJson;
}

/** What a study says on its way. Events of the prognosis carry the endpoint and the model here. */
export type StudyEvent =
  | PatientsExcluded
  | PatientsSelected
  | StageBegan
  | StageEnded
  | FeaturesScreened
  | PenaltySolved
  | FoldCompleted
  | CrossValidated
  | ModelEstimated
  | ConcordanceEstimated
  | SurvivalCurveEstimated
  | RiskGroupsCompared
  | ConcordanceCorrected
  | ModelNotFitted
  | WarningRaised;
