import { ColumnRequest } from './column-request.ts';
import type { Covariates } from './covariates.ts';
import { FoldMeasure, type FoldMeasureOptions, weightsOf } from './fold-measure.ts';
import { type PenalisedDesign } from './penalised-design.ts';
import {
  type PathPoint,
  type PenalisedOptions,
  type PenalisedPath,
  penalisedDesign,
  penalisedPath,
} from './penalised-path.ts';
import { type Job, runSideBySide } from './side-by-side.ts';
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
  const design = penalisedDesign(data, covariates, options, 1);
  const [path] = yield* runSideBySide(design, [
    foldPath(design, data, covariates.names, folds, fold, options),
  ]);
  return foldResult(path, data, covariates, folds, fold, sequence, options);
}

/** The path of the rows outside a fold, on a design of all rows. */
export function foldPath(
  design: PenalisedDesign,
  data: SurvivalData,
  names: readonly string[],
  folds: Int32Array,
  fold: number,
  options: CrossValidationOptions,
): Job<CrossValidationStep, PenalisedPath> {
  const training = { ...data, weights: weightsOf(data, folds, fold, false) };
  return labelled(fold, penalisedPath(design, training, names, { tolerance: FOLD_TOLERANCE, ...options }));
}

/** What a fold's path comes to at the λ of the sequence. */
export function foldResult(
  { points }: PenalisedPath,
  data: SurvivalData,
  covariates: Covariates,
  folds: Int32Array,
  fold: number,
  sequence: readonly number[],
  options: CrossValidationOptions,
): FoldResult {
  const values = new FoldMeasure(data, folds, fold, options).along(points, sequence, covariates, options);
  return { values, violation: points.reduce((most, point) => Math.max(most, point.violation), 0) };
}

/** The steps of a fit, with the fold that it is for. */
export function* labelled(
  fold: number | null,
  steps: Job<PathPoint, PenalisedPath>,
): Job<CrossValidationStep, PenalisedPath> {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    yield next.value instanceof ColumnRequest ? next.value : { fold, point: next.value };
  }
}
