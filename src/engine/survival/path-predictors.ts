import type { Covariates } from './covariates.ts';
import type { PathPoint } from './penalised-path.ts';

/** Linear predictors of all rows along a path, asked for from its beginning on. */
export class PathPredictors {
  private readonly points: readonly PathPoint[];
  private readonly covariates: Covariates;
  private readonly kept = new Map<number, Float64Array>();
  private readonly rows: number;
  private readonly offset: Float64Array | undefined;

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
    const known = this.kept.get(j);
    if (known) return known;
    for (const old of this.kept.keys()) if (old < j - 1) this.kept.delete(old);
    const { index, value } = this.points[j];
    const predictor = this.offset?.slice() ?? new Float64Array(this.rows);
    for (let m = 0; m < index.length; m++) {
      const x = this.covariates.columns[index[m]];
      const b = value[m];
      for (let row = 0; row < predictor.length; row++) predictor[row] += b * x[row];
    }
    this.kept.set(j, predictor);
    return predictor;
  }
}
