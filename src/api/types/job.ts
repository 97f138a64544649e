import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { FailureJson } from '../../engine/failure.ts';
import type { JobKind, JobState } from '../../store/entities/job.ts';
import { Access } from '../rights/access.ts';
import { JobKindEnum, JobStateEnum } from './enums.ts';
import { FailureType } from './notice.ts';

@Access('ANALYST')
@ObjectType('Job', { description: 'A piece of long work. Its history is its events.' })
export class JobType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field(() => JobKindEnum, { description: 'What it does.' })
  kind: JobKind;

  @Field(() => JobStateEnum, { description: 'How far it is.' })
  state: JobState;

  @Field(() => GraphQLJSONObject, { description: 'What was asked for.' })
  specification: object;

  @Field(() => Int, { description: 'The sequence number of its newest event.' })
  lastSequence: number;

  @Field(() => FailureType, { nullable: true, description: 'Why it failed.' })
  failure: FailureJson | null;

  @Field({ description: 'When it was asked for.' })
  createdAt: Date;

  @Field(() => Date, { nullable: true, description: 'When it first began.' })
  startedAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended.' })
  finishedAt: Date | null;
}
