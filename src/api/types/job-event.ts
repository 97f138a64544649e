import { Field, Float, ID, Int, InterfaceType, ObjectType } from 'type-graphql';
import type { FailureJson } from '../../engine/failure.ts';
import type { TimeUnit } from '../../engine/study/time-unit.ts';
import { Access } from '../rights/access.ts';
import { TimeUnitEnum } from './enums.ts';
import { FailureType, WarningType } from './notice.ts';
import { ChiSquared, Coefficient, Concordance, RiskComparison, SurvivalCurve } from './survival.ts';

@Access('ANALYST')
@InterfaceType('JobEvent', {
  description:
    'One entry of the log of a job. docs/PROTOCOL.md gives the order of events and how to resume a stream.',
  resolveType: (event: { readonly typeName: string }) => event.typeName,
})
export abstract class JobEventType {
  @Field(() => ID, { description: 'The job.' })
  jobId: string;

  @Field(() => Int, {
    description: "The event's number in its job: 1, 2, 3, … Give the last one seen as `after` to resume.",
  })
  sequence: number;

  @Field({ description: 'When the event was recorded.' })
  recordedAt: Date;
}

const implementing = { implements: JobEventType };

/** An event of a fit, which in a study is about one endpoint and model. */
@ObjectType()
export abstract class ScopedEvent extends JobEventType {
  @Field(() => String, {
    nullable: true,
    description: 'The endpoint of a study; null where it is about all of them, or in no study.',
  })
  endpoint: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The model of a study; null where it is about all of them, or in no study.',
  })
  model: string | null;
}

@ObjectType('JobQueued', { ...implementing, description: 'The job waits for its turn.' })
export class JobQueued extends JobEventType {
  @Field(() => Int, { description: 'Its place among the waiting jobs of its kind: 1 is next.' })
  place: number;
}

@ObjectType('JobStarted', {
  ...implementing,
  description: 'A process has begun the job, or begun it again after an interruption.',
})
export class JobStarted extends JobEventType {
  @Field(() => Int, { description: '1, or more after an interruption.' })
  attempt: number;
}

@ObjectType('JobProgress', { ...implementing, description: 'How far a stage of the job is.' })
export class JobProgress extends JobEventType {
  @Field({ description: 'The stage, e.g. `EXTRACTION`.' })
  stage: string;

  @Field(() => Int, { description: 'Units of work done.' })
  done: number;

  @Field(() => Int, { description: 'Units of work in all.' })
  total: number;
}

@ObjectType('RoiExtracted', {
  ...implementing,
  description: 'Partial result: the features of a region of interest are there.',
})
export class RoiExtracted extends JobEventType {
  @Field(() => ID, { description: 'The region of interest.' })
  roiId: string;

  @Field(() => ID, { description: 'Its feature vector.' })
  featureVectorId: string;

  @Field({ description: 'Whether the same content had been extracted before.' })
  reused: boolean;
}

@ObjectType('RoiFailed', {
  ...implementing,
  description: 'Partial result: a region of interest has no features, and why. The job goes on.',
})
export class RoiFailed extends JobEventType {
  @Field(() => ID, { description: 'The region of interest.' })
  roiId: string;

  @Field(() => FailureType, { description: 'Why.' })
  failure: FailureJson;
}

@ObjectType('PatientsSelected', {
  ...implementing,
  description: 'Which patients the model is fitted to, and which it is checked on.',
})
export class PatientsSelected extends ScopedEvent {
  @Field(() => Int, { description: 'Training patients.' })
  training: number;

  @Field(() => Int, { description: 'Events among them.' })
  trainingEvents: number;

  @Field(() => Int, { description: 'Validation patients.' })
  validation: number;

  @Field(() => Int, { description: 'Events among them.' })
  validationEvents: number;

  @Field(() => Int, { description: 'Patients left out because the outcome or a covariate is missing.' })
  excluded: number;

