import { afterAll, expect, it } from 'vitest';
import {
  chiSquaredTest,
  correlationMatrix,
  fisherTest,
  icc,
  mannWhitney,
  median,
  moments,
  quantiles,
  shapiroWilk,
  tTest,
} from '../../src/engine/statistics/index.ts';
import {
  type Covariates,
  calibrateByGroups,
  concordance,
  coxBaseline,
  crossValidate,
  findCutpoint,
  fitCox,
  kaplanMeierByGroup,
  logRank,
  nomogram,
  predictSurvivalAt,
  scoreByNomogram,
  screenFeatures,
  stepwiseCox,
  survivalAt,
} from '../../src/engine/survival/index.ts';
import { PipelineChecks } from '../support/pipeline-checks.ts';
import { PipelineGolden } from '../support/pipeline-golden.ts';
import { describeConformance } from '../support/reference.ts';
import { Tally } from '../support/tally.ts';

const tally = new Tally();

function deviation(values: Float64Array): number {
  return Math.sqrt(moments(values).variance ?? 0);
}

function pick(values: ArrayLike<number>, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (row) => values[row]);
}

/** The names kept in ascending order of p: none correlates with one kept before. */
function dropCorrelated(columns: readonly Float64Array[], p: readonly number[], normal: readonly boolean[]) {
  const pearson = correlationMatrix(columns, 'pearson').values;
  const spearman = correlationMatrix(columns, 'spearman').values;
  const count = columns.length;
  const order = [...p.keys()].sort((a, b) => p[a] - p[b] || a - b);
  const kept: number[] = [];
  for (const j of order) {
    const r = (k: number) => (normal[j] && normal[k] ? pearson : spearman)[j * count + k];
    if (kept.every((k) => Math.abs(r(k)) <= 0.8)) kept.push(j);
  }
  return kept;
}

describeConformance('A study composed of the engine’s functions equals R', () => {
  afterAll(() => tally.print('The pipeline against R, glmnet’s exact solution and rms'));

  it.each(PipelineGolden.all().map((golden) => [golden.id, golden] as const))('%s', (_, golden) => {
    const { expected, training, validation, inputs, horizons } = golden;
    const checks = new PipelineChecks(golden, tally);
    const data = golden.survival(training);

    const forms = golden.features.map((name) => icc(golden.readings(name)).forms);
    checks.agreement(
      'icc11',
      forms.map((f) => f.ICC1.icc),
    );
    checks.agreement(
      'icc21',
      forms.map((f) => f.ICC2.icc),
    );
    checks.agreement(
      'icc31',
      forms.map((f) => f.ICC3.icc),
    );
    const agreeing = golden.features.filter((_, j) => (forms[j].ICC2.icc ?? 0) > 0.75);
    checks.kept(1, agreeing);

    const scale = new Map(
      agreeing.map((name) => {
        const own = pick(golden.feature(name), training);
        return [name, { mean: moments(own).mean, deviation: deviation(own) }];
      }),
    );
    const standardised = (name: string) => {
      const { mean, deviation } = scale.get(name) ?? { mean: 0, deviation: 1 };
      return golden.feature(name).map((x) => (x - mean) / deviation);
    };
    const design = (names: readonly string[]): Covariates => ({
      names,
      columns: names.map((name) => pick(standardised(name), training)),
    });
    const screened = screenFeatures(data, design(agreeing));
    checks.univariate(screened);
    const prognostic = screened.filter((f) => (f.wald ?? 1) < 0.05);
    const names = prognostic.map((f) => f.name);
    checks.kept(2, names);

    const { columns } = design(names);
    const normality = columns.map((column) => shapiroWilk(column));
    checks.normality(normality);
    const order = dropCorrelated(
      columns,
      prognostic.map((f) => f.wald ?? 1),
      normality.map((t) => (t.p ?? 0) > 0.05),
    );
    checks.orderOfKeeping(order.map((j) => names[j]));
    const uncorrelated = names.filter((_, j) => order.includes(j));
    checks.kept(3, uncorrelated);

    const candidates = design(uncorrelated);
    const folds = Int32Array.from(inputs.foldid_train_order);
    const cv = crossValidate(data, candidates, folds, { tolerance: 1e-11 });
    checks.crossValidation({ ...cv, lambda: cv.path.points.map((p) => p.lambda) });
    const { index, value } = cv.path.points[cv.best];
    const signature = Array.from(index, (j) => uncorrelated[j]);
    checks.signature(signature, value);

    const radscore = new Float64Array(training.length + validation.length);
    signature.forEach((name, m) => {
      const z = standardised(name);
      for (let i = 0; i < radscore.length; i++) radscore[i] += value[m] * z[i];
    });
    const scales = signature.map((name) => scale.get(name));
    checks.radscore(
      radscore,
      scales.map((s) => s?.mean ?? 0),
      scales.map((s) => s?.deviation ?? null),
    );

    const cut = findCutpoint(data, pick(radscore, training));
    const risk = Array.from(radscore, (score) => (score > cut.cutpoint ? 'high' : 'low') as 'high' | 'low');
    checks.cutpoint(cut, risk);
    for (const [rows, wanted] of [
      [training, expected.km_train],
      [validation, expected.km_validation],
    ] as const) {
      const subset = golden.survival(rows);
      // R sorts the groups by name: high before low.
      const group = Int32Array.from(rows, (row) => (risk[row] === 'high' ? 0 : 1));
      const curves = kaplanMeierByGroup(subset, group);
      checks.groups(
        wanted,
        logRank(subset, group),
        curves,
        curves.map((c) => survivalAt(c, horizons)),
      );
    }
    const c = (rows: readonly number[], score: Float64Array) => concordance(golden.survival(rows), score);
    checks.concordance(expected.cindex_radscore.train, c(training, pick(radscore, training)));
    checks.concordance(expected.cindex_radscore.validation, c(validation, pick(radscore, validation)));

    const complete = { train: golden.complete(training), validation: golden.complete(validation) };
    expect([complete.train.length, complete.validation.length]).toEqual([
      expected.n_complete.train,
      expected.n_complete.validation,
    ]);
    const variable = (name: string, rows: readonly number[]): Covariates =>
      name === 'radscore'
        ? { names: [name], columns: [pick(radscore, rows)] }
        : golden.clinicalColumns(name, rows);
    const join = (terms: readonly string[], rows: readonly number[]): Covariates => {
      const parts = terms.map((name) => variable(name, rows));
      return { names: parts.flatMap((p) => p.names), columns: parts.flatMap((p) => p.columns) };
    };
    const known = golden.survival(complete.train);
    for (const wanted of expected.univariate_clinical) {
      checks.cox(`univariate ${wanted.term}`, fitCox(known, variable(wanted.term, complete.train)), wanted);
    }
    const all = ['radscore', ...inputs.clinical];
    const full = join(all, complete.train);
    checks.cox('full', fitCox(known, full), expected.multivariate_full);
    const terms = all.map((name) => ({ name, covariates: variable(name, []).names }));
    const reduced = stepwiseCox(known, full, { terms });
    checks.backward(reduced);

    const { model } = reduced;
    const own = join(reduced.terms, complete.train);
    const others = join(reduced.terms, complete.validation);
    const baseline = coxBaseline(model, known, own);
    const factors = golden.factors.filter((f) => reduced.terms.includes(f.name));
    const drawn = nomogram(model, baseline, own, { horizons, factors });
    checks.nomogram(drawn);
    const scores = (covariates: Covariates) =>
      Array.from(covariates.columns[0], (_, row) =>
        scoreByNomogram(
          drawn,
          Object.fromEntries(covariates.names.map((name, j) => [name, covariates.columns[j][row]])),
        ),
      );
    const trained = scores(own);
    const validated = scores(others);
    const predictor = (of: typeof trained) => Float64Array.from(of, (s) => s.linearPredictor);
    const survival = horizons.map((_, h) => validated.map((s) => s.survival[h]));
    checks.predictions(predictor(trained), predictor(validated), survival);
    checks.concordance(expected.cindex_nomogram.train, c(complete.train, predictor(trained)));
    checks.concordance(expected.cindex_nomogram.validation, c(complete.validation, predictor(validated)));
    checks.calibration(
      horizons.map((horizon) =>
        calibrateByGroups(known, predictSurvivalAt(model, baseline, own, horizon), horizon, { groups: 3 }),
      ),
    );
    compareTableOne(golden, checks);
    tally.settle();
  });
});

