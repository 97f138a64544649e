import type { Covariates, FactorColumns, SurvivalData } from '../../src/engine/survival/index.ts';
import { referenceJson } from './reference.ts';
import { factorColumns } from './rms.ts';
import { readTable } from './survival-cases.ts';
import type { ReferenceNumber } from './tally.ts';

type Numbers = readonly number[];
type Names = readonly string[];

/** A Cox model's table, as R gives it. */
export interface GoldenCox {
  readonly n: number;
  readonly nevent: number;
  readonly terms: Names;
  readonly coef: Numbers;
  readonly se: Numbers;
  readonly z: Numbers;
  readonly p: Numbers;
  readonly hr_lower95: Numbers;
  readonly hr_upper95: Numbers;
  readonly loglik: number;
  readonly aic: number;
}

export interface GoldenGroups {
  readonly groups: Names;
  readonly n: Numbers;
  readonly observed: Numbers;
  readonly expected: Numbers;
  readonly chisq: number;
  readonly logrank_p: number;
  readonly median: readonly ReferenceNumber[];
  readonly median_lower: readonly ReferenceNumber[];
  readonly median_upper: readonly ReferenceNumber[];
  readonly at_years: {
    readonly time: Numbers;
    readonly strata: Names;
    readonly surv: Numbers;
    readonly lower: readonly ReferenceNumber[];
    readonly upper: readonly ReferenceNumber[];
    readonly n_risk: Numbers;
  };
}

export interface GoldenConcordance {
  readonly c: number;
  readonly se: number;
  readonly ci95: Numbers;
}

export interface GoldenContinuous {
  readonly variable: string;
  readonly train: Readonly<Record<'mean' | 'sd' | 'median' | 'q1' | 'q3', number>>;
  readonly validation: Readonly<Record<'mean' | 'sd' | 'median' | 'q1' | 'q3', number>>;
  readonly t_welch_p: number;
  readonly t_pooled_p: number;
  readonly mann_whitney_p: number;
  readonly shapiro_train_p: number;
  readonly shapiro_validation_p: number;
}

export interface GoldenCategorical {
  readonly variable: string;
  readonly levels: Names;
  readonly train: Numbers;
  readonly validation: Numbers;
  readonly chisq_p: number;
  readonly chisq_nocorrect_p: number;
  readonly fisher_p: number;
  readonly min_expected: number;
}

export interface GoldenCalibration {
  readonly years: number;
  readonly cuts: Numbers;
  readonly mean_predicted: Numbers;
  readonly n: Numbers;
  readonly km: Numbers;
  readonly std_err_logS: readonly ReferenceNumber[];
}

interface Subsets<Value> {
  readonly train: Value;
  readonly validation: Value;
}

export interface GoldenStudy {
  readonly icc21: Numbers;
  readonly icc11: Numbers;
  readonly icc31: Numbers;
  readonly stage1_kept: Names;
  readonly univariate: { readonly coef: Numbers; readonly se: Numbers; readonly p: Numbers };
  readonly stage2_kept: Names;
  readonly shapiro: { readonly w: Numbers; readonly p: Numbers };
  readonly stage3_kept: Names;
  readonly stage3_order_of_keeping: Names;
  readonly lasso: {
    readonly lambda: Numbers;
    readonly cvm: Numbers;
    readonly cvsd: Numbers;
    readonly lambda_min: number;
    readonly lambda_1se: number;
    readonly selected: Names;
    readonly coef: Numbers;
  };
  readonly zscore: { readonly mean: Numbers; readonly sd: Numbers };
  readonly radscore: Numbers;
  readonly cutpoint: number;
  readonly cutpoint_statistic: number;
  readonly cutpoint_p_lau92: number;
  readonly risk: readonly ('high' | 'low')[];
  readonly km_train: GoldenGroups;
  readonly km_validation: GoldenGroups;
  readonly cindex_radscore: Subsets<GoldenConcordance>;
  readonly n_complete: Subsets<number>;
  readonly univariate_clinical: readonly (GoldenCox & { readonly term: string })[];
  readonly multivariate_full: GoldenCox;
  readonly backward: {
    readonly path: Names;
    readonly aic: Numbers;
    readonly terms: Names;
    readonly model: GoldenCox;
  };
  readonly nomogram: {
    readonly points_per_unit_lp: number;
    readonly variables: Readonly<
      Record<
        string,
        { readonly values: readonly (number | string)[]; readonly xbeta: Numbers; readonly points: Numbers }
      >
    >;
    readonly coef: Readonly<Record<string, number>>;
    readonly center: number;
    readonly baseline_survival_at_center: Readonly<Record<string, number>>;
    readonly lp_train: Numbers;
    readonly lp_validation: Numbers;
    readonly survival_validation: Readonly<Record<string, Numbers>>;
  };
  readonly cindex_nomogram: Subsets<GoldenConcordance>;
  readonly calibration_apparent: readonly GoldenCalibration[];
  readonly table1: readonly (GoldenContinuous | GoldenCategorical)[];
}

