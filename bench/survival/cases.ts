import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Covariates,
  concordance,
  crossValidate,
  fitCox,
  kaplanMeier,
  logRank,
  type SurvivalData,
  screenFeatures,
  stepwiseCox,
} from '../../src/engine/survival/index.ts';
import { scratch, type Values } from './peer.ts';

export interface Input {
  readonly data: SurvivalData;
  readonly covariates: Covariates;
  readonly folds: Int32Array;
}

export interface BenchCase {
  readonly name: string;
  /** Of R's timing script. */
  readonly task: string;
  readonly input: string;
  readonly target: number;
  /** R takes over a minute and is run once. */
  readonly long?: boolean;
  run(input: Input): Values;
  /** How far each value may be from R's, relative to the greatest of its list. */
  readonly tolerance: Readonly<Record<string, number>>;
}

// cv.glmnet stops before its maximum; see the README.
const crossValidation = {
  run: ({ data, covariates, folds }: Input) => {
    const { path, mean } = crossValidate(data, covariates, folds);
    return { lambda: path.points.map((p) => p.lambda), mean };
  },
  tolerance: { lambda: 1e-9, mean: 1e-3 },
};

const cox = {
  run: ({ data, covariates }: Input) => {
    const { coefficients, logLikelihood } = fitCox(data, covariates);
    return { coefficients, likelihood: logLikelihood.model };
  },
  tolerance: { coefficients: 1e-7, likelihood: 1e-9 },
};

export const benchCases: readonly BenchCase[] = [
  {
    name: '7,302 univariate Cox fits, n = 103',
    task: 'uni_coxph.fit_7302',
    input: 'uni_103x7302',
    target: 10,
    run: ({ data, covariates }) => {
      const features = screenFeatures(data, covariates);
      return {
        coefficients: features.map((f) => f.coefficient),
        errors: features.map((f) => f.standardError),
        p: features.map((f) => f.wald),
      };
    },
    tolerance: { coefficients: 1e-6, errors: 1e-6, p: 1e-6 },
  },
  {
    name: 'LASSO-Cox, 10-fold CV, n = 73, p = 1,217',
    task: 'cv.glmnet',
    input: 'cv_73x1217',
    target: 5,
    ...crossValidation,
  },
  {
    name: 'LASSO-Cox, 10-fold CV, n = 2,000, p = 1,217',
    task: 'cv.glmnet_2000',
    input: 'cv_2000x1217',
    target: 3,
    long: true,
    ...crossValidation,
  },
  {
    name: 'LASSO-Cox, 10-fold CV, n = 10,000, p = 1,000',
    task: 'cv.glmnet_10000',
    input: 'cv_10000x1000',
    target: 3,
    long: true,
    ...crossValidation,
  },
  {
    name: 'Cox, n = 100,000, p = 20',
    task: 'coxph_100k_20_efron',
    input: 'cox_100000x20',
    target: 2,
    ...cox,
  },
  {
    name: 'Cox, n = 100,000, p = 20, against coxph.fit',
    task: 'coxph.fit_100k_20_efron',
    input: 'cox_100000x20',
    target: 1,
    ...cox,
  },
  {
    name: 'Kaplan–Meier, n = 1,000,000',
    task: 'survfit_1e6',
    input: 'km_1000000',
    target: 5,
    run: ({ data }) => {
      const { survival, lower, upper } = kaplanMeier(data);
      return { survival, lower, upper };
    },
    tolerance: { survival: 1e-12, lower: 1e-12, upper: 1e-12 },
  },
  {
    name: 'log-rank, two groups, n = 1,000,000',
    task: 'survdiff_1e6_2groups',
    input: 'km_1000000',
    target: 5,
    run: ({ data, covariates: { columns } }) => {
      const group = new Int32Array(data.time.length);
      for (let i = 0; i < group.length; i++) group[i] = columns[0][i] > 0 ? 1 : 0;
      return { statistic: logRank(data, group).statistic };
    },
    tolerance: { statistic: 1e-9 },
  },
  {
    name: 'Harrell’s C with its variance, n = 1,000,000',
    task: 'concordance_1e6',
    input: 'km_1000000',
    target: 3,
    run: ({ data, covariates }) => {
      const { concordance: c, standardError } = concordance(data, covariates.columns[0]);
      return { concordance: c, error: standardError };
    },
    tolerance: { concordance: 1e-9, error: 1e-9 },
  },
  ...[
    { n: 300, task: 'step_20_n300' },
    { n: 103, task: 'step_20' },
    { n: 2000, task: 'step_20_n2000' },
  ].map(({ n, task }) => ({
    name: `backward stepwise, 20 variables, n = ${n.toLocaleString('en')}`,
    task,
    input: `step_${n}x20`,
    target: 20,
    run: ({ data, covariates }: Input) => {
      const { terms, model } = stepwiseCox(data, covariates);
      return { terms, coefficients: model.coefficients, likelihood: model.logLikelihood.model };
    },
    tolerance: { coefficients: 1e-6, likelihood: 1e-12 },
  })),
];

/** An input as R's script wrote it. */
export function readInput(name: string, folds: Int32Array): Input {
  const { n, p } = JSON.parse(readFileSync(join(scratch, `${name}.json`), 'utf8')) as {
    n: number;
    p: number;
  };
  const read = (what: string) => {
    const { buffer, byteOffset, byteLength } = readFileSync(join(scratch, `${name}.${what}.f64`));
    return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
  };
  const x = read('x');
  const names = Array.from({ length: p }, (_, j) => `x${j + 1}`);
  return {
    data: { time: read('time'), event: Uint8Array.from(read('status')) },
    covariates: { names, columns: names.map((_, j) => x.slice(j * n, (j + 1) * n)) },
    folds,
  };
}
