import type { DataSource } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import type { CovariateColumn } from '../engine/study/index.ts';
import { loadCovariates } from './cohort-table.ts';
import type { CoxSpecification } from './cox-specification.ts';
import type { Model } from './entities/model.ts';
import { Patient } from './entities/patient.ts';
import { requireStudy } from './studies.ts';
import { loadStudyData } from './study-data.ts';

/** What a model reads of a patient, by name: numbers, and levels by their names. What is missing is absent. */
export type PatientValues = Record<string, number | string>;

/**
 * Reads a patient's covariates and features for a model. The patient may be of another cohort than the model's, as
 * long as it defines the same covariates. Throws `NOT_FOUND` for an unknown patient.
 */
export async function loadPatientValues(
  dataSource: DataSource,
  model: Model,
  patientId: string,
): Promise<PatientValues> {
  const patient = await dataSource.getRepository(Patient).findOneBy({ id: patientId });
  if (!patient) throw new Failure('NOT_FOUND', `there is no patient ${patientId}`, { patientId });
  if (model.studyId === null) {
    const specification = model.specification as CoxSpecification;
    return valuesOf((await loadCovariates(dataSource, patient.cohortId, specification, [patient])).columns);
  }
  const { specification } = await requireStudy(dataSource, model.studyId);
  const { data } = await loadStudyData(dataSource, patient.cohortId, specification, patientId);
  const values = valuesOf(data.covariates);
  for (const source of data.sources)
    source.features.forEach((feature, place) => {
      if (!Number.isNaN(source.values[place])) values[feature] = source.values[place];
    });
  return values;
}

/** The values in the first row of the columns. */
function valuesOf(columns: readonly CovariateColumn[]): PatientValues {
  const values: PatientValues = {};
  for (const column of columns) {
    if (column.kind === 'NUMERIC') {
      if (!Number.isNaN(column.values[0])) values[column.name] = column.values[0];
    } else if (column.codes[0] >= 0) values[column.name] = column.levels[column.codes[0]];
  }
  return values;
}
