import type { DataSource } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import { Cohort } from './entities/cohort.ts';
import { ExtractionProfile } from './entities/extraction-profile.ts';
import { decodeFeatures } from './feature-values.ts';

/** What a row of the matrix is about; null throughout but the subject where the features were imported. */
export const matrixKeys = ['subject', 'modality', 'phase', 'lesion', 'reader', 'session'] as const;

export interface MatrixRow {
  readonly subject: string;
  readonly modality: string | null;
  readonly phase: string | null;
  readonly lesion: string | null;
  readonly reader: string | null;
  readonly session: number | null;
  /** In the order of the matrix's names; NaN where undefined. */
  readonly values: Float64Array;
}

/** A cohort's features under one profile: the names, and the rows in batches of bounded size, by subject and region. */
export interface FeatureMatrix {
  readonly cohort: string;
  readonly cohortId: string;
  readonly profile: string;
  readonly names: readonly string[];
  batches(): AsyncGenerator<MatrixRow[], void, void>;
}

/** Rows at once: with the paper's 1,217 features a batch is some 2 MB. */
const batchSize = 200;

/**
 * Opens the matrix of a cohort's feature vectors, or of some features by name. Nothing is read before `batches` is
 * iterated. Where `sites` are given, only their patients are in it. Throws `NOT_FOUND` for an unknown cohort, profile or feature.
 */
export async function openFeatureMatrix(
  dataSource: DataSource,
  cohortKey: string,
  profileName: string,
  names?: readonly string[],
  sites: readonly string[] | null = null,
): Promise<FeatureMatrix> {
  const cohort = await dataSource.getRepository(Cohort).findOneBy({ key: cohortKey });
  if (!cohort) throw new Failure('NOT_FOUND', `there is no cohort ${cohortKey}`, { cohort: cohortKey });
  const profile = await dataSource.getRepository(ExtractionProfile).findOneBy({ name: profileName });
  if (!profile)
    throw new Failure('NOT_FOUND', `there is no profile ${profileName}`, { profile: profileName });
  const places = names?.map((name) => {
    const place = profile.featureNames.indexOf(name);
    if (place < 0)
      throw new Failure('NOT_FOUND', `profile ${profileName} has no feature ${name}`, { feature: name });
    return place;
  });
  return {
    cohort: cohort.key,
    cohortId: cohort.id,
    profile: profile.name,
    names: names ?? profile.featureNames,
    async *batches() {
      for (let after = ['', '00000000-0000-0000-0000-000000000000']; ; ) {
        const rows = await readBatch(dataSource, [cohort.id, profile.id, ...after, sites]);
        if (rows.length === 0) return;
        yield rows.map(({ id: _id, values, ...keys }) => {
          const all = decodeFeatures(values);
          return { ...keys, values: places ? Float64Array.from(places, (place) => all[place]) : all };
        });
        const last = rows[rows.length - 1];
        after = [last.subject, last.id];
      }
    },
  };
}

type StoredRow = Omit<MatrixRow, 'values'> & { readonly id: string; readonly values: Buffer };

function readBatch(
  dataSource: DataSource,
  parameters: readonly [...keys: string[], sites: readonly string[] | null],
): Promise<StoredRow[]> {
  return dataSource.query(
    `select vector.id, patient.subject_key as subject, scan.modality, scan.phase, roi.lesion, roi.reader, roi.session, vector.values
     from feature_vector vector join patient on patient.id = vector.patient_id
     left join roi on roi.id = vector.roi_id left join scan on scan.id = roi.scan_id
     where patient.cohort_id = $1 and vector.profile_id = $2 and (patient.subject_key, vector.id) > ($3, $4)
       and ($5::text[] is null or patient.site = any ($5))
     order by patient.subject_key, vector.id limit ${batchSize}`,
    [...parameters],
  );
}
