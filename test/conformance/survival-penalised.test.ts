import { afterAll, expect, it } from 'vitest';
import {
  type Covariates,
  crossValidate,
  fitCox,
  fitPenalisedCox,
  type PathPoint,
  type SurvivalData,
  type Ties,
} from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { readTable, survivalCases } from '../support/survival-cases.ts';
import { Tally } from '../support/tally.ts';

interface SparseCoefficients {
  readonly k: number;
  readonly index0: readonly number[];
  readonly value: readonly number[];
}

interface Inputs {
  readonly time: string;
  readonly status: string;
  readonly features: readonly string[] | null;
  readonly recipe: string | null;
  readonly n: number;
  readonly p: number;
  readonly weights: string | null;
  readonly start?: string | null;
  readonly strata?: string | null;
  readonly foldid?: readonly number[];
}

interface PathExpected {
  readonly lambda: readonly number[];
  readonly df: readonly number[];
  readonly dev_ratio: readonly number[];
  readonly nulldev: number;
  readonly beta: readonly SparseCoefficients[];
}

interface PathOptions {
  readonly alpha: number;
  readonly ties: Ties;
  readonly standardize: boolean;
  readonly penalty_factor: readonly number[] | null;
}

interface CvExpected {
  readonly lambda: readonly number[];
  readonly cvm: readonly number[];
  readonly cvsd: readonly number[];
  readonly nzero: readonly number[];
  readonly index0_min: number;
  readonly index0_1se: number;
  readonly coef_min: SparseCoefficients;
  readonly coef_1se: SparseCoefficients;
  readonly fold_deviance_raw: readonly (readonly number[])[] | null;
  readonly glmnet_ge_4_1_9?: {
    readonly cvm: readonly number[];
    readonly cvsd: readonly number[];
    readonly index0_1se: number;
  };
}

interface CvOptions {
  readonly alpha: number;
  readonly ties?: Ties;
  readonly type_measure: 'deviance' | 'C';
  readonly grouped: boolean;
  readonly lambda: readonly number[] | null;
}

const tally = new Tally();

/** The inputs that a case names, or describes in its recipe. */
function design(file: string, inputs: Inputs): { data: SurvivalData; covariates: Covariates } {
  const table = readTable(file);
  const first73 = inputs.recipe?.startsWith('rows 1..73') ?? false;
  const clinical = /^(PatientID|age|gender|Histology|[Cc]linical\.|Overall\.)/;
  let names =
    inputs.features ?? Object.keys(table).filter((c) => c !== 'time' && c !== 'status' && !clinical.test(c));
  if (inputs.recipe?.startsWith('columns 3..1219')) names = names.slice(0, 1217);
  const rows = first73 ? 73 : table[names[0]].length;
  expect([rows, names.length]).toEqual([inputs.n, inputs.p]);
  const column = (name: string) => Float64Array.from(table[name].slice(0, rows), Number);
  const scale = file.includes('coxexample') ? 4 : file.includes('lung1') ? 1 / 90 : 1;
  const time = inputs.time === 'mt' ? column('time').map((t) => Math.ceil(t * scale)) : column(inputs.time);
  const data = { time, event: Uint8Array.from(column(inputs.status)) };
  const weights = inputs.weights ? { weights: time.map((_, i) => 0.5 + ((i + 1) % 4) * 0.5) } : {};
  const entry = inputs.start ? { entry: column(inputs.start) } : {};
  const strata = inputs.strata ? { strata: Int32Array.from(time, (_, i) => (i + 1) % 3) } : {};
  return {
    data: { ...data, ...weights, ...entry, ...strata },
    covariates: { names, columns: names.map(column) },
  };
}

function compareCoefficients(
  procedure: string,
  id: string,
  what: string,
  point: PathPoint,
  expected: SparseCoefficients,
): void {
  const largest = expected.value.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  expect(Array.from(point.index), `${id} ${what}: the support`).toEqual(expected.index0);
  tally.checkAll(procedure, id, what, point.value, expected.value, { absolute: 1e-7 * largest });
}

