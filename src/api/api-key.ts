import { randomBytes } from 'node:crypto';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import { requireId, requireText } from '../store/checks.ts';
import { ApiKey } from '../store/entities/api-key.ts';
import { Grant } from '../store/entities/grant.ts';
import { PageArgs, requireBatch, requireFound } from './arguments.ts';
import type { Context } from './context.ts';
import { GrantInput, toGrant } from './grant.ts';
import { connectionOf, type Page, pageOf } from './paging.ts';
import { Access } from './rights/access.ts';
import { digest, keyMark } from './rights/authenticator.ts';
import { ApiKeyType, CreatedApiKeyType } from './types/api-key.ts';
import { GrantType } from './types/grant.ts';

const ApiKeyConnection = connectionOf(ApiKeyType, 'ApiKey', 'ADMIN');

/** What a key may hold. */
const maxGrants = 100;

@InputType({ description: 'An API key to be made.' })
class CreateApiKeyInput {
  @Field({ description: 'What it is for.' })
  name: string;

  @Field(() => [GrantInput], { description: 'What it may do: never more than who makes it administers.' })
  grants: GrantInput[];

  @Field(() => Date, { nullable: true, description: 'When it ends; never where absent.' })
  expiresAt?: Date | null;
}

@Resolver(() => ApiKeyType)
export class ApiKeyResolver {
  @Access('ADMIN')
  @Query(() => ApiKeyConnection, {
    description: 'The API keys of which who asks administers every right, the newest first.',
  })
  apiKeys(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, rights }: Context,
  ): Promise<Page<ApiKey>> {
    const query = dataSource.getRepository(ApiKey).createQueryBuilder('key');
    rights.onlyAdministeredKeys(query, 'key');
    return pageOf(query, page, { list: 'ApiKey', columns: ['id'], descending: true });
  }

  @Access('ADMIN')
  @Mutation(() => CreatedApiKeyType, { description: 'Makes an API key.' })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The key.' })
    { name, grants, expiresAt }: CreateApiKeyInput,
    @Ctx() { dataSource, rights, audit }: Context,
  ): Promise<CreatedApiKeyType> {
    requireText(name, 'name', 200);
    requireBatch(grants, 'grants', maxGrants);
    if (grants.length === 0)
      throw new Failure('INPUT_INVALID', 'a key without grants could do nothing', { field: 'grants' });
    if (expiresAt && expiresAt.getTime() <= Date.now())
      throw new Failure('INPUT_INVALID', 'expiresAt has passed', { field: 'expiresAt' });
    const rows = grants.map((grant) => toGrant(grant, rights.principal.id));
    for (const row of rows) rights.requireAdministered(row);
    const id = uuid();
    audit.about('ApiKey', id);
    audit.explain({ grants: rows.map(({ role, cohortKey, site }) => ({ role, cohortKey, site })) });
    const secret = `${keyMark}${randomBytes(32).toString('base64url')}`;
    await dataSource.transaction(async (manager) => {
      await manager.insert(ApiKey, {
        id,
        name,
        prefix: secret.slice(0, keyMark.length + 6),
        secretHash: digest(secret).toString('hex'),
        createdBy: rights.principal.id,
        expiresAt: expiresAt ?? null,
      });
      await manager.insert(
        Grant,
        rows.map((row) => ({ ...row, principal: `key:${id}` })),
      );
    });
    return { key: await dataSource.getRepository(ApiKey).findOneByOrFail({ id }), secret };
  }

  @Access('ADMIN')
  @Mutation(() => ApiKeyType, {
    description: 'Revokes an API key for good. Its sockets and streams are closed within a second.',
  })
  async revokeApiKey(
    @Arg('id', () => ID, { description: 'The key.' }) id: string,
    @Ctx() { dataSource, rights, audit }: Context,
  ): Promise<ApiKey> {
    const repository = dataSource.getRepository(ApiKey);
    const query = repository.createQueryBuilder('key').where({ id: requireId(id, 'id') });
    rights.onlyAdministeredKeys(query, 'key');
    const key = requireFound(await query.getOne(), 'API key', id);
    audit.about('ApiKey', key.id);
    if (!key.revokedAt)
      await dataSource.transaction((manager) =>
        manager.update(ApiKey, { id: key.id }, { revokedAt: new Date() }),
      );
    return repository.findOneByOrFail({ id: key.id });
  }

  @FieldResolver(() => [GrantType], { description: 'What it may do.' })
  grants(@Root() { id }: ApiKey, @Ctx() { loaders }: Context): Grant[] | Promise<Grant[]> {
    return loaders.grantsOf.of(`key:${id}`);
  }
}
