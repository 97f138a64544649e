import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import {
  type EndpointResult,
  type StudyModelOutcome,
  type StudyResult,
  studyVersion,
} from '../engine/study/index.ts';
import { createStudyReport } from '../jobs/study-report.ts';
import { requireId } from '../store/checks.ts';
import { requireVersion } from '../store/cohort-versions.ts';
import { jsonHash } from '../store/content-key.ts';
import type { Cohort, Job, Model, ReportFile, Study } from '../store/entities/index.ts';
import { createStudy, requireUnchanged } from '../store/studies.ts';
import { loadStudyData, studyDataHash } from '../store/study-data.ts';
import { IdArgs } from './arguments.ts';
import type { Context } from './context.ts';
import { Access } from './rights/access.ts';
import { requireWholeCohort, requireWholeStudy } from './rights/writable.ts';
import { StudyInput, toSpecification } from './study-input.ts';
import { PatientAttritionType, StudySubjectType } from './types/attrition.ts';
import { CohortType } from './types/cohort.ts';
import { JobType } from './types/job.ts';
import { WarningType } from './types/notice.ts';
import { ReportFileType } from './types/report-file.ts';
import {
  ProvenanceType,
  SourceAgreementType,
  StudyEndpointType,
  StudyModelOutcomeType,
  StudyModelType,
  StudyType,
  type UnfittedModelType,
} from './types/study.ts';
import { presentSpecification, StudySpecificationType } from './types/study-specification.ts';
import { CharacteristicType } from './types/table-one.ts';

@Resolver(() => StudyType)
export class StudyResolver {
  @Access('READER')
  @Query(() => StudyType, { nullable: true, description: 'The study with the identifier.' })
  study(@Args(() => IdArgs) { id }: IdArgs, @Ctx() { loaders }: Context): Promise<Study | null> {
    return loaders.study.load(requireId(id, 'id'));
  }

  @Access('ANALYST')
  @Mutation(() => StudyType, {
    description:
      'Creates a study, which does not run it. Returns the one that has the name already where the specification is the same.',
  })
  async createStudy(
    @Arg('input', () => StudyInput, { description: 'The study.' }) input: StudyInput,
    @Ctx() context: Context,
  ): Promise<Study> {
    const specification = toSpecification(input);
    const cohort = await requireWholeCohort(context, requireId(input.cohortId, 'cohortId'), 'ANALYST');
    const { dataSource } = context;
    const version = input.cohortVersion;
    const versionId = version == null ? null : (await requireVersion(dataSource, cohort.id, version)).id;
    return dataSource.transaction(async (manager) => {
      const study = await createStudy(manager, cohort, input.name, specification, versionId);
      context.audit.about('Study', study.id, cohort.id);
      return study;
    });
  }

  @Access('ANALYST')
  @Mutation(() => JobType, {
    description:
      'Starts to run a study; while it runs, returns that job. A completed study tells its events once more, or is refused where the data of its cohort have changed since.',
  })
  async runStudy(@Args(() => IdArgs) { id }: IdArgs, @Ctx() context: Context): Promise<Job> {
    const { dataSource, queue, rights } = context;
    const study = await requireWholeStudy(context, requireId(id, 'id'), 'ANALYST');
    if (study.completedAt) {
      const { data } = await loadStudyData(dataSource, study.cohortId, study.specification);
      requireUnchanged(study, studyDataHash(data), studyVersion);
    }
    return queue.enqueue({
      kind: 'STUDY',
      cohortId: study.cohortId,
      specification: { studyId: study.id },
      requestedBy: rights.principal.id,
    });
  }

  @FieldResolver(() => CohortType, { description: 'The cohort that it is of.' })
  cohort(@Root() study: Study, @Ctx() { loaders }: Context): Promise<Cohort | null> {
    return loaders.cohort.load(study.cohortId);
  }

  @Access('ANALYST')
  @FieldResolver(() => JobType, { nullable: true, description: 'The job that completed it.' })
  job(@Root() study: Study, @Ctx() { loaders }: Context): Promise<Job | null> | null {
    return study.jobId ? loaders.job.load(study.jobId) : null;
  }

  @FieldResolver(() => StudySpecificationType, { description: 'What it does.' })
  specification(@Root() study: Study): StudySpecificationType {
    return presentSpecification(study.specification);
  }

  @FieldResolver(() => ProvenanceType, { description: 'What it was made of.' })
  provenance(@Root() study: Study): ProvenanceType {
    const { specification, dataHash, resultHash, versions } = study;
    return {
      specificationHash: jsonHash(specification),
      dataHash,
      resultHash,
      versions: versions && Object.entries(versions).map(([name, version]) => ({ name, version })),
    };
  }

