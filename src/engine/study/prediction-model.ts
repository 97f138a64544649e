import { Failure } from '../failure.ts';
import { type CoxBaseline, type CoxFit, predictSurvival } from '../survival/index.ts';
import { type CovariateColumn, designMatrix } from './cohort-table.ts';
import type { RiskGroup } from './prognosis-event.ts';
import type { RadscoreFeature } from './study-result.ts';
import type { TimeUnit } from './time-unit.ts';

/** All that a fitted model needs to predict a new patient, as plain JSON: no patient is in it. */
export interface PredictionModel {
  /** The features that make the covariate `radscore`; null where the model has none. */
  readonly radscore: readonly RadscoreFeature[] | null;
  /** The covariates in the order of the model; a categorical one has its levels, the first the reference. */
  readonly covariates: readonly PredictionCovariate[];
  /** By column of the design matrix; the covariance row-major. */
  readonly columns: readonly string[];
  readonly coefficients: readonly number[];
  readonly means: readonly number[];
  readonly covariance: readonly number[];
  /** See `CoxBaseline`. */
  readonly baseline: {
    readonly time: readonly number[];
    readonly cumulativeHazard: readonly number[];
    readonly hazardVariance: readonly number[];
    readonly meanIntegral: readonly number[];
  };
  readonly timeUnit: TimeUnit;
  /** Above it a patient is at high risk, and whether it cuts the radscore or the linear predictor. */
  readonly cutpoint: number;
  readonly cutOn: 'RADSCORE' | 'LINEAR_PREDICTOR';
}

export interface PredictionCovariate {
  readonly name: string;
  /** Null for a numeric covariate. */
  readonly levels: readonly string[] | null;
}

/** What a model says of one patient. */
export interface PatientPrediction {
  readonly radscore: number | null;
  readonly linearPredictor: number;
  readonly riskGroup: RiskGroup;
  readonly survival: readonly PredictedSurvival[];
}

export interface PredictedSurvival {
  readonly horizon: number;
  readonly survival: number;
  /** 95 % confidence limits (log). */
  readonly lower: number;
  readonly upper: number;
  /** False past the last follow-up of the model's patients, where the curve is merely carried on. */
  readonly isWithinFollowUp: boolean;
}

export function predictionModel(
  columns: readonly CovariateColumn[],
  fit: CoxFit,
  baseline: CoxBaseline,
  about: Pick<PredictionModel, 'radscore' | 'timeUnit' | 'cutpoint' | 'cutOn'>,
): PredictionModel {
  const [{ time, cumulativeHazard, hazardVariance, meanIntegral }] = baseline.strata;
  return {
    radscore: about.radscore,
    covariates: columns.map((column) => ({
      name: column.name,
      levels: column.kind === 'CATEGORICAL' ? column.levels : null,
    })),
    columns: fit.names,
    coefficients: [...fit.coefficients],
    means: [...fit.means],
    covariance: [...fit.covariance],
    baseline: {
      time: [...time],
      cumulativeHazard: [...cumulativeHazard],
      hazardVariance: [...hazardVariance],
      meanIntegral: [...meanIntegral],
    },
    timeUnit: about.timeUnit,
    cutpoint: about.cutpoint,
    cutOn: about.cutOn,
  };
}

/**
 * What a model says of a patient: radscore, linear predictor, risk group, and survival at each horizon with limits.
 *
 * @param values covariates by name; for a model with a radscore its features by name, or `radscore` itself.
 * @param horizons in the model's unit of time.
 * @throws Failure COVARIATE_INVALID naming a covariate or feature that is missing, not a finite number, or no level of
 * its covariate; ARGUMENT_INVALID for a horizon that is negative or not finite.
 */
export function predictPatient(
  model: PredictionModel,
  values: Readonly<Record<string, number | string>>,
  horizons: readonly number[],
): PatientPrediction {
  horizons.forEach((horizon, index) => {
    if (horizon >= 0 && horizon < Number.POSITIVE_INFINITY) return;
    const message = `horizons[${index}] is ${horizon}, not a time from 0 on`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'horizons', index, value: String(horizon) });
  });
  const radscore = model.radscore === null ? null : scoreOf(model.radscore, values);
  const columns = model.covariates.map((covariate): CovariateColumn => {
    const { name, levels } = covariate;
    if (levels !== null)
      return { name, kind: 'CATEGORICAL', levels, codes: Int32Array.of(levelOf(name, levels, values)) };
    const value = name === 'radscore' && radscore !== null ? radscore : numberOf(name, values);
    return { name, kind: 'NUMERIC', values: Float64Array.of(value) };
  });
  const design = designMatrix(columns, Int32Array.of(0));
  const linearPredictor = design.columns.reduce(
    (sum, column, j) => sum + model.coefficients[j] * (column[0] - model.means[j]),
    0,
  );
  const [curve] = predictSurvival(
    {
      names: model.columns,
      coefficients: Float64Array.from(model.coefficients),
      means: Float64Array.from(model.means),
      covariance: Float64Array.from(model.covariance),
    },
    baselineOf(model),
    design,
    { times: horizons },
  );
  const last = model.baseline.time[model.baseline.time.length - 1];
  const cut = model.cutOn === 'RADSCORE' && radscore !== null ? radscore : linearPredictor;
  return {
    radscore,
    linearPredictor,
    riskGroup: cut > model.cutpoint ? 'HIGH' : 'LOW',
    survival: horizons.map((horizon, i) => ({
      horizon,
      survival: curve.survival[i],
      lower: curve.lower[i],
      upper: curve.upper[i],
      isWithinFollowUp: horizon <= last,
    })),
  };
}

function baselineOf({ columns, baseline }: PredictionModel): CoxBaseline {
  return {
    names: columns,
    strata: [
      {
        stratum: 0,
        time: Float64Array.from(baseline.time),
        cumulativeHazard: Float64Array.from(baseline.cumulativeHazard),
        hazardVariance: Float64Array.from(baseline.hazardVariance),
        meanIntegral: Float64Array.from(baseline.meanIntegral),
      },
    ],
  };
}

function scoreOf(
  features: readonly RadscoreFeature[],
  values: Readonly<Record<string, number | string>>,
): number {
  if (Object.hasOwn(values, 'radscore')) return numberOf('radscore', values);
  return features.reduce(
    (sum, { name, mean, standardDeviation, coefficient }) =>
      sum + coefficient * ((numberOf(name, values) - mean) / standardDeviation),
    0,
  );
}

function numberOf(name: string, values: Readonly<Record<string, number | string>>): number {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const message = `${name} is ${value === undefined ? 'missing' : 'not a finite number'}`;
  throw new Failure('COVARIATE_INVALID', message, { covariate: name });
}

function levelOf(
  name: string,
  levels: readonly string[],
  values: Readonly<Record<string, number | string>>,
): number {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  const code = value === undefined ? -1 : levels.indexOf(String(value));
  if (code >= 0) return code;
  const message = value === undefined ? `${name} is missing` : `${name} is none of its levels`;
  throw new Failure('COVARIATE_INVALID', message, { covariate: name, levels });
}
