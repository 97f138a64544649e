import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Access } from '../rights/access.ts';

@Access('ADMIN')
@ObjectType('Erasure', { description: 'What is left of a patient who was erased.' })
export class ErasureType {
  @Field(() => ID, { description: 'The identifier that the patient had.' })
  patientId: string;

  @Field(() => ID, { description: 'The cohort that the patient was in.' })
  cohortId: string;

  @Field({ description: 'Why, in the words of who did it.' })
  reason: string;

  @Field({ description: 'Who did it.' })
  erasedBy: string;

  @Field({ description: 'When.' })
  erasedAt: Date;

  @Field(() => Int, {
    description: 'Studies that the patient was in: they are marked, and their reports are gone.',
  })
  studyCount: number;

  @Field(() => Int, { description: 'Models that the patient was in: they are marked.' })
  modelCount: number;

  @Field(() => Int, { description: 'Files that nobody else referred to: they are gone.' })
  objectCount: number;
}
