import {
  chiSquaredTest,
  fisherTest,
  mannWhitney,
  moments,
  quantiles,
  shapiroWilk,
  tTest,
} from '../statistics/index.ts';
import type { CovariateColumn } from './cohort-table.ts';
import type { Subset } from './prognosis-event.ts';

/** One line of Table 1: a characteristic in training and in validation, and whether they differ. */
export type TableOneRow = NumericCharacteristic | CategoricalCharacteristic;

export interface NumericCharacteristic {
  readonly kind: 'NUMERIC';
  readonly name: string;
  readonly training: NumericSummary;
  readonly validation: NumericSummary;
  /** Student's t where both groups pass for normal at 0.05, else Mann–Whitney; null where neither can be made. */
  readonly test: 'T' | 'MANN_WHITNEY' | null;
  readonly p: number | null;
}

export interface NumericSummary {
  readonly patients: number;
  readonly missing: number;
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  readonly median: number | null;
  readonly lowerQuartile: number | null;
  readonly upperQuartile: number | null;
  /** Of the Shapiro–Wilk test. */
  readonly normalityP: number | null;
}

export interface CategoricalCharacteristic {
  readonly kind: 'CATEGORICAL';
  readonly name: string;
  readonly levels: readonly LevelCount[];
  readonly missing: { readonly training: number; readonly validation: number };
  /** Fisher's exact test where an expected count is below 5 (Cochran 1954), else χ², 2 × 2 with Yates' correction. */
  readonly test: 'CHI_SQUARED' | 'FISHER' | null;
  readonly p: number | null;
}

export interface LevelCount {
  readonly level: string;
  readonly training: number;
  readonly validation: number;
}

/**
 * Table 1 of a study: each covariate in training and validation. Numbers are summarised by mean and standard deviation
 * and by median and quartiles (type 7), levels by counts; missing values are counted and left out.
 */
export function tableOne(
  covariates: readonly CovariateColumn[],
  subsets: readonly (Subset | null)[],
): TableOneRow[] {
  return covariates.map((column) =>
    column.kind === 'NUMERIC' ? numericRow(column, subsets) : categoricalRow(column, subsets),
  );
}

function numericRow(
  column: Extract<CovariateColumn, { kind: 'NUMERIC' }>,
  subsets: readonly (Subset | null)[],
): NumericCharacteristic {
  const { name } = column;
  const [a, b] = (['TRAINING', 'VALIDATION'] as const).map((subset) =>
    column.values.filter((_value, row) => subsets[row] === subset),
  );
  const [x, y] = [a, b].map((values) => values.filter((value) => !Number.isNaN(value)));
  const training = summarise(x, a.length);
  const validation = summarise(y, b.length);
  const row = { kind: 'NUMERIC', name, training, validation } as const;
  if (x.length < 2 || y.length < 2) return { ...row, test: null, p: null };
  const isNormal = (summary: NumericSummary) => summary.normalityP !== null && summary.normalityP > 0.05;
  if (isNormal(training) && isNormal(validation)) {
    return { ...row, test: 'T', p: tTest(x, y, { variance: 'pooled' }).p };
  }
  const { p } = mannWhitney(x, y);
  return { ...row, test: p === null ? null : 'MANN_WHITNEY', p };
}

function summarise(values: Float64Array, patients: number): NumericSummary {
  const n = values.length;
  if (n === 0) {
    const none = {
      mean: null,
      standardDeviation: null,
      median: null,
      lowerQuartile: null,
      upperQuartile: null,
    };
    return { patients, missing: patients, ...none, normalityP: null };
  }
  const { mean, variance } = moments(values);
  const [lowerQuartile, median, upperQuartile] = quantiles(values, [0.25, 0.5, 0.75]);
  return {
    patients,
    missing: patients - n,
    mean,
    standardDeviation: variance === null ? null : Math.sqrt(variance),
    median,
    lowerQuartile,
    upperQuartile,
    normalityP: n >= 3 && n <= 5000 ? shapiroWilk(values).p : null,
  };
}

function categoricalRow(
  column: Extract<CovariateColumn, { kind: 'CATEGORICAL' }>,
  subsets: readonly (Subset | null)[],
): CategoricalCharacteristic {
  const count = (subset: Subset, code: number) =>
    column.codes.reduce((sum, c, row) => sum + (subsets[row] === subset && c === code ? 1 : 0), 0);
  const levels = column.levels.map((level, code) => ({
    level,
    training: count('TRAINING', code),
    validation: count('VALIDATION', code),
  }));
  const missing = { training: count('TRAINING', -1), validation: count('VALIDATION', -1) };
  return { kind: 'CATEGORICAL', name: column.name, levels, missing, ...independence(levels) };
}

function independence(levels: readonly LevelCount[]): Pick<CategoricalCharacteristic, 'test' | 'p'> {
  const table = levels
    .filter(({ training, validation }) => training + validation > 0)
    .map(({ training, validation }) => [training, validation]);
  const isComparable = table.length >= 2 && [0, 1].every((side) => table.some((counts) => counts[side] > 0));
  if (!isComparable) return { test: null, p: null };
  const { p, leastExpected } = chiSquaredTest(table);
  return leastExpected < 5 ? { test: 'FISHER', p: fisherTest(table).p } : { test: 'CHI_SQUARED', p };
}
