import { isDeepStrictEqual } from 'node:util';
import { type DataSource, type EntityManager, In } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import { checkStudySpecification } from '../engine/study/index.ts';
import type { StudySpecification } from '../engine/study/study-specification.ts';
import { requireText } from './checks.ts';
import { requireCovariate } from './clinical-columns.ts';
import type { Cohort } from './entities/cohort.ts';
import { ExtractionProfile } from './entities/extraction-profile.ts';
import { Study } from './entities/study.ts';

/**
 * Keeps a study of a cohort under a name, or returns the one that has the name already and the same specification.
 * Throws `CONFLICT` where it, or the version of the cohort where one is given, differs, `COVARIATE_INVALID` or `NOT_FOUND` for covariates and profiles that are not there,
 * and what `checkStudySpecification` throws. Whether the cohort's data suffice shows when the study runs.
 */
export async function createStudy(
  manager: EntityManager,
  cohort: Cohort,
  name: string,
  specification: StudySpecification,
  cohortVersionId: string | null = null,
): Promise<Study> {
  requireText(name, 'name', 200);
  requireTexts(specification, '');
  checkStudySpecification(specification);
  const rules = specification.exclusions.flatMap(({ covariate }) => covariate ?? []);
  for (const covariate of [...specification.covariates, ...rules]) requireCovariate(cohort, covariate);
  await requireProfiles(
    manager,
    specification.sources.map(({ profile }) => profile),
  );
  await manager
    .createQueryBuilder()
    .insert()
    .into(Study)
    .values({ id: uuid(), cohortId: cohort.id, cohortVersionId, name, specification } as object)
    .orIgnore()
    .updateEntity(false)
    .execute();
  const study = await manager.findOneByOrFail(Study, { cohortId: cohort.id, name });
  if (!isDeepStrictEqual(study.specification, specification)) {
    throw new Failure(
      'CONFLICT',
      `cohort ${cohort.key} has a study ${name} with another specification; studies never change, choose another name`,
      { cohort: cohort.key, study: name },
    );
  }
  if (cohortVersionId !== null && study.cohortVersionId !== cohortVersionId) {
    throw new Failure(
      'CONFLICT',
      `cohort ${cohort.key} has a study ${name} of another version of the cohort, or of none so far; studies never change, choose another name`,
      { cohort: cohort.key, study: name },
    );
  }
  return study;
}

export async function requireStudy(dataSource: DataSource, id: string): Promise<Study> {
  const study = await dataSource.getRepository(Study).findOneBy({ id });
  if (!study) throw new Failure('NOT_FOUND', `there is no study ${id}`, { studyId: id });
  return study;
}

/** Throws `CONFLICT` where a completed study would not come out as it did: its data or the engine are others by now. */
export function requireUnchanged(study: Study, dataHash: string, engineVersion: string): void {
  if (study.completedAt === null) return;
  const details = { studyId: study.id, completedAt: study.completedAt.toISOString() };
  if (study.dataHash !== dataHash) {
    throw new Failure(
      'CONFLICT',
      `the cohort's data are not those that study ${study.name} was completed on; a study never changes, make a new one`,
      { ...details, dataHash, completedDataHash: study.dataHash },
    );
  }
  if (study.engineVersion !== engineVersion) {
    throw new Failure(
      'CONFLICT',
      `study ${study.name} was completed by version ${study.engineVersion} of the study engine, not ${engineVersion}; a study never changes, make a new one`,
      { ...details, engineVersion, completedEngineVersion: study.engineVersion },
    );
  }
}

async function requireProfiles(manager: EntityManager, names: readonly string[]): Promise<void> {
  const found = await manager.find(ExtractionProfile, {
    select: { name: true },
    where: { name: In([...new Set(names)]) },
  });
  const missing = names.find((name) => !found.some((profile) => profile.name === name));
  if (missing === undefined) return;
  throw new Failure('NOT_FOUND', `there is no extraction profile ${missing}`, { profile: missing });
}

/** Every text of the specification, names of properties included, can be kept and shown on one line. */
function requireTexts(value: unknown, path: string): void {
  if (typeof value === 'string') requireText(value, path, 500);
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) requireText(key, path || 'specification', 200);
    requireTexts(inner, Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key);
  }
}
