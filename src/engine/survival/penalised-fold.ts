import type { Covariates } from './covariates.ts';
import { FoldMeasure, type FoldMeasureOptions, weightsOf } from './fold-measure.ts';
import {
  fitPenalisedCoxSteps,
  type PathPoint,
  type PenalisedOptions,
  type PenalisedPath,
} from './penalised-path.ts';
import type { SurvivalData } from './survival-data.ts';

export interface CrossValidationOptions extends PenalisedOptions, FoldMeasureOptions {
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
export const FOLD_TOLERANCE = 1e-8;

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
    fitPenalisedCoxSteps(training, covariates, { tolerance: FOLD_TOLERANCE, ...options }),
  );
  const values = new FoldMeasure(data, folds, fold, options).along(own.points, sequence, covariates, options);
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
