import { dirname, resolve } from 'node:path';
import { Failure } from '../engine/failure.ts';
import type { CovariateColumn } from '../engine/study/cohort-table.ts';
import type {
  OutcomeColumn,
  RepeatedReading,
  SourceFeatures,
  StudyData,
} from '../engine/study/study-data.ts';
import type { StudyFolds, StudySpecification, StudySplit } from '../engine/study/study-specification.ts';
import { featureName } from './feature-name.ts';
import type { StudyFile } from './study-file.ts';
import {
  covariateCells,
  eventCells,
  invalidCell,
  isMissingCell,
  numericCells,
  parseNumber,
  readTable,
  requireColumn,
  type TextTable,
  timeCells,
} from './table-file.ts';

/** A study whose data are local tables. */
export interface TabulatedStudy {
  readonly specification: StudySpecification;
  readonly data: StudyData;
  /** What a reader of the result should know of the tables. */
  readonly notes: readonly string[];
}

/** A text column with more levels than this is a name or a key rather than a covariate. */
const maxLevels = 50;

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
    const { rows, unknown } = matchSubjects(first, subject, subjects);
    if (unknown > 0)
      notes.push(`${unknown} rows of ${source.features} are of no patient of ${study.data.patients}.`);
    notes.push(`${name}: ${columns.length} features of ${source.features}.`);
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
    ...('column' in split ? [split.column] : []),
    ...('column' in folds ? [folds.column] : []),
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
  if ('trainingFraction' in split) return { kind: 'SEEDED', ...split };
  if (!('column' in split)) return { kind: 'GIVEN', ...split };
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
  if (!('column' in folds)) return { kind: 'SEEDED', ...folds };
  const values = numericCells(patients, folds.column);
  const foldOf: Record<string, number> = {};
  values.forEach((value, row) => {
    if (!Number.isNaN(value)) foldOf[subjects[row]] = value;
  });
  return { kind: 'GIVEN', foldOf };
}

/** The row of each subject, in the order of the table; where no column names them, they are called by their lines. */
function rowsBySubject(table: TextTable, column: string | undefined): Map<string, number> {
  if (column === undefined) return new Map(Array.from(table.lines, (line, row) => [`line ${line}`, row]));
  const index = requireColumn(table, column);
  const rows = new Map<string, number>();
  table.rows.forEach((row, place) => {
    const subject = row[index].trim();
    if (subject === '') throw invalidCell(table, place, column, row[index], 'a subject');
    const earlier = rows.get(subject);
    if (earlier !== undefined) {
      const message = `${table.file}, line ${table.lines[place]}: subject ${subject} has a row already (line ${table.lines[earlier]})`;
      throw new Failure('TABLE_KEY_DUPLICATE', message, {
        file: table.file,
        line: table.lines[place],
        column,
        value: subject,
      });
    }
    rows.set(subject, place);
  });
  return rows;
}

/** For each subject of the study its row in a table of features, or −1; and how many rows belong to nobody. */
function matchSubjects(
  table: TextTable,
  column: string | undefined,
  subjects: readonly string[],
): { readonly rows: Int32Array; readonly unknown: number } {
  const places = rowsBySubject(table, column);
  const rows = Int32Array.from(subjects, (subject) => places.get(subject) ?? -1);
  const matched = rows.filter((row) => row >= 0).length;
  if (matched > 0) return { rows, unknown: places.size - matched };
  throw new Failure('NOT_FOUND', `${table.file}: no ${column} is that of a patient of the study`, {
    file: table.file,
    column: column ?? '',
  });
}

/**
 * The columns that the file lists. Else all of a table of features but the subject's and what PyRadiomics says of the
 * extraction; of the table of patients those with a PyRadiomics name, or, if none has, all that is nothing else.
 */