function compareTableOne(golden: PipelineGolden, checks: PipelineChecks): void {
  for (const wanted of golden.expected.table1) {
    const column = golden.clinical(wanted.variable);
    const [first, second] = [golden.training, golden.validation].map((rows) =>
      rows.map((row) => column[row]).filter((v) => v !== null),
    );
    if ('levels' in wanted) {
      const count = (values: readonly (number | string)[]) =>
        wanted.levels.map((level) => values.filter((v) => String(v) === level).length);
      const counts = [count(first), count(second)];
      checks.tableOne(wanted.variable, 'counts', counts.flat(), [...wanted.train, ...wanted.validation]);
      const test = chiSquaredTest(counts);
      const plain = chiSquaredTest(counts, { continuity: false });
      const expectedCounts = test.expected.map((row) => Math.min(...row));
      checks.tableOne(
        wanted.variable,
        'p',
        [test.p, plain.p, fisherTest(counts).p, Math.min(...expectedCounts)],
        [wanted.chisq_p, wanted.chisq_nocorrect_p, wanted.fisher_p, wanted.min_expected],
      );
      continue;
    }
    const [a, b] = [Float64Array.from(first, Number), Float64Array.from(second, Number)];
    for (const [values, of] of [
      [a, wanted.train],
      [b, wanted.validation],
    ] as const) {
      const [q1, q3] = quantiles(values, [0.25, 0.75]);
      const actual = [moments(values).mean, deviation(values), median(values), q1, q3];
      checks.tableOne(wanted.variable, 'summary', actual, [of.mean, of.sd, of.median, of.q1, of.q3]);
    }
    checks.tableOne(
      wanted.variable,
      'p',
      [
        tTest(a, b).p,
        tTest(a, b, { variance: 'pooled' }).p,
        mannWhitney(a, b).p,
        shapiroWilk(a).p,
        shapiroWilk(b).p,
      ],
      [
        wanted.t_welch_p,
        wanted.t_pooled_p,
        wanted.mann_whitney_p,
        wanted.shapiro_train_p,
        wanted.shapiro_validation_p,
      ],
    );
  }
}
