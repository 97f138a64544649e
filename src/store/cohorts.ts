import { isDeepStrictEqual } from 'node:util';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import { requireText } from './checks.ts';
import { Cohort, type CovariateDefinition } from './entities/cohort.ts';

export interface NewCohort {
  readonly key: string;
  readonly name?: string;
  readonly description?: string;
  readonly covariates: readonly CovariateDefinition[];
}

/**
 * Creates a cohort, or returns the one that has the key already and the same covariates. Throws `CONFLICT` where they
 * differ, `INPUT_INVALID` for a malformed key or covariate.
 */
export async function createCohort(manager: EntityManager, input: NewCohort): Promise<Cohort> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(input.key)) {
    throw new Failure(
      'INPUT_INVALID',
      `cohort key "${input.key.slice(0, 80)}" is not 1 to 64 letters, digits, dots, dashes or underscores`,
      { field: 'key', value: input.key.slice(0, 80) },
    );
  }
  const covariates = input.covariates.map(checkCovariate);
  const names = covariates.map((covariate) => covariate.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Failure('INPUT_INVALID', `covariate ${twice} is defined twice`, { covariate: twice });

  await manager
    .createQueryBuilder()
    .insert()
    .into(Cohort)
    .values({
      id: uuid(),
      key: input.key,
      name: input.name ?? input.key,
      description: input.description ?? null,
      covariates,
    })
    .orIgnore()
    .execute();
  const cohort = await manager.findOneByOrFail(Cohort, { key: input.key });
  if (!isDeepStrictEqual(cohort.covariates, covariates)) {
    throw new Failure('CONFLICT', `cohort ${input.key} exists with other covariates`, { cohort: input.key });
  }
  return cohort;
}

function checkCovariate({ name, kind, unit, levels, description }: CovariateDefinition): CovariateDefinition {
  requireText(name, 'covariate name', 200);
  if (kind === 'NUMERIC' && levels?.length) {
    throw new Failure('INPUT_INVALID', `numeric covariate ${name} cannot have levels`, { covariate: name });
  }
  if (levels && new Set(levels).size !== levels.length) {
    throw new Failure('INPUT_INVALID', `covariate ${name} names a level twice`, { covariate: name, levels });
  }
  return {
    name,
    kind,
    ...(unit && { unit }),
    ...(levels?.length && { levels }),
    ...(description && { description }),
  };
}

export async function requireCohort(dataSource: DataSource, id: string): Promise<Cohort> {
  const cohort = await dataSource.getRepository(Cohort).findOneBy({ id });
  if (!cohort) throw new Failure('NOT_FOUND', `there is no cohort ${id}`, { cohortId: id });
  return cohort;
}
