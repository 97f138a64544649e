import type { FailureJson } from '../engine/failure.ts';
import type { PrognosisEvent } from '../engine/study/prognosis-event.ts';
import type { StudyEvent } from '../engine/study/study-event.ts';

/**
 * What a job says while it runs. Each is written to the job's log before anyone hears of it; `docs/PROTOCOL.md`
 * gives their order and meaning. The last three end the log.
 */
export type JobEventBody =
  | { readonly type: 'JobQueued' /** 1 for the next to run. */; readonly place: number }
  | { readonly type: 'JobStarted' /** 1, or more after an interruption. */; readonly attempt: number }
  | { readonly type: 'JobProgress'; readonly stage: string; readonly done: number; readonly total: number }
  | {
      readonly type: 'RoiExtracted';
      readonly roiId: string;
      readonly featureVectorId: string;
      readonly reused: boolean;
    }
  | { readonly type: 'RoiFailed'; readonly roiId: string; readonly failure: FailureJson }
  | PrognosisEvent
  | StudyEvent
  | ExtractionCompleted
  | CoxFitCompleted
  | StudyCompleted
  | CohortErased
  | { readonly type: 'JobFailed'; readonly failure: FailureJson }
  | { readonly type: 'JobCancelled' };

export interface ExtractionCompleted {
  readonly type: 'ExtractionCompleted';
  readonly extracted: number;
  /** Regions whose features were there already, or were copied from the same content. */
  readonly known: number;
  readonly failed: number;
}

export interface CoxFitCompleted {
  readonly type: 'CoxFitCompleted';
  readonly modelId: string;
  /** True where the same model had been fitted to the same data before. */
  readonly reused: boolean;
}

export interface StudyCompleted {
  readonly type: 'StudyCompleted';
  readonly studyId: string;
  /** SHA-256 over the result as canonical JSON. */
  readonly resultHash: string;
  /** True where the study had been completed before. */
  readonly reused: boolean;
}

export interface CohortErased {
  readonly type: 'CohortErased';
  readonly patientCount: number;
}

/** An event as the log holds it. */
export interface LoggedEvent {
  readonly jobId: string;
  readonly sequence: number;
  readonly recordedAt: Date;
  readonly body: JobEventBody;
}

const finalTypes: readonly JobEventBody['type'][] = [
  'ExtractionCompleted',
  'CoxFitCompleted',
  'StudyCompleted',
  'CohortErased',
  'JobFailed',
  'JobCancelled',
];

export function isFinal(body: JobEventBody): boolean {
  return finalTypes.includes(body.type);
}
