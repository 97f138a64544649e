import type { DataSource } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import { Cohort } from './entities/cohort.ts';

/** A value in a table that is exported; null, or a number that is not finite, for what is missing or undefined. */
export type ExportCell = string | number | boolean | null;

export interface ExportColumn {
  readonly name: string;
  readonly type: 'TEXT' | 'INTEGER' | 'NUMBER' | 'BOOLEAN';
}

/** A table of a cohort: its columns, and the rows in batches of bounded size. */
export interface ExportTable {
  readonly cohort: string;
  readonly cohortId: string;
  /** What it is of: a kind of row of the store. */
  readonly kind: 'FeatureVector' | 'Patient' | 'Outcome';
  /** Its name among those of the cohort: of a feature matrix, the profile's. */
  readonly name: string;
  readonly columns: readonly ExportColumn[];
  /** Nothing is read before this is iterated. */
  batches(): AsyncGenerator<(readonly ExportCell[])[], void, void>;
}

/** The cohort of a table. Throws `NOT_FOUND`. */
export async function requireCohortOfKey(dataSource: DataSource, key: string): Promise<Cohort> {
  const cohort = await dataSource.getRepository(Cohort).findOneBy({ key });
  if (cohort) return cohort;
  throw new Failure('NOT_FOUND', `there is no cohort ${key}`, { cohort: key });
}
