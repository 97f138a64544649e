import { Failure } from '../failure.ts';
import { random } from '../statistics/random.ts';
import { concordance } from './concordance.ts';
import type { Covariates } from './covariates.ts';
import {
  fitPenalisedCoxSteps,
  type PathPoint,
  type PenalisedOptions,
  type PenalisedPath,
} from './penalised-path.ts';
import { PenalisedProblem } from './penalised-problem.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';

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

/** Progress of a cross-validation: a λ solved in the fit to all rows (fold null) or to those outside a fold. */
export interface CrossValidationStep {
  readonly fold: number | null;
  readonly point: PathPoint;
}

/** What one fold contributes; folds may be computed in any order or place and then {@link combineFolds combined}. */
export interface FoldResult {
  readonly values: Float64Array;
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
  const labels = checkFolds(data, folds, options);
  const path = yield* labelled(null, fitPenalisedCoxSteps(data, covariates, options));
  const results: FoldResult[] = [];
  for (const label of labels) {
    results.push(yield* crossValidateFold(data, covariates, folds, label, path, options));
  }
  return combineFolds(data, folds, path, results, options);
}

/** The part of {@link crossValidateSteps} that belongs to one fold. */
export function* crossValidateFold(
  data: SurvivalData,
  covariates: Covariates,
  folds: Int32Array,
  fold: number,
  path: PenalisedPath,
  options: CrossValidationOptions = {},
): Generator<CrossValidationStep, FoldResult, void> {
  const outside = weightsWhere(data, (row) => folds[row] !== fold);
  const training = { ...data, weights: outside };
  const own = yield* labelled(fold, fitPenalisedCoxSteps(training, covariates, options));
  const measure = foldMeasure(data, folds, fold, options);
  const values = new Float64Array(path.points.length);
  const predictors = new PathPredictors(own.points, covariates, data.time.length);
  for (let m = 0; m < values.length; m++) values[m] = measure(predictors.at(path.points[m].lambda));
  return { values, violation: own.points.reduce((most, point) => Math.max(most, point.violation), 0) };
}

/** @param results one a fold, ascending by label. */
export function combineFolds(
  data: SurvivalData,
  folds: Int32Array,
  path: PenalisedPath,
  results: readonly FoldResult[],
  options: CrossValidationOptions = {},
): CrossValidation {
  const { measure = 'deviance', foldWeight = 'events' } = options;
  const labels = foldLabels(folds);
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
    standardError[m] = Math.sqrt(square / (labels.length - 1));
  }
  const sign = measure === 'deviance' ? 1 : -1;
  let best = 0;
  for (let m = 1; m < count; m++) if (sign * mean[m] < sign * mean[best]) best = m;
  const limit = sign * mean[best] + standardError[best];
  let oneStandardError = 0;
  while (!(sign * mean[oneStandardError] <= limit)) oneStandardError++;
  const violation = Math.max(...path.points.map((p) => p.violation), ...results.map((r) => r.violation));
  const foldValues = results.map((r) => r.values);
  return { path, measure, mean, standardError, best, oneStandardError, foldValues, foldWeights, violation };
}

