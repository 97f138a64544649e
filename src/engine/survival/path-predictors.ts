import type { Covariates } from './covariates.ts';
import type { PathPoint } from './penalised-path.ts';
import { padded, VectorMemory } from './vector-memory.ts';

/** Numbers that the predictors of points computed at once may take, unless one takes more. */
const ROOM = 2 ** 20;
const TILE_ROWS = 512;

/** Linear predictors of all rows along a path, asked for from its beginning on. */
export class PathPredictors {
  private readonly points: readonly PathPoint[];
  private readonly covariates: Covariates;
  private readonly rows: number;
  private readonly offset: Float64Array | undefined;
  /** Of some points, from `first` on. */
  private known: Float64Array[] = [];
  private first = 0;

  constructor(
    points: readonly PathPoint[],
    covariates: Covariates,
    rows: number,
    offset: Float64Array | undefined,
  ) {
    this.points = points;
    this.covariates = covariates;
    this.rows = rows;
    this.offset = offset;
  }

  /** Of a point, of the last where there is none so late. */
  of(place: number): Float64Array {
    return this.predictor(Math.min(place, this.points.length - 1));
  }

  /** Linear in λ between points and constant beyond their ends. */
  at(lambda: number): Float64Array {
    const { points } = this;
    let j = 0;
    while (j + 1 < points.length && points[j + 1].lambda >= lambda) j++;
    const upper = this.predictor(j);
    if (j + 1 === points.length || points[j].lambda <= lambda) return upper;
    const lower = this.predictor(j + 1);
    const share = (lambda - points[j + 1].lambda) / (points[j].lambda - points[j + 1].lambda);
    const between = new Float64Array(this.rows);
    for (let row = 0; row < between.length; row++) {
      between[row] = share * upper[row] + (1 - share) * lower[row];
    }
    return between;
  }

  private predictor(j: number): Float64Array {
    if (j >= this.first + this.known.length) this.compute(j);
    return this.known[j - this.first];
  }

  /** The predictors of points from j on; only that before it is kept besides. */
  private compute(j: number): void {
    const { points, rows, offset } = this;
    const before = this.known.slice(j - 1 - this.first, j - this.first);
    const following = points.slice(j, j + Math.max(1, Math.floor(ROOM / rows)));
    const predictors = following.map(() => offset?.slice() ?? new Float64Array(rows));
    this.add(following, predictors);
    this.first = j - before.length;
    this.known = [...before, ...predictors];
  }

  /** Adds the columns times their coefficients, tile by tile, so that each column is read once for all points. */
  private add(points: readonly PathPoint[], predictors: readonly Float64Array[]): void {
    const { covariates, rows } = this;
    const place = new Int32Array(covariates.columns.length).fill(-1);
    const used: Float64Array[] = [];
    for (const { index } of points) {
      for (const column of index) {
        if (place[column] >= 0) continue;
        place[column] = used.length;
        used.push(covariates.columns[column]);
      }
    }
    const places = points.map(({ index }) => index.map((column) => place[column]));
    const stride = padded(Math.min(rows, TILE_ROWS));
    const memory = new VectorMemory((used.length + 1) * stride, used.length);
    const sumAt = memory.take(stride);
    const columnsAt = memory.take(used.length * stride);
    const sum = memory.view(sumAt, stride);
    const { values } = memory;
    for (let from = 0; from < rows; from += TILE_ROWS) {
      const length = Math.min(TILE_ROWS, rows - from);
      for (let k = 0; k < used.length; k++) {
        const column = used[k];
        const to = columnsAt + k * stride;
        for (let r = 0; r < length; r++) values[to + r] = column[from + r];
      }
      for (let m = 0; m < points.length; m++) {
        const predictor = predictors[m];
        const { value } = points[m];
        for (let r = 0; r < length; r++) sum[r] = predictor[from + r];
        memory.combine(sumAt, columnsAt, stride, places[m], value, value.length, length);
        for (let r = 0; r < length; r++) predictor[from + r] = sum[r];
      }
    }
  }
}
