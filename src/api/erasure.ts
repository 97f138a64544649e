import { Arg, Args, Ctx, Mutation, Resolver } from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import type { CohortErasureSpecification } from '../jobs/cohort-erasure.ts';
import { erasePatient } from '../jobs/erasure.ts';
import { requireId, requireText } from '../store/checks.ts';
import { Erasure, type Job } from '../store/entities/index.ts';
import { IdArgs } from './arguments.ts';
import type { Context } from './context.ts';
import { Access } from './rights/access.ts';
import { requireWholeCohort } from './rights/writable.ts';
import { ErasureType } from './types/erasure.ts';
import { JobType } from './types/job.ts';

@Resolver()
export class ErasureResolver {
  @Access('ADMIN')
  @Mutation(() => ErasureType, {
    description:
      'Erases a patient for good: all rows and files that are the patient’s, and what models, studies, reports and logs say of the patient. Jobs that run on the cohort are cancelled. Again, it returns what it did.',
  })
  async erasePatient(
    @Args(() => IdArgs) args: IdArgs,
    @Arg('reason', () => String, {
      description: 'Why, in at most 500 characters; kept for ever, so never say who.',
    })
    reason: string,
    @Ctx() context: Context,
  ): Promise<Erasure> {
    const { audit, rights, loaders, dataSource } = context;
    const id = requireId(args.id, 'id');
    requireText(reason, 'reason', 500);
    const patient = await loaders.patient.load(id);
    const gone = patient ? null : await dataSource.getRepository(Erasure).findOneBy({ patientId: id });
    const scope = patient
      ? ({ on: 'PATIENT', cohortId: patient.cohortId, site: patient.site } as const)
      : gone && ({ on: 'COHORT', cohortId: gone.cohortId } as const);
    if (!scope || (gone && !rights.has('ADMIN', scope)))
      throw new Failure('NOT_FOUND', `there is no patient ${id}`, { patient: id });
    audit.about('Patient', id, scope.cohortId);
    rights.require('ADMIN', scope, `patient ${id}`);
    audit.explain({ reason: gone?.reason ?? reason });
    return erasePatient(context, id, reason, rights.principal.id);
  }

  @Access('ADMIN')
  @Mutation(() => JobType, {
    description:
      'Starts to erase all patients of a cohort for good, each as by `erasePatient`. The cohort stays, with what was made of all: models and studies, marked. Other jobs on it are cancelled.',
  })
  async eraseCohort(
    @Args(() => IdArgs) args: IdArgs,
    @Arg('key', () => String, {
      description: 'The key of the cohort, so that it is not another one by mistake.',
    })
    key: string,
    @Arg('reason', () => String, {
      description: 'Why, in at most 500 characters; kept for ever, so never say who.',
    })
    reason: string,
    @Ctx() context: Context,
  ): Promise<Job> {
    const { audit, queue, rights } = context;
    requireText(reason, 'reason', 500);
    const cohort = await requireWholeCohort(context, requireId(args.id, 'id'), 'ADMIN');
    if (key !== cohort.key)
      throw new Failure(
        'INPUT_INVALID',
        'the key is not that of the cohort: it says which one is to be erased',
        {
          field: 'key',
        },
      );
    audit.explain({ reason });
    return queue.enqueue({
      kind: 'COHORT_ERASURE',
      cohortId: cohort.id,
      specification: { reason } satisfies CohortErasureSpecification,
      requestedBy: rights.principal.id,
    });
  }
}
