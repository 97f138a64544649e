import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { In } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import type { PrognosisResult } from '../engine/study/index.ts';
import { requireId, requireText } from '../store/checks.ts';
import { requireCovariate } from '../store/clinical-columns.ts';
import type { CoxSpecification } from '../store/cox-specification.ts';
import {
  type Cohort,
  ExtractionProfile,
  type Job,
  type Model,
  type Patient,
  Prediction,
} from '../store/entities/index.ts';
import { checkedFilter, IdArgs, PageArgs, requireBatch, requireFound } from './arguments.ts';
import { PredictionConnection } from './connections.ts';
import type { Context } from './context.ts';
import { type Page, pageOf } from './paging.ts';
import { Access } from './rights/access.ts';
import { requireWholeCohort } from './rights/writable.ts';
import { SplitInput } from './split-input.ts';
import { CohortType } from './types/cohort.ts';
import { TiesEnum } from './types/enums.ts';
import { JobType } from './types/job.ts';
import { ModelType, PredictionType } from './types/model.ts';
import { WarningType } from './types/notice.ts';
import { PatientType } from './types/patient.ts';
import { Coefficient, Concordance, RiskComparison, SurvivalCurve } from './types/survival.ts';

@InputType({
  description:
    'Features of a profile as covariates, from the region that the other fields pick out; one region a patient must match.',
})
class FeatureSelectionInput {
  @Field({ description: 'The name of the extraction profile.' })
  profile: string;

  @Field(() => [String], { description: 'Which of its features.' })
  names: string[];

  @Field(() => String, { nullable: true, description: 'DICOM Modality of the scan.' })
  modality?: string;

  @Field(() => String, { nullable: true, description: 'Contrast phase of the scan.' })
  phase?: string;

  @Field(() => String, { nullable: true, description: 'Who drew the region.' })
  reader?: string;

  @Field(() => Int, { nullable: true, description: "Which of the reader's sessions." })
  session?: number;

  @Field(() => String, { nullable: true, description: 'Which lesion.' })
  lesion?: string;
}

@InputType({ description: 'A Cox model to be fitted.' })
class FitCoxModelInput {
  @Field(() => ID, { description: 'The cohort.' })
  cohortId: string;

  @Field({ description: 'The endpoint, e.g. `DFS` or `OS`.' })
  endpoint: string;

  @Field(() => [String], { defaultValue: [], description: 'Clinical covariates by name.' })
  covariates: string[];

  @Field(() => [FeatureSelectionInput], { defaultValue: [], description: 'Radiomics features.' })
  features: FeatureSelectionInput[];

  @Field(() => TiesEnum, { defaultValue: 'EFRON', description: 'How events at the same time are treated.' })
  ties: 'EFRON' | 'BRESLOW';

  @Field(() => SplitInput, {
    nullable: true,
    description: 'Without a split the model is fitted to, and described on, all patients.',
  })
  split?: SplitInput | null;
}

@Resolver(() => ModelType)
export class ModelResolver {
  @Access('READER')
  @Query(() => ModelType, { nullable: true, description: 'The model with the identifier.' })
  model(@Args(() => IdArgs) { id }: IdArgs, @Ctx() { loaders }: Context): Promise<Model | null> {
    return loaders.model.load(requireId(id, 'id'));
  }

