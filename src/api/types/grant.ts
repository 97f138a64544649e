import { Field, ID, ObjectType } from 'type-graphql';
import type { Role } from '../../store/entities/grant.ts';
import { Access } from '../rights/access.ts';
import { PrincipalKindEnum, RoleEnum } from './enums.ts';

@Access('ADMIN')
@ObjectType('Grant', { description: 'A role that a user or an API key was given in the graph.' })
export class GrantType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: 'Who has it: `user:` and the subject of the token, or `key:` and the key.' })
  principal: string;

  @Field(() => RoleEnum, { description: 'The role.' })
  role: Role;

  @Field(() => String, { nullable: true, description: 'The key of the cohort; null for all.' })
  cohortKey: string | null;

  @Field(() => String, { nullable: true, description: 'The site; null for all.' })
  site: string | null;

  @Field({ description: 'Who gave it.' })
  grantedBy: string;

  @Field({ description: 'When it was given.' })
  createdAt: Date;
}

@Access('READER')
@ObjectType('HeldGrant', { description: 'A role that who asks has, by the token or by the graph.' })
export class HeldGrantType {
  @Field(() => RoleEnum, { description: 'The role.' })
  role: Role;

  @Field(() => String, { nullable: true, description: 'The key of the cohort; null for all.' })
  cohortKey: string | null;

  @Field(() => String, { nullable: true, description: 'The site; null for all.' })
  site: string | null;
}

@Access('READER')
@ObjectType('Viewer', { description: 'Who asks.' })
export class ViewerType {
  @Field({ description: '`development`, or `user:` or `key:` and what it is known by.' })
  id: string;

  @Field(() => PrincipalKindEnum, { description: 'How it signed in.' })
  kind: 'DEVELOPMENT' | 'TOKEN' | 'API_KEY';

  @Field(() => Date, { nullable: true, description: 'When the token or key ends; null for never.' })
  expiresAt: Date | null;

  @Field(() => [HeldGrantType], { description: 'What it may do.' })
  grants: readonly HeldGrantType[];
}
