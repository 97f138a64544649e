import { Failure } from '../engine/failure.ts';
import type { CovariateColumn } from '../engine/study/cohort-table.ts';
import type { OutcomeColumn } from '../engine/study/study-data.ts';
import { featureName } from './feature-name.ts';
import type { StudyFile } from './study-file.ts';
import {
  covariateCells,
  eventCells,
  invalidCell,
  isMissingCell,
  numericCells,
  parseNumber,
  requireColumn,
  type TextTable,
  timeCells,
} from './table-file.ts';

/** A text column with more levels than this is a name or a key rather than a covariate. */
const maxLevels = 50;

/** The row of each subject, in the order of the table; where no column names them, they are called by their lines. */
export function rowsBySubject(table: TextTable, column: string | undefined): Map<string, number> {
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
export function matchSubjects(
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
export function featureColumns(
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
export function columnValues(table: TextTable, columns: readonly string[], rows: Int32Array): Float64Array {
  const bytes = columns.length * rows.length * Float64Array.BYTES_PER_ELEMENT;
  const values = new Float64Array(new SharedArrayBuffer(bytes)).fill(Number.NaN);
  columns.forEach((column, j) => {
    const cells = numericCells(table, column);
    for (let i = 0; i < rows.length; i++) if (rows[i] >= 0) values[j * rows.length + i] = cells[rows[i]];
  });
  return values;
}

export function outcomeColumn(
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

export function covariateColumn(
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
