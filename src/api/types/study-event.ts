import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { FailureJson } from '../../engine/failure.ts';
import type { CrossValidated, Dropped, StudyStage } from '../../engine/study/index.ts';
import { DroppedType } from './attrition.ts';
import { StudyStageEnum } from './enums.ts';
import { JobEventType, ScopedEvent } from './job-event.ts';
import { FailureType } from './notice.ts';
import { CrossValidationType } from './radscore.ts';

const implementing = { implements: JobEventType };

@ObjectType('PatientsExcluded', { ...implementing, description: 'Patients were left out for one reason.' })
export class PatientsExcluded extends JobEventType {
  @Field({ description: 'Why.' })
  reason: string;

  @Field(() => Int, { description: 'How many; a patient counts once.' })
  patients: number;
}

@ObjectType('StageBegan', { ...implementing, description: 'A step of the selection has begun.' })
export class StageBegan extends ScopedEvent {
  @Field(() => StudyStageEnum, { description: 'The step.' })
  studyStage: StudyStage;

  @Field(() => Int, { description: 'How many features or covariates enter.' })
  candidates: number;
}

@ObjectType('StageEnded', {
  ...implementing,
  description:
    'Partial result: how many candidates a step of the selection left, and why the others fell. The steps to a radscore that models share are told once, under the model of its sources alone.',
})
export class StageEnded extends ScopedEvent {
  @Field(() => StudyStageEnum, { description: 'The step.' })
  studyStage: StudyStage;

  @Field(() => Int, { description: 'Candidates before it.' })
  entered: number;

  @Field(() => Int, { description: 'Candidates after it.' })
  remaining: number;

  @Field(() => [DroppedType], { description: 'Why the others fell.' })
  dropped: readonly Dropped[];
}

@ObjectType('FeaturesScreened', { ...implementing, description: 'How far the univariate Cox models are.' })
export class FeaturesScreened extends ScopedEvent {
  @Field(() => Int, { description: 'Features screened.' })
  done: number;

  @Field(() => Int, { description: 'Features in all.' })
  total: number;

  @Field(() => Int, { description: 'Of those screened, how many are below the threshold.' })
  significant: number;
}

@ObjectType('PenaltySolved', { ...implementing, description: 'Partial result: one λ of the LASSO path.' })
export class PenaltySolved extends ScopedEvent {
  @Field(() => Int, { description: 'Its place on the path, from 0.' })
  index: number;

  @Field(() => Float, { description: 'The λ.' })
  lambda: number;

  @Field(() => Float, { description: 'The share of the deviance explained, 0 to 1.' })
  explained: number;

  @Field(() => Int, { description: 'Features with a coefficient.' })
  nonZero: number;
}

@ObjectType('FoldCompleted', { ...implementing, description: 'A fold of the cross-validation is done.' })
export class FoldCompleted extends ScopedEvent {
  @Field(() => Int, { description: 'The fold, from 1.' })
  fold: number;

  @Field(() => Int, { description: 'Folds in all.' })
  folds: number;
}

@ObjectType('CrossValidated', { ...implementing, description: 'Partial result: the cross-validation curve.' })
export class CrossValidatedEvent extends ScopedEvent {
  @Field(() => CrossValidationType, { description: 'The curve.' })
  crossValidation: Omit<CrossValidated, 'type' | 'endpoint' | 'model'>;
}

@ObjectType('ConcordanceCorrected', {
  ...implementing,
  description: "Partial result: the bootstrap's correction of a C-index as it settles.",
})
export class ConcordanceCorrected extends ScopedEvent {
  @Field({
    description:
      "Whether the whole selection is repeated in each resample, or the finished model's terms refitted.",
  })
  wholePipeline: boolean;

  @Field(() => Int, { description: 'Resamples so far.' })
  replicate: number;

  @Field(() => Int, { description: 'Resamples in all.' })
  replicates: number;

  @Field(() => Float, { description: 'The C-index in training.' })
  apparent: number;

  @Field(() => Float, { description: 'By how much it flatters, by the resamples so far.' })
  optimism: number;

  @Field(() => Float, { description: 'The corrected C-index.' })
  corrected: number;
}

@ObjectType('ModelNotFitted', {
  ...implementing,
  description: 'Result: a model of the study could not be built, and why. The others go on.',
})
export class ModelNotFitted extends ScopedEvent {
  @Field(() => FailureType, { description: 'Why.' })
  failure: FailureJson;
}

@ObjectType('StudyCompleted', { ...implementing, description: 'Final: the study is completed and kept.' })
export class StudyCompleted extends JobEventType {
  @Field(() => ID, { description: 'The study.' })
  studyId: string;

  @Field({ description: 'SHA-256 over the result as canonical JSON (RFC 8785).' })
  resultHash: string;

  @Field({ description: 'Whether it had been completed before.' })
  reused: boolean;
}
