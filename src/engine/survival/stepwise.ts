import { chiSquareTest } from './chi-square-test.ts';
import type { Covariates } from './covariates.ts';
import { type CoxOptions, fitCox } from './cox.ts';
import type { CoxFit } from './cox-fit.ts';
import { type ModelTerm, reduceEstimate, termColumns } from './model-terms.ts';
import type { SurvivalData } from './survival-data.ts';

export interface StepwiseOptions extends Pick<CoxOptions, 'ties' | 'offset' | 'level'> {
  /** Backward from all terms (default), forward from none, or both ways from none. */
  readonly direction?: 'backward' | 'forward' | 'both';
  /** Penalty of a degree of freedom in −2 log L + k df; default 2, the AIC. */
  readonly penalty?: number;
  /** Covariates that move together; default each by itself. */
  readonly terms?: readonly ModelTerm[];
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
  let kept = direction === 'backward' ? [...search.columns.keys()] : [];
  let model = search.fit(kept);
  const steps: StepwiseStep[] = [describe(null, null, model, penalty)];
  for (;;) {
    const now = steps[steps.length - 1].criterion;
    let best: { step: StepwiseStep; kept: number[]; model: CoxFit } | null = null;
    for (let t = 0; t < search.columns.length; t++) {
      const inside = kept.includes(t);
      if (inside ? direction === 'forward' : direction === 'backward') continue;
      const changed = inside ? kept.filter((k) => k !== t) : [...kept, t];
      const trial = search.fit(changed);
      const step = describe(inside ? 'remove' : 'add', search.names[t], trial, penalty);
      if (!best || step.criterion < best.step.criterion) best = { step, kept: changed, model: trial };
    }
    if (!best || best.step.criterion >= now - 1e-7) break;
    steps.push(best.step);
    kept = best.kept;
    model = best.model;
  }
  return { steps, terms: kept.map((t) => search.names[t]), model };
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
  let kept = [...search.columns.keys()];
  let model = search.fit(kept);
  const removed: { term: string; p: number }[] = [];
  while (kept.length > 0) {
    let worst: { term: number; p: number } | null = null;
    for (const t of kept) {
      const p = test === 'wald' ? search.waldP(model, t) : search.likelihoodRatioP(model, kept, t);
      if (!worst || p > worst.p) worst = { term: t, p };
    }
    if (!worst || !(worst.p > threshold)) break;
    const { term, p } = worst;
    const rest = kept.filter((k) => k !== term);
    model = search.fit(rest);
    kept = rest;
    removed.push({ term: search.names[term], p });
  }
  return { removed, terms: kept.map((t) => search.names[t]), model };
}

/** Fits of sets of terms. */
class TermSearch {
  readonly columns: number[][];
  readonly names: string[];
  private readonly data: SurvivalData;
  private readonly covariates: Covariates;
  private readonly options: StepwiseOptions;

  constructor(data: SurvivalData, covariates: Covariates, options: StepwiseOptions) {
    this.data = data;
    this.covariates = covariates;
    this.options = options;
    this.columns = termColumns(covariates.names, options.terms);
    this.names = options.terms ? options.terms.map((t) => t.name) : [...covariates.names];
  }

  fit(kept: readonly number[]): CoxFit {
    const columns = kept.flatMap((t) => this.columns[t]);
    const { ties, offset, level } = this.options;
    const names = columns.map((j) => this.covariates.names[j]);
    const design = { names, columns: columns.map((j) => this.covariates.columns[j]) };
    return fitCox(this.data, design, {
      ...(ties ? { ties } : {}),
      ...(offset ? { offset } : {}),
      ...(level ? { level } : {}),
    });
  }

  waldP(model: CoxFit, term: number): number {
    const drop = this.columns[term].map((j) => model.names.indexOf(this.covariates.names[j]));
    const { statistic, df } = reduceEstimate(model.coefficients, model.covariance, drop);
    return chiSquareTest(statistic, df).p;
  }

  likelihoodRatioP(model: CoxFit, kept: readonly number[], term: number): number {
    const rest = this.fit(kept.filter((k) => k !== term));
    const df = model.likelihoodRatio.df - rest.likelihoodRatio.df;
    return chiSquareTest(2 * (model.logLikelihood.model - rest.logLikelihood.model), df).p;
  }
}

function describe(
  action: StepwiseStep['action'],
  term: string | null,
  model: CoxFit,
  penalty: number,
): StepwiseStep {
  const df = model.likelihoodRatio.df;
  const logLikelihood = model.logLikelihood.model;
  return { action, term, df, logLikelihood, criterion: -2 * logLikelihood + penalty * df };
}
