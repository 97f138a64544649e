import { afterAll, expect, it } from 'vitest';
import {
  type CovariateColumn,
  runStudy,
  type StudyData,
  type StudyModelResult,
  type StudySpecification,
  studyDefaults,
} from '../../src/engine/study/index.ts';
import { PipelineChecks } from '../support/pipeline-checks.ts';
import type { GoldenConcordance, GoldenCox, GoldenGroups } from '../support/pipeline-golden.ts';
import { PipelineGolden } from '../support/pipeline-golden.ts';
import { describeConformance } from '../support/reference.ts';
import { finish, source } from '../support/study-fixture.ts';
import { Tally } from '../support/tally.ts';

const tally = new Tally();
const exact = { relative: 1e-9, absolute: 1e-15 };
/** What coxph's stopping rule resolves. */
const coxph = { relative: 1e-6 };

describeConformance('The study equals the same study in R', () => {
  afterAll(() => tally.print('The study, stage by stage, against R'));

  it.each(PipelineGolden.all().map((golden) => [golden.id, golden] as const))('%s', (id, golden) => {
    const { expected } = golden;
    const checks = new PipelineChecks(golden, tally);
    const compare = (what: string, actual: (number | null)[], wanted: readonly number[], tolerance = exact) =>
      tally.checkAll('study', id, what, actual, wanted, tolerance);

    const result = finish(runStudy(dataOf(golden), specificationOf(golden)));
    const [{ models, horizons }] = result.endpoints;
    const [ct, clinical, both] = models.map(({ result }) => result as StudyModelResult);
    expect(models.map(({ name, failure }) => [name, failure])).toEqual([
      ['CT', null],
      ['CLINICAL', null],
      ['CT+CLINICAL', null],
    ]);
    expect(horizons).toEqual(golden.horizons);

    checks.agreement('icc21', result.agreement[0].readings[0].icc);
    const kept = (stage: string) => models[0].attrition.find((step) => step.stage === stage)?.kept ?? [];
    checks.kept(1, kept('AGREEMENT'));
    checks.kept(2, kept('UNIVARIATE'));
    checks.kept(3, kept('REDUNDANCY'));
    if (!ct.radscore) throw new Error('CT has a radscore');
    const { features, crossValidation } = ct.radscore;
    checks.crossValidation(crossValidation);
    checks.signature(
      features.map(({ name }) => name),
      features.map(({ coefficient }) => coefficient),
    );
    checks.radscore(
      ct.predictions.map(({ radscore }) => radscore as number),
      features.map(({ mean }) => mean),
      features.map(({ standardDeviation }) => standardDeviation),
    );

    const largest = Math.max(...expected.radscore.map(Math.abs));
    compare('cutpoint', [ct.cutpoint], [expected.cutpoint], { relative: 0, absolute: 1e-7 * largest });
    compare(
      'cutpoint test',
      [ct.cutpointTest?.statistic ?? null, ct.cutpointTest?.p ?? null],
      [expected.cutpoint_statistic, expected.cutpoint_p_lau92],
    );
    expect(ct.predictions.map(({ riskGroup }) => riskGroup.toLowerCase())).toEqual(expected.risk);
    const groups = (subset: 'TRAINING' | 'VALIDATION', wanted: GoldenGroups) => {
      const { logRank } = ct.comparisons.find((comparison) => comparison.subset === subset) ?? {};
      compare(
        `log-rank ${subset}`,
        [logRank?.statistic ?? null, logRank?.p ?? null],
        [wanted.chisq, wanted.logrank_p],
      );
      const curves = ['HIGH', 'LOW'].map((group) =>
        ct.curves.find((curve) => curve.subset === subset && curve.riskGroup === group),
      );
      compare(
        `patients ${subset}`,
        curves.map((curve) => curve?.patients ?? null),
        wanted.n,
      );
      compare(
        `median ${subset}`,
        curves.map((curve) => curve?.median ?? null),
        wanted.median as number[],
      );
    };
    groups('TRAINING', expected.km_train);
    groups('VALIDATION', expected.km_validation);
    const concordance = (
      model: StudyModelResult,
      wanted: { train: GoldenConcordance; validation: GoldenConcordance },
    ) =>
      [wanted.train, wanted.validation].forEach(({ c, se, ci95 }, i) => {
        const { estimate, standardError, lower, upper } = model.concordance[i];
        compare('C', [estimate, standardError, lower, upper], [c, se, ...ci95]);
      });
    concordance(ct, expected.cindex_radscore);
    concordance(both, expected.cindex_nomogram);

    const cox = (what: string, lines: StudyModelResult['model']['coefficients'], wanted: GoldenCox) => {
      expect(lines.map(({ name }) => name)).toEqual(wanted.terms);
      lines.forEach(({ coefficient, standardError }, j) => {
        const tolerance = { relative: 1e-6, absolute: 1e-6 * wanted.se[j] };
        compare(`${what} coef`, [coefficient], [wanted.coef[j]], tolerance);
        compare(`${what} se`, [standardError], [wanted.se[j]], { ...exact, ...coxph });
      });
    };
    const alone = [...both.univariate];
    for (const wanted of expected.univariate_clinical)
      cox('univariate', alone.splice(0, wanted.terms.length), wanted);
    cox('all together', both.beforeElimination ?? [], expected.multivariate_full);
    cox('after elimination', both.model.coefficients, expected.backward.model);
    expect(models[2].attrition.at(-1)?.kept).toEqual(expected.backward.terms);
    expect([both.patients.training, both.patients.validation]).toEqual([
      expected.n_complete.train,
      expected.n_complete.validation,
    ]);
    expect(clinical.patients.training).toBe(expected.n_complete.train);

    if (!both.nomogram) throw new Error('the model has a nomogram');
    checks.nomogram(both.nomogram);
    const calibration = both.calibration.filter(({ subset }) => subset === 'TRAINING');
    expected.calibration_apparent.forEach((wanted, h) => {
      const { groups } = calibration[h];
      const tolerance = { relative: 1e-7, absolute: 0 };
      compare(
        'calibration n',
        groups.map((group) => group.patients),
        wanted.n,
      );
      compare(
        'calibration predicted',
        groups.map((group) => group.predicted),
        wanted.mean_predicted,
        tolerance,
      );
      compare(
        'calibration observed',
        groups.map((group) => group.observed),
        wanted.km,
        tolerance,
      );
    });
    tally.settle();
  });
});

