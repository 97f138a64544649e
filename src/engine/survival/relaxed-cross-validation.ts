import { Failure } from '../failure.ts';
import type { Covariates } from './covariates.ts';
import { checkFolds } from './cross-validation-folds.ts';
import { FoldMeasure, weightsOf } from './fold-measure.ts';
import { type CrossValidation, combineFolds } from './penalised-cross-validation.ts';
import {
  type CrossValidationOptions,
  type CrossValidationStep,
  FOLD_TOLERANCE,
  type FoldResult,
  foldPath,
  labelled,
} from './penalised-fold.ts';
import { type PathPoint, type PenalisedPath, penalisedDesign, penalisedPath } from './penalised-path.ts';
import { blendPoint, type RelaxedPath, relaxPathSteps } from './relaxed-path.ts';
import { runSideBySide } from './side-by-side.ts';
import type { SurvivalData } from './survival-data.ts';

export interface RelaxedCrossValidationOptions extends CrossValidationOptions {
  /** Shares γ of the penalised fit in the mixtures, ascending: 0 is the refit alone; default 0, 0.25, 0.5, 0.75, 1. */
  readonly gamma?: readonly number[];
}

/** The mixtures of one γ. */
export interface MixtureValidation extends CrossValidation {
  readonly gamma: number;
}

/** A place among the mixtures: indices into them and into the path. */
export interface MixturePlace {
  readonly mixture: number;
  readonly point: number;
}

export interface RelaxedCrossValidation {
  readonly relaxed: RelaxedPath;
  /** By γ. */
  readonly mixtures: readonly MixtureValidation[];
  /** The best mixture, and the one within one standard error of it that has the greatest λ; of equals the greatest λ, then γ. */
  readonly best: MixturePlace;
  readonly oneStandardError: MixturePlace;
}

/** Progress: a λ solved, or the refit of its support. */
export interface RelaxedStep extends CrossValidationStep {
  readonly isRefit: boolean;
}

const MIXTURES = [0, 0.25, 0.5, 0.75, 1];

/**
 * Cross-validation of λ and of the mixture of penalised fits with the refits of their supports, as `cv.glmnet(relax =
 * TRUE)`: each fold's training rows give a path and its refits, whose mixtures by γ are interpolated at the λ of the path of all
 * rows. glmnet takes a γ of 0 for 1e-5, and mixes supports of more than n − 3 columns with an earlier refit, where here each has its own.
 *
 * Reference: Hastie, Tibshirani & Tibshirani 2020; R package glmnet, `cv.glmnet`.
 *
 * @throws Failure of `crossValidate`; ARGUMENT_INVALID (no γ, one outside [0, 1], or not above the one before it).
 */
