import DataLoader from 'dataloader';
import { type DataSource, type EntityTarget, In, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import type { StudyResult } from '../engine/study/index.ts';
import type { EventPage } from '../jobs/event-log.ts';
import type { LoggedEvent } from '../jobs/job-event.ts';
import { readCohortContents } from '../store/cohort-content.ts';
import {
  Cohort,
  CohortVersion,
  ExtractionProfile,
  FeatureVector,
  Job,
  Model,
  OutcomeImport,
  Patient,
  Prediction,
  Roi,
  type Role,
  Scan,
  StoredObject,
  Study,
} from '../store/entities/index.ts';
import { type MatrixRequest, readMatrices } from '../store/read-matrices.ts';
import { readLists, readRows } from '../store/read-rows.ts';
import type { Platform } from './context.ts';
import { jsonRows } from './json-rows/json-rows.ts';
import { ListLoader } from './list-loader.ts';
import { PageBatch } from './page-batch.ts';
import type { Rights } from './rights/rights.ts';
import { type RowList, rowLists } from './row-lists.ts';
import { valueBatch } from './value-batch.ts';

/**
 * Batches the look-ups of one operation: as many statements as there are fields, however many rows there are. What may
 * not be seen is not found. Lists are those of rows that may be seen.
 */
export function createLoaders(
  { dataSource, events }: Pick<Platform, 'dataSource' | 'events'>,
  rights: Rights,
) {
  const one = <T extends ObjectLiteral>(
    entity: EntityTarget<T>,
    key: keyof T & string,
    narrow?: Narrowing<T>,
  ) =>
    new DataLoader<string, T | null>(async (ids) => {
      const query = dataSource
        .getRepository(entity)
        .createQueryBuilder('entry')
        .where(`entry.${key} = any (:ids)`, { ids: [...new Set(ids)] });
      if (!rights.unlimited) narrow?.(query, rights);
      const rows = await readRows(query);
      const byKey = new Map(rows.map((row) => [row[key] as string, row]));
      return ids.map((id) => byKey.get(id) ?? null);
    });
  const many = <T extends ObjectLiteral>({ entity, key, order }: RowList<T>) =>
    new ListLoader<T>((ids) => readLists(dataSource, entity, key, order, ids));
  return {
    pages: new PageBatch(dataSource),
    jsonRows: jsonRows(dataSource),
    value: valueBatch(dataSource),
    patientCount: new DataLoader<string, number>(async (ids) => {
      const query = ofPatients(dataSource, rights, ids).addSelect('count(*)::integer', 'count');
      const rows: { cohort_id: string; count: number }[] = await query
        .groupBy('patient.cohort_id')
        .getRawMany();
      const counts = new Map(rows.map((row) => [row.cohort_id, row.count]));
      return ids.map((id) => counts.get(id) ?? 0);
    }),
    endpoints: new DataLoader<string, string[]>(async (ids) => {
      const query = ofPatients(dataSource, rights, ids)
        .innerJoin('outcome', 'outcome', 'outcome.patient_id = patient.id')
        .addSelect('outcome.endpoint', 'endpoint')
        .distinct()
        .orderBy('endpoint');
      const rows: { cohort_id: string; endpoint: string }[] = await query.getRawMany();
      const found = Map.groupBy(rows, (row) => row.cohort_id);
      return ids.map((id) => found.get(id)?.map(({ endpoint }) => endpoint) ?? []);
    }),
    contentHash: new DataLoader<string, string | null>(async (ids) => {
      const contents = await readCohortContents(dataSource, ids);
      return ids.map((id) => contents.get(id)?.contentHash ?? null);
    }),
    cohort: one(Cohort, 'id', narrowings.cohort),
    cohortVersion: one(CohortVersion, 'id', narrowings.cohortVersion),

    cohortByKey: one(Cohort, 'key', narrowings.cohort),
    patient: one(Patient, 'id', narrowings.patient),
    patientBySubject: patientsBySubject(dataSource, rights),
    scan: one(Scan, 'id', narrowings.scan),
    roi: one(Roi, 'id', narrowings.roi),
    object: one(StoredObject, 'sha256'),
    profile: one(ExtractionProfile, 'id'),
    profileOfName: one(ExtractionProfile, 'name'),
    featureVector: one(FeatureVector, 'id', narrowings.featureVector),
    matrix: new DataLoader<MatrixRequest, Buffer>((requests) => readMatrices(dataSource, requests), {
      cache: false,
    }),
    model: one(Model, 'id', narrowings.model),
    outcomeImport: one(OutcomeImport, 'id', narrowings.outcomeImport),
    prediction: one(Prediction, 'id', narrowings.prediction),
    job: one(Job, 'id', narrowings.job),
    eventsOfJob: new DataLoader<EventPage, LoggedEvent[]>((pages) => events.readEach(pages), {
      cache: false,
    }),
    // The events of a job are numbered without gaps.
    eventCount: new DataLoader<string, number>(async (ids) => {
      const jobs = await dataSource
        .getRepository(Job)
        .find({ select: { id: true, lastSequence: true }, where: { id: In([...ids]) } });
      const counts = new Map(jobs.map(({ id, lastSequence }) => [id, lastSequence]));
      return ids.map((id) => counts.get(id) ?? 0);
    }),
    modelOfJob: one(Model, 'jobId', narrowings.model),
    study: one(Study, 'id', narrowings.study),
    modelsOfStudy: many(rowLists.modelsOfStudy),
    filesOfReport: many(rowLists.filesOfReport),
    studyResult: new DataLoader<string, StudyResult | null>(async (ids) => {
      const rows: { id: string; result: StudyResult | null }[] = await dataSource.query(
        'select id, result from study where id = any ($1)',
        [ids],
      );
      const byId = new Map(rows.map(({ id, result }) => [id, result]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
    studySubjects: new DataLoader<string, string[]>(async (ids) => {
      const rows: { id: string; subjects: string[] | null }[] = await dataSource.query(
        'select id, subjects from study where id = any ($1)',
        [ids],
      );
      const byId = new Map(rows.map(({ id, subjects }) => [id, subjects]));
      return ids.map((id) => byId.get(id) ?? []);
    }),
    vectorsOfPrediction: new DataLoader<string, FeatureVector[]>(async (ids) => {
      const rows: { prediction_id: string; id: string }[] = await dataSource.query(vectorsOfPredictions, [
        ids,
      ]);
      const vectors = await dataSource
        .getRepository(FeatureVector)
        .findBy({ id: In(rows.map(({ id }) => id)) });
      const byId = new Map(vectors.map((vector) => [vector.id, vector]));
      const found = Map.groupBy(rows, (row) => row.prediction_id);
      return ids.map((id) => found.get(id)?.flatMap((row) => byId.get(row.id) ?? []) ?? []);
    }),
    outcomesOfPatient: many(rowLists.outcomesOfPatient),
    scansOfPatient: many(rowLists.scansOfPatient),
    predictionsOfPatient: many(rowLists.predictionsOfPatient),
    roisOfScan: many(rowLists.roisOfScan),
    grantsOf: many(rowLists.grantsOf),
    vectorsOfRoi: many(rowLists.vectorsOfRoi),
  };
}

const vectorsOfPredictions = `
  select prediction.id as prediction_id, vector.id
  from prediction join model_input input on input.model_id = prediction.model_id and not input.is_second_reading
  join feature_vector vector on vector.id = input.feature_vector_id and vector.patient_id = prediction.patient_id
  where prediction.id = any ($1) order by vector.id`;

/** The patients of some cohorts, as far as their number may be known. */
function ofPatients(dataSource: DataSource, rights: Rights, cohortIds: readonly string[]) {
  const query = dataSource
    .createQueryBuilder()
    .select('patient.cohort_id', 'cohort_id')
    .from(Patient, 'patient')
    .where('patient.cohort_id = any (:cohortIds)', { cohortIds });
  rights.onlyPatients(query, 'patient', 'READER');
  return query;
}

/** A patient's pseudonym, which is unique in the cohort. */
interface Subject {
  readonly cohortKey: string;
  readonly subjectKey: string;
}

function patientsBySubject(dataSource: DataSource, rights: Rights) {
  const textOf = ({ cohortKey, subjectKey }: Subject) => JSON.stringify([cohortKey, subjectKey]);
  return new DataLoader<Subject, Patient | null, string>(
    async (subjects) => {
      const query = dataSource
        .getRepository(Patient)
        .createQueryBuilder('entry')
        .innerJoinAndSelect('entry.cohort', 'cohort')
        .where(
          '(cohort.key, entry.subject_key) in (select * from unnest(:cohortKeys::text[], :subjectKeys::text[]))',
          {
            cohortKeys: subjects.map(({ cohortKey }) => cohortKey),
            subjectKeys: subjects.map(({ subjectKey }) => subjectKey),
          },
        );
      narrowings.patient(query, rights);
      const found = new Map(
        (await query.getMany()).map((row) => [
          textOf({ cohortKey: (row.cohort as Cohort).key, subjectKey: row.subjectKey }),
          row,
        ]),
      );
      return subjects.map((subject) => found.get(textOf(subject)) ?? null);
    },
    { cacheKeyFn: textOf },
  );
}

type Narrowing<T extends ObjectLiteral> = (query: SelectQueryBuilder<T>, rights: Rights) => void;

const ofCohort =
  <T extends ObjectLiteral>(role: Role, on: 'COHORT' | 'WHOLE', column = 'entry.cohort_id'): Narrowing<T> =>
  (query, rights) =>
    rights.onlyCohorts(query, column, role, on);

const ofPatient =
  <T extends ObjectLiteral>(...path: readonly string[]): Narrowing<T> =>
  (query, rights) => {
    for (const [place, step] of path.entries())
      query.innerJoin(`${path[place - 1] ?? 'entry'}.${step}`, step);
    rights.onlyPatients(query, path.at(-1) ?? 'entry', 'ANALYST');
  };

/** Which rows of each kind may be seen, as in `rowRules`, but in the statement itself. */
const narrowings = {
  cohort: ofCohort<Cohort>('READER', 'COHORT', 'entry.id'),
  patient: ofPatient<Patient>(),
  scan: ofPatient<Scan>('patient'),
  roi: ofPatient<Roi>('scan', 'patient'),
  featureVector: ofPatient<FeatureVector>('patient'),
  prediction: ofPatient<Prediction>('patient'),
  cohortVersion: ofCohort<CohortVersion>('READER', 'WHOLE'),
  model: ofCohort<Model>('READER', 'WHOLE'),
  outcomeImport: ofCohort<OutcomeImport>('READER', 'WHOLE'),
  study: ofCohort<Study>('READER', 'WHOLE'),
  job: ofCohort<Job>('ANALYST', 'WHOLE'),
};

export type Loaders = ReturnType<typeof createLoaders>;
