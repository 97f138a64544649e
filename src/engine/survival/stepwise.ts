import { chiSquareTest } from './chi-square-test.ts';
import type { Covariates } from './covariates.ts';
import type { CoxFit } from './cox-fit.ts';
import { reduceEstimate } from './model-terms.ts';
import type { SurvivalData } from './survival-data.ts';
import { type FittedTerms, TermSearch, type TermSearchOptions } from './term-search.ts';

export interface StepwiseOptions extends TermSearchOptions {
  /** Backward from all terms (default), forward from none, or both ways from none. */
  readonly direction?: 'backward' | 'forward' | 'both';
  /** Penalty of a degree of freedom in −2 log L + k df; default 2, the AIC. */
  readonly penalty?: number;
}

export interface StepwiseStep {
  /** What was done, null for the start, and to which term. */
  readonly action: 'add' | 'remove' | null;
  readonly term: string | null;
  readonly df: number;
  readonly logLikelihood: number;
  /** −2 log L + k df. */
  readonly criterion: number;
}

export interface StepwiseResult {
  readonly steps: readonly StepwiseStep[];
  /** The terms kept, in the order of the data (backward) or of their coming. */
  readonly terms: readonly string[];
  readonly model: CoxFit;
}

/**
 * Stepwise selection of a Cox model by an information criterion: the best single change as long as it lowers
 * −2 log L + k df.
 *
 * Reference: R, `step` on `coxph`.
 *
 * @throws Failure of `fitCox`; COVARIATE_INVALID for a term that names no covariate.
 */
export function stepwiseCox(
  data: SurvivalData,
  covariates: Covariates,
  options: StepwiseOptions = {},
): StepwiseResult {
  const { direction = 'backward', penalty = 2 } = options;
  const search = new TermSearch(data, covariates, options);
  const all = [...search.columns.keys()];
  const kept = direction === 'backward' ? all : [];
  const model = search.model(kept);
  let now = search.fitted(kept, model);
  const steps: StepwiseStep[] = [describe(null, null, now, penalty)];
  for (;;) {
    const inside = now.terms;
    const changes = all.flatMap((term) => {
      if (!inside.includes(term)) return direction === 'backward' ? [] : [{ term, terms: [...inside, term] }];
      return direction === 'forward' ? [] : [{ term, terms: inside.filter((t) => t !== term) }];
    });
    const neighbours: (readonly number[])[] = changes.map(({ terms }) => terms);
    const best = search.best(now, neighbours, penalty);
    if (!best) break;
    const { term } = changes[neighbours.indexOf(best.terms)];
    const step = describe(inside.includes(term) ? 'remove' : 'add', search.names[term], best, penalty);
    if (step.criterion >= steps[steps.length - 1].criterion - 1e-7) break;
    steps.push(step);
    now = best;
  }
  const terms = now.terms.map((t) => search.names[t]);
  return { steps, terms, model: steps.length === 1 ? model : search.model(now.terms) };
}

export interface EliminationResult {
  readonly removed: readonly { readonly term: string; readonly p: number }[];
  readonly terms: readonly string[];
  readonly model: CoxFit;
}

/**
 * Backward elimination by p-value: the term with the greatest p is removed and the model fitted anew, while that p is
 * above the threshold.
 */
export function eliminateByP(
  data: SurvivalData,
  covariates: Covariates,
  options: StepwiseOptions & {
    readonly threshold?: number;
    readonly test?: 'wald' | 'likelihood-ratio';
  } = {},
): EliminationResult {
  const { threshold = 0.05, test = 'wald' } = options;
  const search = new TermSearch(data, covariates, options);
  let kept: readonly number[] = [...search.columns.keys()];
  let model = search.model(kept);
  const removed: { term: string; p: number }[] = [];
  while (kept.length > 0) {
    const tests = test === 'wald' ? waldTests(search, kept, model) : ratioTests(search, kept, model);
    const worst = tests.reduce((most, next) => (next.p > most.p ? next : most));
    if (!(worst.p > threshold)) break;
    kept = worst.rest;
    model = search.model(kept);
    removed.push({ term: search.names[worst.term], p: worst.p });
  }
  return { removed, terms: kept.map((t) => search.names[t]), model };
}

interface RemovalTest {
  readonly term: number;
  readonly rest: readonly number[];
  readonly p: number;
}

function waldTests(search: TermSearch, kept: readonly number[], model: CoxFit): RemovalTest[] {
  let next = 0;
  return kept.map((term) => {
    const drop = search.columns[term].map(() => next++);
    const { statistic, df } = reduceEstimate(model.coefficients, model.covariance, drop);
    return { term, rest: kept.filter((t) => t !== term), p: chiSquareTest(statistic, df).p };
  });
}

function ratioTests(search: TermSearch, kept: readonly number[], model: CoxFit): RemovalTest[] {
  const now = search.fitted(kept, model);
  const rests = kept.map((term) => kept.filter((t) => t !== term));
  return search.all(now, rests).map(({ df, logLikelihood }, i) => ({
    term: kept[i],
    rest: rests[i],
    p: chiSquareTest(2 * (now.logLikelihood - logLikelihood), now.df - df).p,
  }));
}

function describe(
  action: StepwiseStep['action'],
  term: string | null,
  { df, logLikelihood }: FittedTerms,
  penalty: number,
): StepwiseStep {
  return { action, term, df, logLikelihood, criterion: -2 * logLikelihood + penalty * df };
}
