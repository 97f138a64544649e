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
  Subscription,
} from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import { requireReached } from '../jobs/event-log.ts';
import type { LoggedEvent } from '../jobs/job-event.ts';
import type { StudyJob } from '../jobs/study.ts';
import { requireId } from '../store/checks.ts';
import { type Cohort, ExtractionProfile, type Job, type Model, type Study } from '../store/entities/index.ts';
import { checkedFilter, IdArgs, PageArgs, RoiFilter, requireFound } from './arguments.ts';
import type { Context } from './context.ts';
import { connectionOf, decodeCursor, type Page, requirePageSize, toPage } from './paging.ts';
import { eventCursor, eventCursorList, presentEvent } from './present-event.ts';
import { Access } from './rights/access.ts';
import { requireWholeCohort, requireWholeJob } from './rights/writable.ts';
import { CohortType } from './types/cohort.ts';
import { JobType } from './types/job.ts';
import { JobEventType } from './types/job-event.ts';
import { ModelType } from './types/model.ts';
import { StudyType } from './types/study.ts';

const JobEventConnection = connectionOf(JobEventType as never, 'JobEvent');

@InputType({ description: 'Which features to extract.' })
class ExtractFeaturesInput {
  @Field(() => ID, { description: 'The cohort.' })
  cohortId: string;

  @Field({ defaultValue: 'pyradiomics-default', description: 'The name of the extraction profile.' })
  profile: string;

  @Field(() => RoiFilter, {
    nullable: true,
    description: 'Which regions of interest; all of the cohort where absent.',
  })
  filter?: RoiFilter | null;
}

@Resolver(() => JobType)
export class JobResolver {
  @Access('READER')
  @Query(() => JobType, { nullable: true, description: 'The job with the identifier.' })
  job(@Args(() => IdArgs) { id }: IdArgs, @Ctx() { loaders }: Context): Promise<Job | null> {
    return loaders.job.load(requireId(id, 'id'));
  }

  @Access('ANALYST')
  @Mutation(() => JobType, {
    description:
      'Starts to extract the features of every region of a cohort that has none yet under the profile. While the same extraction is under way, returns that one.',
  })
  async extractFeatures(
    @Arg('input', () => ExtractFeaturesInput, { description: 'Which features.' }) input: ExtractFeaturesInput,
    @Ctx() context: Context,
  ): Promise<Job> {
    const { dataSource, queue, rights } = context;
    const cohort = await requireWholeCohort(context, requireId(input.cohortId, 'cohortId'), 'ANALYST');
    const profile = await dataSource.getRepository(ExtractionProfile).findOneBy({ name: input.profile });
    const { id } = requireFound(profile, 'profile', input.profile);
    return queue.enqueue({
      kind: 'EXTRACTION',
      cohortId: cohort.id,
      specification: { profileId: id, ...checkedFilter(input.filter ?? {}) },
      requestedBy: rights.principal.id,
    });
  }

  @Access('ANALYST')
  @Mutation(() => JobType, {
    description: 'Cancels a job that has not ended. Of an erasure it needs the role ADMIN.',
  })
  async cancelJob(
    @Arg('jobId', () => ID, { description: 'The job.' }) jobId: string,
    @Ctx() context: Context,
  ): Promise<Job> {
    const { id, kind, cohortId } = await requireWholeJob(context, requireId(jobId, 'jobId'), 'ANALYST');
    if (kind === 'COHORT_ERASURE')
      context.rights.require('ADMIN', { on: 'WHOLE', cohortId }, 'to cancel an erasure');
    return context.queue.cancel(id);
  }

  @Access('ANALYST')
  @Subscription(() => JobEventType, {
    description:
      'The events of a job after a sequence number: those of the past, then those to come, each once and in order; ends after the final one.',
    subscribe: ({ args, context }) => subscribeToJob(args as JobEventsArguments, context as Context),
  })
  jobEvents(
    @Root() event: LoggedEvent,
    @Arg('jobId', () => ID, { description: 'The job.' }) _jobId: string,
    @Arg('after', () => Int, {
      defaultValue: 0,
      description: 'The sequence number of the last event seen; 0 for all.',
    })
    _after: number,
  ): JobEventType {
    return presentEvent(event);
  }

  @FieldResolver(() => CohortType, { description: 'The cohort that it works on.' })
  cohort(@Root() job: Job, @Ctx() { loaders }: Context): Promise<Cohort | null> {
    return loaders.cohort.load(job.cohortId);
  }

  @FieldResolver(() => ModelType, { nullable: true, description: 'The model that it fitted, if it did.' })
  model(@Root() job: Job, @Ctx() { loaders }: Context): Promise<Model | null> | null {
    return job.kind === 'COX_FIT' ? loaders.modelOfJob.load(job.id) : null;
  }

  @FieldResolver(() => StudyType, { nullable: true, description: 'The study that it runs, if it does.' })
  study(@Root() job: Job, @Ctx() { loaders }: Context): Promise<Study | null> | null {
    return job.kind === 'STUDY' ? loaders.study.load((job.specification as StudyJob).studyId) : null;
  }

  @FieldResolver(() => JobEventConnection, {
    description: 'Its events in order: the same log that the subscription reads.',
  })
  async events(
    @Root() job: Job,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { loaders }: Context,
  ): Promise<Page<JobEventType>> {
    const limit = requirePageSize(first);
    const last = after === null ? 0 : Number(decodeCursor(after, eventCursorList, ['sequence'])[0]);
    const rows = await loaders.eventsOfJob.load({ jobId: job.id, after: last, limit: limit + 1 });
    const edges = rows
      .slice(0, limit)
      .map((event) => ({ cursor: eventCursor(event.sequence), node: presentEvent(event) }));
    return toPage(edges, rows.length > limit, after !== null, () => loaders.eventCount.load(job.id));
  }
}

interface JobEventsArguments {
  readonly jobId: string;
  readonly after: number;
}

async function subscribeToJob(
  { jobId, after }: JobEventsArguments,
  { loaders, events }: Context,
): Promise<AsyncIterable<LoggedEvent>> {
  const id = requireId(jobId, 'jobId');
  if (after < 0)
    throw new Failure('INPUT_INVALID', `after is ${after}, not a sequence number from 0 up`, {
      field: 'after',
      value: after,
    });
  const job = requireFound(await loaders.job.load(id), 'job', id);
  requireReached(job, after);
  return events.follow(id, after);
}
