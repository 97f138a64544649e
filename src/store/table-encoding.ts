import {
  Bool,
  type DataType,
  Field,
  Float64,
  Int32,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { stringify } from 'csv-stringify/sync';
import type { ExportCell, ExportColumn, ExportTable } from './export-table.ts';

export const tableFormats = ['csv', 'arrow', 'ndjson'] as const;
export type TableFormat = (typeof tableFormats)[number];

export const mediaTypes: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  arrow: 'application/vnd.apache.arrow.stream',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/**
 * The table as a stream of bytes, one batch of rows in memory at a time. CSV: a missing or undefined value is empty, numbers read
 * back to the same bits, truth is `true` or `false`. Arrow: the IPC streaming format, text as UTF-8, whole numbers as int32,
 * numbers as float64, a missing value null. NDJSON: a line of JSON a row, the columns of the CSV as its properties, a missing value null.
 */
export function encodeTable(table: ExportTable, format: TableFormat): AsyncGenerator<Uint8Array, void, void> {
  return encoders[format](table);
}

const encoders: Readonly<
  Record<TableFormat, (table: ExportTable) => AsyncGenerator<Uint8Array, void, void>>
> = { csv: encodeCsv, arrow: encodeArrow, ndjson: encodeNdjson };

async function* encodeCsv(table: ExportTable): AsyncGenerator<Uint8Array, void, void> {
  const lines = (rows: readonly (readonly ExportCell[])[]) =>
    Buffer.from(stringify(rows as ExportCell[][], { cast: { boolean: String } }));
  yield lines([table.columns.map(({ name }) => name)]);
  for await (const batch of table.batches()) {
    yield lines(batch.map((row) => row.map((cell) => (typeof cell === 'number' ? numberText(cell) : cell))));
  }
}

function numberText(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}

async function* encodeNdjson(table: ExportTable): AsyncGenerator<Uint8Array, void, void> {
  const heads = table.columns.map(({ name }, place) => `${place === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  for await (const batch of table.batches()) {
    let lines = '';
    for (const row of batch) {
      for (let i = 0; i < heads.length; i++) lines += heads[i] + jsonText(row[i]);
      lines += '}\n';
    }
    yield Buffer.from(lines);
  }
}

function jsonText(cell: ExportCell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : 'null';
  return JSON.stringify(cell);
}

/** The mark at the end of an Arrow stream: a continuation without a message. */
const endOfStream = 8;

const arrowTypes: Readonly<Record<ExportColumn['type'], () => DataType>> = {
  TEXT: () => new Utf8(),
  INTEGER: () => new Int32(),
  NUMBER: () => new Float64(),
  BOOLEAN: () => new Bool(),
};

/**
 * An Arrow stream is the schema, the batches and the end mark, one after the other. Arrow's own writer queues batches
 * faster than a slow client takes them, so each batch is encoded when it is asked for, as a stream of its own, of
 * which the schema and the end mark are left out.
 */
async function* encodeArrow(table: ExportTable): AsyncGenerator<Uint8Array, void, void> {
  const schema = new Schema(
    table.columns.map(({ name, type }) => new Field(name, arrowTypes[type](), true)),
    new Map([
      ['nomograph.cohort', table.cohort],
      [table.kind === 'FeatureVector' ? 'nomograph.profile' : 'nomograph.table', table.name],
    ]),
  );
  const empty = tableToIPC(new Table(schema), 'stream');
  const schemaLength = empty.length - endOfStream;
  yield empty.subarray(0, schemaLength);
  for await (const rows of table.batches()) {
    const stream = tableToIPC(new Table(schema, [recordBatch(schema, table.columns, rows)]), 'stream');
    yield stream.subarray(schemaLength, stream.length - endOfStream);
  }
  yield empty.subarray(schemaLength);
}

function recordBatch(
  schema: Schema,
  columns: readonly ExportColumn[],
  rows: readonly (readonly ExportCell[])[],
): RecordBatch {
  const data = makeData({
    type: new Struct(schema.fields),
    length: rows.length,
    nullCount: 0,
    children: columns.map(({ type }, place) => columnVector(type, rows, place).data[0]),
  });
  return new RecordBatch(schema, data);
}

function columnVector(
  type: ExportColumn['type'],
  rows: readonly (readonly ExportCell[])[],
  place: number,
): Vector {
  if (type === 'NUMBER' && rows.every((row) => row[place] !== null && !Number.isNaN(row[place])))
    return makeVector(Float64Array.from(rows, (row) => row[place] as number));
  return vectorFromArray(
    rows.map((row) => (Number.isNaN(row[place]) ? null : row[place])),
    arrowTypes[type](),
  );
}
