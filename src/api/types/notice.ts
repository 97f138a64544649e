import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';
import type { FailureDetails } from '../../engine/failure.ts';
import { Shareable } from '../federation/directives.ts';
import { Access } from '../rights/access.ts';

@Access('READER')
@Shareable()
@ObjectType('Warning', {
  description: 'What a result must say beside its values. The codes are listed in docs/errors.md.',
})
export class WarningType {
  @Field({ description: 'A stable code.' })
  code: string;

  @Field({ description: 'What is to be known, in words.' })
  message: string;

  @Field(() => String, { nullable: true, description: 'The feature, covariate or group concerned.' })
  subject?: string | null;
}

@Access('READER')
@Shareable()
@ObjectType('Failure', {
  description: 'Why work ended without its result. The codes are listed in docs/errors.md.',
})
export class FailureType {
  @Field({ description: 'A stable code.' })
  code: string;

  @Field({ description: 'What was wrong, in words.' })
  message: string;

  @Field(() => GraphQLJSONObject, { description: 'The facts: file, field, value, what was expected.' })
  details: FailureDetails;
}
