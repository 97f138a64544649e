import { Failure } from '../failure.ts';
import { axisTicks } from './axis-ticks.ts';
import type { Covariates } from './covariates.ts';
import type { CoxFit } from './cox-fit.ts';

/** The 0/1 columns of a factor: one for each level but the first, which is the reference. */
export interface FactorColumns {
  readonly name: string;
  readonly levels: readonly string[];
  /** Names of the covariates of levels 1, 2, …: one fewer than there are levels. */
  readonly covariates: readonly string[];
}

export interface NomogramTick {
  /** The level, or the value as text. */
  readonly label: string;
  /** Null for a level. */
  readonly value: number | null;
  /** To the linear predictor: coefficient · value. */
  readonly contribution: number;
  readonly points: number;
}

export interface NomogramAxis {
  readonly name: string;
  readonly kind: 'numeric' | 'factor';
  readonly covariates: readonly string[];
  readonly coefficients: readonly number[];
  /** Of the contributions on the axis; `least` has 0 points. */
  readonly least: number;
  readonly greatest: number;
  readonly ticks: readonly NomogramTick[];
}

/** An axis before the scale of points is known. */
type Line = Omit<NomogramAxis, 'ticks'> & { readonly ticks: readonly Omit<NomogramTick, 'points'>[] };

/** A numeric variable with no more distinct values than this has its ticks at them. */
const MOST_VALUES = 10;

/**
 * The axes of a model's variables in the order of its covariates, a factor where its first column stands.
 *
 * @throws Failure COVARIATE_INVALID, LENGTH_MISMATCH; see `nomogram`.
 */
export function nomogramAxes(
  model: CoxFit,
  covariates: Covariates,
  factors: readonly FactorColumns[],
): Line[] {
  const factorOf = new Map<string, FactorColumns>();
  for (const factor of factors) {
    checkFactor(factor, covariates);
    for (const name of factor.covariates) {
      if (factorOf.has(name)) throw invalid(name, `Covariate ${name} belongs to two factors.`);
      factorOf.set(name, factor);
    }
  }
  return model.names.flatMap((name, j) => {
    const factor = factorOf.get(name);
    if (!factor) return numericLine(name, model.coefficients[j], covariates.columns[j]);
    return factor.covariates[0] === name ? factorLine(factor, model) : [];
  });
}

function numericLine(name: string, coefficient: number, column: Float64Array): Line {
  const values = ticksOf(column);
  const ticks = values.map((value) => ({ label: String(value), value, contribution: coefficient * value }));
  return line(name, 'numeric', [name], [coefficient], ticks);
}

function factorLine({ name, levels, covariates }: FactorColumns, model: CoxFit): Line {
  const coefficients = covariates.map((covariate) => model.coefficients[model.names.indexOf(covariate)]);
  const ticks = levels.map((label, l) => ({
    label,
    value: null,
    contribution: l === 0 ? 0 : coefficients[l - 1],
  }));
  return line(name, 'factor', covariates, coefficients, ticks);
}

function line(
  name: string,
  kind: 'numeric' | 'factor',
  covariates: readonly string[],
  coefficients: readonly number[],
  ticks: Line['ticks'],
): Line {
  const contributions = ticks.map((tick) => tick.contribution);
  const least = Math.min(...contributions);
  const greatest = Math.max(...contributions);
  return { name, kind, covariates, coefficients, least, greatest, ticks };
}

function ticksOf(column: Float64Array): number[] {
  const values = new Set<number>();
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < column.length; i++) {
    const x = column[i];
    if (values.size <= MOST_VALUES) values.add(x);
    if (x < least) least = x;
    if (x > most) most = x;
  }
  return values.size > MOST_VALUES ? axisTicks(least, most) : [...values].sort((a, b) => a - b);
}

function checkFactor({ name, levels, covariates }: FactorColumns, design: Covariates): void {
  if (covariates.length !== levels.length - 1 || covariates.length === 0) {
    const message = `Factor ${name} has ${levels.length} levels, but ${covariates.length} covariates, not one fewer.`;
    throw new Failure('LENGTH_MISMATCH', message, {
      factor: name,
      levels: levels.length,
      covariates: covariates.length,
    });
  }
  for (const covariate of covariates) {
    const column = design.columns[design.names.indexOf(covariate)];
    if (!column)
      throw invalid(covariate, `Factor ${name} names the covariate ${covariate}, which is not there.`);
    const other = column.find((x) => x !== 0 && x !== 1);
    if (other !== undefined)
      throw invalid(covariate, `Covariate ${covariate} of factor ${name} has the value ${other}.`);
  }
}

function invalid(covariate: string, message: string): Failure {
  return new Failure('COVARIATE_INVALID', message, { covariate });
}
