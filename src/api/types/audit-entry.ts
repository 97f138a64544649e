import { GraphQLJSONObject, GraphQLSafeInt } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { Access } from '../rights/access.ts';

@Access('ADMIN')
@ObjectType('AuditEntry', {
  description: 'One thing that somebody did, or tried to. Entries are chained by their hashes.',
})
export class AuditEntryType {
  @Field(() => GraphQLSafeInt, { description: 'Its place in the log: 1, 2, 3, … without gaps.' })
  sequence: number;

  @Field({ description: 'When.' })
  at: Date;

  @Field({ description: 'Who: as the sign-in knows them, or `command:` and a user of the machine.' })
  principal: string;

  @Field({ description: 'The mutation or command, or `read`, `export`, `upload`, `readReport`.' })
  action: string;

  @Field(() => String, {
    nullable: true,
    description: 'The noun that it was done to; null where to several or none.',
  })
  objectKind: string | null;

  @Field(() => ID, { nullable: true, description: 'Which: it may be there no longer.' })
  objectId: string | null;

  @Field(() => ID, { nullable: true, description: 'The cohort, where it was on one.' })
  cohortId: string | null;

  @Field({ description: '`OK`, or the code of the failure.' })
  outcome: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'What else is known of it, as the kinds of rows that were read.',
  })
  details: Readonly<Record<string, unknown>> | null;

  @Field({ description: 'The hash of the entry before; zeros for the first.' })
  previousHash: string;

  @Field({ description: 'SHA-256 over all of the above as canonical JSON.' })
  hash: string;
}
