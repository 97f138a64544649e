import { Field, Int, ObjectType } from 'type-graphql';
import type { Attrition, Dropped, StudyPatients, Subset } from '../../engine/study/index.ts';
import { Access } from '../rights/access.ts';
import { DropReasonEnum, StudyStageEnum, SubsetEnum } from './enums.ts';

@Access('READER')
@ObjectType('Dropped', { description: 'How many candidates fell for one reason.' })
export class DroppedType {
  @Field(() => DropReasonEnum, { description: 'Why.' })
  reason: Dropped['reason'];

  @Field(() => Int, { description: 'How many.' })
  count: number;
}

@Access('READER')
@ObjectType('Attrition', { description: "What one step of a model's selection left of its candidates." })
export class AttritionType {
  @Field(() => StudyStageEnum, { description: 'The step.' })
  stage: Attrition['stage'];

  @Field(() => Int, { description: 'Candidates before it.' })
  entered: number;

  @Field(() => Int, { description: 'Candidates after it.' })
  remaining: number;

  @Field(() => [DroppedType], { description: 'Why the others fell.' })
  dropped: readonly Dropped[];

  @Field(() => [String], { description: 'The names of those that remain.' })
  kept: readonly string[];
}

@Access('READER')
@ObjectType('ExcludedPatients', { description: 'How many patients were left out for one reason.' })
export class ExcludedPatientsType {
  @Field({ description: 'Why.' })
  reason: string;

  @Field(() => Int, { description: 'How many.' })
  patients: number;
}

@Access('READER')
@ObjectType('PatientAttrition', { description: "What became of the cohort's patients in a study." })
export class PatientAttritionType {
  @Field(() => Int, { description: 'All patients of the cohort.' })
  candidates: number;

  @Field(() => [ExcludedPatientsType], { description: 'Who was left out; a patient counts once.' })
  excluded: StudyPatients['excluded'];

  @Field(() => Int, { description: 'Training patients.' })
  training: number;

  @Field(() => Int, { description: 'Validation patients.' })
  validation: number;
}

@Access('ANALYST')
@ObjectType('StudySubject', { description: 'A patient of a study.' })
export class StudySubjectType {
  @Field({ description: 'The subject key.' })
  subjectKey: string;

  @Field(() => SubsetEnum, { nullable: true, description: 'The subset; null for who was left out.' })
  subset: Subset | null;
}
