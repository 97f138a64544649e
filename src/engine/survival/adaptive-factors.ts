import { Failure } from '../failure.ts';
import type { Covariates } from './covariates.ts';
import type { Ties } from './hazard.ts';
import { PenalisedDesign } from './penalised-design.ts';
import { fitPenalisedCox } from './penalised-path.ts';
import { screenFeatures } from './screening.ts';
import type { SurvivalData } from './survival-data.ts';

export interface AdaptiveOptions {
  /** Where the first estimates come from: each column alone (default), or a ridge fit with this λ. */
  readonly ridge?: number;
  /** The power of the estimates, > 0; default 1. */
  readonly power?: number;
  /** Default 'breslow'. */
  readonly ties?: Ties;
}

/**
 * Penalty factors of the adaptive lasso: 1 / |b_j|^power, b the coefficients of standardised columns by a first fit, so
 * that what is strong there is penalised less. A column without an estimate, or with one of 0, is left out (Infinity).
 *
 * Reference: Zou 2006; Zhang & Lu 2007.
 *
 * @returns factors for `fitPenalisedCox`, one a column.
 * @throws Failure of `fitPenalisedCox` and `screenFeatures`; ARGUMENT_INVALID.
 */
export function adaptiveFactors(
  data: SurvivalData,
  covariates: Covariates,
  { ridge, power = 1, ties = 'breslow' }: AdaptiveOptions = {},
): Float64Array {
  if (!(power > 0 && power < Infinity)) throw outOfRange('power', power);
  if (ridge !== undefined && !(ridge > 0 && ridge < Infinity)) throw outOfRange('ridge', ridge);
  const coefficients = new Float64Array(covariates.names.length);
  if (ridge === undefined) {
    screenFeatures(data, covariates, { ties }).forEach(({ coefficient }, j) => {
      coefficients[j] = coefficient ?? 0;
    });
  } else {
    const [point] = fitPenalisedCox(data, covariates, { alpha: 0, lambda: [ridge], ties }).points;
    for (let m = 0; m < point.index.length; m++) coefficients[point.index[m]] = point.value[m];
  }
  const { scales } = new PenalisedDesign(data, covariates, true, 1);
  return coefficients.map((b, j) => 1 / Math.abs(b * scales[j]) ** power);
}

function outOfRange(argument: string, value: number): Failure {
  const message = `${argument} is ${value}, not a finite number above 0.`;
  return new Failure('ARGUMENT_INVALID', message, { argument, value: String(value) });
}
