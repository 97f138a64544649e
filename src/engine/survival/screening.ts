import { Failure } from '../failure.ts';
import { normal } from '../statistics/normal.ts';
import { type Covariates, checkCovariates, standardise } from './covariates.ts';
import { fitCox } from './cox.ts';
import type { Ties } from './hazard.ts';
import { riskSets } from './risk-sets.ts';
import type { SurvivalData } from './survival-data.ts';
import { UnivariateCox, type UnivariateSolution } from './univariate-cox.ts';

/** One feature's own Cox model; null throughout where the feature is constant, p 0 … 1 by the three tests. */
export interface ScreenedFeature {
  readonly name: string;
  readonly coefficient: number | null;
  readonly standardError: number | null;
  readonly logLikelihood: number | null;
  readonly wald: number | null;
  readonly likelihoodRatio: number | null;
  readonly score: number | null;
  readonly converged: boolean;
  /** The feature separates: its coefficient runs to infinity, and the Wald test says nothing. */
  readonly infinite: boolean;
}

export interface ScreeningOptions {
  /** Default 'efron'. */
  readonly ties?: Ties;
}

/**
 * A Cox model for each feature by itself, with p-values of the Wald, likelihood-ratio and score tests.
 *
 * @param features one column a feature; any number.
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH, COVARIATE_INVALID (a value that is not finite), NO_EVENTS.
 */
export function screenFeatures(
  data: SurvivalData,
  features: Covariates,
  options: ScreeningOptions = {},
): ScreenedFeature[] {
  return [...screenFeaturesSteps(data, features, options)];
}

/** {@link screenFeatures} feature by feature, for progress and cancellation. */
export function* screenFeaturesSteps(
  data: SurvivalData,
  features: Covariates,
  options: ScreeningOptions = {},
): Generator<ScreenedFeature, void, void> {
  const { ties = 'efron' } = options;
  const sets = riskSets(data);
  checkCovariates(features, data.time.length);
  if (!sets.deaths.some((d) => d > 0)) {
    throw new Failure('NO_EVENTS', 'No event is observed.', { argument: 'event' });
  }
  if (sets.entries) {
    for (let j = 0; j < features.names.length; j++) yield byGeneralFit(data, features, j, ties);
    return;
  }
  const solver = new UnivariateCox(sets, ties);
  const null0 = solver.nullLogLikelihood();
  const column = new Float64Array(sets.rows.length);
  const solution: UnivariateSolution = {
    beta: 0,
    information: 0,
    logLikelihood: 0,
    score: 0,
    iterations: 0,
    converged: false,
    infinite: false,
  };
  for (let j = 0; j < features.names.length; j++) {
    const name = features.names[j];
    const { values, scale } = standardise(name, features.columns[j], sets.rows, sets.weights, column);
    if (scale === 0 || !solver.solve(values, solution)) {
      yield absent(name);
      continue;
    }
    const { beta, information, logLikelihood } = solution;
    yield {
      name,
      coefficient: beta * scale,
      standardError: scale / Math.sqrt(information),
      logLikelihood,
      wald: twoSided(Math.abs(beta) * Math.sqrt(information)),
      likelihoodRatio: twoSided(Math.sqrt(Math.max(0, 2 * (logLikelihood - null0)))),
      score: twoSided(Math.sqrt(solution.score)),
      converged: solution.converged,
      infinite: solution.infinite,
    };
  }
}

function byGeneralFit(data: SurvivalData, features: Covariates, j: number, ties: Ties): ScreenedFeature {
  const name = features.names[j];
  try {
    const fit = fitCox(data, { names: [name], columns: [features.columns[j]] }, { ties, robust: false });
    return {
      name,
      coefficient: fit.coefficients[0],
      standardError: fit.standardErrors[0],
      logLikelihood: fit.logLikelihood.model,
      wald: fit.terms[0].p,
      likelihoodRatio: fit.likelihoodRatio.p,
      score: fit.score.p,
      converged: fit.converged,
      infinite: fit.infinite.length > 0,
    };
  } catch (error) {
    // The one failure left after the checks above: no information in this feature.
    if (error instanceof Failure && error.code === 'COVARIATE_INVALID') return absent(name);
    throw error;
  }
}

/** P(|Z| > z): the χ² tail on one degree of freedom at z². */
function twoSided(z: number): number {
  return 2 * normal.upper(z);
}

function absent(name: string): ScreenedFeature {
  const none = { coefficient: null, standardError: null, logLikelihood: null };
  return { name, ...none, wald: null, likelihoodRatio: null, score: null, converged: false, infinite: false };
}
