import { Failure } from '../failure.ts';
import type { Covariates } from './covariates.ts';
import { checkFolds } from './cross-validation-folds.ts';
import {
  type CrossValidationOptions,
  type CrossValidationStep,
  type FoldResult,
  foldPath,
  foldResult,
  labelled,
} from './penalised-fold.ts';
import { type PenalisedPath, penalisedDesign, penalisedPath } from './penalised-path.ts';
import { runSideBySide } from './side-by-side.ts';
import type { SurvivalData } from './survival-data.ts';

export interface CrossValidation {
  readonly path: PenalisedPath;
  readonly measure: 'deviance' | 'concordance';
  /** By λ of the path: the weighted mean over folds, and its standard error. */
  readonly mean: Float64Array;
  readonly standardError: Float64Array;
  /** Index into the path of the best λ, the greatest if several, and of the greatest λ within one standard error of it. */
  readonly best: number;
  readonly oneStandardError: number;
  /** By fold, ascending by label, and λ; a deviance before division, or C. */
  readonly foldValues: readonly Float64Array[];
  readonly foldWeights: Float64Array;
  /** Largest violation of the optimality conditions in any fit, as a share of its λ. */
  readonly violation: number;
}

/**
 * Cross-validation of the elastic-net path of a Cox model, as `cv.glmnet` defines it: each fold's training rows give
 * a path of their own, on their own λ sequence unless one is supplied, interpolated linearly at the λ of the path of
 * all rows.
 *
 * References: Simon et al. 2011, §2.7; Verweij & van Houwelingen 1993; van Houwelingen et al. 2006.
 *
 * @param folds a label a row; see {@link randomFolds}.
 * @throws Failure of `fitPenalisedCox`; LENGTH_MISMATCH; ARGUMENT_INVALID (fewer than two folds; ungrouped folds below
 * ten rows); NO_EVENTS naming the fold whose rows, or whose other rows, have no event.
 */
export function crossValidate(
  data: SurvivalData,
  covariates: Covariates,
  folds: Int32Array,
  options: CrossValidationOptions = {},
): CrossValidation {
  const steps = crossValidateSteps(data, covariates, folds, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** {@link crossValidate} as a generator that yields every λ of every fit. */
export function* crossValidateSteps(
  data: SurvivalData,
  covariates: Covariates,
  folds: Int32Array,
  options: CrossValidationOptions = {},
): Generator<CrossValidationStep, CrossValidation, void> {
  const labels = checkFolds(data, folds, options.grouped ?? true);
  const design = penalisedDesign(data, covariates, options, 1 + labels.length);
  const { names } = covariates;
  const [path, ...paths] = yield* runSideBySide(design, [
    labelled(null, penalisedPath(design, data, names, options)),
    ...labels.map((label) => foldPath(design, data, names, folds, label, options)),
  ]);
  const sequence = path.points.map(({ lambda }) => lambda);
  const results = paths.map((own, k) =>
    foldResult(own, data, covariates, folds, labels[k], sequence, options),
  );
  return combineFolds(data, folds, path, results, options);
}

/**
 * @param results one a fold, ascending by label: for the λ of the path, and more where it ended early.
 * @throws Failure LENGTH_MISMATCH where there are more or fewer.
 */
export function combineFolds(
  data: SurvivalData,
  folds: Int32Array,
  path: PenalisedPath,
  results: readonly FoldResult[],
  options: CrossValidationOptions = {},
): CrossValidation {
  const { measure = 'deviance', foldWeight = 'events' } = options;
  const labels = checkFolds(data, folds, options.grouped ?? true);
  if (results.length !== labels.length) {
    const message = `results has ${results.length} folds, but folds has ${labels.length} labels.`;
    throw new Failure('LENGTH_MISMATCH', message, {
      argument: 'results',
      length: results.length,
      expected: labels.length,
    });
  }
  const byEvents = measure === 'deviance' && foldWeight === 'events';
  const foldWeights = new Float64Array(labels.length);
  for (let row = 0; row < folds.length; row++) {
    foldWeights[labels.indexOf(folds[row])] += (data.weights?.[row] ?? 1) * (byEvents ? data.event[row] : 1);
  }
  const count = path.points.length;
  const mean = new Float64Array(count);
  const standardError = new Float64Array(count);
  const total = foldWeights.reduce((sum, w) => sum + w, 0);
  for (let m = 0; m < count; m++) {
    const values = results.map((r, k) =>
      measure === 'deviance' ? r.values[m] / foldWeights[k] : r.values[m],
    );
    mean[m] = values.reduce((sum, v, k) => sum + v * foldWeights[k], 0) / total;
    const square = values.reduce((sum, v, k) => sum + (v - mean[m]) ** 2 * foldWeights[k], 0) / total;
    // A deviance past all numbers has no spread.
    standardError[m] = mean[m] < Infinity ? Math.sqrt(square / (labels.length - 1)) : Infinity;
  }
  const sign = measure === 'deviance' ? 1 : -1;
  let best = 0;
  for (let m = 1; m < count; m++) if (sign * mean[m] < sign * mean[best]) best = m;
  const limit = sign * mean[best] + standardError[best];
  let oneStandardError = 0;
  while (oneStandardError < best && !(sign * mean[oneStandardError] <= limit)) oneStandardError++;
  const violation = Math.max(...path.points.map((p) => p.violation), ...results.map((r) => r.violation));
  const foldValues = results.map((r) => r.values.slice(0, count));
  return { path, measure, mean, standardError, best, oneStandardError, foldValues, foldWeights, violation };
}
