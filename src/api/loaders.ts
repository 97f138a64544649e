import DataLoader from 'dataloader';
import { type DataSource, type EntityTarget, In, type ObjectLiteral } from 'typeorm';
import type { StudyResult } from '../engine/study/index.ts';
import {
  Cohort,
  ExtractionProfile,
  FeatureVector,
  Job,
  Model,
  Outcome,
  Patient,
  Prediction,
  ReportFile,
  Roi,
  Scan,
  StoredObject,
  Study,
} from '../store/entities/index.ts';

/** Batches the look-ups of one operation: as many statements as there are fields, however many rows there are. */
export function createLoaders(dataSource: DataSource) {
  const one = <T extends ObjectLiteral>(entity: EntityTarget<T>, key: keyof T & string) =>
    new DataLoader<string, T | null>(async (ids) => {
      const rows = await dataSource.getRepository(entity).findBy({ [key]: In([...new Set(ids)]) } as never);
      const byKey = new Map(rows.map((row) => [row[key] as string, row]));
      return ids.map((id) => byKey.get(id) ?? null);
    });
  const many = <T extends ObjectLiteral>(
    entity: EntityTarget<T>,
    key: keyof T & string,
    order: readonly (keyof T & string)[],
  ) =>
    new DataLoader<string, T[]>(async (ids) => {
      const rows = await dataSource.getRepository(entity).find({
        where: { [key]: In([...new Set(ids)]) } as never,
        order: Object.fromEntries(order.map((column) => [column, 'ASC'])) as never,
      });
      const byKey = Map.groupBy(rows, (row) => row[key] as string);
      return ids.map((id) => byKey.get(id) ?? []);
    });
  return {
    cohort: one(Cohort, 'id'),
    patient: one(Patient, 'id'),
    scan: one(Scan, 'id'),
    roi: one(Roi, 'id'),
    object: one(StoredObject, 'sha256'),
    profile: one(ExtractionProfile, 'id'),
    featureVector: one(FeatureVector, 'id'),
    model: one(Model, 'id'),
    job: one(Job, 'id'),
    modelOfJob: one(Model, 'jobId'),
    study: one(Study, 'id'),
    modelsOfStudy: many(Model, 'studyId', ['id']),
    filesOfReport: many(ReportFile, 'studyId', ['path']),
    studyResult: new DataLoader<string, StudyResult | null>(async (ids) => {
      const rows: { id: string; result: StudyResult | null }[] = await dataSource.query(
        'select id, result from study where id = any ($1)',
        [ids],
      );
      const byId = new Map(rows.map(({ id, result }) => [id, result]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
    outcomesOfPatient: many(Outcome, 'patientId', ['endpoint']),
    scansOfPatient: many(Scan, 'patientId', ['modality', 'phase']),
    predictionsOfPatient: many(Prediction, 'patientId', ['id']),
    roisOfScan: many(Roi, 'scanId', ['lesion', 'reader', 'session']),
    vectorsOfRoi: many(FeatureVector, 'roiId', ['id']),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
