import { isDeepStrictEqual } from 'node:util';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import { requireProse, requireText } from './checks.ts';
import { Cohort, type CovariateDefinition } from './entities/cohort.ts';

export interface NewCohort {
  readonly key: string;
  readonly name?: string;
  readonly description?: string;
  readonly covariates: readonly CovariateDefinition[];
}

/**
 * Creates a cohort, or returns the one that has the key already and the same covariates, name and description (where
 * they are given). Throws `CONFLICT` where they differ, `INPUT_INVALID` for a malformed key, text or covariate.
 */
export async function createCohort(manager: EntityManager, input: NewCohort): Promise<Cohort> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(input.key)) {
    throw new Failure(
      'INPUT_INVALID',
      `cohort key "${input.key.slice(0, 80)}" is not 1 to 64 letters, digits, dots, dashes or underscores`,
      { field: 'key', value: input.key.slice(0, 80) },
    );
  }
  if (input.name !== undefined) requireText(input.name, 'name', 200);
  if (input.description !== undefined) requireProse(input.description, 'description', 10_000);
  const covariates = input.covariates.map(checkCovariate);
  const names = new Set<string>();
  for (const { name } of covariates) {
    if (names.has(name))
      throw new Failure('INPUT_INVALID', `covariate ${name} is defined twice`, { covariate: name });
    names.add(name);
  }
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
    .updateEntity(false)
    .execute();
  const cohort = await manager.findOneByOrFail(Cohort, { key: input.key });
  const differing = [
    !isDeepStrictEqual(cohort.covariates, covariates) && 'covariates',
    input.name !== undefined && input.name !== cohort.name && 'name',
    input.description !== undefined && input.description !== cohort.description && 'description',
  ].find(Boolean);
  if (differing) {
    throw new Failure('CONFLICT', `cohort ${input.key} exists with another value of ${differing}`, {
      cohort: input.key,
      field: differing,
    });
  }
  return cohort;
}

function checkCovariate({
  name,
  kind,
  unit,
  levels,
  description,
  identifying,
}: CovariateDefinition): CovariateDefinition {
  requireText(name, 'covariate name', 200);
  if (unit) requireText(unit, `unit of ${name}`, 64);
  for (const level of levels ?? []) requireText(level, `level of ${name}`, 200);
  if (description) requireProse(description, `description of ${name}`, 10_000);
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
    ...(identifying && { identifying }),
  };
}

export async function requireCohort(dataSource: DataSource, id: string): Promise<Cohort> {
  const cohort = await dataSource.getRepository(Cohort).findOneBy({ id });
  if (!cohort) throw new Failure('NOT_FOUND', `there is no cohort ${id}`, { cohortId: id });
  return cohort;
}