function specificationOf(golden: PipelineGolden): StudySpecification {
  const { clinical, foldid_train_order } = golden.inputs;
  const subjects = golden.clinical(golden.inputs.id).map(String);
  const training = golden.training.map((row) => subjects[row]);
  return {
    ...studyDefaults,
    endpoints: [{ name: 'OS', outcomes: ['OS'], origin: null, landmark: 0 }],
    sources: [source('CT')],
    covariates: clinical,
    clinicalP: 1,
    split: { kind: 'GIVEN', training, validation: golden.validation.map((row) => subjects[row]) },
    folds: {
      kind: 'GIVEN',
      foldOf: Object.fromEntries(training.map((id, i) => [id, foldid_train_order[i]])),
    },
    replicates: 5,
  };
}

function dataOf(golden: PipelineGolden): StudyData {
  const { inputs, features } = golden;
  const rows = [...golden.clinical(inputs.id).keys()];
  const { time, event } = golden.survival(rows);
  const covariates = inputs.clinical.map((name): CovariateColumn => {
    const values = golden.clinical(name);
    const levels = inputs.factors[name];
    return levels
      ? {
          name,
          kind: 'CATEGORICAL',
          levels,
          codes: Int32Array.from(values, (value) => levels.indexOf(String(value))),
        }
      : {
          name,
          kind: 'NUMERIC',
          values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
        };
  });
  const first = golden.feature(features[0]);
  const readings = features.map((name) => golden.readings(name));
  const reread = Int32Array.from(readings[0], ([value]) => first.indexOf(value));
  return {
    subjects: golden.clinical(inputs.id).map(String),
    outcomes: [{ name: 'OS', time, event, timeUnit: 'DAYS' }],
    covariates,
    sources: [
      {
        name: 'CT',
        features,
        values: Float64Array.from(features.flatMap((name) => [...golden.feature(name)])),
        present: new Uint8Array(rows.length).fill(1),
        repeats: [
          {
            kind: 'BETWEEN_READERS',
            name: 'reader 2',
            rows: reread,
            values: Float64Array.from(readings.flatMap((pairs) => pairs.map(([, second]) => second))),
          },
        ],
      },
    ],
  };
}
