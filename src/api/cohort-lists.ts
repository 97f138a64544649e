import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Resolver, Root } from 'type-graphql';
import { requireId } from '../store/checks.ts';
import { type Cohort, FeatureVector, Job, Model, type Patient, Study } from '../store/entities/index.ts';
import { PageArgs, RoiFilter } from './arguments.ts';
import { FeatureVectorConnection, ModelConnection, StudyConnection } from './connections.ts';
import type { Context } from './context.ts';
import { jsonPageOf } from './json-rows/json-page.ts';
import { connectionOf, type Page, pageOf } from './paging.ts';
import { PatientFilterInput } from './patient-filter.ts';
import { PatientOrderInput, pageOfPatients } from './patient-list.ts';
import { readAhead } from './read-ahead.ts';
import { onlyRegions } from './region-filter.ts';
import { Access } from './rights/access.ts';
import { CohortType } from './types/cohort.ts';
import { JobType } from './types/job.ts';
import { PatientType } from './types/patient.ts';

const PatientConnection = connectionOf(PatientType, 'Patient');
const JobConnection = connectionOf(JobType, 'Job');

/** The lists that a cohort has. */
@Resolver(() => CohortType)
export class CohortListsResolver {
  @Access('ANALYST')
  @FieldResolver(() => PatientConnection, {
    description: 'Its patients, all or those of a filter, by subject key where nothing else is asked for.',
  })
  async patients(
    @Root() cohort: Cohort,
    @Arg('filter', () => PatientFilterInput, { nullable: true, description: 'Which patients.' })
    filter: PatientFilterInput | null,
    @Arg('orderBy', () => PatientOrderInput, {
      nullable: true,
      description: 'In which order; who lacks the value comes last.',
    })
    order: PatientOrderInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Patient>> {
    const json = jsonPageOf(context, cohort, info);
    const found = await pageOfPatients(context, cohort, filter, order, page, json?.reader);
    if (json) return { ...found, edges: json.write(found.edges) as never };
    const patients = found.edges.map(({ node }) => node);
    const path = [
      ['PatientConnection', 'edges'],
      ['PatientEdge', 'node'],
    ] as const;
    await readAhead(context.loaders, info, path, 'Patient', patients);
    return found;
  }

  @Access('ANALYST')
  @FieldResolver(() => FeatureVectorConnection, {
    description: 'The feature vectors of its patients under one profile, in the order of their creation.',
  })
  featureVectors(
    @Root() cohort: Cohort,
    @Arg('profileId', () => ID, { description: 'The extraction profile.' }) profileId: string,
    @Arg('filter', () => RoiFilter, { nullable: true, description: 'Which regions of interest.' })
    filter: RoiFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, loaders, rights }: Context,
  ): Promise<Page<FeatureVector>> {
    const query = dataSource
      .getRepository(FeatureVector)
      .createQueryBuilder('vector')
      .innerJoin('vector.patient', 'patient')
      .where('patient.cohort_id = :cohortId and vector.profile_id = :profileId', {
        cohortId: cohort.id,
        profileId: requireId(profileId, 'profileId'),
      });
    onlyRegions(query, filter);
    rights.onlyPatients(query, 'patient', 'ANALYST');
    return pageOf(query, page, { list: 'FeatureVector', columns: ['id'] }, loaders.pages);
  }

  @FieldResolver(() => ModelConnection, { description: 'The models fitted to it, the newest first.' })
  models(
    @Root() cohort: Cohort,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, loaders }: Context,
  ): Promise<Page<Model>> {
    const query = dataSource.getRepository(Model).createQueryBuilder('model').where({ cohortId: cohort.id });
    return pageOf(query, page, { list: 'Model', columns: ['id'], descending: true }, loaders.pages);
  }

  @FieldResolver(() => StudyConnection, { description: 'The studies of it, the newest first.' })
  studies(
    @Root() cohort: Cohort,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, loaders }: Context,
  ): Promise<Page<Study>> {
    const query = dataSource.getRepository(Study).createQueryBuilder('study').where({ cohortId: cohort.id });
    return pageOf(query, page, { list: 'Study', columns: ['id'], descending: true }, loaders.pages);
  }

  @Access('ANALYST')
  @FieldResolver(() => JobConnection, { description: 'The jobs on it, the newest first.' })
  jobs(
    @Root() cohort: Cohort,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, loaders, rights }: Context,
  ): Promise<Page<Job>> {
    const query = dataSource.getRepository(Job).createQueryBuilder('job').where({ cohortId: cohort.id });
    rights.onlyCohorts(query, 'job.cohort_id', 'ANALYST', 'WHOLE');
    return pageOf(query, page, { list: 'Job', columns: ['id'], descending: true }, loaders.pages);
  }
}
