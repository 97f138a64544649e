import { FLOATS, type Precision, padded, type VectorMemory } from './vector-memory.ts';

/** Rows that are appended at once, so that each row of the factor is read once for them all. */
const PANEL = 32;
/** No fewer than elements fill a step of single precision. */
const BLOCK = 16;
/** A pivot below this share of its diagonal is rounding: its variable is a combination of the others. */
const LEAST_PIVOT = { double: 1e-13, single: 3e-6 };

/**
 * The Cholesky factor L Lᵀ of some rows and columns of a symmetric matrix, its support, that follows as variables come and
 * go: a variable that comes is a row more, one that goes is rotated out. Both cost the square of the support's size.
 *
 * Reference: Golub & Van Loan 2013, §6.5.
 */
export class SupportFactor {
  /** The variables of the support in the factor's order; the first `count`. */
  readonly variables: Int32Array;
  count = 0;
  /** A number that changes whenever the factor does. */
  version = 0;
  /** Place in that order by variable, or −1. */
  readonly position: Int32Array;
  private readonly memory: VectorMemory;
  private readonly precision: Precision;
  private readonly values: Float64Array | Float32Array;
  private readonly stride: number;
  /** Numbers that a row takes. */
  private readonly step: number;
  /** Places of the factor's rows and of a vector, and first elements of the matrix and of the factor. */
  private readonly rowsAt: number;
  private readonly unknown: number;
  private readonly matrix: number;
  private readonly rows: number;
  private readonly solved: Float64Array | Float32Array;
  private readonly block = new Int32Array(BLOCK);
  private readonly factors = new Float64Array(BLOCK);
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;

  /** @param matrix place of the full matrix, row-major with `stride` elements a row. */
  constructor(memory: VectorMemory, matrix: number, stride: number, precision: Precision = 'double') {
    this.memory = memory;
    this.precision = precision;
    this.values = memory.elements(precision);
    const floats = FLOATS[precision];
    this.matrix = matrix * floats;
    this.stride = stride;
    this.step = stride / floats;
    this.variables = new Int32Array(stride);
    this.position = new Int32Array(stride).fill(-1);
    this.rowsAt = memory.take(stride * stride, precision);
    this.rows = this.rowsAt * floats;
    this.unknown = memory.take(stride, precision);
    this.solved = this.values.subarray(this.unknown * floats, this.unknown * floats + stride);
    this.cosines = new Float64Array(stride);
    this.sines = new Float64Array(stride);
  }

  /** Numbers that the factor of a matrix of this stride takes. */
  static room(stride: number, precision: Precision = 'double'): number {
    return padded(stride * stride, precision) + padded(stride, precision);
  }

  /** To be called when the matrix or what is added to its diagonal has changed. */
  forget(): void {
    this.truncate(0);
  }

  remove(variable: number): void {
    this.version++;
    const { position, variables, cosines, sines, stride, values } = this;
    const first = position[variable];
    const rotate = this.precision === 'single' ? rotateSingles : rotateDoubles;
    for (let r = first + 1; r < this.count; r++) {
      rotate(values as never, this.rows + r * stride, stride, first, r, cosines, sines);
      variables[r - 1] = variables[r];
      position[variables[r]] = r - 1;
    }
    position[variable] = -1;
    this.count--;
  }

  /** Leaves out, and so out of the support, what is a combination of the variables before it. */
  append(list: ArrayLike<number>, onDiagonal: Float64Array): void {
    this.version++;
    for (let from = 0; from < list.length; from += PANEL) {
      const panel: number[] = [];
      for (let k = from; k < Math.min(list.length, from + PANEL); k++) panel.push(list[k]);
      this.appendPanel(panel, onDiagonal);
    }
  }

