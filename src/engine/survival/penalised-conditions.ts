import type { PenalisedProblem } from './penalised-problem.ts';

/** Room for the penalties of all columns, which the conditions of one λ after another take over. */
export type PenaltyRoom = Pick<PenalisedConditions, 'lasso' | 'ridge'>;

/** The optimality conditions of a {@link PenalisedProblem} at one λ. */
export class PenalisedConditions {
  readonly lambda: number;
  /** What a violation is measured in: λ, or with no or infinite λ the largest gradient. */
  readonly unit: number;
  /** Penalty of |b| and of ½ b² by column of the design; infinite for a column that stays out. */
  readonly lasso: Float64Array;
  readonly ridge: Float64Array;
  private readonly spread: Float64Array;

  /** @param lambda Infinity leaves only the columns without a penalty. */
  constructor(
    { lassoFactors, ridgeFactors, spread }: PenalisedProblem,
    alpha: number,
    lambda: number,
    gradient: Float64Array,
    room: PenaltyRoom,
  ) {
    const p = lassoFactors.length;
    this.lambda = lambda;
    this.spread = spread;
    this.lasso = room.lasso.fill(0);
    this.ridge = room.ridge.fill(0);
    const isMeasure = lambda > 0 && lambda < Infinity;
    let largest = 1e-3;
    for (let j = 0; j < p; j++) {
      const f = lassoFactors[j];
      if (!isMeasure) largest = Math.max(largest, Math.abs(gradient[j]) / spread[j]);
      if (f === 0) continue;
      this.lasso[j] = f === Infinity || lambda === Infinity ? Infinity : lambda * alpha * f;
      if (lambda * f < Infinity) this.ridge[j] = lambda * (1 - alpha) * ridgeFactors[j];
    }
    this.unit = isMeasure ? lambda : largest;
  }

  /** By how much column j with coefficient b and gradient g of −ℓ/W violates its condition, as one with a deviation of 1. */
  violation(j: number, b: number, g: number): number {
    const lasso = this.lasso[j];
    if (lasso === Infinity) return 0;
    const smooth = g + this.ridge[j] * b;
    const violation =
      b === 0 ? Math.max(0, Math.abs(smooth) - lasso) : Math.abs(smooth + Math.sign(b) * lasso);
    return violation / this.spread[j];
  }
}
