import { Arg, Args, Ctx, Mutation, Resolver } from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import { erasePatient } from '../jobs/erasure.ts';
import { requireId, requireText } from '../store/checks.ts';
import { Erasure } from '../store/entities/index.ts';
import { IdArgs } from './arguments.ts';
import type { Context } from './context.ts';
import { Access } from './rights/access.ts';
import { ErasureType } from './types/erasure.ts';

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
}
