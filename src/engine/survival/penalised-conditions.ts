import type { PenalisedProblem } from './penalised-problem.ts';

/** The optimality conditions of a {@link PenalisedProblem} at one λ. */
export class PenalisedConditions {
  readonly lambda: number;
  /** What a violation is measured in: λ, or with no or infinite λ the largest gradient. */
  readonly unit: number;
  /** Penalty of |b| and of ½ b² by column; infinite for a column that stays out. */
  readonly lasso: Float64Array;
  readonly ridge: Float64Array;

  /** @param lambda Infinity leaves only the columns without a penalty. */
  constructor(problem: PenalisedProblem, alpha: number, lambda: number, largestGradient: number) {
    this.lambda = lambda;
    this.unit = lambda > 0 && lambda < Infinity ? lambda : Math.max(1e-3, largestGradient);
    this.lasso = problem.factors.map((f) => {
      if (f === 0 || f === Infinity) return f;
      return alpha === 0 && lambda < Infinity ? 0 : lambda * alpha * f;
    });
    this.ridge = problem.factors.map((f) =>
      f === 0 || alpha === 1 || !(lambda * f < Infinity) ? 0 : lambda * (1 - alpha) * f,
    );
  }

  /** By how much column j with coefficient b and gradient g of −ℓ/W violates its condition. */
  violation(j: number, b: number, g: number): number {
    const lasso = this.lasso[j];
    if (lasso === Infinity) return 0;
    const smooth = g + this.ridge[j] * b;
    return b === 0 ? Math.max(0, Math.abs(smooth) - lasso) : Math.abs(smooth + Math.sign(b) * lasso);
  }
}
