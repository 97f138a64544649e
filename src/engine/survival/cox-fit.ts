import { normal } from '../statistics/normal.ts';
import type { Warning } from '../warning.ts';
import { type ChiSquareTest, chiSquareTest } from './chi-square-test.ts';
import type { Covariates, StandardColumn } from './covariates.ts';
import type { CoxPoint } from './cox-newton.ts';
import type { Ties } from './hazard.ts';
import type { RiskSets } from './risk-sets.ts';
import { quadraticInverse, sandwich } from './robust-covariance.ts';

/** A fitted Cox model: plain values, independent of the data it was fitted to. */
export interface CoxFit {
  readonly ties: Ties;
  /** Rows, counting those of weight 0, and events among the others. */
  readonly n: number;
  readonly events: number;
  /** Every covariate asked for, in order; the arrays below follow it. */
  readonly names: readonly string[];
  /** Log hazard ratios; 0 for a covariate that was dropped. */
  readonly coefficients: Float64Array;
  readonly standardErrors: Float64Array;
  /** Covariance of the coefficients, row-major; rows and columns of 0 for those dropped. */
  readonly covariance: Float64Array;
  /** Whether the covariance, and what follows from it, is the sandwich; the inverse information beside it then. */
  readonly robust: boolean;
  readonly naiveCovariance: Float64Array;
  /** Where linear predictors are 0: the (weighted) mean, but 0 for a column of nothing but −1, 0 and 1, as R has it. */
  readonly means: Float64Array;
  readonly terms: readonly CoxTerm[];
  readonly logLikelihood: { readonly null: number; readonly model: number };
  readonly likelihoodRatio: ChiSquareTest;
  readonly wald: ChiSquareTest;
  readonly score: ChiSquareTest;
  /** The score test with the spread of the score residuals for its variance; null without robust errors. */
  readonly robustScore: ChiSquareTest | null;
  /** −2 log L + 2 df, and −2 log L + log(events) df. */
  readonly aic: number;
  readonly bic: number;
  readonly converged: boolean;
  readonly iterations: number;
  /** Covariates left out: constant, or a combination of others. */
  readonly dropped: readonly string[];
  /** Covariates whose coefficient has no finite maximum. */
  readonly infinite: readonly string[];
  readonly warnings: readonly Warning[];
}

/** One covariate's line of the table; null throughout where it was dropped. */
export interface CoxTerm {
  readonly name: string;
  readonly coefficient: number | null;
  readonly standardError: number | null;
  readonly z: number | null;
  /** Two-sided, of the Wald test. */
  readonly p: number | null;
  readonly hazardRatio: number | null;
  /** Confidence limits of the hazard ratio. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What the iteration found, in units of the standardised columns that were kept. */
export interface CoxSolution {
  readonly beta: Float64Array;
  readonly nullLogLikelihood: number;
  readonly scoreTest: number;
  readonly iterations: number;
  readonly converged: boolean;
  readonly infinite: readonly number[];
}

interface Context extends CoxSolution {
  readonly covariates: Covariates;
  readonly kept: readonly number[];
  readonly columns: readonly StandardColumn[];
  readonly sets: RiskSets;
  readonly rows: number;
  readonly events: number;
  readonly ties: Ties;
  readonly level: number;
  readonly point: CoxPoint;
  readonly start: Float64Array;
  readonly robust: { readonly score: number; readonly spread: Float64Array } | null;
}

/** Turns a solution back into the covariates' own units and adds the tests. */
export function describeFit(context: Context): CoxFit {
  const { kept, columns, sets, point, beta, start, events } = context;
  const { names } = context.covariates;
  const p = names.length;
  const naive = point.covariance();
  const inner = context.robust ? sandwich(naive, context.robust.spread, kept.length) : naive;
  const coefficients = new Float64Array(p);
  const standardErrors = new Float64Array(p);
  const covariance = new Float64Array(p * p);
  const naiveCovariance = new Float64Array(p * p);
  kept.forEach((j, a) => {
    const scale = columns[j].scale;
    coefficients[j] = beta[a] * scale;
    standardErrors[j] = Math.sqrt(inner[a * kept.length + a]) * scale;
    kept.forEach((k, b) => {
      covariance[j * p + k] = inner[a * kept.length + b] * scale * columns[k].scale;
      naiveCovariance[j * p + k] = naive[a * kept.length + b] * scale * columns[k].scale;
    });
  });
  const df = kept.length;
  const logLikelihood = { null: context.nullLogLikelihood, model: point.logLikelihood };
  const moved = Float64Array.from(kept, (j, a) => beta[a] - start[j]);
  const dropped = names.filter((_, j) => !kept.includes(j));
  const infinite = context.infinite.map((a) => names[kept[a]]);
  return {
    ties: context.ties,
    n: context.rows,
    events,
    names,
    coefficients,
    standardErrors,
    covariance,
    robust: context.robust !== null,
    naiveCovariance,
    means: Float64Array.from(columns, ({ center }, j) =>
      referenceMean(context.covariates.columns[j], sets.rows, center),
    ),
    terms: names.map((name, j) =>
      kept.includes(j) ? term(name, coefficients[j], standardErrors[j], context.level) : absentTerm(name),
    ),
    logLikelihood,
    likelihoodRatio: chiSquareTest(2 * (logLikelihood.model - logLikelihood.null), df),
    wald: chiSquareTest(context.robust ? quadraticInverse(inner, moved) : point.quadratic(moved), df),
    score: chiSquareTest(context.scoreTest, df),
    robustScore: context.robust && chiSquareTest(context.robust.score, df),
    aic: -2 * logLikelihood.model + 2 * df,
    bic: -2 * logLikelihood.model + Math.log(events) * df,
    converged: context.converged,
    iterations: context.iterations,
    dropped,
    infinite,
    warnings: fitWarnings(dropped, infinite, context.converged, context.iterations),
  };
}

function referenceMean(column: Float64Array, rows: Int32Array, mean: number): number {
  for (let i = 0; i < rows.length; i++) {
    const x = column[rows[i]];
    if (x !== 0 && x !== 1 && x !== -1) return mean;
  }
  return 0;
}

function term(name: string, coefficient: number, standardError: number, level: number): CoxTerm {
  const z = coefficient / standardError;
  const half = normal.upperQuantile((1 - level) / 2) * standardError;
  return {
    name,
    coefficient,
    standardError,
    z,
    p: 2 * normal.upper(Math.abs(z)),
    hazardRatio: Math.exp(coefficient),
    lower: Math.exp(coefficient - half),
    upper: Math.exp(coefficient + half),
  };
}

function absentTerm(name: string): CoxTerm {
  const none = { coefficient: null, standardError: null, z: null, p: null };
  return { name, ...none, hazardRatio: null, lower: null, upper: null };
}

function fitWarnings(
  dropped: readonly string[],
  infinite: readonly string[],
  converged: boolean,
  iterations: number,
): Warning[] {
  const warnings: Warning[] = dropped.map((name) => ({
    code: 'COVARIATE_DROPPED',
    message: `${name} is constant, or a combination of the covariates before it, and was left out.`,
    subject: name,
  }));
  for (const name of infinite) {
    const message = `The likelihood still rises as the coefficient of ${name} goes to infinity.`;
    warnings.push({ code: 'SEPARATION', message, subject: name });
  }
  if (!converged && infinite.length === 0) {
    warnings.push({ code: 'NOT_CONVERGED', message: `Not at the maximum after ${iterations} Newton steps.` });
  }
  return warnings;
}
