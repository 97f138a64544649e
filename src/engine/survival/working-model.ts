import { EtaHessian } from './eta-hessian.ts';
import type { PenalisedConditions } from './penalised-conditions.ts';
import { BATCH } from './penalised-design.ts';
import type { PenalisedProblem } from './penalised-problem.ts';
import type { PenalisedState } from './penalised-state.ts';
import { QuadraticLasso } from './quadratic-lasso.ts';
import { FLOATS, padded } from './vector-memory.ts';

/** Numbers of columns that stay in the processor's cache while they meet a batch of others. */
const TILE_NUMBERS = 2 ** 15;
/** A member without a coefficient stays if its gradient is this share of what would give it one. */
const NEAR = 0.9;

/**
 * The quadratic model of a {@link PenalisedProblem} on its members, the columns that matter: the information at
 * the point last captured, which serves for as long as the steps it gives are good.
 */
export class WorkingModel {
  /** Columns with a row in the matrix, in the order in which they came. */
  members: number[] = [];
  readonly isMember: Uint8Array;
  quadratic: QuadraticLasso;
  captured = false;
  /** Whether the matrix is that of the point where the fit stands. */
  fresh = false;
  private readonly problem: PenalisedProblem;
  private readonly hessian: EtaHessian;
  private readonly product: Float64Array;
  private readonly column: Float64Array;
  /** A vector by row of the design. */
  private readonly byRow: Float64Array;
  private filled = 0;

  constructor(problem: PenalisedProblem) {
    const { design, width, sets, likelihood } = problem;
    this.problem = problem;
    this.isMember = new Uint8Array(width);
    this.quadratic = new QuadraticLasso(design.precision);
    this.hessian = new EtaHessian(sets, likelihood.hazard);
    this.product = new Float64Array(problem.rows);
    this.column = new Float64Array(problem.rows);
    this.byRow = new Float64Array(design.rows.length);
  }

  enter(j: number): void {
    if (this.isMember[j]) return;
    this.isMember[j] = 1;
    this.members.push(j);
  }

  /** Takes the information where the fit stands; members that are far from a coefficient leave. */
  capture({ coefficients, gradient, precision }: PenalisedState, { lasso }: PenalisedConditions): void {
    this.members = this.members.filter(
      (j) => coefficients[j] !== 0 || Math.abs(gradient[j]) >= NEAR * lasso[j],
    );
    this.isMember.fill(0);
    for (const j of this.members) this.isMember[j] = 1;
    if (precision !== this.quadratic.precision) this.quadratic = new QuadraticLasso(precision);
    this.hessian.capture(this.problem.likelihood.risk);
    this.captured = true;
    this.fresh = true;
    this.filled = 0;
    this.quadratic.forget();
  }

  /** Sets up the model at the fit's point and the given conditions; its solution begins there. */
  prepare(state: PenalisedState, conditions: PenalisedConditions): QuadraticLasso {
    const { members, quadratic } = this;
    if (members.length > this.filled) {
      quadratic.reserve(members.length);
      for (let from = this.filled; from < members.length; from += BATCH) {
        this.fill(from, Math.min(members.length, from + BATCH));
      }
      this.filled = members.length;
    }
    quadratic.size = members.length;
    for (let m = 0; m < members.length; m++) {
      const j = members[m];
      quadratic.gradient[m] = state.gradient[j];
      quadratic.start[m] = state.coefficients[j];
      quadratic.solution[m] = state.coefficients[j];
      quadratic.lasso[m] = conditions.lasso[j];
      quadratic.ridge[m] = conditions.ridge[j];
    }
    return quadratic;
  }

  /** The matrix's rows and columns of the members [from, to), against the members up to each. */
  private fill(from: number, to: number): void {
    const { members, problem, quadratic } = this;
    const { precision, values, matrix, stride: row } = quadratic;
    const { design, totalWeight } = problem;
    const { memory, batchAt, sumsAt } = design;
    const { at, blocks, span } = design.layout[precision];
    const apart = blocks * span;
    for (let m = from; m < to; m++) {
      memory.put(this.curve(members[m]), batchAt + (m - from) * apart, precision);
    }
    // Of each two members the sums take turns.
    const width = 2 * padded(to + 4);
    memory.view(sumsAt, Math.ceil((to - from) / 2) * width).fill(0);
    // The fewer vectors there are the longer the pieces of columns, which are read from memory more for each vector.
    const tileSpan = padded(TILE_NUMBERS / 2 / (to - from));
    const tileColumns = Math.max(8, Math.floor(TILE_NUMBERS / tileSpan / 8) * 8);
    for (let block = 0; block < blocks; block++) {
      for (let shift = 0; shift < span; shift += tileSpan) {
        const length = Math.min(tileSpan, span - shift) * FLOATS[precision];
        const base = at + block * design.width * span + shift;
        for (let tile = 0; tile < to; tile += tileColumns) {
          const skipped = Math.max(0, tile - from) & ~1;
          const first = batchAt + skipped * apart + block * span + shift;
          const vectors = { first, apart, count: to - from - skipped };
          const others = members.slice(tile, Math.min(to, tile + tileColumns));
          const into = sumsAt + (skipped / 2) * width + 2 * tile;
          memory.addAllProducts(vectors, base, span, others, length, into, width, precision);
        }
      }
    }
    for (let m = from; m < to; m++) {
      const sums = sumsAt + ((m - from) >> 1) * width + ((m - from) & 1);
      for (let i = 0; i <= m; i++) {
        const value = memory.values[sums + 2 * i] / totalWeight;
        values[matrix + m * row + i] = value;
        values[matrix + i * row + m] = value;
      }
    }
  }

  /** The information by the linear predictor times a column, by row of the design. */
  private curve(j: number): Float64Array {
    const { problem, hessian, product, column, byRow } = this;
    const { design, places } = problem;
    if (!places) {
      design.column(j, column);
      hessian.multiply(column, product);
      return product;
    }
    design.column(j, byRow);
    for (let i = 0; i < places.length; i++) column[i] = byRow[places[i]];
    byRow.fill(0);
    hessian.multiply(column, product);
    for (let i = 0; i < places.length; i++) byRow[places[i]] = product[i];
    return byRow;
  }
}
