import { unlessUnestimable } from '../survival/bootstrap.ts';
import {
  concordance,
  decisionCurve,
  fitCox,
  integratedBrier,
  type PredictionError,
  predictionErrors,
  type SurvivalData,
} from '../survival/index.ts';
import { coefficientsOf } from './coefficients.ts';
import { countEvents } from './outcome-rows.ts';
import type { Coefficient, Subset } from './prognosis-event.ts';
import type { HorizonPerformance, SubsetPerformance } from './study-result.ts';

/** How finely the integrated Brier score follows time. */
const brierSteps = 100;

/** What a model says of the patients of one subset. */
export interface SubsetPredictions {
  readonly subset: Subset;
  readonly data: SurvivalData;
  readonly score: Float64Array;
  readonly cutpoint: number;
  /** The predicted survival of each row at a time. */
  readonly survivalAt: (time: number) => Float64Array;
}

/**
 * Measures beyond the C-index: Uno's C, the time-dependent AUC and the Brier score at each horizon, its integral up to
 * the last horizon, and the hazard ratio of high against low risk. What the subset does not determine, such as anything
 * past its last follow-up, is null.
 */
export function assessSubset(predictions: SubsetPredictions, horizons: readonly number[]): SubsetPerformance {
  const { subset, data, score, cutpoint } = predictions;
  const uno = unlessUnestimable(() => concordance(data, score, { timeWeight: 'n/G2' }));
  return {
    subset,
    patients: data.time.length,
    events: countEvents(data),
    uno: uno?.concordance ?? null,
    unoStandardError: uno?.standardError ?? null,
    horizons: horizons.map((horizon) => assessHorizon(predictions, horizon)),
    integratedBrier: integrate(predictions, horizons),
    hazardRatio: hazardRatio(data, score, cutpoint),
  };
}

function assessHorizon(predictions: SubsetPredictions, horizon: number): HorizonPerformance {
  const [error] = errorsAt(predictions, [horizon]) ?? [];
  return {
    horizon,
    auc: error?.auc ?? null,
    brier: error?.brier ?? null,
    referenceBrier: error?.reference ?? null,
    decision: decide(predictions, horizon),
  };
}

function decide({ data, survivalAt }: SubsetPredictions, horizon: number): HorizonPerformance['decision'] {
  const risk = survivalAt(horizon).map((survival) => 1 - survival);
  const curve = unlessUnestimable(() => decisionCurve(data, risk, horizon));
  if (!curve) return null;
  const points = curve.points.flatMap(({ threshold, netBenefit, treatAll }) =>
    netBenefit === null ? [] : [{ threshold, netBenefit, treatAll }],
  );
  return {
    threshold: points.map((point) => point.threshold),
    netBenefit: points.map((point) => point.netBenefit),
    treatAll: points.map((point) => point.treatAll),
  };
}

function integrate(predictions: SubsetPredictions, horizons: readonly number[]): number | null {
  const last = Math.max(...horizons);
  if (!(last > 0)) return null;
  const times = Array.from({ length: brierSteps }, (_, i) => (last * (i + 1)) / brierSteps);
  const errors = errorsAt(predictions, times);
  return errors ? integratedBrier(errors).brier : null;
}

function errorsAt(
  { data, survivalAt }: SubsetPredictions,
  times: readonly number[],
): readonly PredictionError[] | null {
  return unlessUnestimable(() =>
    predictionErrors(
      data,
      times.map((time) => survivalAt(time).map((survival) => 1 - survival)),
      times,
    ),
  );
}

function hazardRatio(data: SurvivalData, score: Float64Array, cutpoint: number): Coefficient | null {
  const high = Float64Array.from(score, (value) => (value > cutpoint ? 1 : 0));
  const fit = unlessUnestimable(() => fitCox(data, { names: ['high risk'], columns: [high] }));
  return fit && fit.dropped.length === 0 && fit.infinite.length === 0 ? coefficientsOf(fit)[0] : null;
}