function featureColumns(
  table: TextTable,
  patterns: readonly string[] | undefined,
  other: ReadonlySet<string>,
  isShared: boolean,
): string[] {
  if (!patterns) {
    const rest = table.columns.filter((column) => !other.has(column) && !column.startsWith('diagnostics_'));
    const known = rest.filter((column) => featureName.test(column));
    return isShared && known.length > 0 ? known : rest;
  }
  const chosen = new Set<string>();
  for (const pattern of patterns) {
    const expression = new RegExp(
      `^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`,
    );
    const matching = table.columns.filter((column) => expression.test(column) && !other.has(column));
    if (matching.length === 0) requireColumn(table, pattern);
    for (const column of matching) chosen.add(column);
  }
  return table.columns.filter((column) => chosen.has(column));
}

/** Column-major in memory that threads share: of each column the cells of the rows, NaN for row −1. */
function columnValues(table: TextTable, columns: readonly string[], rows: Int32Array): Float64Array {
  const bytes = columns.length * rows.length * Float64Array.BYTES_PER_ELEMENT;
  const values = new Float64Array(new SharedArrayBuffer(bytes)).fill(Number.NaN);
  columns.forEach((column, j) => {
    const cells = numericCells(table, column);
    for (let i = 0; i < rows.length; i++) if (rows[i] >= 0) values[j * rows.length + i] = cells[rows[i]];
  });
  return values;
}

function outcomeColumn(
  patients: TextTable,
  name: string,
  { time, event, unit }: StudyFile['data']['outcomes'][string],
): OutcomeColumn {
  const times = timeCells(patients, time);
  const events = eventCells(patients, event);
  return {
    name,
    // A row without an event indicator has no outcome.
    time: times.map((value, row) => (events[row] < 0 ? Number.NaN : value)),
    event: Uint8Array.from(events, (code) => (code === 1 ? 1 : 0)),
    timeUnit: unit,
  };
}

function covariateColumn(
  patients: TextTable,
  name: string,
  { kind, levels, missing }: StudyFile['data']['covariates'][string] = { missing: [] },
): CovariateColumn {
  const table = missing.length > 0 ? withoutTexts(patients, name, missing) : patients;
  if (kind === 'NUMERIC') return { name, kind, values: numericCells(table, name) };
  if (kind === 'CATEGORICAL' || levels) return categorical(table, name, levels);
  const cells = covariateCells(table, name);
  if (cells.kind === 'CATEGORICAL') requireFewLevels(table, name, cells.levels);
  return { name, ...cells };
}

function withoutTexts(table: TextTable, name: string, texts: readonly string[]): TextTable {
  const index = requireColumn(table, name);
  const rows = table.rows.map((row) => (texts.includes(row[index].trim()) ? row.with(index, '') : row));
  return { ...table, rows };
}

function categorical(table: TextTable, name: string, given: readonly string[] | undefined): CovariateColumn {
  const index = requireColumn(table, name);
  const cells = table.rows.map((row) => (isMissingCell(row[index]) ? null : row[index].trim()));
  const levels = given ?? [...new Set(cells.filter((cell) => cell !== null))].sort(byNumberOrText);
  requireFewLevels(table, name, levels);
  const codes = Int32Array.from(cells, (cell, place) => {
    const code = cell === null ? -1 : levels.indexOf(cell);
    if (cell !== null && code < 0) throw invalidCell(table, place, name, cell, `one of ${levels.join(', ')}`);
    return code;
  });
  return { name, kind: 'CATEGORICAL', levels, codes };
}

function byNumberOrText(a: string, b: string): number {
  const difference = (parseNumber(a) ?? Number.NaN) - (parseNumber(b) ?? Number.NaN);
  return Number.isNaN(difference) ? (a < b ? -1 : 1) : difference;
}

function requireFewLevels({ file }: TextTable, name: string, levels: readonly string[]): void {
  if (levels.length <= maxLevels) return;
  throw new Failure(
    'COVARIATE_INVALID',
    `${file}: column ${name} has ${levels.length} different texts, more than the ${maxLevels} levels of a covariate; list the covariates of the study`,
    { file, column: name },
  );
}
