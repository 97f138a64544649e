import type { Covariates } from './covariates.ts';
import { checkModelCovariates } from './cox-baseline.ts';
import type { CoxFit } from './cox-fit.ts';
import { Hazard } from './hazard.ts';
import { linearPredictor } from './linear-predictor.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import { scoreResiduals } from './score-residuals.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';

/** Residuals of a Cox model, without case weights. Rows of weight 0 have residuals of 0. */
export interface CoxResiduals {
  /** Events less expected events, one a row, and their normalised form (Therneau, Grambsch & Fleming 1990). */
  readonly martingale: Float64Array;
  readonly deviance: Float64Array;
  /** One array a covariate, one value a row. */
  readonly score: readonly Float64Array[];
  /** About what the coefficients would move by if the row were left out: score residuals times the covariance. */
  readonly dfbeta: readonly Float64Array[];
  readonly schoenfeld: SchoenfeldResiduals;
}

/** One entry a death, by stratum and time: its row, its time, and for each covariate x less the risk set's mean. */
export interface SchoenfeldResiduals {
  readonly row: Int32Array;
  readonly time: Float64Array;
  readonly values: readonly Float64Array[];
}

/**
 * The residuals of a fitted Cox model.
 *
 * Reference: Therneau & Grambsch 2000, chapter 4; R package survival, `residuals.coxph`.
 *
 * @param data, covariates, offset those that the model was fitted to.
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH; COVARIATE_INVALID unless the covariates are the model's.
 */
export function coxResiduals(
  model: CoxFit,
  data: SurvivalData,
  covariates: Covariates,
  offset?: Float64Array,
): CoxResiduals {
  const n = data.time.length;
  const { sets, hazard, risk, columns } = fittedHazard(model, data, covariates, offset);
  const expected = new Float64Array(risk.length);
  hazard.expected(risk, expected);
  const martingale = new Float64Array(n);
  const deviance = new Float64Array(n);
  for (let i = 0; i < risk.length; i++) {
    const row = sets.rows[i];
    const event = data.event[row];
    const m = event - expected[i] / sets.weights[i];
    martingale[row] = m;
    deviance[row] = Math.sign(m) * Math.sqrt(Math.max(0, -2 * (m + (event ? Math.log(event - m) : 0))));
  }
  const { score, schoenfeld } = scoreResiduals(sets, hazard, risk, columns);
  const byRow = (column: Float64Array) => {
    const values = new Float64Array(n);
    for (let i = 0; i < column.length; i++) values[sets.rows[i]] = column[i];
    return values;
  };
  const scores = score.map(byRow);
  const p = scores.length;
  const dfbeta = scores.map((_, j) => {
    const values = new Float64Array(n);
    for (let k = 0; k < p; k++) {
      const v = model.naiveCovariance[k * p + j];
      for (let i = 0; i < n; i++) values[i] += v * scores[k][i];
    }
    return values;
  });
  return { martingale, deviance, score: scores, dfbeta, schoenfeld: atDeaths(sets, schoenfeld) };
}

/** The hazard of a fitted model over its own data, with covariates less the model's means by position. */
export function fittedHazard(
  model: CoxFit,
  data: SurvivalData,
  covariates: Covariates,
  offset: Float64Array | undefined,
): { sets: RiskSets; hazard: Hazard; risk: Float64Array; columns: Float64Array[] } {
  checkModelCovariates(model, covariates, data.time.length);
  if (offset) checkLength('offset', offset.length, data.time.length);
  const sets = riskSets(data);
  const predictor = linearPredictor(model, covariates);
  let high = -Infinity;
  for (const row of sets.rows) high = Math.max(high, (predictor[row] ?? 0) + (offset?.[row] ?? 0));
  // Residuals do not depend on a common factor of the risks; the largest is 1.
  const risk = Float64Array.from(
    sets.rows,
    (row, i) => sets.weights[i] * Math.exp((predictor[row] ?? 0) + (offset?.[row] ?? 0) - high),
  );
  const hazard = new Hazard(sets, model.ties);
  hazard.scan(risk);
  const columns = covariates.columns.map((column, j) =>
    Float64Array.from(sets.rows, (row) => column[row] - model.means[j]),
  );
  return { sets, hazard, risk, columns };
}

function atDeaths(sets: RiskSets, columns: readonly Float64Array[]): SchoenfeldResiduals {
  const positions: number[] = [];
  for (let k = 0; k < sets.deaths.length; k++) {
    for (let i = sets.starts[k]; i < sets.starts[k] + sets.deaths[k]; i++) positions.push(i);
  }
  return {
    row: Int32Array.from(positions, (i) => sets.rows[i]),
    time: Float64Array.from(positions, (i) => sets.times[sets.timeIndex[i]]),
    values: columns.map((column) => Float64Array.from(positions, (i) => column[i])),
  };
}
