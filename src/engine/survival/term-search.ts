import { Failure } from '../failure.ts';
import { type Covariates, checkCovariates, standardise } from './covariates.ts';
import { atPositions, type CoxOptions, fitCox } from './cox.ts';
import type { CoxFit } from './cox-fit.ts';
import { type ModelTerm, termColumns } from './model-terms.ts';
import { type Approach, type LikelihoodProblem, type Maximum, Neighbourhood } from './neighbourhood.ts';
import { riskSets } from './risk-sets.ts';
import type { SurvivalData } from './survival-data.ts';

export interface TermSearchOptions extends Pick<CoxOptions, 'ties' | 'offset' | 'level'> {
  /** Covariates that move together; default each by itself. */
  readonly terms?: readonly ModelTerm[];
}

/** A set of terms with the maximum of its likelihood. */
export interface FittedTerms {
  readonly terms: readonly number[];
  readonly df: number;
  readonly logLikelihood: number;
  /** From where its neighbours are found; null where it has collinear columns or no finite maximum. */
  readonly maximum: Maximum | null;
}

/** Fits of sets of terms to the same data. */
export class TermSearch {
  readonly names: readonly string[];
  /** Columns of each term. */
  readonly columns: readonly (readonly number[])[];
  private readonly data: SurvivalData;
  private readonly covariates: Covariates;
  private readonly options: TermSearchOptions;
  private readonly problem: LikelihoodProblem;

  constructor(data: SurvivalData, covariates: Covariates, options: TermSearchOptions) {
    this.data = data;
    this.covariates = covariates;
    this.options = options;
    const sets = riskSets(data);
    checkCovariates(covariates, data.time.length);
    this.columns = termColumns(covariates.names, options.terms);
    this.names = options.terms ? options.terms.map((t) => t.name) : [...covariates.names];
    this.problem = {
      sets,
      columns: covariates.columns.map((column, j) =>
        standardise(covariates.names[j], column, sets.rows, sets.weights),
      ),
      offset: atPositions(options.offset, 'offset', sets, data.time.length),
      ties: options.ties ?? 'efron',
    };
  }

  /** The model of some terms. */
  model(terms: readonly number[]): CoxFit {
    const columns = this.columnsOf(terms);
    const { ties, offset, level } = this.options;
    const names = columns.map((j) => this.covariates.names[j]);
    const design = { names, columns: columns.map((j) => this.covariates.columns[j]) };
    return fitCox(this.data, design, {
      ...(ties ? { ties } : {}),
      ...(offset ? { offset } : {}),
      ...(level ? { level } : {}),
    });
  }

  /** What of a model of these terms its neighbours need. */
  fitted(terms: readonly number[], model: CoxFit): FittedTerms {
    const columns = this.columnsOf(terms);
    const regular = model.converged && model.dropped.length === 0;
    const beta = model.coefficients.map((b, j) => b / this.problem.columns[columns[j]].scale);
    const logLikelihood = model.logLikelihood.model;
    const maximum = regular ? { columns, beta, logLikelihood } : null;
    return { terms, df: model.likelihoodRatio.df, logLikelihood, maximum };
  }

  /**
   * The one of several neighbours of a fit with the least −2 log L + k df, the first of equals. Of the others only as
   * much is computed as shows that they are not it.
   */
  best(from: FittedTerms, neighbours: readonly (readonly number[])[], penalty: number): FittedTerms | null {
    const around = this.around(from, neighbours.flat());
    const trials = neighbours.map((terms, index) => {
      const approach = around?.approach(this.columnsOf(terms)) ?? null;
      return { terms, index, approach, ...bounds(approach, penalty) };
    });
    trials.sort((a, b) => a.estimate - b.estimate || a.index - b.index);
    let best: FittedTerms | null = null;
    let least = Infinity;
    let place = -1;
    for (const { terms, index, approach, atLeast } of trials) {
      if (atLeast > least) continue;
      const fit = this.settle(terms, around, approach);
      const criterion = -2 * fit.logLikelihood + penalty * fit.df;
      if (criterion < least || (criterion === least && index < place)) {
        best = fit;
        least = criterion;
        place = index;
      }
    }
    return best;
  }

  /** Every one of several neighbours of a fit. */
  all(from: FittedTerms, neighbours: readonly (readonly number[])[]): FittedTerms[] {
    const around = this.around(from, neighbours.flat());
    return neighbours.map((terms) =>
      this.settle(terms, around, around?.approach(this.columnsOf(terms)) ?? null),
    );
  }

  private around({ terms, maximum }: FittedTerms, reached: readonly number[]): Neighbourhood | null {
    if (!maximum) return null;
    const reach = this.columnsOf([...new Set([...terms, ...reached])]);
    return new Neighbourhood(this.problem, maximum, reach);
  }

  private settle(
    terms: readonly number[],
    around: Neighbourhood | null,
    approach: Approach | null,
  ): FittedTerms {
    const maximum = approach && around ? around.climb(approach) : null;
    if (maximum) return { terms, df: maximum.beta.length, logLikelihood: maximum.logLikelihood, maximum };
    try {
      return this.fitted(terms, this.model(terms));
    } catch (error) {
      // No information in any of its columns, which have been checked: the model without them.
      if (!(error instanceof Failure && error.code === 'COVARIATE_INVALID') || terms.length === 0)
        throw error;
      return { ...this.fitted([], this.model([])), terms, maximum: null };
    }
  }

  private columnsOf(terms: readonly number[]): number[] {
    return terms.flatMap((t) => this.columns[t]);
  }
}

/**
 * Of −2 log L + k df at the maximum near an approach. The likelihood rises by half the squared decrement where the
 * information is that at the approach; four times as much allows for its age, as long as the way is short.
 */
function bounds(approach: Approach | null, penalty: number): { estimate: number; atLeast: number } {
  if (!approach) return { estimate: -Infinity, atLeast: -Infinity };
  const { logLikelihood, squaredDecrement, places } = approach;
  const here = -2 * logLikelihood + penalty * places.length;
  const atLeast = squaredDecrement < 1 ? here - 4 * squaredDecrement : -Infinity;
  return { estimate: here - squaredDecrement, atLeast };
}
