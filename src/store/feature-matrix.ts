import type { DataSource } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import { ExtractionProfile } from './entities/extraction-profile.ts';
import { type ExportColumn, type ExportTable, requireCohortOfKey } from './export-table.ts';
import { decodeFeatures } from './feature-values.ts';

/** What a row of the matrix is about; null throughout but the subject where the features were imported. */
const keys: readonly ExportColumn[] = [
  { name: 'subject', type: 'TEXT' },
  { name: 'modality', type: 'TEXT' },
  { name: 'phase', type: 'TEXT' },
  { name: 'lesion', type: 'TEXT' },
  { name: 'reader', type: 'TEXT' },
  { name: 'session', type: 'INTEGER' },
];

/** Rows at once: with the paper's 1,217 features a batch is some 2 MB. */
const batchSize = 200;

/**
 * Opens the matrix of a cohort's feature vectors, or of some features by name: a row a vector, by subject and region, after its
 * keys a column a feature, NaN where undefined. Where `sites` are given, only their patients are in it. Throws `NOT_FOUND` for
 * an unknown cohort, profile or feature.
 */
export async function openFeatureMatrix(
  dataSource: DataSource,
  cohortKey: string,
  profileName: string,
  names?: readonly string[],
  sites: readonly string[] | null = null,
): Promise<ExportTable> {
  const cohort = await requireCohortOfKey(dataSource, cohortKey);
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
    kind: 'FeatureVector',
    name: profile.name,
    columns: [...keys, ...(names ?? profile.featureNames).map((name) => ({ name, type: 'NUMBER' as const }))],
    async *batches() {
      for (let after = ['', '00000000-0000-0000-0000-000000000000']; ; ) {
        const rows = await readBatch(dataSource, [cohort.id, profile.id, ...after, sites]);
        if (rows.length === 0) return;
        yield rows.map(({ subject, modality, phase, lesion, reader, session, values }) => {
          const all = decodeFeatures(values);
          const own = places ? places.map((place) => all[place]) : all;
          return [subject, modality, phase, lesion, reader, session, ...own];
        });
        const last = rows[rows.length - 1];
        after = [last.subject, last.id];
      }
    },
  };
}

interface StoredRow {
  readonly id: string;
  readonly subject: string;
  readonly modality: string | null;
  readonly phase: string | null;
  readonly lesion: string | null;
  readonly reader: string | null;
  readonly session: number | null;
  readonly values: Buffer;
}
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
