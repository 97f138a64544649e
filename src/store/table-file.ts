import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse';
import { Failure } from '../engine/failure.ts';

/** A table as it was read: text cells by row, with the line of the file that each row begins on. */
export interface TextTable {
  /** The name that failures call the file by. */
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly lines: Int32Array;
}

const maxTableBytes = 2 ** 30;
const maxRecordBytes = 2 ** 22;
const maxColumns = 100_000;
/** Cells that mean "no value", as in R and pandas. */
const missing = new Set(['', 'NA', 'NaN', 'nan', 'N/A', 'null', 'NULL']);

/**
 * Reads a CSV file with a header (UTF-8, RFC 4180, commas). Throws `FILE_UNREADABLE`, `FILE_TOO_LARGE`, `TABLE_UNREADABLE`
 * (naming the line), `TABLE_EMPTY`, `TABLE_COLUMN_DUPLICATE`.
 */
export async function readTable(file: string): Promise<TextTable> {
  const { size } = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new Failure('FILE_UNREADABLE', `${file} cannot be read (${error.code})`, { file });
  });
  if (size > maxTableBytes) {
    throw new Failure('FILE_TOO_LARGE', `${file} has ${size} bytes, the limit is ${maxTableBytes}`, {
      file,
      limit: maxTableBytes,
    });
  }
  const parser = createReadStream(file).pipe(
    parse({ bom: true, info: true, skip_empty_lines: true, max_record_size: maxRecordBytes }),
  );
  const rows: string[][] = [];
  const lines: number[] = [];
  let columns: string[] | undefined;
  try {
    let line = 1;
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number };
      record: string[];
    }>) {
      if (columns) {
        rows.push(record);
        lines.push(line);
      } else columns = requireHeader(file, record);
      line = info.lines + 1;
    }
  } catch (error) {
    if (error instanceof CsvError) {
      throw new Failure('TABLE_UNREADABLE', `${file} is not well-formed CSV: ${error.message}`, {
        file,
        reason: error.code,
      });
    }
    throw error;
  }
  if (!columns || rows.length === 0)
    throw new Failure('TABLE_EMPTY', `${file} has no rows below its header`, { file });
  return { file, columns, rows, lines: Int32Array.from(lines) };
}

function requireHeader(file: string, header: string[]): string[] {
  const columns = header.map((name) => name.trim());
  if (columns.length > maxColumns)
    throw new Failure('FILE_TOO_LARGE', `${file} has ${columns.length} columns, the limit is ${maxColumns}`, {
      file,
      limit: maxColumns,
    });
  const seen = new Set<string>();
  for (const [index, name] of columns.entries()) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character says that this is no text file.
    if (name === '' || /[\u0000-\u001f\ufffd]/.test(name)) {
      throw new Failure('TABLE_UNREADABLE', `${file}: the name of column ${index + 1} is empty or not text`, {
        file,
        column: index + 1,
      });
    }
    if (seen.has(name))
      throw new Failure('TABLE_COLUMN_DUPLICATE', `${file} has two columns ${name}`, { file, column: name });
    seen.add(name);
  }
  return columns;
}

/** The index of a column; throws `TABLE_COLUMN_MISSING`. */
export function requireColumn({ file, columns }: TextTable, name: string): number {
  const index = columns.indexOf(name);
  if (index >= 0) return index;
  throw new Failure('TABLE_COLUMN_MISSING', `${file} has no column ${name}`, {
    file,
    column: name,
    columns: columns.slice(0, 50),
  });
}

export function isMissingCell(cell: string): boolean {
  return missing.has(cell.trim());
}

/** A cell as a finite number, or NaN where it is missing; undefined where it is something else. */
export function parseNumber(cell: string): number | undefined {
  if (isMissingCell(cell)) return Number.NaN;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}

/** The cells of a column as numbers, NaN where missing. Throws `TABLE_VALUE_INVALID` naming line, column and value. */
export function numericCells(table: TextTable, name: string): Float64Array {
  const index = requireColumn(table, name);
  return Float64Array.from(table.rows, (row, place) => {
    const value = parseNumber(row[index]);
    if (value === undefined) throw invalidCell(table, place, name, row[index], 'a number');
    return value;
  });
}

/** Follow-up times, NaN where missing. Throws `TIME_INVALID` for a negative one. */
export function timeCells(table: TextTable, name: string): Float64Array {
  const times = numericCells(table, name);
  const place = times.findIndex((time) => time < 0);
  if (place < 0) return times;
  const { message, details } = invalidCell(table, place, name, String(times[place]), 'a time from 0 up');
  throw new Failure('TIME_INVALID', message, details);
}

/** Events as 1 and 0, −1 where missing. Throws `EVENT_INVALID` for anything but 0, 1, TRUE, FALSE. */
export function eventCells(table: TextTable, name: string): Int8Array {
  const index = requireColumn(table, name);
  const codes: Readonly<Record<string, number>> = { '0': 0, '1': 1, '0.0': 0, '1.0': 1, false: 0, true: 1 };
  return Int8Array.from(table.rows, (row, place) => {
    const cell = row[index].trim().toLowerCase();
    if (isMissingCell(row[index])) return -1;
    const code = Object.hasOwn(codes, cell) ? codes[cell] : undefined;
    if (code !== undefined) return code;
    const { message, details } = invalidCell(table, place, name, row[index], '0 or 1');
    throw new Failure('EVENT_INVALID', message, details);
  });
}

export function invalidCell(
  { file, lines }: TextTable,
  place: number,
  column: string,
  value: string,
  expected: string,
): Failure {
  const shown = value.slice(0, 80);
  return new Failure(
    'TABLE_VALUE_INVALID',
    `${file}, line ${lines[place]}: ${column} is "${shown}", not ${expected}`,
    {
      file,
      line: lines[place],
      column,
      value: shown,
    },
  );
}

/** A column as a covariate: numbers where every cell is one or missing, else levels, sorted as in the C locale. */
export function covariateCells(
  table: TextTable,
  name: string,
):
  | { readonly kind: 'NUMERIC'; readonly values: Float64Array }
  | { readonly kind: 'CATEGORICAL'; readonly levels: readonly string[]; readonly codes: Int32Array } {
  const index = requireColumn(table, name);
  if (table.rows.every((row) => parseNumber(row[index]) !== undefined)) {
    return { kind: 'NUMERIC', values: numericCells(table, name) };
  }
  const cells = table.rows.map((row) => (isMissingCell(row[index]) ? undefined : row[index].trim()));
  const levels = [...new Set(cells.filter((cell) => cell !== undefined))].sort();
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  return {
    kind: 'CATEGORICAL',
    levels,
    codes: Int32Array.from(cells, (cell) => (cell === undefined ? -1 : (codeOf.get(cell) as number))),
  };
}
