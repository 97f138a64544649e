import type { EntityTarget, ObjectLiteral } from 'typeorm';
import {
  FeatureVector,
  Grant,
  Model,
  Outcome,
  Patient,
  Prediction,
  ReportFile,
  Roi,
  Scan,
} from '../store/entities/index.ts';

/** A list of rows that belong to a row. */
export interface RowList<T extends ObjectLiteral> {
  readonly entity: EntityTarget<T>;
  /** The column of what they belong to. */
  readonly key: keyof T & string;
  readonly order: readonly (keyof T & string)[];
}

const listOf = <T extends ObjectLiteral>(
  entity: new () => T,
  key: keyof T & string,
  order: readonly (keyof T & string)[],
): RowList<T> => ({ entity, key, order });

export const rowLists = {
  outcomesOfPatient: listOf(Outcome, 'patientId', ['endpoint']),
  scansOfPatient: listOf(Scan, 'patientId', ['modality', 'phase']),
  predictionsOfPatient: listOf(Prediction, 'patientId', ['id']),
  roisOfScan: listOf(Roi, 'scanId', ['lesion', 'reader', 'session']),
  vectorsOfRoi: listOf(FeatureVector, 'roiId', ['id']),
  modelsOfStudy: listOf(Model, 'studyId', ['id']),
  filesOfReport: listOf(ReportFile, 'studyId', ['path']),
  grantsOf: listOf(Grant, 'principal', ['id']),
};

interface ListField {
  readonly loader: 'outcomesOfPatient' | 'scansOfPatient' | 'predictionsOfPatient' | 'roisOfScan';
  /** The type of its rows. */
  readonly of: string;
}

/** The fields of a patient, and of the rows in it, that are lists and take no argument. */
export const listFields: Readonly<Record<string, Readonly<Record<string, ListField>>>> = {
  Patient: {
    outcomes: { loader: 'outcomesOfPatient', of: 'Outcome' },
    scans: { loader: 'scansOfPatient', of: 'Scan' },
    predictions: { loader: 'predictionsOfPatient', of: 'Prediction' },
  },
  Scan: { rois: { loader: 'roisOfScan', of: 'Roi' } },
};

/** The fields of such rows that are columns of theirs, as they are. */
export const columnFields: Readonly<
  Record<string, { entity: EntityTarget<ObjectLiteral>; fields: readonly string[] }>
> = {
  Patient: { entity: Patient, fields: ['id', 'subjectKey', 'site', 'createdAt'] },
  Outcome: { entity: Outcome, fields: ['id', 'endpoint', 'time', 'timeUnit', 'event'] },
  Scan: { entity: Scan, fields: ['id', 'modality', 'phase', 'createdAt'] },
  Roi: { entity: Roi, fields: ['id', 'lesion', 'reader', 'session', 'label', 'voxelCount', 'createdAt'] },
};
