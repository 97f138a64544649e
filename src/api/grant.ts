import { Arg, Args, Ctx, Field, ID, InputType, Mutation, Query, Resolver } from 'type-graphql';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import { requireId, requireText } from '../store/checks.ts';
import { Grant, type Role } from '../store/entities/grant.ts';
import { PageArgs, requireFound } from './arguments.ts';
import type { Context } from './context.ts';
import { connectionOf, type Page, pageOf } from './paging.ts';
import { Access } from './rights/access.ts';
import type { Principal } from './rights/principal.ts';
import { RoleEnum } from './types/enums.ts';
import { GrantType, ViewerType } from './types/grant.ts';

const GrantConnection = connectionOf(GrantType, 'Grant', 'ADMIN');

@InputType({ description: 'A role on a cohort or all, at a site or all.' })
export class GrantInput {
  @Field(() => RoleEnum, { description: 'The role.' })
  role: Role;

  @Field(() => String, {
    nullable: true,
    description: 'The key of the cohort, which need not be there yet; all where absent.',
  })
  cohortKey?: string | null;

  @Field(() => String, { nullable: true, description: 'The site; all where absent.' })
  site?: string | null;
}

@Resolver(() => GrantType)
export class GrantResolver {
  @Access('READER')
  @Query(() => ViewerType, { description: 'Who asks, and what they may do.' })
  viewer(@Ctx() { rights }: Context): Principal {
    return rights.principal;
  }

  @Access('ADMIN')
  @Query(() => GrantConnection, {
    description: 'The roles that were given in the graph, as far as who asks may give them.',
  })
  grants(
    @Arg('principal', () => String, { nullable: true, description: 'Whose: `user:…` or `key:…`.' })
    principal: string | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, rights }: Context,
  ): Promise<Page<Grant>> {
    const query = dataSource.getRepository(Grant).createQueryBuilder('held');
    rights.onlyAdministered(query, 'held');
    if (principal) query.andWhere({ principal });
    return pageOf(query, page, { list: 'Grant', columns: ['id'] });
  }

  @Access('ADMIN')
  @Mutation(() => GrantType, {
    description:
      'Gives a user a role besides those in the token; who is signed in has it after the next sign-in.',
  })
  async grantRole(
    @Arg('principal', () => String, { description: '`user:` and the subject of the token.' })
    principal: string,
    @Arg('grant', () => GrantInput, { description: 'The role.' }) grant: GrantInput,
    @Ctx() { dataSource, rights, audit }: Context,
  ): Promise<Grant> {
    if (!/^user:[^\p{Cc}]{1,255}$/u.test(principal))
      throw new Failure('INPUT_INVALID', 'principal is user: and the subject of a token', {
        field: 'principal',
      });
    const row = toGrant(grant, rights.principal.id);
    rights.requireAdministered(row);
    audit.about('Grant', row.id);
    audit.explain({ principal, role: row.role, cohortKey: row.cohortKey, site: row.site });
    return dataSource.transaction(async (manager) => {
      await manager.insert(Grant, { ...row, principal });
      return manager.findOneByOrFail(Grant, { id: row.id });
    });
  }

  @Access('ADMIN')
  @Mutation(() => GrantType, {
    description:
      'Takes a role away; returns what it was. Sockets and streams that began with it are closed within a second.',
  })
  async withdrawGrant(
    @Arg('id', () => ID, { description: 'The grant.' }) id: string,
    @Ctx() { dataSource, rights, audit }: Context,
  ): Promise<Grant> {
    const query = dataSource
      .getRepository(Grant)
      .createQueryBuilder('held')
      .where({ id: requireId(id, 'id') });
    rights.onlyAdministered(query, 'held');
    const grant = requireFound(await query.getOne(), 'grant', id);
    const { principal, role, cohortKey, site } = grant;
    audit.about('Grant', grant.id);
    audit.explain({ principal, role, cohortKey, site });
    await dataSource.transaction((manager) => manager.delete(Grant, { id: grant.id }));
    return grant;
  }
}

/** A grant as it is kept, but for whose it is. Throws `INPUT_INVALID` for what cannot be a cohort's key or a site. */
export function toGrant(
  { role, cohortKey, site }: GrantInput,
  grantedBy: string,
): Omit<Grant, 'principal' | 'createdAt'> {
  if (cohortKey != null) requireText(cohortKey, 'cohortKey', 64);
  if (site != null) requireText(site, 'site', 64);
  return { id: uuid(), role, cohortKey: cohortKey ?? null, site: site ?? null, grantedBy };
}
