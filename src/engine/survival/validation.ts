import type { Warning } from '../warning.ts';
import {
  type BootstrapOptions,
  type BootstrapStep,
  bootstrap,
  borrowCovariates,
  failedResamples,
  takeRows,
} from './bootstrap.ts';
import { concordance } from './concordance.ts';
import type { Covariates } from './covariates.ts';
import { type CoxOptions, fitCox } from './cox.ts';
import { estimableFit, withoutDropped } from './estimable-fit.ts';
import { giniDifference } from './gini-difference.ts';
import type { Ties } from './hazard.ts';
import { linearPredictor } from './linear-predictor.ts';
import { type CorrectedMeasure, correctOptimism, type OptimismSample } from './optimism.ts';
import { refuseParts } from './plain-data.ts';
import type { SurvivalData } from './survival-data.ts';

export interface ValidationOptions extends Pick<CoxOptions, 'ties'>, BootstrapOptions {}

/**
 * Dxy: Somers' rank correlation, 2 C − 1. R2: Nagelkerke's. Slope: of the linear predictor, 1 on the rows fitted to.
 * D, U: discrimination and unreliability, shares of −2 log L of no model; Q = D − U: overall quality. g: Gini's mean
 * difference of the linear predictor.
 */
export const VALIDATION_INDEXES = ['Dxy', 'R2', 'Slope', 'D', 'U', 'Q', 'g'] as const;

export interface ValidatedIndex extends CorrectedMeasure {
  readonly index: (typeof VALIDATION_INDEXES)[number];
}

export interface Validation {
  readonly indexes: readonly ValidatedIndex[];
  readonly warnings: readonly Warning[];
}

/** All that {@link resampleValidation} needs: plain data, which a worker can be sent once. */
export interface ValidationProblem {
  readonly data: SurvivalData;
  readonly covariates: Covariates;
  readonly apparent: readonly number[];
  readonly nullLogLikelihood: number;
  readonly ties: Ties;
}

/**
 * The bootstrap validation of a Cox model: {@link VALIDATION_INDEXES} as they appear on the rows of the fit, and
 * corrected for optimism. Each resample's model is judged on the resample and, with its slope estimated, on all rows.
 *
 * Reference: Harrell 2015, §5.3 and §20.10; R package rms, `validate.cph`.
 *
 * @throws Failure of `fitCox`; FIT_FAILED where the model is separated; ARGUMENT_INVALID (case weights; the resamples).
 */
export function validateCox(
  data: SurvivalData,
  covariates: Covariates,
  options: ValidationOptions = {},
): Validation {
  const steps = validateCoxSteps(data, covariates, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** {@link validateCox} as a generator that yields after every resample. */
export function* validateCoxSteps(
  data: SurvivalData,
  covariates: Covariates,
  options: ValidationOptions = {},
): Generator<BootstrapStep, Validation, void> {
  const problem = validationProblem(data, covariates, options);
  const samples = yield* bootstrap(data.time.length, options, (rows) => resampleValidation(problem, rows));
  return combineValidation(problem, samples);
}

/** The model's apparent indexes, and what its resamples are evaluated from. */
export function validationProblem(
  data: SurvivalData,
  covariates: Covariates,
  { ties = 'efron' }: ValidationOptions = {},
): ValidationProblem {
  refuseParts(data, ['weights'], 'Validation');
  const kept = withoutDropped(covariates, fitCox(data, covariates, { ties }));
  const { model, apparent } = fitAndJudge(data, kept, ties);
  return { data, covariates: kept, apparent, nullLogLikelihood: model.logLikelihood.null, ties };
}

/**
 * One resample of {@link validateCox}: the indexes in the order of {@link VALIDATION_INDEXES}. A function of its
 * arguments alone.
 *
 * @throws Failure where no model can be fitted to the resample.
 */
export function resampleValidation(problem: ValidationProblem, rows: ArrayLike<number>): OptimismSample {
  const { data, covariates, ties } = problem;
  const { model, apparent } = fitAndJudge(takeRows(data, rows), borrowCovariates(covariates, rows), ties);
  return { training: apparent, test: indexesElsewhere(problem, linearPredictor(model, covariates)) };
}

/** @param samples one a resample, null where {@link resampleValidation} failed. */
export function combineValidation(
  { apparent }: ValidationProblem,
  samples: readonly (OptimismSample | null)[],
): Validation {
  const indexes = correctOptimism(apparent, samples).map((measure, m) => ({
    index: VALIDATION_INDEXES[m],
    ...measure,
  }));
  return { indexes, warnings: failedResamples(samples) };
}

function fitAndJudge(data: SurvivalData, covariates: Covariates, ties: Ties) {
  const model = estimableFit(data, covariates, { ties });
  const predictor = linearPredictor(model, covariates);
  const { null: none, model: full } = model.logLikelihood;
  return { model, apparent: indexes(data, predictor, { none, own: full, frozen: null, slope: 1 }) };
}

/** Of a linear predictor that comes from elsewhere: its slope is estimated, and freezing it at 1 costs likelihood. */
function indexesElsewhere(
  { data, nullLogLikelihood: none, ties }: ValidationProblem,
  predictor: Float64Array,
): number[] {
  const column = { names: ['predictor'], columns: [predictor] };
  const { logLikelihood, coefficients } = estimableFit(data, column, { ties, initial: [1] });
  const { null: frozen, model: own } = logLikelihood;
  return indexes(data, predictor, { none, own, frozen, slope: coefficients[0] });
}

function indexes(
  data: SurvivalData,
  predictor: Float64Array,
  { none, own, frozen, slope }: { none: number; own: number; frozen: number | null; slope: number },
): number[] {
  const n = data.time.length;
  const c = concordance(data, predictor).concordance ?? 0.5;
  const gain = 2 * (own - none);
  const d = (gain - 1) / (-2 * none);
  const u = frozen === null ? -2 / (-2 * none) : (2 * (own - frozen)) / (-2 * none);
  const r2 = -Math.expm1(-gain / n) / -Math.expm1((2 * none) / n);
  return [2 * c - 1, r2, slope, d, u, d - u, Math.abs(slope) * giniDifference(predictor)];
}