  private appendPanel(panel: number[], onDiagonal: Float64Array): void {
    const { memory, precision, stride, step, rowsAt, rows, matrix, variables, position, values } = this;
    const start = this.count;
    const pending = panel.map((_, k) => start + k);
    for (const row of pending) values.fill(0, rows + row * stride, rows + (row + 1) * stride);
    // Column by column, in all rows of the panel that are left.
    for (let j = 0; pending.length > 0; j++) {
      if (j >= this.count) {
        // The first row left is complete up to its diagonal.
        const row = pending.shift() ?? 0;
        const variable = panel[row - start];
        const diagonal = values[matrix + variable * stride + variable] + onDiagonal[variable];
        const square = memory.products(rowsAt + row * step, rowsAt, step, [row], 1, j, precision)[0];
        if (!(diagonal - square > LEAST_PIVOT[precision] * diagonal)) {
          j--;
          continue;
        }
        if (row !== j) values.copyWithin(rows + j * stride, rows + row * stride, rows + (row + 1) * stride);
        values[rows + j * stride + j] = Math.sqrt(diagonal - square);
        variables[j] = variable;
        position[variable] = j;
        this.count = j + 1;
        if (pending.length === 0) break;
      }
      const place = rows + j * stride;
      const products = memory.products(
        rowsAt + j * step,
        rowsAt,
        step,
        pending,
        pending.length,
        j,
        precision,
      );
      const row = matrix + variables[j] * stride;
      for (let k = 0; k < pending.length; k++) {
        values[rows + pending[k] * stride + j] =
          (values[row + panel[pending[k] - start]] - products[k]) / values[place + j];
      }
    }
  }

  /** Solves for the vector whose elements stand in the factor's order, in place. */
  solve(vector: Float64Array): void {
    const { memory, precision, stride, step, rowsAt, rows, count, solved: y, block, factors, values } = this;
    y.fill(0);
    for (let from = 0; from < count; from += BLOCK) {
      const to = Math.min(count, from + BLOCK);
      for (let k = from; k < to; k++) block[k - from] = k;
      const products =
        from > 0 ? memory.products(this.unknown, rowsAt, step, block, to - from, from, precision) : null;
      for (let r = from; r < to; r++) {
        let sum = vector[r] - (products ? products[r - from] : 0);
        for (let c = from; c < r; c++) sum -= values[rows + r * stride + c] * y[c];
        y[r] = sum / values[rows + r * stride + r];
      }
    }
    for (let from = Math.floor((count - 1) / BLOCK) * BLOCK; from >= 0; from -= BLOCK) {
      const to = Math.min(count, from + BLOCK);
      for (let r = to - 1; r >= from; r--) {
        let sum = y[r];
        for (let c = r + 1; c < to; c++) sum -= values[rows + c * stride + r] * y[c];
        y[r] = sum / values[rows + r * stride + r];
      }
      if (from === 0) break;
      for (let k = from; k < to; k++) {
        block[k - from] = k;
        factors[k - from] = -y[k];
      }
      memory.combine(this.unknown, rowsAt, step, block, factors, to - from, from, precision);
    }
    for (let r = 0; r < count; r++) vector[r] = y[r];
  }

  private truncate(count: number): void {
    this.version++;
    for (let r = count; r < this.count; r++) this.position[this.variables[r]] = -1;
    this.count = count;
  }
}

/**
 * Moves row r, which begins at `from`, to the row before it, rotated by what took the column `first` out of the rows above; notes
 * its own rotation. One loop for each type of array: V8 compiles one for both to half the speed.
 */
function rotateDoubles(
  values: Float64Array,
  from: number,
  stride: number,
  first: number,
  r: number,
  cosines: Float64Array,
  sines: Float64Array,
): void {
  const to = from - stride;
  let carried = values[from + first];
  for (let j = 0; j < first; j++) values[to + j] = values[from + j];
  for (let j = first; j < r - 1; j++) {
    const next = values[from + j + 1];
    values[to + j] = cosines[j] * carried + sines[j] * next;
    carried = cosines[j] * next - sines[j] * carried;
  }
  const last = values[from + r];
  const pivot = Math.sqrt(carried * carried + last * last);
  cosines[r - 1] = carried / pivot;
  sines[r - 1] = last / pivot;
  values[to + r - 1] = pivot;
  values[to + r] = 0;
}

/** The same as {@link rotateDoubles}. */
function rotateSingles(
  values: Float32Array,
  from: number,
  stride: number,
  first: number,
  r: number,
  cosines: Float64Array,
  sines: Float64Array,
): void {
  const to = from - stride;
  let carried = values[from + first];
  for (let j = 0; j < first; j++) values[to + j] = values[from + j];
  for (let j = first; j < r - 1; j++) {
    const next = values[from + j + 1];
    values[to + j] = cosines[j] * carried + sines[j] * next;
    carried = cosines[j] * next - sines[j] * carried;
  }
  const last = values[from + r];
  const pivot = Math.sqrt(carried * carried + last * last);
  cosines[r - 1] = carried / pivot;
  sines[r - 1] = last / pivot;
  values[to + r - 1] = pivot;
  values[to + r] = 0;
}
