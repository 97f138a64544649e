import { Args, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { requireId } from '../store/checks.ts';
import { freezeCohort } from '../store/cohort-versions.ts';
import { type Cohort, CohortVersion, type Study } from '../store/entities/index.ts';
import { IdArgs, PageArgs } from './arguments.ts';
import type { Context } from './context.ts';
import { connectionOf, type Page, pageOf } from './paging.ts';
import { Access } from './rights/access.ts';
import { requireWholeCohort } from './rights/writable.ts';
import { SuppressSmallCounts } from './suppression/suppress-small-counts.ts';
import { CohortType } from './types/cohort.ts';
import { CohortVersionType } from './types/cohort-version.ts';
import { StudyType } from './types/study.ts';

const CohortVersionConnection = connectionOf(CohortVersionType, 'CohortVersion');

@Resolver(() => CohortType)
export class VersionsOfCohortResolver {
  @Access('ANALYST')
  @Mutation(() => CohortVersionType, {
    description:
      'Freezes the data of a cohort as a version, which a study can name; returns the one that is there where the same data were frozen before.',
  })
  async freezeCohort(@Args(() => IdArgs) { id }: IdArgs, @Ctx() context: Context): Promise<CohortVersion> {
    const cohort = await requireWholeCohort(context, requireId(id, 'id'), 'ANALYST');
    return freezeCohort(context.dataSource, cohort.id);
  }

  @FieldResolver(() => CohortVersionConnection, { description: 'Its versions, the newest first.' })
  versions(
    @Root() cohort: Cohort,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, loaders, rights }: Context,
  ): Promise<Page<CohortVersion>> {
    const query = dataSource
      .getRepository(CohortVersion)
      .createQueryBuilder('version')
      .where({ cohortId: cohort.id });
    rights.onlyCohorts(query, 'version.cohort_id', 'READER', 'WHOLE');
    return pageOf(query, page, { list: 'CohortVersion', columns: ['id'], descending: true }, loaders.pages);
  }
}

const withheld = 'null where it is small, or not all sites may be seen.';

/** A number of the whole cohort, for who has a role at all of its sites: less those of one's own sites, it would tell of the others. */
function ofAllSites({ rights }: Context, { cohortId }: CohortVersion, count: number): number | null {
  return rights.sitesOf('READER', cohortId) === null ? count : null;
}

@Resolver(() => CohortVersionType)
export class CohortVersionResolver {
  @FieldResolver(() => CohortType, { description: 'The cohort whose data they are.' })
  cohort(@Root() version: CohortVersion, @Ctx() { loaders }: Context): Promise<Cohort | null> {
    return loaders.cohort.load(version.cohortId);
  }

  @SuppressSmallCounts()
  @FieldResolver(() => Int, {
    nullable: true,
    description: `Patients, at all sites; ${withheld}`,
  })
  patientCount(@Root() version: CohortVersion, @Ctx() context: Context): number | null {
    return ofAllSites(context, version, version.patientCount);
  }

  @SuppressSmallCounts()
  @FieldResolver(() => Int, {
    nullable: true,
    description: `Scans, at all sites; ${withheld}`,
  })
  scanCount(@Root() version: CohortVersion, @Ctx() context: Context): number | null {
    return ofAllSites(context, version, version.scanCount);
  }

  @SuppressSmallCounts()
  @FieldResolver(() => Int, {
    nullable: true,
    description: `Regions of interest, at all sites; ${withheld}`,
  })
  roiCount(@Root() version: CohortVersion, @Ctx() context: Context): number | null {
    return ofAllSites(context, version, version.roiCount);
  }

  @FieldResolver(() => Boolean, {
    description: "Whether the cohort's data are still these: all of them are read to tell.",
  })
  async isCurrent(@Root() version: CohortVersion, @Ctx() { loaders }: Context): Promise<boolean> {
    return (await loaders.contentHash.load(version.cohortId)) === version.contentHash;
  }
}

@Resolver(() => StudyType)
export class StudyVersionResolver {
  @FieldResolver(() => CohortVersionType, {
    nullable: true,
    description: 'The version of the cohort that it is of; null where none was named and it has not run.',
  })
  cohortVersion(@Root() study: Study, @Ctx() { loaders }: Context): Promise<CohortVersion | null> | null {
    return study.cohortVersionId ? loaders.cohortVersion.load(study.cohortVersionId) : null;
  }
}
