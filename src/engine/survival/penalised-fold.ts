import { concordance } from './concordance.ts';
import type { Covariates } from './covariates.ts';
import type { Ties } from './hazard.ts';
import { PathPredictors } from './path-predictors.ts';
import {
  fitPenalisedCoxSteps,
  type PathPoint,
  type PenalisedOptions,
  type PenalisedPath,
} from './penalised-path.ts';
import { PenalisedProblem } from './penalised-problem.ts';
import type { SurvivalData } from './survival-data.ts';

export interface CrossValidationOptions extends PenalisedOptions {
  /** Default 'deviance', the partial-likelihood deviance; 'concordance' is Harrell's C of the rows left out. */
  readonly measure?: 'deviance' | 'concordance';
  /**
   * Whether a fold's deviance is that of all rows less that of the others (default), or of its own rows alone, which
   * needs folds of ten rows or more.
   */
  readonly grouped?: boolean;
  /**
   * By what a fold's deviance is divided and weighted: its weighted events (default; glmnet up to 4.1-8), or its total
   * weight (glmnet from 4.1-9). The least λ is the same; the one-standard-error λ moves.
   */
  readonly foldWeight?: 'events' | 'total';
}

/** Progress of a cross-validation: a λ solved in the fit to all rows (fold null) or to those outside a fold. */
export interface CrossValidationStep {
  readonly fold: number | null;
  readonly point: PathPoint;
}

/** What one fold contributes; folds may be computed in any order or place and then {@link combineFolds combined}. */
export interface FoldResult {
  /** By λ of the sequence. */
  readonly values: Float64Array;
  readonly violation: number;
}

/** As a share of λ: what a fold's deviance tells nothing of, but glmnet's default threshold is far from. */
const TOLERANCE = 1e-8;

/**
 * The part of {@link crossValidateSteps} that belongs to one fold.
 *
 * @param sequence the λ to answer for: `penaltySequence` of all rows.
 */
export function* crossValidateFold(
  data: SurvivalData,
  covariates: Covariates,
  folds: Int32Array,
  fold: number,
  sequence: readonly number[],
  options: CrossValidationOptions = {},
): Generator<CrossValidationStep, FoldResult, void> {
  const training = { ...data, weights: weightsOf(data, folds, fold, false) };
  const own = yield* labelled(
    fold,
    fitPenalisedCoxSteps(training, covariates, { tolerance: TOLERANCE, ...options }),
  );
  const measure = new FoldMeasure(data, folds, fold, options);
  const values = new Float64Array(sequence.length);
  const predictors = new PathPredictors(own.points, covariates, data.time.length, options.offset);
  let before: Float64Array | undefined;
  for (let m = 0; m < values.length; m++) {
    const predictor = predictors.at(sequence[m]);
    values[m] = predictor === before ? values[m - 1] : measure.of(predictor);
    before = predictor;
  }
  return { values, violation: own.points.reduce((most, point) => Math.max(most, point.violation), 0) };
}

/** The steps of a fit, with the fold that it is for. */
export function* labelled(
  fold: number | null,
  steps: Generator<PathPoint, PenalisedPath, void>,
): Generator<CrossValidationStep, PenalisedPath, void> {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    yield { fold, point: next.value };
  }
}

/** The fold's deviance or concordance, of linear predictors by row. */
class FoldMeasure {
  private readonly inside: SurvivalData;
  /** Null where the concordance is asked for. */
  private readonly deviance: Deviance | null = null;
  /** Of the rows outside, where the fold's is the difference that it makes. */
  private readonly others: Deviance | null = null;

  constructor(
    data: SurvivalData,
    folds: Int32Array,
    fold: number,
    { measure = 'deviance', grouped = true, ties = 'breslow' }: CrossValidationOptions,
  ) {
    this.inside = { ...data, weights: weightsOf(data, folds, fold, true) };
    if (measure === 'concordance') return;
    this.deviance = new Deviance(grouped ? data : this.inside, ties);
    if (grouped) this.others = new Deviance({ ...data, weights: weightsOf(data, folds, fold, false) }, ties);
  }

  of(predictor: Float64Array): number {
    if (!this.deviance) return concordance(this.inside, predictor).concordance ?? 0.5;
    return this.deviance.of(predictor) - (this.others?.of(predictor) ?? 0);
  }
}

class Deviance {
  private readonly problem: PenalisedProblem;

  constructor(data: SurvivalData, ties: Ties) {
    const settings = { ties, standardise: false, penaltyFactors: undefined, offset: undefined };
    this.problem = new PenalisedProblem(data, { names: [], columns: [] }, settings);
  }

  of(predictor: Float64Array): number {
    const { likelihood, sets, totalWeight } = this.problem;
    for (let i = 0; i < sets.rows.length; i++) likelihood.predictor[i] = predictor[sets.rows[i]];
    return this.problem.deviance(likelihood.evaluatePredictor() / totalWeight);
  }
}

/** The weights of the rows of a fold, or of the others; 0 elsewhere. */
function weightsOf(
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
