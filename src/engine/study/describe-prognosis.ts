import type { ChiSquareTest, CoxBaseline, CoxFit } from '../survival/index.ts';
import type { Warning } from '../warning.ts';
import { coefficientsOf } from './coefficients.ts';
import type { CovariateColumn } from './cohort-table.ts';
import { outcomeOf } from './outcome-rows.ts';
import { type PredictionModel, predictionModel } from './prediction-model.ts';
import type { PrognosisResult, RowPrediction } from './prognosis.ts';
import type {
  ChiSquared,
  ConcordanceEstimated,
  FitIterated,
  ModelEstimated,
  ModelScope,
  PatientsSelected,
  PrognosisEvent,
  RiskGroupsCompared,
  Subset,
  SurvivalCurveEstimated,
} from './prognosis-event.ts';
import { assessRiskGroups } from './risk-groups.ts';
import type { OutcomeColumn } from './study-data.ts';

/** A fitted Cox model with what ranks its patients; arrays hold one value a patient of the table. */
export interface FittedPrognosis {
  readonly columns: readonly CovariateColumn[];
  readonly fit: CoxFit;
  readonly baseline: CoxBaseline;
  readonly linearPredictor: Float64Array;
  readonly radscore: Float64Array | null;
  readonly about: Pick<PredictionModel, 'radscore' | 'cutpoint' | 'cutOn'>;
  readonly subsets: readonly { readonly subset: Subset; readonly rows: Int32Array }[];
}

/**
 * Says all about a fitted prognostic model that its patients can tell: the model itself, then for training and
 * validation the C-index, the curves of the risk groups and their log-rank test.
 *
 * @param patients was said already; it is a part of the result.
 * @param warnings were said already; the result repeats them.
 */
export function* describePrognosis(
  prognosis: FittedPrognosis,
  outcome: OutcomeColumn,
  patients: PatientsSelected,
  warnings: readonly Warning[],
  scope: ModelScope,
): Generator<Exclude<PrognosisEvent, FitIterated>, PrognosisResult, void> {
  const { columns, fit, baseline, linearPredictor, radscore, about, subsets } = prognosis;
  const said: Warning[] = [...warnings];
  const model = { ...describeFit(fit), ...scope };
  yield model;
  for (const warning of fit.warnings) {
    said.push(warning);
    yield { type: 'WarningRaised', ...warning, ...scope };
  }
  const concordances: ConcordanceEstimated[] = [];
  const curves: SurvivalCurveEstimated[] = [];
  const comparisons: RiskGroupsCompared[] = [];
  const predictions: RowPrediction[] = [];
  const score = about.cutOn === 'RADSCORE' && radscore ? radscore : linearPredictor;
  for (const { subset, rows } of subsets) {
    if (rows.length === 0) continue;
    const data = outcomeOf(outcome, rows);
    const scores = Float64Array.from(rows, (row) => score[row]);
    for (const raised of assessRiskGroups(subset, data, scores, about.cutpoint)) {
      const event = { ...raised, ...scope };
      if (event.type === 'WarningRaised') {
        const { code, message, subject } = event;
        said.push({ code, message, ...(subject === undefined ? {} : { subject }) });
      } else if (event.type === 'ConcordanceEstimated') concordances.push(event);
      else if (event.type === 'SurvivalCurveEstimated') curves.push(event);
      else comparisons.push(event);
      yield event;
    }
    rows.forEach((row, i) => {
      predictions.push({
        row,
        subset,
        radscore: radscore ? radscore[row] : null,
        linearPredictor: linearPredictor[row],
        riskGroup: scores[i] > about.cutpoint ? 'HIGH' : 'LOW',
      });
    });
  }
  return {
    patients,
    model,
    prediction: predictionModel(columns, fit, baseline, { ...about, timeUnit: outcome.timeUnit }),
    cutpoint: about.cutpoint,
    concordance: concordances,
    curves,
    comparisons,
    predictions: predictions.sort((a, b) => a.row - b.row),
    warnings: said,
  };
}

function describeFit(fit: CoxFit): ModelEstimated {
  return {
    type: 'ModelEstimated',
    coefficients: coefficientsOf(fit),
    logLikelihoodNull: fit.logLikelihood.null,
    logLikelihood: fit.logLikelihood.model,
    aic: fit.aic,
    likelihoodRatio: chiSquared(fit.likelihoodRatio),
    wald: chiSquared(fit.wald),
    score: chiSquared(fit.score),
    converged: fit.converged,
    iterations: fit.iterations,
  };
}

export function chiSquared({ statistic, df, p }: ChiSquareTest): ChiSquared {
  return { statistic, degreesOfFreedom: df, p };
}
