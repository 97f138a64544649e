import { concordance } from './concordance.ts';
import type { Covariates } from './covariates.ts';
import { CoxDeviance } from './cox-deviance.ts';
import type { Ties } from './hazard.ts';
import { PathPredictors } from './path-predictors.ts';
import type { PathPoint } from './penalised-path.ts';
import type { SurvivalData } from './survival-data.ts';

export interface FoldMeasureOptions {
  /** Default 'deviance', the partial-likelihood deviance; 'concordance' is Harrell's C of the rows left out. */
  readonly measure?: 'deviance' | 'concordance';
  /**
   * Whether a fold's deviance is that of all rows less that of the others (default), or of its own rows alone, which
   * needs folds of ten rows or more.
   */
  readonly grouped?: boolean;
  /**
   * Which point of a fold's path answers for a λ of the path of all rows: that λ, between two points by interpolation
   * (default), or that of the same place in its own sequence, which is the same fraction of its own greatest λ.
   */
  readonly alignment?: 'lambda' | 'fraction';
}

/** The fold's deviance or concordance, of linear predictors by row. */
export class FoldMeasure {
  private readonly inside: SurvivalData;
  /** Null where the concordance is asked for. */
  private readonly deviance: CoxDeviance | null = null;
  /** Of the rows outside, where the fold's is the difference that it makes. */
  private readonly others: CoxDeviance | null = null;

  constructor(
    data: SurvivalData,
    folds: Int32Array,
    fold: number,
    { measure = 'deviance', grouped = true, ties = 'breslow' }: FoldMeasureOptions & { readonly ties?: Ties },
  ) {
    this.inside = { ...data, weights: weightsOf(data, folds, fold, true) };
    if (measure === 'concordance') return;
    this.deviance = new CoxDeviance(grouped ? data : this.inside, ties);
    if (grouped)
      this.others = new CoxDeviance({ ...data, weights: weightsOf(data, folds, fold, false) }, ties);
  }

  /** The values that a path fitted to the other rows has by λ of the sequence. */
  along(
    points: readonly PathPoint[],
    sequence: readonly number[],
    covariates: Covariates,
    { alignment = 'lambda', offset }: FoldMeasureOptions & { readonly offset?: Float64Array },
  ): Float64Array {
    const values = new Float64Array(sequence.length);
    const predictors = new PathPredictors(points, covariates, this.inside.time.length, offset);
    let before: Float64Array | undefined;
    for (let m = 0; m < values.length; m++) {
      const predictor = alignment === 'fraction' ? predictors.of(m) : predictors.at(sequence[m]);
      values[m] = predictor === before ? values[m - 1] : this.of(predictor);
      before = predictor;
    }
    return values;
  }

  private of(predictor: Float64Array): number {
    if (!this.deviance) return concordance(this.inside, predictor).concordance ?? 0.5;
    return this.deviance.ofPredictor(predictor) - (this.others?.ofPredictor(predictor) ?? 0);
  }
}

/** The weights of the rows of a fold, or of the others; 0 elsewhere. */
export function weightsOf(
  { time, weights }: SurvivalData,
  folds: Int32Array,
  fold: number,
  isInside: boolean,
): Float64Array {
  const kept = new Float64Array(time.length);
  for (let row = 0; row < kept.length; row++) {
    if ((folds[row] === fold) === isInside) kept[row] = weights?.[row] ?? 1;
  }
  return kept;
}
