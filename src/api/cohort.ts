import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import { requireId } from '../store/checks.ts';
import { createCohort } from '../store/cohorts.ts';
import { Cohort, type CovariateDefinition, type CovariateKind } from '../store/entities/index.ts';
import { PageArgs, requireBatch, withoutNulls } from './arguments.ts';
import type { Context } from './context.ts';
import { connectionOf, type Page, pageOf } from './paging.ts';
import { PatientFilterInput } from './patient-filter.ts';
import { countPatients } from './patient-list.ts';
import { Access } from './rights/access.ts';
import { SuppressSmallCounts } from './suppression/suppress-small-counts.ts';
import { CohortType, CovariateDefinitionType } from './types/cohort.ts';
import { CovariateKindEnum } from './types/enums.ts';

const CohortConnection = connectionOf(CohortType, 'Cohort');

@InputType({ description: 'What a covariate of a cohort is.' })
class CovariateDefinitionInput {
  @Field({ description: 'Its name, unique in the cohort.' })
  name: string;

  @Field(() => CovariateKindEnum, { description: 'What its values are.' })
  kind: CovariateKind;

  @Field(() => String, { nullable: true, description: 'The unit of a numeric covariate.' })
  unit?: string;

  @Field(() => [String], {
    nullable: true,
    description: 'The levels of a categorical covariate, the reference first.',
  })
  levels?: string[];

  @Field(() => String, { nullable: true, description: 'What it means.' })
  description?: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether its values tell who somebody is. They are then for curators alone, and no model or study is made of them.',
  })
  identifying: boolean;
}

@InputType({ description: 'A cohort to be created.' })
class CreateCohortInput {
  @Field({ description: 'A short unique name: 1 to 64 letters, digits, dots, dashes, underscores.' })
  key: string;

  @Field(() => String, { nullable: true, description: 'The name for display; the key where absent.' })
  name?: string;

  @Field(() => String, { nullable: true, description: 'What the cohort is.' })
  description?: string;

  @Field(() => [CovariateDefinitionInput], {
    defaultValue: [],
    description: 'The clinical covariates that its patients may have.',
  })
  covariates: CovariateDefinitionInput[];
}

@Resolver(() => CohortType)
export class CohortResolver {
  @Access('READER')
  @Query(() => CohortType, {
    nullable: true,
    description: 'The cohort with the identifier or the key given; give one of them.',
  })
  cohort(
    @Arg('id', () => ID, { nullable: true, description: 'The identifier.' }) id: string | null,
    @Arg('key', () => String, { nullable: true, description: 'The key.' }) key: string | null,
    @Ctx() { dataSource, loaders, rights }: Context,
  ): Promise<Cohort | null> {
    if ((id === null || id === undefined) === (key === null || key === undefined)) {
      throw new Failure('INPUT_INVALID', 'give either the id or the key of the cohort', { field: 'id, key' });
    }
    if (id) return loaders.cohort.load(requireId(id, 'id'));
    const query = dataSource
      .getRepository(Cohort)
      .createQueryBuilder('cohort')
      .where({ key: key as string });
    rights.onlyCohorts(query, 'cohort.id', 'READER', 'COHORT');
    return query.getOne();
  }

  @Access('READER')
  @Query(() => CohortConnection, { description: 'All cohorts by key.' })
  cohorts(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, rights }: Context,
  ): Promise<Page<Cohort>> {
    const query = dataSource.getRepository(Cohort).createQueryBuilder('cohort');
    rights.onlyCohorts(query, 'cohort.id', 'READER', 'COHORT');
    return pageOf(query, page, {
      list: 'Cohort',
      columns: ['key'],
    });
  }

  @Access('CURATOR')
  @Mutation(() => CohortType, {
    description: 'Creates a cohort; returns the one that is there when it is the same.',
  })
  createCohort(
    @Arg('input', () => CreateCohortInput, { description: 'The cohort.' }) input: CreateCohortInput,
    @Ctx() { dataSource, rights, audit }: Context,
  ): Promise<Cohort> {
    const { covariates, ...cohort } = input;
    if (!rights.hasByKey('CURATOR', cohort.key, null))
      throw new Failure(
        'FORBIDDEN',
        `cohort ${cohort.key.slice(0, 80)} needs the role CURATOR at all sites`,
        {
          role: 'CURATOR',
        },
      );
    requireBatch(covariates, 'covariates');
    const given = { ...withoutNulls(cohort), covariates: covariates.map(withoutNulls) };
    return dataSource.transaction(async (manager) => {
      const created = await createCohort(manager, given);
      audit.about('Cohort', created.id, created.id);
      return created;
    });
  }

  @FieldResolver(() => [CovariateDefinitionType], {
    description: 'The clinical covariates that its patients may have.',
  })
  covariates(@Root() cohort: Cohort, @Ctx() { rights }: Context): CovariateDefinition[] {
    const isCurator = rights.has('CURATOR', { on: 'WHOLE', cohortId: cohort.id });
    if (isCurator) return cohort.covariates;
    return cohort.covariates.map(({ levels, ...covariate }) => ({
      ...covariate,
      // Levels are values.
      ...(levels && !covariate.identifying && { levels }),
    }));
  }

  @SuppressSmallCounts()
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'How many patients it has, or a filter finds, at the sites that who asks may read of; with a filter, ANALYST is needed. Null where the number is withheld.',
  })
  patientCount(
    @Root() cohort: Cohort,
    @Arg('filter', () => PatientFilterInput, { nullable: true, description: 'Which patients.' })
    filter: PatientFilterInput | null,
    @Ctx() context: Context,
  ): Promise<number> {
    return filter ? countPatients(context, cohort, filter) : context.loaders.patientCount.load(cohort.id);
  }

  @FieldResolver(() => [String], {
    description: 'The endpoints for which any patient has an outcome, sorted.',
  })
  endpoints(@Root() cohort: Cohort, @Ctx() { loaders }: Context): Promise<string[]> {
    return loaders.endpoints.load(cohort.id);
  }
}

@Resolver(() => CovariateDefinitionType)
export class CovariateDefinitionResolver {
  @FieldResolver(() => Boolean, {
    description:
      'Whether its values tell who somebody is: they, and its levels, are for curators alone, and no model or study is made of them.',
  })
  identifying(@Root() { identifying }: CovariateDefinition): boolean {
    return identifying ?? false;
  }
}
