import type { ClassType } from 'type-graphql';
import type { LoggedEvent } from '../jobs/job-event.ts';
import { encodeCursor } from './paging.ts';
import * as jobEvents from './types/job-event.ts';
import * as studyEvents from './types/study-event.ts';

/** Every type of event, so that the schema knows them all. */
export const jobEventTypes: readonly ClassType<jobEvents.JobEventType>[] = [
  jobEvents.JobQueued,
  jobEvents.JobStarted,
  jobEvents.JobProgress,
  jobEvents.RoiExtracted,
  jobEvents.RoiFailed,
  jobEvents.PatientsSelected,
  jobEvents.FitIterated,
  jobEvents.ModelEstimated,
  jobEvents.ConcordanceEstimated,
  jobEvents.SurvivalCurveEstimated,
  jobEvents.RiskGroupsCompared,
  jobEvents.WarningRaised,
  studyEvents.PatientsExcluded,
  studyEvents.StageBegan,
  studyEvents.StageEnded,
  studyEvents.FeaturesScreened,
  studyEvents.PenaltySolved,
  studyEvents.FoldCompleted,
  studyEvents.CrossValidatedEvent,
  studyEvents.ConcordanceCorrected,
  studyEvents.ModelNotFitted,
  jobEvents.ExtractionCompleted,
  jobEvents.CoxFitCompleted,
  studyEvents.StudyCompleted,
  jobEvents.CohortErased,
  jobEvents.JobFailed,
  jobEvents.JobCancelled,
];

/** Events whose body is one value of the graph carry it in a field of this name; the others are flat. */
const nested: Readonly<Record<string, string>> = {
  ConcordanceEstimated: 'concordance',
  SurvivalCurveEstimated: 'curve',
  RiskGroupsCompared: 'comparison',
  WarningRaised: 'warning',
  CrossValidated: 'crossValidation',
};

/** A logged event as the graph shows it. */
export function presentEvent({ jobId, sequence, recordedAt, body }: LoggedEvent): jobEvents.JobEventType {
  const { type, ...all } = body;
  const { endpoint = null, model = null, ...fields } = all as Record<string, unknown>;
  const field = nested[type];
  // The stage of a `JobProgress` is a text.
  const flat = type === 'StageBegan' || type === 'StageEnded' ? { studyStage: fields.stage } : {};
  return {
    typeName: type,
    jobId,
    sequence,
    recordedAt,
    endpoint,
    model,
    ...(field ? { [field]: fields } : { ...fields, ...flat }),
  } as unknown as jobEvents.JobEventType;
}

export const eventCursorList = 'JobEvent';

export function eventCursor(sequence: number): string {
  return encodeCursor(eventCursorList, [sequence]);
}
