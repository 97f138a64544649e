import { Field, Int, ObjectType } from 'type-graphql';
import type { Attrition, Dropped, StudyPatients, Subset } from '../../engine/study/index.ts';
import { Access } from '../rights/access.ts';
import { SuppressSmallCounts } from '../suppression/suppress-small-counts.ts';
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

  @SuppressSmallCounts()
  @Field(() => Int, { nullable: true, description: 'How many; null where that is withheld.' })
  patients: number | null;
}

@Access('READER')
@SuppressSmallCounts()
@ObjectType('PatientAttrition', { description: "What became of the cohort's patients in a study." })
export class PatientAttritionType {
  @SuppressSmallCounts({ isTotal: true })
  @Field(() => Int, {
    nullable: true,
    description: 'All patients of the cohort; null where that is withheld.',
  })
  candidates: number | null;

  @Field(() => [ExcludedPatientsType], { description: 'Who was left out; a patient counts once.' })
  excluded: StudyPatients['excluded'];

  @SuppressSmallCounts()
  @Field(() => Int, { nullable: true, description: 'Training patients; null where that is withheld.' })
  training: number | null;

  @SuppressSmallCounts()
  @Field(() => Int, { nullable: true, description: 'Validation patients; null where that is withheld.' })
  validation: number | null;
}

@Access('ANALYST')
@ObjectType('StudySubject', { description: 'A patient of a study.' })
export class StudySubjectType {
  @Field({ description: 'The subject key.' })
  subjectKey: string;

  @Field(() => SubsetEnum, { nullable: true, description: 'The subset; null for who was left out.' })
  subset: Subset | null;
}