describeConformance('Penalised Cox paths equal the exact solutions', () => {
  afterAll(() =>
    tally.print(
      'Elastic-net Cox paths and cross-validation against exact solutions, and glmnet 4.1-6 at threshold 1e-14',
    ),
  );
  const paths = survivalCases<PathExpected, PathOptions>('glmnet/path_exact.json');

  it.each(paths.map((c) => [c.id, c] as const))('path %s', (id, example) => {
    const { expected, options } = example;
    const { data, covariates } = design(example.data ?? '', example.inputs as unknown as Inputs);
    const path = fitPenalisedCox(data, covariates, {
      alpha: options.alpha,
      ties: options.ties,
      standardise: options.standardize,
      tolerance: 1e-11,
      ...(options.penalty_factor ? { penaltyFactors: options.penalty_factor } : {}),
    });
    const check = (what: string, actual: readonly number[], wanted: readonly number[], relative: number) =>
      tally.checkAll('exact path', id, what, actual, wanted, { relative, absolute: 1e-15 });
    check(
      'lambda',
      path.points.map((p) => p.lambda),
      expected.lambda,
      1e-9,
    );
    check(
      'explained',
      path.points.map((p) => p.explained),
      expected.dev_ratio,
      1e-9,
    );
    check('null deviance', [path.nullDeviance], [expected.nulldev], 1e-9);
    check(
      'df',
      path.points.map((p) => p.index.length),
      expected.df,
      0,
    );
    for (const beta of expected.beta)
      compareCoefficients('exact path', id, `λ[${beta.k}]`, path.points[beta.k], beta);
    for (const point of path.points) expect(point.violation).toBeLessThan(1e-9);
    tally.settle();
  });

  const exact = survivalCases<CvExpected, CvOptions>('glmnet/cv_exact.json');

  it.each(exact.map((c) => [c.id, c] as const))('cross-validation %s', (id, example) => {
    const { expected, options } = example;
    const inputs = example.inputs as unknown as Inputs;
    const { data, covariates } = design(example.data ?? '', inputs);
    const settings = { alpha: options.alpha, ties: options.ties ?? 'breslow', tolerance: 1e-11 } as const;
    const folds = Int32Array.from(inputs.foldid ?? []);
    const cv = crossValidate(data, covariates, folds, {
      ...settings,
      ...(options.lambda ? { lambda: options.lambda } : {}),
    });
    // Near saturation the deviance of the rows left out explodes, and with it its condition.
    const upTo = Math.min(expected.lambda.length, expected.index0_min + 21);
    const check = (what: string, actual: ArrayLike<number>, wanted: readonly number[], relative: number) =>
      tally.checkAll(
        'exact cross-validation',
        id,
        what,
        Array.from(actual).slice(0, upTo),
        wanted.slice(0, upTo),
        { relative },
      );
    check('mean', cv.mean, expected.cvm, 1e-6);
    check('standard error', cv.standardError, expected.cvsd, 1e-6);
    cv.foldValues.forEach((values, k) => {
      check(`fold ${k}`, values, expected.fold_deviance_raw?.[k] ?? [], 1e-6);
    });
    expect([cv.best, cv.oneStandardError]).toEqual([expected.index0_min, expected.index0_1se]);
    compareCoefficients(
      'exact cross-validation',
      id,
      'at the best λ',
      cv.path.points[cv.best],
      expected.coef_min,
    );
    compareCoefficients(
      'exact cross-validation',
      id,
      'at one standard error',
      cv.path.points[cv.oneStandardError],
      expected.coef_1se,
    );
    expect(cv.violation).toBeLessThan(1e-7);
    const later = expected.glmnet_ge_4_1_9;
    if (later && !options.lambda && inputs.p === 30) {
      const total = crossValidate(data, covariates, folds, { ...settings, foldWeight: 'total' });
      check('mean by total weight', total.mean, later.cvm, 1e-6);
      check('standard error by total weight', total.standardError, later.cvsd, 1e-6);
      expect(total.oneStandardError).toBe(later.index0_1se);
    }
    tally.settle();
  });

  const cut = survivalCases<PathExpected, PathOptions>('glmnet/path.json').filter((c) =>
    /(strata3|startstop)_tight$/.test(c.id),
  );

  it.each(cut.map((c) => [c.id, c] as const))('glmnet path %s', (id, example) => {
    const { expected } = example;
    const inputs = example.inputs as unknown as Inputs;
    const { data, covariates } = design(example.data ?? '', inputs);
    const path = fitPenalisedCox(data, covariates, { tolerance: 1e-11 });
    const shared = Math.min(path.points.length, expected.lambda.length);
    const check = (what: string, actual: readonly number[], wanted: readonly number[], relative: number) =>
      tally.checkAll('glmnet path, cut', id, what, actual.slice(0, shared), wanted.slice(0, shared), {
        relative,
        absolute: 1e-15,
      });
    // glmnet's λ are off by up to 4e-9. Its loop for strata and late entries ends where the
    // objective changes by a share of 1e-6, whatever its threshold: what decides is that ours is no worse.
    expect(shared).toBeGreaterThan(30);
    check(
      'lambda',
      path.points.map((p) => p.lambda),
      expected.lambda,
      1e-8,
    );
    const explained = path.points.map((p) => p.explained).slice(0, shared);
    tally.checkAll('glmnet path, cut', id, 'explained', explained, expected.dev_ratio.slice(0, shared), {
      absolute: 2e-5,
    });
    check('null deviance', [path.nullDeviance], [expected.nulldev], 1e-9);
    const { columns } = covariates;
    const deviations = columns.map((x) => {
      const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
      return Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length);
    });
    const objective = (index: ArrayLike<number>, value: ArrayLike<number>, lambda: number) => {
      const initial = new Float64Array(columns.length);
      let penalty = 0;
      for (let m = 0; m < index.length; m++) {
        initial[index[m]] = value[m];
        penalty += lambda * Math.abs(value[m]) * deviations[index[m]];
      }
      const { logLikelihood } = fitCox(data, covariates, { initial, ties: 'breslow', maxIterations: 1 });
      return penalty - logLikelihood.null / inputs.n;
    };
    for (const { k, index0, value } of expected.beta.filter((beta) => beta.k < shared)) {
      const { index, value: ours, lambda } = path.points[k];
      expect(objective(index, ours, lambda)).toBeLessThan(objective(index0, value, lambda) + 1e-12);
    }
    for (const point of path.points) expect(point.violation).toBeLessThan(1e-9);
    tally.settle();
  });

  const tight = survivalCases<CvExpected, CvOptions>('glmnet/cv.json').filter((c) =>
    /(C|ungrouped|enet)_tight$/.test(c.id),
  );

  it.each(tight.map((c) => [c.id, c] as const))('glmnet %s', (id, example) => {
    const { expected, options } = example;
    const inputs = example.inputs as unknown as Inputs;
    const { data, covariates } = design(example.data ?? '', inputs);
    const cv = crossValidate(data, covariates, Int32Array.from(inputs.foldid ?? []), {
      alpha: options.alpha,
      measure: options.type_measure === 'C' ? 'concordance' : 'deviance',
      grouped: options.grouped,
    });
    // glmnet's λ are off by up to 4e-9, its coefficients by its threshold; a C jumps by a pair.
    const relative = options.type_measure === 'C' ? 1e-9 : 1e-6;
    tally.checkAll('glmnet at 1e-14', id, 'mean', cv.mean, expected.cvm, { relative });
    tally.checkAll('glmnet at 1e-14', id, 'standard error', cv.standardError, expected.cvsd, {
      relative: 10 * relative,
    });
    expect([cv.best, cv.oneStandardError]).toEqual([expected.index0_min, expected.index0_1se]);
    tally.settle();
  });
});
