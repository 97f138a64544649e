import { type ChiSquareTest, chiSquareTest } from './chi-square-test.ts';
import type { CoxFit } from './cox-fit.ts';
import { type ModelTerm, reduceEstimate, termColumns } from './model-terms.ts';

export interface FastBackwardOptions {
  /** Stop by AIC (default), or by p below the threshold. */
  readonly rule?: 'aic' | 'p';
  /** Judge all removed terms together (default), or the next one alone. */
  readonly judge?: 'residual' | 'individual';
  /** Default 0.05. */
  readonly threshold?: number;
  readonly terms?: readonly ModelTerm[];
}

export interface FastBackwardResult {
  readonly removed: readonly {
    readonly term: string;
    /** Of this term given those before it, and of all removed so far together. */
    readonly individual: ChiSquareTest;
    readonly residual: ChiSquareTest;
  }[];
  readonly terms: readonly string[];
  /** The full model's coefficients given that those removed are 0. */
  readonly coefficients: Float64Array;
}

/**
 * Backward elimination from the full fit alone, without fitting again: each step removes the term whose χ² speaks
 * least for it, and the other coefficients follow from the full covariance.
 *
 * References: Lawless & Singhal 1978; R package rms, `fastbw`.
 */
export function fastBackward(model: CoxFit, options: FastBackwardOptions = {}): FastBackwardResult {
  const { rule = 'aic', judge = 'residual', threshold = 0.05 } = options;
  const columns = termColumns(model.names, options.terms);
  const names = options.terms ? options.terms.map((t) => t.name) : [...model.names];
  let kept = [...columns.keys()];
  let { coefficients, covariance } = model;
  const removed: { term: string; individual: ChiSquareTest; residual: ChiSquareTest }[] = [];
  let statistic = 0;
  let df = 0;
  while (kept.length > 0) {
    const trials = kept.map((term) => {
      const reduced = reduceEstimate(coefficients, covariance, columns[term]);
      return { term, reduced, individual: chiSquareTest(reduced.statistic, reduced.df) };
    });
    const cost = ({ individual }: (typeof trials)[number]) =>
      rule === 'aic' ? individual.statistic - 2 * individual.df : -individual.p;
    const next = trials.reduce((least, trial) => (cost(trial) < cost(least) ? trial : least));
    const residual = chiSquareTest(statistic + next.individual.statistic, df + next.individual.df);
    const judged = judge === 'residual' ? residual : next.individual;
    if (rule === 'aic' ? judged.statistic - 2 * judged.df > 0 : judged.p < threshold) break;
    statistic = residual.statistic;
    df = residual.df;
    kept = kept.filter((t) => t !== next.term);
    coefficients = next.reduced.coefficients;
    covariance = next.reduced.covariance;
    removed.push({ term: names[next.term], individual: next.individual, residual });
  }
  return { removed, terms: kept.map((t) => names[t]), coefficients };
}
