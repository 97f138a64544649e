import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Access } from '../rights/access.ts';

@Access('READER')
@ObjectType('CohortVersion', {
  description: 'The data of a cohort as they were at one time, known by their hash. It never changes.',
})
export class CohortVersionType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field(() => Int, { description: '1, 2, 3, … in the cohort: by it a study names the version.' })
  number: number;

  @Field({
    description:
      'SHA-256 over patients, covariates, outcomes, scans and regions: equal data have equal hashes, in whatever database.',
  })
  contentHash: string;

  @Field({ description: 'When the data were frozen.' })
  createdAt: Date;
}