export function crossValidateRelaxed(
  data: SurvivalData,
  covariates: Covariates,
  folds: Int32Array,
  options: RelaxedCrossValidationOptions = {},
): RelaxedCrossValidation {
  const steps = crossValidateRelaxedSteps(data, covariates, folds, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** {@link crossValidateRelaxed} as a generator that yields every λ of every fit, then its refits. */
export function* crossValidateRelaxedSteps(
  data: SurvivalData,
  covariates: Covariates,
  folds: Int32Array,
  options: RelaxedCrossValidationOptions = {},
): Generator<RelaxedStep, RelaxedCrossValidation, void> {
  checkMixtures(options);
  const labels = checkFolds(data, folds, options.grouped ?? true);
  const design = penalisedDesign(data, covariates, options, 1 + labels.length);
  const { names } = covariates;
  const [path, ...paths] = yield* penalised(
    runSideBySide(design, [
      labelled(null, penalisedPath(design, data, names, options)),
      ...labels.map((label) => foldPath(design, data, names, folds, label, options)),
    ]),
  );
  const relaxed = yield* refitted(null, data, covariates, path, options);
  const sequence = path.points.map(({ lambda }) => lambda);
  const results: (readonly FoldResult[])[] = [];
  for (let k = 0; k < labels.length; k++) {
    results.push(yield* relaxedFold(paths[k], data, covariates, folds, labels[k], sequence, options));
  }
  return combineRelaxedFolds(data, folds, relaxed, results, options);
}

/**
 * The part of {@link crossValidateRelaxedSteps} that belongs to one fold: a result for each γ.
 *
 * @param sequence the λ to answer for: `penaltySequence` of all rows.
 */
export function* crossValidateRelaxedFold(
  data: SurvivalData,
  covariates: Covariates,
  folds: Int32Array,
  fold: number,
  sequence: readonly number[],
  options: RelaxedCrossValidationOptions = {},
): Generator<RelaxedStep, readonly FoldResult[], void> {
  const design = penalisedDesign(data, covariates, options, 1);
  const fits = [foldPath(design, data, covariates.names, folds, fold, options)];
  const [path] = yield* penalised(runSideBySide(design, fits));
  return yield* relaxedFold(path, data, covariates, folds, fold, sequence, options);
}

/** What a fold's path and its refits come to at the λ of the sequence, for each γ. */
function* relaxedFold(
  path: PenalisedPath,
  data: SurvivalData,
  covariates: Covariates,
  folds: Int32Array,
  fold: number,
  sequence: readonly number[],
  options: RelaxedCrossValidationOptions,
): Generator<RelaxedStep, readonly FoldResult[], void> {
  const training = { ...data, weights: weightsOf(data, folds, fold, false) };
  const own = { tolerance: FOLD_TOLERANCE, ...options };
  const { refits } = yield* refitted(fold, training, covariates, path, own);
  const measure = new FoldMeasure(data, folds, fold, options);
  const penalised = worst(path.points);
  const either = Math.max(penalised, worst(refits));
  return (options.gamma ?? MIXTURES).map((gamma) => {
    const points = path.points.map((point, m) => ({ ...point, ...blendPoint(point, refits[m], gamma) }));
    const values = measure.along(points, sequence, covariates, options);
    return { values, violation: gamma === 1 ? penalised : either };
  });
}

/**
 * @param results one a fold, ascending by label, of one for each γ.
 * @throws Failure of `combineFolds`.
 */
export function combineRelaxedFolds(
  data: SurvivalData,
  folds: Int32Array,
  relaxed: RelaxedPath,
  results: readonly (readonly FoldResult[])[],
  options: RelaxedCrossValidationOptions = {},
): RelaxedCrossValidation {
  const mixtures = (options.gamma ?? MIXTURES).map((gamma, g) => ({
    gamma,
    ...combineFolds(
      data,
      folds,
      relaxed.path,
      results.map((byMixture) => byMixture[g]),
      options,
    ),
  }));
  const sign = options.measure === 'concordance' ? -1 : 1;
  const places: MixturePlace[] = relaxed.path.points.flatMap((_, point) =>
    mixtures.map((_, g) => ({ mixture: mixtures.length - 1 - g, point })),
  );
  const loss = ({ mixture, point }: MixturePlace) => sign * mixtures[mixture].mean[point];
  const best = places.reduce((least, place) => (loss(place) < loss(least) ? place : least));
  const limit = loss(best) + mixtures[best.mixture].standardError[best.point];
  const oneStandardError = places.find((place) => loss(place) <= limit) ?? best;
  return { relaxed, mixtures, best, oneStandardError };
}

function* penalised<Result>(
  steps: Generator<CrossValidationStep, Result, void>,
): Generator<RelaxedStep, Result, void> {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    yield { ...next.value, isRefit: false };
  }
}

function* refitted(
  fold: number | null,
  data: SurvivalData,
  covariates: Covariates,
  path: PenalisedPath,
  options: CrossValidationOptions,
): Generator<RelaxedStep, RelaxedPath, void> {
  const refits = relaxPathSteps(data, covariates, path, options);
  let refit = refits.next();
  for (; !refit.done; refit = refits.next()) yield { fold, point: refit.value, isRefit: true };
  return refit.value;
}

function worst(points: readonly PathPoint[]): number {
  return points.reduce((most, { violation }) => Math.max(most, violation), 0);
}

function checkMixtures({ gamma }: RelaxedCrossValidationOptions): void {
  if (!gamma) return;
  const refuse = (argument: string, value: string, expected: string) => {
    throw new Failure('ARGUMENT_INVALID', `${argument} is ${value}, not ${expected}.`, { argument, value });
  };
  if (gamma.length === 0) refuse('gamma', 'empty', 'at least one share');
  gamma.forEach((share, g) => {
    if (!(share >= 0 && share <= 1)) refuse(`gamma[${g}]`, String(share), 'between 0 and 1');
    if (g > 0 && share <= gamma[g - 1]) refuse(`gamma[${g}]`, String(share), 'above the one before it');
  });
}
