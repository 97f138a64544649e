import { dirname, resolve } from 'node:path';
import { Failure } from '../engine/failure.ts';
import type { RepeatedReading, SourceFeatures, StudyData } from '../engine/study/study-data.ts';
import type { StudyFolds, StudySpecification, StudySplit } from '../engine/study/study-specification.ts';
import {
  columnValues,
  covariateColumn,
  featureColumns,
  matchSubjects,
  outcomeColumn,
  rowsBySubject,
} from './study-columns.ts';
import type { StudyFile } from './study-file.ts';
import {
  invalidCell,
  isMissingCell,
  numericCells,
  readTable,
  requireColumn,
  type TextTable,
} from './table-file.ts';

/** A study whose data are local tables. */
export interface TabulatedStudy {
  readonly specification: StudySpecification;
  readonly data: StudyData;
  /** What a reader of the result should know of the tables. */
  readonly notes: readonly string[];
}

/**
 * Reads the tables that a study file names, relative to it, and completes its specification from them: endpoints and
 * covariates are all that the table of patients has, unless the file lists them. Each feature is called by its source
 * and its column. Throws the failures of `readTable`, `TABLE_KEY_DUPLICATE`, `TABLE_COLUMN_MISSING`, `TABLE_VALUE_INVALID`, `COVARIATE_INVALID`.
 */
export async function readStudyTables(file: string, study: StudyFile): Promise<TabulatedStudy> {
  const folder = dirname(resolve(file));
  const tables = new Map<string, Promise<TextTable>>();
  const open = (path: string, subject = study.data.subject) => {
    const full = resolve(folder, path);
    if (subject === undefined && full !== resolve(folder, study.data.patients)) {
      const message = `${file}: data.subject: rows of ${path} cannot be matched with patients without a column of subjects`;
      throw new Failure('INPUT_INVALID', message, { file, field: 'data.subject' });
    }
    const table = tables.get(full) ?? readTable(full);
    tables.set(full, table);
    return table;
  };
  const patients = await open(study.data.patients);
  const subjects = [...rowsBySubject(patients, study.data.subject).keys()];
  const used = new Set([study.data.subject ?? '', ...columnsOfRoles(study)]);
  const notes: string[] = [];
  const sources: SourceFeatures[] = [];
  for (const [name, source] of Object.entries(study.data.sources)) {
    const subject = source.subject ?? study.data.subject;
    const isShared = resolve(folder, source.features) === resolve(folder, study.data.patients);
    const first = await open(source.features, subject);
    const other = new Set([subject ?? '', ...(isShared ? [...used, ...(study.covariates ?? [])] : [])]);
    const columns = featureColumns(first, source.columns, other, isShared);
    notes.push(`${name}: ${columns.length} features of ${source.features}.`);
    const { rows, unknown } = matchSubjects(first, subject, subjects);
    if (unknown > 0)
      notes.push(`${unknown} rows of ${source.features} are of no patient of ${study.data.patients}.`);
    const repeats: RepeatedReading[] = [];
    for (const repeat of source.repeats) {
      const again = await open(repeat.features, subject);
      const matched = matchSubjects(again, subject, subjects).rows;
      const read = Int32Array.from(matched.keys()).filter((row) => matched[row] >= 0);
      repeats.push({
        kind: repeat.kind,
        name: repeat.name,
        rows: read,
        values: columnValues(
          again,
          columns,
          Int32Array.from(read, (row) => matched[row]),
        ),
      });
    }
    sources.push({
      name,
      features: columns.map((column) => (column.startsWith(`${name}_`) ? column : `${name}_${column}`)),
      values: columnValues(first, columns, rows),
      present: Uint8Array.from(rows, (row) => (row >= 0 ? 1 : 0)),
      repeats,
    });
    for (const column of columns) if (isShared) used.add(column);
  }
  const covariates = study.covariates ?? patients.columns.filter((name) => !used.has(name));
  const specification = specify(study, patients, subjects, covariates);
  const named = new Set([
    ...covariates,
    ...Object.keys(study.data.covariates),
    ...specification.exclusions.flatMap(({ covariate }) => covariate ?? []),
  ]);
  return {
    specification,
    notes,
    data: {
      subjects,
      outcomes: Object.entries(study.data.outcomes).map(([name, columns]) =>
        outcomeColumn(patients, name, columns),
      ),
      covariates: Array.from(named, (name) => covariateColumn(patients, name, study.data.covariates[name])),
      sources,
    },
  };
}

/** Columns of the table of patients that say something else than a covariate. */
function columnsOfRoles({ data, split, folds }: StudyFile): string[] {
  return [
    ...Object.values(data.outcomes).flatMap(({ time, event }) => [time, event]),
    ...(split.kind === 'COLUMN' ? [split.column] : []),
    ...(folds.kind === 'COLUMN' ? [folds.column] : []),
  ];
}

function specify(
  study: StudyFile,
  patients: TextTable,
  subjects: readonly string[],
  covariates: readonly string[],
): StudySpecification {
  const { data, split, folds } = study;
  const { title: _title, data: _data, ...settings } = study;
  const endpoints =
    study.endpoints ?? Object.keys(data.outcomes).map((name) => ({ name, origin: null, landmark: 0 }));
  return {
    ...settings,
    endpoints: endpoints.map(
      (endpoint) => ({ outcomes: [endpoint.name], ...endpoint }) as StudySpecification['endpoints'][number],
    ),
    sources: Object.entries(data.sources).map(([name, { repeats }]) => ({
      name,
      profile: 'table',
      modality: null,
      phases: [],
      reader: null,
      session: null,
      lesion: null,
      repeats: repeats.map((repeat) => ({ kind: repeat.kind, reader: repeat.name, session: null })),
    })),
    covariates,
    split: splitOf(split, patients, subjects),
    folds: foldsOf(folds, patients, subjects),
  };
}

function splitOf(split: StudyFile['split'], patients: TextTable, subjects: readonly string[]): StudySplit {
  if (split.kind !== 'COLUMN') return split;
  const index = requireColumn(patients, split.column);
  const parts = patients.rows.map((row, place) => {
    const cell = row[index].trim();
    if (isMissingCell(cell) || cell === split.training || cell === split.validation) return cell;
    throw invalidCell(patients, place, split.column, cell, `${split.training} or ${split.validation}`);
  });
  const part = (name: string) => subjects.filter((_, row) => parts[row] === name);
  return { kind: 'GIVEN', training: part(split.training), validation: part(split.validation) };
}

function foldsOf(folds: StudyFile['folds'], patients: TextTable, subjects: readonly string[]): StudyFolds {
  if (folds.kind !== 'COLUMN') return folds;
  const values = numericCells(patients, folds.column);
  const foldOf: Record<string, number> = {};
  values.forEach((value, row) => {
    if (!Number.isNaN(value)) foldOf[subjects[row]] = value;
  });
  return { kind: 'GIVEN', foldOf };
}
