import { createUnionType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { FailureJson } from '../../engine/failure.ts';
import type {
  Attrition,
  EndpointResult,
  ReadingAgreement,
  RepeatKind,
  SourceAgreement,
  StudyModelOutcome,
  Subset,
  TimeUnit,
} from '../../engine/study/index.ts';
import { Key, Shareable } from '../federation/directives.ts';
import { Access } from '../rights/access.ts';
import { FloatVector } from '../scalars.ts';
import { SuppressSmallCounts } from '../suppression/suppress-small-counts.ts';
import { AttritionType } from './attrition.ts';
import { RepeatKindEnum, StudyModelKindEnum, SubsetEnum, TimeUnitEnum } from './enums.ts';
import { ModelType } from './model.ts';
import { FailureType } from './notice.ts';
import { ModelComparisonType } from './performance.ts';

@Access('READER')
@Key('id')
@ObjectType('Study', {
  description:
    'A study of a cohort as a value: neither its specification nor, once it has run, its result changes.',
})
export class StudyType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: 'The name, unique among the studies of the cohort.' })
  name: string;

  @Field({ description: 'When it was created.' })
  createdAt: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was completed; all results are null until then.',
  })
  completedAt: Date | null;

  @Field(() => Int, {
    description:
      'Patients whom it was made of and who were erased since: what was made of all stays, what was said of each is gone.',
  })
  erasedPatients: number;
}

@Access('READER')
@Shareable()
@ObjectType('SoftwareVersion', { description: 'A version of a piece of software.' })
export class SoftwareVersionType {
  @Field({ description: 'Its name.' })
  name: string;

  @Field({ description: 'Its version.' })
  version: string;
}

@Access('READER')
@ObjectType('Provenance', { description: 'What a study was made of: equal hashes mean equal values.' })
export class ProvenanceType {
  @Field({ description: 'SHA-256 over the specification as canonical JSON (RFC 8785).' })
  specificationHash: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 over every value that the study read.' })
  dataHash: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 over the result as canonical JSON (RFC 8785).',
  })
  resultHash: string | null;

  @Field(() => [SoftwareVersionType], { nullable: true, description: 'The software that ran the study.' })
  versions: SoftwareVersionType[] | null;
}

@Access('READER')
@ObjectType('ReadingAgreement', {
  description: 'How well the features of a source agree with a second reading.',
})
export class ReadingAgreementType {
  @Field(() => RepeatKindEnum, { description: 'What agreement it shows.' })
  kind: RepeatKind;

  @Field({ description: 'The reader and the session.' })
  name: string;

  @SuppressSmallCounts()
  @Field(() => Int, {
    nullable: true,
    description: 'Patients who were read twice; null where that is withheld.',
  })
  patients: number | null;

  @Field(() => FloatVector, { description: 'ICC(2,1) by feature of the source; null where it is undefined.' })
  icc: ReadingAgreement['icc'];

  @Field(() => Int, { description: 'Features above the threshold.' })
  above: number;
}

@Access('READER')
@ObjectType('SourceAgreement', { description: 'How well the features of a source agree between readings.' })
export class SourceAgreementType {
  @Field({ description: 'The source.' })
  source: string;

  @Field(() => [ReadingAgreementType], { description: 'By second reading.' })
  readings: SourceAgreement['readings'];

  @Field(() => Int, { description: 'Features before.' })
  entered: number;

  @Field(() => Int, { description: 'Features above the threshold in every reading.' })
  remaining: number;
}

@Access('READER')
@ObjectType('EndpointSubset', { description: 'The patients of one subset for one endpoint.' })
export class EndpointSubsetType {
  @Field(() => SubsetEnum, { description: 'The subset.' })
  subset: Subset;

  @SuppressSmallCounts()
  @Field(() => Int, {
    nullable: true,
    description: 'Patients who have the outcome; null where that is withheld.',
  })
  patients: number | null;

  @SuppressSmallCounts()
  @Field(() => Int, { nullable: true, description: 'Events among them; null where that is withheld.' })
  events: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Median follow-up by the reverse Kaplan–Meier estimate; null where it is not reached.',
  })
  medianFollowUp: number | null;
}

@Access('READER')
@ObjectType('UnfittedModel', { description: 'Why a model of a study could not be built.' })
export class UnfittedModelType {
  @Field(() => FailureType, { description: 'Why.' })
  failure: FailureJson;
}

export const StudyModelOutcomeType = createUnionType({
  name: 'StudyModelOutcome',
  description: 'What became of a model of a study.',
  types: () => [ModelType, UnfittedModelType] as const,
  resolveType: (outcome) => ('id' in outcome ? ModelType : UnfittedModelType),
});

@Access('READER')
@ObjectType('StudyModel', { description: 'One of the models that a study builds for an endpoint.' })
export class StudyModelType {
  @Field({ description: 'The name, e.g. `CT+MR+CLINICAL`.' })
  name: string;

  @Field(() => StudyModelKindEnum, { description: 'What it is made of.' })
  kind: StudyModelOutcome['kind'];

  @Field(() => [String], { description: 'The sources of its radscore.' })
  sources: readonly string[];

  @Field(() => [AttritionType], { description: 'What each step of the selection left, in order.' })
  attrition: readonly Attrition[];
}

@Access('READER')
@ObjectType('StudyEndpoint', { description: 'What a study found for one endpoint.' })
export class StudyEndpointType {
  @Field({ description: 'The endpoint.' })
  endpoint: string;

  @Field(() => TimeUnitEnum, { description: 'The unit of its times.' })
  timeUnit: TimeUnit;

  @Field(() => [Float], { description: 'Times at which survival is predicted and assessed.' })
  horizons: readonly number[];

  @Field(() => [EndpointSubsetType], { description: 'Its patients.' })
  subsets: EndpointResult['subsets'];

  @Field(() => [StudyModelType], { description: "Its models, in the paper's order." })
  models: StudyModelType[];

  @Field(() => [ModelComparisonType], { description: 'Differences between models.' })
  comparisons: EndpointResult['comparisons'];
}