interface GoldenCase {
  readonly id: string;
  readonly data: string;
  readonly inputs: {
    readonly id: string;
    readonly time: string;
    readonly status: string;
    readonly clinical: Names;
    readonly factors: Readonly<Record<string, Names>>;
    readonly years: Numbers;
    readonly unit_per_year: number;
    readonly foldid_train_order: Numbers;
  };
  readonly expected: GoldenStudy;
}

/** One whole study in R: its tables, and what each stage gave. */
export class PipelineGolden {
  readonly id: string;
  readonly inputs: GoldenCase['inputs'];
  readonly expected: GoldenStudy;
  readonly features: Names;
  /** Rows of the clinical table. */
  readonly training: readonly number[];
  readonly validation: readonly number[];
  /** Times in the table's unit. */
  readonly horizons: Numbers;
  readonly factors: readonly FactorColumns[];
  private readonly folder: string;

  constructor({ id, data, inputs, expected }: GoldenCase) {
    this.id = id;
    this.inputs = inputs;
    this.expected = expected;
    this.folder = data.replace(/\{.*$/, '');
    this.features = Object.keys(this.table('features1')).filter((name) => name !== inputs.id);
    const split = this.clinical('split');
    this.training = [...split.keys()].filter((row) => split[row] === 'train');
    this.validation = [...split.keys()].filter((row) => split[row] === 'validation');
    this.horizons = inputs.years.map((year) => year * inputs.unit_per_year);
    this.factors = factorColumns(inputs);
  }

  static all(): PipelineGolden[] {
    const { cases } = referenceJson<{ cases: GoldenCase[] }>('survival/pipeline/pipeline.json');
    return cases.map((c) => new PipelineGolden(c));
  }

  clinical(name: string): readonly (number | string | null)[] {
    return this.table('clinical')[name];
  }

  survival(rows: readonly number[]): SurvivalData {
    const time = this.clinical(this.inputs.time);
    const event = this.clinical(this.inputs.status);
    return {
      time: Float64Array.from(rows, (row) => Number(time[row])),
      event: Uint8Array.from(rows, (row) => Number(event[row])),
    };
  }

  /** A feature by the first reader, or by both for the patients whom both have read. */
  feature(name: string): Float64Array {
    return Float64Array.from(this.table('features1')[name], Number);
  }

  readings(name: string): [number, number][] {
    const ids = this.table('features1')[this.inputs.id];
    const second = this.table('features2');
    const first = this.table('features1')[name];
    return second[this.inputs.id].map((id, i) => [Number(first[ids.indexOf(id)]), Number(second[name][i])]);
  }

  /** Those of the rows whose clinical covariates are all known. */
  complete(rows: readonly number[]): number[] {
    const { clinical, factors } = this.inputs;
    return rows.filter((row) =>
      clinical.every((name) => {
        const value = this.clinical(name)[row];
        return value !== null && (!factors[name] || factors[name].includes(String(value)));
      }),
    );
  }

  /** The design columns of one clinical variable. */
  clinicalColumns(name: string, rows: readonly number[]): Covariates {
    const column = this.clinical(name);
    const factor = this.factors.find((f) => f.name === name);
    if (!factor) return { names: [name], columns: [Float64Array.from(rows, (row) => Number(column[row]))] };
    return {
      names: factor.covariates,
      columns: factor.levels
        .slice(1)
        .map((level) => Float64Array.from(rows, (row) => (column[row] === level ? 1 : 0))),
    };
  }

  private table(name: string) {
    return readTable(`${this.folder}${name}.csv`);
  }
}
