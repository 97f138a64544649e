import {
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
import { type FeatureMatrix, type MatrixRow, matrixKeys } from './feature-matrix.ts';

export const matrixFormats = ['csv', 'arrow', 'ndjson'] as const;
export type MatrixFormat = (typeof matrixFormats)[number];

export const mediaTypes: Readonly<Record<MatrixFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  arrow: 'application/vnd.apache.arrow.stream',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/**
 * The matrix as a stream of bytes, one batch of rows in memory at a time. CSV: the keys and the features as columns, an
 * undefined value empty, numbers so that they read back to the same bits. Arrow: the IPC streaming format, keys as text
 * and whole numbers, features as float64, an undefined value null. NDJSON: a line of JSON a row, the columns of the CSV as
 * its properties, an undefined value null.
 */
export function encodeMatrix(
  matrix: FeatureMatrix,
  format: MatrixFormat,
): AsyncGenerator<Uint8Array, void, void> {
  return encoders[format](matrix);
}

const encoders: Readonly<
  Record<MatrixFormat, (matrix: FeatureMatrix) => AsyncGenerator<Uint8Array, void, void>>
> = { csv: encodeCsv, arrow: encodeArrow, ndjson: encodeNdjson };

async function* encodeCsv(matrix: FeatureMatrix): AsyncGenerator<Uint8Array, void, void> {
  const lines = (rows: readonly (readonly unknown[])[]) => Buffer.from(stringify(rows as unknown[][]));
  yield lines([[...matrixKeys, ...matrix.names]]);
  for await (const batch of matrix.batches()) {
    yield lines(
      batch.map((row) => [
        ...matrixKeys.map((key) => row[key]),
        ...Array.from(row.values, (value) => (Number.isNaN(value) ? '' : String(value))),
      ]),
    );
  }
}

async function* encodeNdjson(matrix: FeatureMatrix): AsyncGenerator<Uint8Array, void, void> {
  const heads = matrix.names.map((name) => `,${JSON.stringify(name)}:`);
  for await (const batch of matrix.batches()) {
    let lines = '';
    for (const { values, ...keys } of batch) {
      const line = JSON.stringify(Object.fromEntries(matrixKeys.map((key) => [key, keys[key]])));
      lines += line.slice(0, -1);
      for (let i = 0; i < heads.length; i++)
        lines += heads[i] + (Number.isFinite(values[i]) ? values[i] : 'null');
      lines += '}\n';
    }
    yield Buffer.from(lines);
  }
}

/** The mark at the end of an Arrow stream: a continuation without a message. */
const endOfStream = 8;

/**
 * An Arrow stream is the schema, the batches and the end mark, one after the other. Arrow's own writer queues batches
 * faster than a slow client takes them, so each batch is encoded when it is asked for, as a stream of its own, of
 * which the schema and the end mark are left out.
 */
async function* encodeArrow(matrix: FeatureMatrix): AsyncGenerator<Uint8Array, void, void> {
  const schema = new Schema(
    [
      ...matrixKeys.map((key) => new Field(key, key === 'session' ? new Int32() : new Utf8(), true)),
      ...matrix.names.map((name) => new Field(name, new Float64(), true)),
    ],
    new Map([
      ['nomograph.cohort', matrix.cohort],
      ['nomograph.profile', matrix.profile],
    ]),
  );
  const empty = tableToIPC(new Table(schema), 'stream');
  const schemaLength = empty.length - endOfStream;
  yield empty.subarray(0, schemaLength);
  for await (const rows of matrix.batches()) {
    const stream = tableToIPC(new Table(schema, [recordBatch(schema, rows)]), 'stream');
    yield stream.subarray(schemaLength, stream.length - endOfStream);
  }
  yield empty.subarray(schemaLength);
}

function recordBatch(schema: Schema, rows: readonly MatrixRow[]): RecordBatch {
  const columns: Vector[] = [
    ...matrixKeys.map((key) =>
      vectorFromArray(
        rows.map((row) => row[key]),
        key === 'session' ? new Int32() : new Utf8(),
      ),
    ),
    ...schema.fields.slice(matrixKeys.length).map((_field, column) => featureColumn(rows, column)),
  ];
  const data = makeData({
    type: new Struct(schema.fields),
    length: rows.length,
    nullCount: 0,
    children: columns.map((column) => column.data[0]),
  });
  return new RecordBatch(schema, data);
}

function featureColumn(rows: readonly MatrixRow[], column: number): Vector {
  const values = Float64Array.from(rows, (row) => row.values[column]);
  if (!values.some(Number.isNaN)) return makeVector(values);
  return vectorFromArray(
    Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
    new Float64(),
  );
}
