import { Failure } from '../failure.ts';
import { median } from '../statistics/index.ts';
import { coxBaseline, fitCoxSteps, linearPredictor } from '../survival/index.ts';
import type { Warning } from '../warning.ts';
import { type CohortTable, completeRows, designMatrix } from './cohort-table.ts';
import { describePrognosis, type FittedPrognosis } from './describe-prognosis.ts';
import { countEvents, outcomeOf } from './outcome-rows.ts';
import type { PredictionModel } from './prediction-model.ts';
import type {
  ConcordanceEstimated,
  ModelEstimated,
  PatientsSelected,
  PrognosisEvent,
  RiskGroup,
  RiskGroupsCompared,
  Subset,
  SurvivalCurveEstimated,
} from './prognosis-event.ts';
import { type SplitSpecification, splitRows } from './split.ts';

/** Part of the key of a stored model: it changes whenever any result might. */
export const prognosisVersion = '2';

export interface PrognosisSpecification {
  readonly ties: 'EFRON' | 'BRESLOW';
  /** Null fits the model to, and describes it on, all patients. */
  readonly split: SplitSpecification | null;
}

/** What a model says of the patient in one row of the table. */
export interface RowPrediction {
  readonly row: number;
  readonly subset: Subset;
  /** Null for a model without one. */
  readonly radscore: number | null;
  /** Relative to the training patients' means, as R's `predict(type = "lp")`. */
  readonly linearPredictor: number;
  readonly riskGroup: RiskGroup;
}

type WithoutType<T> = Omit<T, 'type'>;

/** A fitted prognostic model with everything that was said on the way; plain JSON. */
export interface PrognosisResult {
  readonly patients: WithoutType<PatientsSelected>;
  readonly model: WithoutType<ModelEstimated>;
  /** What predicts new patients. */
  readonly prediction: PredictionModel;
  /** Above it a patient is at high risk; of the radscore or the linear predictor, as `prediction.cutOn` says. */
  readonly cutpoint: number;
  readonly concordance: readonly WithoutType<ConcordanceEstimated>[];
  readonly curves: readonly WithoutType<SurvivalCurveEstimated>[];
  readonly comparisons: readonly WithoutType<RiskGroupsCompared>[];
  readonly predictions: readonly RowPrediction[];
  readonly warnings: readonly Warning[];
}

/**
 * Fits a Cox model to a cohort's table and checks it: split, fit on training, C-index in each subset, risk groups by
 * the median linear predictor of training, and their Kaplan–Meier curves and log-rank test in each subset. Nothing of
 * the validation patients reaches the model or the cutpoint. Patients with a missing value are left out, and counted.
 *
 * @throws Failure NO_OBSERVATIONS, NO_EVENTS, COVARIATE_INVALID, and those of `fitCox`.
 */
export function* fitPrognosis(
  table: CohortTable,
  specification: PrognosisSpecification,
): Generator<PrognosisEvent, PrognosisResult, void> {
  const complete = completeRows(table);
  const rows = Int32Array.from(complete.keys()).filter((row) => complete[row] === 1);
  if (rows.length === 0) {
    throw new Failure(
      'NO_OBSERVATIONS',
      `none of the ${complete.length} patients has the outcome and every covariate`,
      {
        patients: complete.length,
      },
    );
  }
  const split = specification.split
    ? splitRows(rows, table.event, specification.split)
    : { training: rows, validation: new Int32Array(0) };
  const warnings: Warning[] = [];
  const patients: PatientsSelected = {
    type: 'PatientsSelected',
    training: split.training.length,
    trainingEvents: countEvents(outcomeOf(table, split.training)),
    validation: split.validation.length,
    validationEvents: countEvents(outcomeOf(table, split.validation)),
    excluded: complete.length - rows.length,
    timeUnit: table.timeUnit,
  };
  yield patients;
  const warn = function* (...raised: readonly Warning[]): Generator<PrognosisEvent> {
    for (const warning of raised) {
      warnings.push(warning);
      yield { type: 'WarningRaised', ...warning };
    }
  };
  if (patients.excluded > 0) {
    const message = `${patients.excluded} of ${complete.length} patients lack the outcome or a covariate and were left out.`;
    yield* warn({ code: 'ROWS_EXCLUDED', message });
  }

  const design = designMatrix(table.covariates, split.training);
  const training = outcomeOf(table, split.training);
  const steps = fitCoxSteps(training, design, { ties: specification.ties === 'EFRON' ? 'efron' : 'breslow' });
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    yield { type: 'FitIterated', iteration: step.value.iteration, logLikelihood: step.value.logLikelihood };
  }
  const fit = step.value;
  const everyone = Int32Array.from({ length: complete.length }, (_, row) => row);
  const predictor = linearPredictor(fit, designMatrix(table.covariates, everyone));
  const cutpoint = median(Float64Array.from(split.training, (row) => predictor[row]));
  const prognosis: FittedPrognosis = {
    columns: table.covariates,
    fit,
    baseline: coxBaseline(fit, training, design),
    linearPredictor: predictor,
    radscore: null,
    about: { radscore: null, cutpoint, cutOn: 'LINEAR_PREDICTOR' },
    subsets: [
      { subset: 'TRAINING', rows: split.training },
      { subset: 'VALIDATION', rows: split.validation },
    ],
  };
  return yield* describePrognosis(prognosis, { ...table, name: '' }, patients, warnings, {});
}

/** The events of a result that is known already, as if it were computed again (but for the iterations). */
export function replayPrognosis(result: PrognosisResult): PrognosisEvent[] {
  return [
    { ...result.patients, type: 'PatientsSelected' },
    { ...result.model, type: 'ModelEstimated' },
    ...result.concordance.map((event) => ({ ...event, type: 'ConcordanceEstimated' as const })),
    ...result.curves.map((event) => ({ ...event, type: 'SurvivalCurveEstimated' as const })),
    ...result.comparisons.map((event) => ({ ...event, type: 'RiskGroupsCompared' as const })),
    ...result.warnings.map((event) => ({ ...event, type: 'WarningRaised' as const })),
  ];
}