/** Folds 0 … count − 1 of sizes that differ by at most one, in a random order that the seed fixes. */
export function randomFolds(rows: number, count: number, seed: number): Int32Array {
  if (!(Number.isInteger(count) && count >= 2 && count <= rows)) {
    const message = `count is ${count}, not a whole number from 2 to the ${rows} rows.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'count', value: String(count) });
  }
  const source = random(seed, 'folds');
  const folds = Int32Array.from({ length: rows }, (_, row) => row % count);
  for (let i = rows - 1; i > 0; i--) {
    const j = source.integer(i + 1);
    [folds[i], folds[j]] = [folds[j], folds[i]];
  }
  return folds;
}

function* labelled(
  fold: number | null,
  steps: Generator<PathPoint, PenalisedPath, void>,
): Generator<CrossValidationStep, PenalisedPath, void> {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    yield { fold, point: next.value };
  }
}

/** From a linear predictor by row to the fold's deviance or concordance. */
function foldMeasure(
  data: SurvivalData,
  folds: Int32Array,
  fold: number,
  { measure = 'deviance', grouped = true, ties = 'breslow' }: CrossValidationOptions,
): (predictor: Float64Array) => number {
  const inside = { ...data, weights: weightsWhere(data, (row) => folds[row] === fold) };
  if (measure === 'concordance') return (predictor) => concordance(inside, predictor).concordance ?? 0.5;
  if (!grouped) return devianceOf(inside, ties);
  const all = devianceOf(data, ties);
  const others = devianceOf({ ...data, weights: weightsWhere(data, (row) => folds[row] !== fold) }, ties);
  return (predictor) => all(predictor) - others(predictor);
}

function devianceOf(data: SurvivalData, ties: 'efron' | 'breslow'): (predictor: Float64Array) => number {
  const problem = new PenalisedProblem(
    data,
    { names: [], columns: [] },
    { ties, standardise: false, penaltyFactors: undefined, offset: undefined },
  );
  const { likelihood, sets } = problem;
  return (predictor) => {
    for (let i = 0; i < sets.rows.length; i++) likelihood.predictor[i] = predictor[sets.rows[i]];
    return problem.deviance(likelihood.evaluatePredictor() / problem.totalWeight);
  };
}

/** Linear predictors of all rows along a path, linear in λ between its points and constant beyond its ends. */
class PathPredictors {
  private readonly points: readonly PathPoint[];
  private readonly covariates: Covariates;
  private readonly kept = new Map<number, Float64Array>();
  private readonly rows: number;

  constructor(points: readonly PathPoint[], covariates: Covariates, rows: number) {
    this.points = points;
    this.covariates = covariates;
    this.rows = rows;
  }

  /** Asked for falling λ. */
  at(lambda: number): Float64Array {
    const { points } = this;
    let j = 0;
    while (j + 1 < points.length && points[j + 1].lambda >= lambda) j++;
    const upper = this.predictor(j);
    if (j + 1 === points.length || points[j].lambda <= lambda) return upper;
    const lower = this.predictor(j + 1);
    const share = (lambda - points[j + 1].lambda) / (points[j].lambda - points[j + 1].lambda);
    return upper.map((u, row) => share * u + (1 - share) * lower[row]);
  }

  private predictor(j: number): Float64Array {
    const known = this.kept.get(j);
    if (known) return known;
    for (const old of this.kept.keys()) if (old < j - 1) this.kept.delete(old);
    const { index, value } = this.points[j];
    const predictor = new Float64Array(this.rows);
    index.forEach((column, m) => {
      const x = this.covariates.columns[column];
      const b = value[m];
      for (let row = 0; row < predictor.length; row++) predictor[row] += b * x[row];
    });
    this.kept.set(j, predictor);
    return predictor;
  }
}

function weightsWhere(data: SurvivalData, keep: (row: number) => boolean): Float64Array {
  return Float64Array.from(data.time, (_, row) => (keep(row) ? (data.weights?.[row] ?? 1) : 0));
}

function foldLabels(folds: Int32Array): number[] {
  return [...new Set(folds)].sort((a, b) => a - b);
}

function checkFolds(data: SurvivalData, folds: Int32Array, options: CrossValidationOptions): number[] {
  checkLength('folds', folds.length, data.time.length);
  const labels = foldLabels(folds);
  if (labels.length < 2) {
    const message = 'folds has one label; a cross-validation needs at least two.';
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'folds', folds: labels.length });
  }
  for (const label of labels) {
    const rows = folds.reduce((sum, f) => sum + (f === label ? 1 : 0), 0);
    if (options.grouped === false && rows < 10) {
      const message = `Fold ${label} has ${rows} rows; a deviance of its own needs ten.`;
      throw new Failure('ARGUMENT_INVALID', message, { argument: 'folds', fold: label, rows });
    }
    let inside = 0;
    let outside = 0;
    for (let row = 0; row < folds.length; row++) {
      if (data.event[row] !== 1 || data.weights?.[row] === 0) continue;
      if (folds[row] === label) inside++;
      else outside++;
    }
    if (inside > 0 && outside > 0) continue;
    const message = inside > 0 ? `No event is outside fold ${label}.` : `Fold ${label} holds no event.`;
    throw new Failure('NO_EVENTS', message, { argument: 'folds', fold: label });
  }
  return labels;
}
