import { Arg, Args, Ctx, Field, ID, InputType, Query, Resolver } from 'type-graphql';
import { requireId, requireText } from '../store/checks.ts';
import { AuditEntry } from '../store/entities/index.ts';
import { PageArgs } from './arguments.ts';
import type { Context } from './context.ts';
import { connectionOf, type Page, pageOf } from './paging.ts';
import { Access } from './rights/access.ts';
import { AuditEntryType } from './types/audit-entry.ts';

const AuditEntryConnection = connectionOf(AuditEntryType, 'AuditEntry', 'ADMIN');

@InputType({ description: 'Which entries: an absent field takes all.' })
class AuditFilterInput {
  @Field(() => ID, { nullable: true, description: 'On this cohort.' })
  cohortId?: string | null;

  @Field(() => String, { nullable: true, description: 'By this principal.' })
  principal?: string | null;

  @Field(() => String, { nullable: true, description: 'Of this action.' })
  action?: string | null;

  @Field(() => ID, { nullable: true, description: 'Done to this object.' })
  objectId?: string | null;

  @Field(() => Date, { nullable: true, description: 'From this time on.' })
  from?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Until before this time.' })
  to?: Date | null;
}

@Resolver()
export class AuditEntryResolver {
  @Access('ADMIN')
  @Query(() => AuditEntryConnection, {
    description:
      'Who did what, the newest first: all of it for who administers everything, else what was done on cohorts that are administered at all sites. Reads appear within a second.',
  })
  auditEntries(
    @Arg('filter', () => AuditFilterInput, { nullable: true, description: 'Which entries.' })
    filter: AuditFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, rights }: Context,
  ): Promise<Page<AuditEntry>> {
    const query = dataSource.getRepository(AuditEntry).createQueryBuilder('entry');
    rights.onlyCohorts(query, 'entry.cohort_id', 'ADMIN', 'WHOLE');
    const { cohortId, principal, action, objectId, from, to } = filter ?? {};
    if (cohortId) query.andWhere({ cohortId: requireId(cohortId, 'filter.cohortId') });
    for (const [column, value] of Object.entries({ principal, action, objectId })) {
      if (!value) continue;
      requireText(value, `filter.${column}`, 300);
      query.andWhere({ [column]: value });
    }
    if (from) query.andWhere('entry.at >= :from', { from });
    if (to) query.andWhere('entry.at < :to', { to });
    return pageOf(query, page, { list: 'AuditEntry', columns: ['sequence'], descending: true });
  }
}