  @Access('ANALYST')
  @Mutation(() => JobType, {
    description: 'Starts to fit a Cox model. While the same fit is under way, returns that one.',
  })
  async fitCoxModel(
    @Arg('input', () => FitCoxModelInput, { description: 'The model.' }) input: FitCoxModelInput,
    @Ctx() context: Context,
  ): Promise<Job> {
    const { dataSource, queue } = context;
    requireBatch(input.features, 'features');
    const names = [...input.covariates, ...input.features.flatMap((selection) => selection.names)];
    requireBatch(names, 'covariates, features');
    const cohort = await requireWholeCohort(context, requireId(input.cohortId, 'cohortId'), 'ANALYST');
    if (names.length === 0) {
      throw new Failure('INPUT_INVALID', 'a model needs at least one covariate or feature', {
        field: 'covariates, features',
      });
    }
    for (const { name } of cohort.covariates)
      if (input.covariates.includes(name)) requireCovariate(cohort, name);
    requireText(input.endpoint, 'endpoint', 64);
    for (const name of names) requireText(name, 'a name in covariates or features', 200);
    const profiles = await dataSource.getRepository(ExtractionProfile).find({
      select: { id: true, name: true },
      where: { name: In([...new Set(input.features.map(({ profile }) => profile))]) },
    });
    const profileIds = new Map(profiles.map(({ id, name }) => [name, id]));
    const features = input.features.map(({ profile, names, ...filter }) => ({
      profileId: requireFound(profileIds.get(profile) ?? null, 'profile', profile),
      names,
      ...checkedFilter(filter),
    }));
    const specification: CoxSpecification = {
      endpoint: input.endpoint,
      covariates: input.covariates,
      features,
      ties: input.ties,
      split: input.split ? { ...input.split } : null,
    };
    return queue.enqueue({
      kind: 'COX_FIT',
      cohortId: cohort.id,
      specification,
      requestedBy: context.rights.principal.id,
    });
  }

  @FieldResolver(() => CohortType, { description: 'The cohort that it was fitted to.' })
  cohort(@Root() model: Model, @Ctx() { loaders }: Context): Promise<Cohort | null> {
    return loaders.cohort.load(model.cohortId);
  }

  @Access('ANALYST')
  @FieldResolver(() => JobType, { description: 'The job that fitted it.' })
  job(@Root() model: Model, @Ctx() { loaders }: Context): Promise<Job | null> {
    return loaders.job.load(model.jobId);
  }

  @FieldResolver(() => [Coefficient], { description: "The model's table." })
  coefficients(@Root() model: Model): PrognosisResult['model']['coefficients'] {
    return resultOf(model).model.coefficients;
  }

  @FieldResolver(() => [Concordance], { description: 'The C-index in training and validation.' })
  concordance(@Root() model: Model): PrognosisResult['concordance'] {
    return resultOf(model).concordance;
  }

  @FieldResolver(() => [SurvivalCurve], { description: 'Kaplan–Meier curves by subset and risk group.' })
  survivalCurves(@Root() model: Model): PrognosisResult['curves'] {
    return resultOf(model).curves;
  }

  @FieldResolver(() => [RiskComparison], {
    description: 'Log-rank tests between the risk groups, by subset.',
  })
  riskComparisons(@Root() model: Model): PrognosisResult['comparisons'] {
    return resultOf(model).comparisons;
  }

  @FieldResolver(() => Float, {
    description:
      'The linear predictor above which a patient is at high risk: the median of the training patients.',
  })
  cutpoint(@Root() model: Model): number {
    return resultOf(model).cutpoint;
  }

  @FieldResolver(() => [WarningType], { description: 'What is to be known about the model.' })
  warnings(@Root() model: Model): PrognosisResult['warnings'] {
    return resultOf(model).warnings;
  }

  @Access('ANALYST')
  @FieldResolver(() => PredictionConnection, { description: 'What it says of each patient.' })
  predictions(
    @Root() model: Model,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, loaders, rights }: Context,
  ): Promise<Page<Prediction>> {
    const query = dataSource
      .getRepository(Prediction)
      .createQueryBuilder('prediction')
      .where({ modelId: model.id });
    if (!rights.unlimited) query.innerJoin('prediction.patient', 'patient');
    rights.onlyPatients(query, 'patient', 'ANALYST');
    return pageOf(query, page, { list: 'Prediction', columns: ['id'] }, loaders.pages);
  }
}

function resultOf(model: Model): PrognosisResult {
  return model.result as PrognosisResult;
}

@Resolver(() => PredictionType)
export class PredictionResolver {
  @FieldResolver(() => ModelType, { description: 'The model that says it.' })
  model(@Root() prediction: Prediction, @Ctx() { loaders }: Context): Promise<Model | null> {
    return loaders.model.load(prediction.modelId);
  }

  @FieldResolver(() => PatientType, { description: 'The patient whom it is about.' })
  patient(@Root() prediction: Prediction, @Ctx() { loaders }: Context): Promise<Patient | null> {
    return loaders.patient.load(prediction.patientId);
  }
}