  @Field(() => TimeUnitEnum, { description: 'The unit of every time that follows.' })
  timeUnit: TimeUnit;
}

@ObjectType('FitIterated', {
  ...implementing,
  description: 'Partial result: one step of the maximisation of the partial likelihood.',
})
export class FitIterated extends JobEventType {
  @Field(() => Int, { description: 'The step, from 0.' })
  iteration: number;

  @Field(() => Float, { description: 'The log partial likelihood after it.' })
  logLikelihood: number;
}

@ObjectType('ModelEstimated', { ...implementing, description: 'Partial result: the fitted model.' })
export class ModelEstimated extends ScopedEvent {
  @Field(() => [Coefficient], { description: "The model's table." })
  coefficients: Coefficient[];

  @Field(() => Float, { description: 'Log partial likelihood without covariates.' })
  logLikelihoodNull: number;

  @Field(() => Float, { description: 'Log partial likelihood of the model.' })
  logLikelihood: number;

  @Field(() => Float, { description: "Akaike's information criterion." })
  aic: number;

  @Field({ description: 'The likelihood-ratio test of all covariates.' })
  likelihoodRatio: ChiSquared;

  @Field({ description: "Wald's test of all covariates." })
  wald: ChiSquared;

  @Field({ description: 'The score test of all covariates.' })
  score: ChiSquared;

  @Field({ description: 'Whether the estimate settled.' })
  converged: boolean;

  @Field(() => Int, { description: 'Steps taken.' })
  iterations: number;
}

@ObjectType('ConcordanceEstimated', { ...implementing, description: 'Result: the C-index in one subset.' })
export class ConcordanceEstimated extends ScopedEvent {
  @Field({ description: 'The C-index with its confidence limits.' })
  concordance: Concordance;
}

@ObjectType('SurvivalCurveEstimated', {
  ...implementing,
  description: 'Result: the Kaplan–Meier curve of one risk group in one subset.',
})
export class SurvivalCurveEstimated extends ScopedEvent {
  @Field({ description: 'The curve.' })
  curve: SurvivalCurve;
}

@ObjectType('RiskGroupsCompared', {
  ...implementing,
  description: 'Result: the log-rank test between the risk groups of one subset.',
})
export class RiskGroupsCompared extends ScopedEvent {
  @Field({ description: 'The comparison.' })
  comparison: RiskComparison;
}

@ObjectType('WarningRaised', {
  ...implementing,
  description: 'Something that the result must say beside its values.',
})
export class WarningRaised extends ScopedEvent {
  @Field({ description: 'The warning.' })
  warning: WarningType;
}

@ObjectType('ExtractionCompleted', { ...implementing, description: 'Final: the extraction is over.' })
export class ExtractionCompleted extends JobEventType {
  @Field(() => Int, { description: 'Regions whose features were computed.' })
  extracted: number;

  @Field(() => Int, {
    description: 'Regions whose features were there already, or were known from the same content.',
  })
  known: number;

  @Field(() => Int, { description: 'Regions that failed.' })
  failed: number;
}

@ObjectType('CoxFitCompleted', { ...implementing, description: 'Final: the model is fitted and kept.' })
export class CoxFitCompleted extends JobEventType {
  @Field(() => ID, { description: 'The model.' })
  modelId: string;

  @Field({ description: 'Whether the same model had been fitted to the same data before.' })
  reused: boolean;
}

@ObjectType('CohortErased', {
  ...implementing,
  description: 'Final: the patients are gone for good, with their files.',
})
export class CohortErased extends JobEventType {
  @Field(() => Int, { description: 'How many they were.' })
  patientCount: number;
}

@ObjectType('JobFailed', { ...implementing, description: 'Final: the job ended by a failure.' })
export class JobFailed extends JobEventType {
  @Field(() => FailureType, { description: 'Why.' })
  failure: FailureJson;
}

@ObjectType('JobCancelled', { ...implementing, description: 'Final: the job was cancelled.' })
export class JobCancelled extends JobEventType {}
