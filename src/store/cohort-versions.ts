import type { DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import { readCohortContent } from './cohort-content.ts';
import { CohortVersion } from './entities/cohort-version.ts';

/** The version of the data that a cohort has now: a new one, unless the same data were frozen before. */
export async function freezeCohort(dataSource: DataSource, cohortId: string): Promise<CohortVersion> {
  const content = await readCohortContent(dataSource, cohortId);
  return dataSource.transaction(async (manager) => {
    // Whoever freezes the cohort at the same time waits here, so that numbers have no gaps.
    await manager.query('select from cohort where id = $1 for no key update', [cohortId]);
    const standing = await manager.findOneBy(CohortVersion, {
      cohortId,
      contentHash: content.contentHash,
    });
    if (standing) return standing;
    const last = await manager.maximum(CohortVersion, 'number', { cohortId });
    const version = { id: uuid(), cohortId, number: (last ?? 0) + 1, ...content };
    await manager.insert(CohortVersion, version);
    return manager.findOneByOrFail(CohortVersion, { id: version.id });
  });
}

/** A cohort's version by its number. Throws `NOT_FOUND`. */
export async function requireVersion(
  dataSource: DataSource,
  cohortId: string,
  number: number,
): Promise<CohortVersion> {
  const version = await dataSource.getRepository(CohortVersion).findOneBy({ cohortId, number });
  if (version) return version;
  throw new Failure('NOT_FOUND', `the cohort has no version ${number}`, { cohortId, version: number });
}

/** Throws `CONFLICT` where the data of a version's cohort are no longer those that were frozen. */
export async function requireFrozen(dataSource: DataSource, versionId: string): Promise<void> {
  const version = await dataSource.getRepository(CohortVersion).findOneByOrFail({ id: versionId });
  const { contentHash } = await readCohortContent(dataSource, version.cohortId);
  if (contentHash === version.contentHash) return;
  throw new Failure(
    'CONFLICT',
    `the cohort's data are no longer those of its version ${version.number}, which the study is of; freeze the cohort and make a new study`,
    { version: version.number, contentHash, frozenContentHash: version.contentHash },
  );
}
