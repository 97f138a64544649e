import { Field, ID, ObjectType } from 'type-graphql';
import { Access } from '../rights/access.ts';

@Access('ADMIN')
@ObjectType('ApiKey', { description: 'A key by which a program signs in. Its secret is never shown again.' })
export class ApiKeyType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: 'What it is for.' })
  name: string;

  @Field({ description: 'The first characters of the secret, to recognise it by.' })
  prefix: string;

  @Field({ description: 'Who made it.' })
  createdBy: string;

  @Field({ description: 'When it was made.' })
  createdAt: Date;

  @Field(() => Date, { nullable: true, description: 'When it ends; null for never.' })
  expiresAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was revoked; null while it was not.' })
  revokedAt: Date | null;
}

@Access('ADMIN')
@ObjectType('CreatedApiKey', { description: 'A new key, and the secret: the one time that it is shown.' })
export class CreatedApiKeyType {
  @Field(() => ApiKeyType, { description: 'The key.' })
  key: ApiKeyType;

  @Field({ description: 'To be sent as `Authorization: Bearer …`. Keep it: it cannot be had again.' })
  secret: string;
}
