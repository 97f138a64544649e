import { EtaHessian } from './eta-hessian.ts';
import type { PenalisedConditions } from './penalised-conditions.ts';
import type { PenalisedProblem } from './penalised-problem.ts';
import type { PenalisedState } from './penalised-state.ts';
import { QuadraticLasso } from './quadratic-lasso.ts';
import { padded } from './vector-memory.ts';

/** Products at once: rows and columns that stay in the processor's cache while they meet this many others. */
const BATCH = 32;
const TILE_ROWS = 512;
const TILE_COLUMNS = 64;

/**
 * The quadratic model of a {@link PenalisedProblem} on its members, the columns that ever mattered: the information at
 * the point last captured, which serves for as long as the steps it gives are good.
 */
export class WorkingModel {
  /** Columns with a row in the matrix, in the order in which they came. */
  readonly members: number[] = [];
  readonly isMember: Uint8Array;
  readonly quadratic = new QuadraticLasso();
  captured = false;
  /** Whether the matrix is that of the point where the fit stands. */
  fresh = false;
  private readonly problem: PenalisedProblem;
  private readonly hessian: EtaHessian;
  private readonly productsAt: number;
  private readonly sumsAt: number;
  private filled = 0;

  constructor(problem: PenalisedProblem) {
    const { memory, stride, width, sets, likelihood } = problem;
    this.problem = problem;
    this.isMember = new Uint8Array(width);
    this.hessian = new EtaHessian(sets, likelihood.hazard);
    this.productsAt = memory.take(BATCH * stride);
    this.sumsAt = memory.take(BATCH * padded(width));
  }

  enter(j: number): void {
    if (this.isMember[j]) return;
    this.isMember[j] = 1;
    this.members.push(j);
  }

  /** Takes the information where the fit stands. */
  capture(): void {
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
      quadratic.size = members.length;
    }
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
    const { members, problem, productsAt, sumsAt, quadratic } = this;
    const { memory, columnsAt, stride, totalWeight, rows } = problem;
    for (let m = from; m < to; m++) {
      const column = memory.view(columnsAt + members[m] * stride, rows);
      this.hessian.multiply(column, memory.view(productsAt + (m - from) * stride, rows));
    }
    const width = padded(to);
    memory.view(sumsAt, (to - from) * width).fill(0);
    for (let first = 0; first < rows; first += TILE_ROWS) {
      const length = Math.min(TILE_ROWS, rows - first);
      for (let tile = 0; tile < to; tile += TILE_COLUMNS) {
        const others = members.slice(tile, Math.min(to, tile + TILE_COLUMNS));
        for (let m = Math.max(from, tile); m < to; m++) {
          const count = Math.min(others.length, m + 1 - tile);
          memory.addProducts(
            productsAt + (m - from) * stride + first,
            columnsAt + first,
            stride,
            others,
            count,
            length,
            sumsAt + (m - from) * width + tile,
          );
        }
      }
    }
    const matrix = quadratic.memory.values;
    for (let m = from; m < to; m++) {
      const sums = sumsAt + (m - from) * width;
      for (let i = 0; i <= m; i++) {
        const value = memory.values[sums + i] / totalWeight;
        matrix[quadratic.matrix + m * quadratic.stride + i] = value;
        matrix[quadratic.matrix + i * quadratic.stride + m] = value;
      }
    }
  }
}
