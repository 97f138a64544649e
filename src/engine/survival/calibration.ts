import type { Warning } from '../warning.ts';
import {
  type BootstrapOptions,
  type BootstrapStep,
  bootstrap,
  borrowCovariates,
  failedResamples,
  takeRows,
} from './bootstrap.ts';
import {
  type CalibrationGroup,
  type CalibrationGroupOptions,
  type CalibrationGroups,
  calibrateByGroups,
} from './calibration-groups.ts';
import type { Covariates } from './covariates.ts';
import { type CoxOptions, fitCox } from './cox.ts';
import { coxBaseline } from './cox-baseline.ts';
import { estimableFit, withoutDropped } from './estimable-fit.ts';
import type { Ties } from './hazard.ts';
import { correctOptimism, type OptimismSample } from './optimism.ts';
import { predictSurvivalAt } from './predicted-survival-at.ts';
import type { SurvivalData } from './survival-data.ts';

export interface CalibrationOptions
  extends Pick<CoxOptions, 'ties'>,
    Omit<CalibrationGroupOptions, 'cuts'>,
    BootstrapOptions {}

/** A group of the apparent calibration with what the bootstrap makes of it. */
export interface CorrectedGroup extends CalibrationGroup {
  /** Mean of observed − predicted in the resamples' own rows and in all rows, by the resamples' models. */
  readonly training: number | null;
  readonly test: number | null;
  readonly optimism: number | null;
  /** observed − optimism. */
  readonly corrected: number | null;
  /** Those in which the group has an observed survival, in the resample and in all rows. */
  readonly resamples: number;
}

export interface Calibration {
  readonly horizon: number;
  readonly cuts: Float64Array;
  readonly groups: readonly CorrectedGroup[];
  readonly warnings: readonly Warning[];
}

/** All that {@link resampleCalibration} needs: plain data, which a worker can be sent once. */
export interface CalibrationProblem {
  readonly data: SurvivalData;
  readonly covariates: Covariates;
  readonly apparent: CalibrationGroups;
  readonly options: Pick<CalibrationOptions, 'ties'>;
}

/**
 * The calibration of a Cox model at a horizon, by groups of predicted survival: apparent, and corrected by the
 * bootstrap for the optimism of judging a model on the rows that it was fitted to. In each resample the model is
 * fitted anew and observed − predicted survival is compared between the resample and all rows, in the groups of the
 * apparent calibration.
 *
 * Reference: Harrell 2015, §20.3; R package rms, `calibrate.cph(cmethod = "KM", method = "boot")`.
 *
 * @throws Failure of `fitCox`; of `calibrateByGroups`; FIT_FAILED where the model is separated; ARGUMENT_INVALID (the
 * resamples).
 */
export function calibrateCox(
  data: SurvivalData,
  covariates: Covariates,
  horizon: number,
  options: CalibrationOptions = {},
): Calibration {
  const steps = calibrateCoxSteps(data, covariates, horizon, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** {@link calibrateCox} as a generator that yields after every resample. */
export function* calibrateCoxSteps(
  data: SurvivalData,
  covariates: Covariates,
  horizon: number,
  options: CalibrationOptions = {},
): Generator<BootstrapStep, Calibration, void> {
  const problem = calibrationProblem(data, covariates, horizon, options);
  const samples = yield* bootstrap(data.time.length, options, (rows) => resampleCalibration(problem, rows));
  return combineCalibration(problem, samples);
}

/** The model's apparent calibration, and what its resamples are evaluated from. */
export function calibrationProblem(
  data: SurvivalData,
  covariates: Covariates,
  horizon: number,
  options: CalibrationOptions = {},
): CalibrationProblem {
  const { ties } = options;
  const kept = withoutDropped(covariates, fitCox(data, covariates, ties ? { ties } : {}));
  const predicted = fitAndPredict(data, kept, horizon, ties)(data, kept);
  const apparent = calibrateByGroups(data, predicted, horizon, options);
  return { data, covariates: kept, apparent, options: ties ? { ties } : {} };
}

/**
 * One resample of {@link calibrateCox}: observed − predicted survival by group. A function of its arguments alone.
 *
 * @throws Failure where no model can be fitted to the resample.
 */
export function resampleCalibration(
  { data, covariates, apparent, options }: CalibrationProblem,
  rows: ArrayLike<number>,
): OptimismSample {
  const training = takeRows(data, rows);
  const design = borrowCovariates(covariates, rows);
  const predict = fitAndPredict(training, design, apparent.horizon, options.ties);
  return {
    training: differences(apparent, training, predict(training, design)),
    test: differences(apparent, data, predict(data, covariates)),
  };
}

/** @param samples one a resample, null where {@link resampleCalibration} failed. */
export function combineCalibration(
  { apparent }: CalibrationProblem,
  samples: readonly (OptimismSample | null)[],
): Calibration {
  const difference = apparent.groups.map(({ observed, predicted }) => subtract(observed, predicted));
  const corrected = correctOptimism(difference, samples);
  const groups = apparent.groups.map((group, g) => {
    const { training, test, optimism, resamples } = corrected[g];
    return { ...group, training, test, optimism, corrected: subtract(group.observed, optimism), resamples };
  });
  const { horizon, cuts, warnings } = apparent;
  return { horizon, cuts, groups, warnings: [...warnings, ...failedResamples(samples)] };
}

function fitAndPredict(
  data: SurvivalData,
  covariates: Covariates,
  horizon: number,
  ties: Ties = 'efron',
): (data: SurvivalData, covariates: Covariates) => Float64Array {
  const model = estimableFit(data, covariates, { ties });
  const baseline = coxBaseline(model, data, covariates);
  return (others, design) => predictSurvivalAt(model, baseline, design, horizon, others.strata);
}

function differences(
  { horizon, cuts }: CalibrationGroups,
  data: SurvivalData,
  predicted: Float64Array,
): (number | null)[] {
  const { groups } = calibrateByGroups(data, predicted, horizon, { cuts });
  return groups.map((group) => subtract(group.observed, group.predicted));
}

function subtract(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}
