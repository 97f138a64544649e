import type { DataSource } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import type { CohortTable, CovariateColumn } from '../engine/study/index.ts';
import type { TimeUnit } from '../engine/study/time-unit.ts';
import { clinicalColumn, commonTimeUnit } from './clinical-columns.ts';
import type { CoxSpecification, FeatureSelection } from './cox-specification.ts';
import { Cohort } from './entities/cohort.ts';
import { ExtractionProfile } from './entities/extraction-profile.ts';
import type { CovariateValue } from './entities/patient.ts';
import { decodeFeatures } from './feature-values.ts';
import type { ReadVector } from './model-inputs.ts';

/** A patient as far as covariates and features go. */
interface PatientKey {
  readonly id: string;
  readonly subjectKey: string;
  readonly covariates: Record<string, CovariateValue>;
}

interface PatientRow extends PatientKey {
  readonly time: number | null;
  readonly time_unit: TimeUnit | null;
  readonly event: boolean | null;
}

/** A cohort's table for one model, and the patients' ids in the order of its rows (by subject key). */
export interface LoadedTable {
  readonly table: CohortTable;
  readonly patientIds: readonly string[];
  /** The feature vectors that were read. */
  readonly vectors: readonly ReadVector[];
}

/** Reads what a model needs of a cohort into one table. Values that a patient lacks are missing in it, not made up. */
export async function loadCohortTable(
  dataSource: DataSource,
  cohortId: string,
  specification: CoxSpecification,
): Promise<LoadedTable> {
  const patients: PatientRow[] = await dataSource.query(
    `select patient.id, subject_key as "subjectKey", covariates, time, time_unit, event
     from patient left join outcome on outcome.patient_id = patient.id and outcome.endpoint = $2
     where cohort_id = $1 order by subject_key collate "C"`,
    [cohortId, specification.endpoint],
  );
  const { columns, vectors } = await loadCovariates(dataSource, cohortId, specification, patients);
  const timeUnit = commonTimeUnit(
    specification.endpoint,
    patients.flatMap((patient) => patient.time_unit ?? []),
  );
  return {
    patientIds: patients.map((patient) => patient.id),
    vectors,
    table: {
      subjects: patients.map((patient) => patient.subjectKey),
      time: Float64Array.from(patients, (patient) => patient.time ?? Number.NaN),
      event: Uint8Array.from(patients, (patient) => (patient.event ? 1 : 0)),
      timeUnit,
      covariates: columns,
    },
  };
}

/** Columns of a table, and the feature vectors that they come from. */
interface LoadedColumns {
  readonly columns: readonly CovariateColumn[];
  readonly vectors: readonly ReadVector[];
}

/** The covariates and features of a model for some patients of a cohort, in their order. */
export async function loadCovariates(
  dataSource: DataSource,
  cohortId: string,
  { covariates, features }: Pick<CoxSpecification, 'covariates' | 'features'>,
  patients: readonly PatientKey[],
): Promise<LoadedColumns> {
  const cohort = await dataSource.getRepository(Cohort).findOneByOrFail({ id: cohortId });
  const columns = covariates.map((name) => clinicalColumn(cohort, name, patients));
  const vectors: ReadVector[] = [];
  for (const selection of features) {
    const found = await featureColumns(dataSource, cohortId, selection, patients);
    columns.push(...found.columns);
    vectors.push(...found.vectors);
  }
  return { columns, vectors };
}

async function featureColumns(
  dataSource: DataSource,
  cohortId: string,
  selection: FeatureSelection,
  patients: readonly PatientKey[],
): Promise<LoadedColumns> {
  const profile = await dataSource.getRepository(ExtractionProfile).findOneBy({ id: selection.profileId });
  if (!profile)
    throw new Failure('NOT_FOUND', `there is no extraction profile ${selection.profileId}`, {
      profileId: selection.profileId,
    });
  const indices = selection.names.map((name) => {
    const index = profile.featureNames.indexOf(name);
    if (index < 0) {
      throw new Failure('COVARIATE_INVALID', `profile ${profile.name} has no feature ${name}`, {
        covariate: name,
        profile: profile.name,
      });
    }
    return index;
  });
  const rows: { id: string; patient_id: string; values: Buffer }[] = await dataSource.query(
    `select vector.id, vector.patient_id, vector.values
     from feature_vector vector join patient on patient.id = vector.patient_id
     left join roi on roi.id = vector.roi_id left join scan on scan.id = roi.scan_id
     where patient.cohort_id = $1 and vector.profile_id = $2
       and ($3::text is null or scan.modality = $3) and ($4::text is null or scan.phase = $4)
       and ($5::text is null or roi.reader = $5) and ($6::integer is null or roi.session = $6)
       and ($7::text is null or roi.lesion = $7) and ($8::uuid is null or patient.id = $8)
     order by patient.subject_key collate "C"`,
    [
      cohortId,
      profile.id,
      selection.modality ?? null,
      selection.phase ?? null,
      selection.reader ?? null,
      selection.session ?? null,
      selection.lesion ?? null,
      patients.length === 1 ? patients[0].id : null,
    ],
  );
  const rowOf = new Map(patients.map((patient, row) => [patient.id, row]));
  const columns = indices.map(() => new Float64Array(patients.length).fill(Number.NaN));
  const seen = new Set<string>();
  for (const { patient_id, values } of rows) {
    const row = rowOf.get(patient_id) as number;
    if (seen.has(patient_id)) {
      const subject = patients[row].subjectKey;
      throw new Failure(
        'INPUT_INVALID',
        `patient ${subject} has several feature vectors of profile ${profile.name} that match: name modality, phase, reader, session or lesion`,
        { subject, profile: profile.name },
      );
    }
    seen.add(patient_id);
    const features = decodeFeatures(values);
    for (let column = 0; column < columns.length; column++) columns[column][row] = features[indices[column]];
  }
  const prefix = [selection.modality, selection.phase].filter(Boolean).join('_');
  const vectors = rows.map(({ id, patient_id }) => ({ id, patientId: patient_id, isSecondReading: false }));
  const named = columns.map((values, column) => ({
    name: prefix ? `${prefix}_${selection.names[column]}` : selection.names[column],
    kind: 'NUMERIC' as const,
    values,
  }));
  return { columns: named, vectors };
}
