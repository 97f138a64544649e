import type { DataSource } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import { takeBytes } from './buffer-pool.ts';
import { copyRows } from './copy-rows.ts';

/** Rows of a matrix: feature vectors of `width` values each, of which it has those at `places` in that order, or all of them. */
export interface MatrixRequest {
  readonly vectorIds: readonly string[];
  readonly width: number;
  readonly places: readonly number[] | null;
}

const valueBytes = Float64Array.BYTES_PER_ELEMENT;

/**
 * The values of matrices, row after row, as they are stored, all by one statement. Throws `NOT_FOUND` for a feature vector that
 * is not there any more, `LENGTH_MISMATCH` for one of another width.
 */
export async function readMatrices(
  dataSource: DataSource,
  requests: readonly MatrixRequest[],
): Promise<Buffer[]> {
  const matrices = requests.map((request) => new Matrix(request));
  const wanted = requests.flatMap(({ vectorIds }, index) =>
    vectorIds.map((id, row) => ({ id, row, matrix: matrices[index] })),
  );
  let read = 0;
  const take = (place: number, values: Buffer) => {
    // They come by their place: one that is left out is gone.
    if (place !== read) throw goneOf(wanted[read].id);
    const { id, row, matrix } = wanted[read];
    if (values.length !== matrix.width * valueBytes)
      throw new Failure(
        'LENGTH_MISMATCH',
        `feature vector ${id} has ${values.length / valueBytes} values, its profile ${matrix.width}`,
        { featureVector: id, expected: matrix.width },
      );
    matrix.set(row, values);
    read++;
  };
  if (wanted.length > 0)
    await copyRows(
      dataSource,
      `select (place - 1)::integer, vector.values from unnest($1::uuid[]) with ordinality as wanted (id, place)
       join feature_vector vector on vector.id = wanted.id order by place`,
      [`{${wanted.map(({ id }) => id).join(',')}}`],
      ([place, values]) => take((place as Buffer).readInt32BE(), values as Buffer),
    );
  if (read < wanted.length) throw goneOf(wanted[read].id);
  return matrices.map(({ bytes }) => bytes);
}

function goneOf(id: string): Failure {
  return new Failure('NOT_FOUND', `feature vector ${id} was erased while the matrix was read; ask again`, {
    featureVector: id,
  });
}

class Matrix {
  readonly width: number;
  readonly bytes: Buffer;
  readonly #places: readonly number[] | null;
  /** A row in full, on a multiple of eight. */
  readonly #row: Float64Array;

  constructor({ vectorIds, width, places }: MatrixRequest) {
    this.width = width;
    this.#places = places;
    this.#row = new Float64Array(places ? width : 0);
    // Filled by the rows, or never given.
    this.bytes = takeBytes(vectorIds.length * (places?.length ?? width) * valueBytes);
  }

  set(row: number, values: Buffer): void {
    if (!this.#places) {
      values.copy(this.bytes, row * this.width * valueBytes);
      return;
    }
    new Uint8Array(this.#row.buffer).set(values);
    let at = row * this.#places.length * valueBytes;
    for (const place of this.#places) at = this.bytes.writeDoubleLE(this.#row[place], at);
  }
}
