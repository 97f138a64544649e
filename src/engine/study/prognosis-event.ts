import type { Warning } from '../warning.ts';
import type { TimeUnit } from './time-unit.ts';

export type Subset = 'TRAINING' | 'VALIDATION';
export type RiskGroup = 'LOW' | 'HIGH';

/** Which endpoint and model of a study an event is about; absent where a model is fitted by itself. */
export interface ModelScope {
  readonly endpoint?: string;
  readonly model?: string;
}

/** Which patients the model is fitted to, and which it is checked on. */
export interface PatientsSelected extends ModelScope {
  readonly type: 'PatientsSelected';
  readonly training: number;
  readonly trainingEvents: number;
  readonly validation: number;
  readonly validationEvents: number;
  /** Patients left out because their outcome or a covariate is missing. */
  readonly excluded: number;
  readonly timeUnit: TimeUnit;
}

/** One step of the maximisation of the partial likelihood. */
export interface FitIterated {
  readonly type: 'FitIterated';
  readonly iteration: number;
  readonly logLikelihood: number;
}

/** One line of the model's table; null throughout where the covariate was left out. */
export interface Coefficient {
  readonly name: string;
  readonly coefficient: number | null;
  readonly standardError: number | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly hazardRatio: number | null;
  /** 95 % confidence limits of the hazard ratio. */
  readonly hazardRatioLower: number | null;
  readonly hazardRatioUpper: number | null;
}

export interface ChiSquared {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
}

/** The fitted model. */
export interface ModelEstimated extends ModelScope {
  readonly type: 'ModelEstimated';
  readonly coefficients: readonly Coefficient[];
  readonly logLikelihoodNull: number;
  readonly logLikelihood: number;
  readonly aic: number;
  readonly likelihoodRatio: ChiSquared;
  readonly wald: ChiSquared;
  readonly score: ChiSquared;
  readonly converged: boolean;
  readonly iterations: number;
}

/** Harrell's C of the linear predictor; null where no pair of patients can be compared. */
export interface ConcordanceEstimated extends ModelScope {
  readonly type: 'ConcordanceEstimated';
  readonly subset: Subset;
  readonly estimate: number | null;
  readonly standardError: number | null;
  /** 95 % confidence limits, within 0 and 1. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly comparablePairs: number;
}

/** The Kaplan–Meier curve of one risk group, a step at each distinct time. */
export interface SurvivalCurveEstimated extends ModelScope {
  readonly type: 'SurvivalCurveEstimated';
  readonly subset: Subset;
  readonly riskGroup: RiskGroup;
  readonly patients: number;
  readonly events: number;
  readonly time: readonly number[];
  readonly survival: readonly number[];
  /** 95 % confidence limits (log); null where the survival is 0. */
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
  readonly atRisk: readonly number[];
  readonly eventCount: readonly number[];
  readonly censoredCount: readonly number[];
  /** Null where the curve, or its confidence limit, does not fall to one half. */
  readonly median: number | null;
  readonly medianLower: number | null;
  readonly medianUpper: number | null;
}

/** The log-rank test between the risk groups; not given where one of them is empty. */
export interface RiskGroupsCompared extends ModelScope {
  readonly type: 'RiskGroupsCompared';
  readonly subset: Subset;
  readonly logRank: ChiSquared;
}

/** Something that the result must say beside its values. */
export interface WarningRaised extends Warning, ModelScope {
  readonly type: 'WarningRaised';
}

/** What fitting a prognostic model says on its way, in this order. */
export type PrognosisEvent =
  | PatientsSelected
  | FitIterated
  | ModelEstimated
  | ConcordanceEstimated
  | SurvivalCurveEstimated
  | RiskGroupsCompared
  | WarningRaised;