  @FieldResolver(() => PatientAttritionType, {
    nullable: true,
    description: "What became of the cohort's patients.",
  })
  async attrition(@Root() study: Study, @Ctx() context: Context): Promise<PatientAttritionType | null> {
    return (await resultOf(study, context))?.patients ?? null;
  }

  @Access('ANALYST')
  @FieldResolver(() => [StudySubjectType], { nullable: true, description: 'Who trained and who validated.' })
  async subjects(@Root() study: Study, @Ctx() { loaders }: Context): Promise<StudySubjectType[] | null> {
    const result = await loaders.studyResult.load(study.id);
    if (!result) return null;
    const subjects = await loaders.studySubjects.load(study.id);
    return subjects.map((subjectKey, row) => ({ subjectKey, subset: result.patients.subsets[row] }));
  }

  @FieldResolver(() => [CharacteristicType], {
    nullable: true,
    description: "Table 1: the patients' characteristics in training and validation.",
  })
  async characteristics(
    @Root() study: Study,
    @Ctx() context: Context,
  ): Promise<StudyResult['characteristics'] | null> {
    return (await resultOf(study, context))?.characteristics ?? null;
  }

  @FieldResolver(() => [SourceAgreementType], {
    nullable: true,
    description: 'How well features agree between readings, by source.',
  })
  async agreement(@Root() study: Study, @Ctx() context: Context): Promise<StudyResult['agreement'] | null> {
    return (await resultOf(study, context))?.agreement ?? null;
  }

  @FieldResolver(() => [StudyEndpointType], { nullable: true, description: 'What it found, by endpoint.' })
  async endpoints(@Root() study: Study, @Ctx() context: Context): Promise<StudyEndpointType[] | null> {
    const result = await resultOf(study, context);
    return result?.endpoints.map((endpoint) => withPlaces(study, endpoint)) ?? null;
  }

  @FieldResolver(() => [WarningType], { nullable: true, description: 'What is to be known about the study.' })
  async warnings(@Root() study: Study, @Ctx() context: Context): Promise<StudyResult['warnings'] | null> {
    return (await resultOf(study, context))?.warnings ?? null;
  }

  @Access('ANALYST')
  @FieldResolver(() => [ReportFileType], {
    description: 'The files of its report; none before `createStudyReport`.',
  })
  report(@Root() study: Study, @Ctx() { loaders }: Context): ReportFile[] | Promise<ReportFile[]> {
    return loaders.filesOfReport.of(study.id);
  }

  @Access('ANALYST')
  @Mutation(() => [ReportFileType], {
    description:
      'Writes the report of a completed study: tables, figures, a page that stands by itself, the result as JSON.',
  })
  async createStudyReport(
    @Args(() => IdArgs) { id }: IdArgs,
    @Ctx() platform: Context,
  ): Promise<ReportFile[]> {
    const study = await requireWholeStudy(platform, requireId(id, 'id'), 'ANALYST');
    return createStudyReport(platform, study);
  }

  @Access('ANALYST')
  @FieldResolver(() => GraphQLJSONObject, {
    nullable: true,
    description: 'The whole result in one piece: `provenance.resultHash` is its hash.',
  })
  result(@Root() study: Study, @Ctx() context: Context): Promise<StudyResult | null> {
    return resultOf(study, context);
  }
}

function resultOf(study: Study, { loaders }: Context): Promise<StudyResult | null> {
  return study.completedAt ? loaders.studyResult.load(study.id) : Promise.resolve(null);
}

/** A model of a study's result, and where it stands there, by which its row is found. */
type PlacedModel = StudyModelOutcome & { readonly studyId: string; readonly endpoint: string };

function withPlaces({ id: studyId }: Study, result: EndpointResult): StudyEndpointType {
  const { endpoint } = result;
  const models: PlacedModel[] = result.models.map((model) => ({ ...model, studyId, endpoint }));
  return { ...result, models };
}

@Resolver(() => StudyModelType)
export class StudyModelResolver {
  @FieldResolver(() => StudyModelOutcomeType, { description: 'The model, or why there is none.' })
  async outcome(
    @Root() { studyId, endpoint, name, failure }: PlacedModel,
    @Ctx() { loaders }: Context,
  ): Promise<Model | UnfittedModelType> {
    if (failure) return { failure };
    const models = await loaders.modelsOfStudy.of(studyId);
    return models.find((model) => model.endpoint === endpoint && model.name === name) as Model;
  }
}
