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
  /** What the ridge penalty adds; null without one. */
  readonly ridge: RidgeFit | null;
  /** Where linear predictors are 0: the (weighted) mean, but 0 for a column of nothing but −1, 0 and 1, as R has it. */
  readonly means: Float64Array;
  readonly terms: readonly CoxTerm[];
  /** Without the penalty, also where there is one; so are the tests' statistics but for Wald's. */
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

/**
 * Of a fit with a ridge penalty, whose `covariance` is (I + P)⁻¹, I the information and P the penalty's second
 * derivative. Wald's and the likelihood-ratio test, and the AIC and BIC, count effective degrees of freedom.
 */
export interface RidgeFit {
  /** ½ Σ θ v β² at the estimate. */
  readonly penalty: number;
  /**
   * Of each covariate, the diagonal of I (I + P)⁻¹: 1 unpenalised, towards 0 as the penalty grows; and their sum (Gray
   * 1992). R adds up a trace for each term of the formula instead, which is the same where all are in one `ridge` term.
   */
  readonly termDf: Float64Array;
  readonly df: number;
  /** The other form of the covariance, (I + P)⁻¹ I (I + P)⁻¹, row-major: that of the estimates about their mean. */
  readonly sampling: Float64Array;
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
  /** Confidence limits of the hazard ratio; the upper one may be Infinity (past 1.8e308) where the covariate separates. */
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
  /** The score test without the penalty; null where there is none. */
  readonly unpenalisedScore: ChiSquareTest | null;
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
  const ridge = describeRidge(context, naive);
  const df = ridge ? ridge.df : kept.length;
  const logLikelihood = {
    null: context.nullLogLikelihood + point.penalty(Float64Array.from(kept, (j) => start[j])),
    model: point.logLikelihood + point.penalty(beta),
  };
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
    ridge,
    means: Float64Array.from(columns, ({ center }, j) =>
      referenceMean(context.covariates.columns[j], sets.rows, center),
    ),
    terms: names.map((name, j) =>
      kept.includes(j) ? term(name, coefficients[j], standardErrors[j], context.level) : absentTerm(name),
    ),
    logLikelihood,
    likelihoodRatio: chiSquareTest(2 * (logLikelihood.model - logLikelihood.null), df),
    wald: chiSquareTest(context.robust ? quadraticInverse(inner, moved) : point.quadratic(moved), df),
    score: context.unpenalisedScore ?? chiSquareTest(context.scoreTest, df),
    robustScore: context.robust && chiSquareTest(context.robust.score, kept.length),
    aic: -2 * logLikelihood.model + 2 * df,
    bic: -2 * logLikelihood.model + Math.log(events) * df,
    converged: context.converged,
    iterations: context.iterations,
    dropped,
    infinite,
    warnings: fitWarnings(dropped, infinite, context.converged, context.iterations),
  };
}

function describeRidge(
  { kept, columns, point, beta, covariates }: Context,
  inverse: Float64Array,
): RidgeFit | null {
  const { ridge } = point;
  if (!ridge) return null;
  const p = covariates.names.length;
  const m = kept.length;
  const termDf = new Float64Array(p);
  const sampling = new Float64Array(p * p);
  kept.forEach((j, a) => {
    termDf[j] = Math.max(0, 1 - ridge[a] * inverse[a * m + a]);
    kept.forEach((k, b) => {
      // V I V = V − V P V.
      let sum = inverse[a * m + b];
      for (let c = 0; c < m; c++) sum -= inverse[a * m + c] * ridge[c] * inverse[c * m + b];
      sampling[j * p + k] = sum * columns[j].scale * columns[k].scale;
    });
  });
  // Below the rounding of their differences from 1 the coefficients are held at 0, and nothing is tested.
  const df = termDf.reduce((sum, d) => sum + d, 0);
  return { penalty: point.penalty(beta), termDf, df: df < 1e-12 ? 0 : df, sampling };
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
