import { afterAll, it } from 'vitest';
import {
  coxBaseline,
  fitCox,
  linearPredictor,
  predictedMedian,
  predictSurvival,
  type Ties,
} from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable, type ReferenceCase, survivalCases } from '../support/survival-cases.ts';
import { type ReferenceNumber, Tally } from '../support/tally.ts';

type Matrix = readonly (readonly number[])[];

interface Expected {
  readonly basehaz_centered: {
    readonly time: readonly number[];
    readonly hazard: readonly number[];
    readonly strata: readonly string[] | null;
  };
  readonly basehaz_uncentered: { readonly hazard: readonly number[] };
  readonly predict_lp: readonly number[];
  readonly predict_lp_reference_zero: readonly number[];
  readonly surv_at_times?: {
    readonly times: readonly number[];
    readonly surv: Matrix;
    readonly std_err: Matrix;
    readonly log_lower: Matrix;
    readonly log_upper: Matrix;
    readonly loglog_lower: Matrix;
    readonly loglog_upper: Matrix;
  };
  readonly median?: {
    readonly q: readonly ReferenceNumber[];
    readonly lower: readonly ReferenceNumber[];
    readonly upper: readonly ReferenceNumber[];
  };
  readonly curve?: {
    readonly time: readonly number[];
    readonly surv: Matrix;
    readonly cumhaz: Matrix;
    readonly std_err_cumhaz: Matrix;
  };
}

type BaselineCase = ReferenceCase<Expected, { ties: Ties }> & {
  readonly inputs: { readonly newdata: Readonly<Record<string, readonly (number | string)[]>> };
};

// R's coefficients are up to 1e-6 standard errors short of the maximum, and every value here follows from them.
const R_STOPS_EARLY = { relative: 1e-6 };

const tally = new Tally();

describeConformance('Baseline hazards and predicted curves equal R', () => {
  const cases = survivalCases<Expected, { ties: Ties }>(
    'baseline/basehaz_predict.json',
  ) as readonly BaselineCase[];
  afterAll(() => tally.print('Baseline and prediction against R survival 3.5-3'));

  it.each(cases.map((c) => [c.id, c] as const))('%s', (id, example) => {
    const { inputs, expected, options } = example;
    const table = new CaseTable(example);
    const names = inputs.covariates ?? [];
    const covariates = table.covariates(names);
    const model = fitCox(table.data, covariates, options);
    const baseline = coxBaseline(model, table.data, covariates);
    const newcomers = new CaseTable({
      data: null,
      inputs: {
        ...inputs,
        strata: null,
        inline: {
          ...inputs.newdata,
          time: inputs.newdata[names[0]].map(() => 1),
          [inputs.status]: inputs.newdata[names[0]].map(() => 0),
        },
      },
    }).covariates(names);
    const check = (what: string, actual: ArrayLike<number | null>, wanted: readonly ReferenceNumber[]) =>
      tally.checkAll(options.ties, id, what, actual, wanted, R_STOPS_EARLY);

    const shift = Math.exp(-model.means.reduce((sum, m, j) => sum + m * model.coefficients[j], 0));
    const hazard = baseline.strata.flatMap((s) => [...s.cumulativeHazard]);
    check(
      'time',
      baseline.strata.flatMap((s) => [...s.time]),
      expected.basehaz_centered.time,
    );
    check('hazard at means', hazard, expected.basehaz_centered.hazard);
    check(
      'hazard at zero',
      hazard.map((h) => h * shift),
      expected.basehaz_uncentered.hazard,
    );
    check('lp', linearPredictor(model, newcomers), expected.predict_lp);
    const zero = { coefficients: model.coefficients, means: new Float64Array(model.means.length) };
    check('lp from zero', linearPredictor(zero, newcomers), expected.predict_lp_reference_zero);

    const { surv_at_times: at, median, curve } = expected;
    if (at && median && curve) {
      const log = predictSurvival(model, baseline, newcomers, { times: at.times });
      const loglog = predictSurvival(model, baseline, newcomers, { times: at.times, confidence: 'log-log' });
      log.forEach((c, j) => {
        const column = (m: Matrix) => m.map((row) => row[j]);
        check('survival at times', c.survival, column(at.surv));
        check(
          'se at times',
          c.standardError.map((e, i) => e * c.survival[i]),
          column(at.std_err),
        );
        check('log lower', c.lower, column(at.log_lower));
        check('log upper', c.upper, column(at.log_upper));
        check('log-log lower', loglog[j].lower, column(at.loglog_lower));
        check('log-log upper', loglog[j].upper, column(at.loglog_upper));
      });
      predictSurvival(model, baseline, newcomers).forEach((c, j) => {
        const column = (m: Matrix) => m.map((row) => row[j]);
        check('curve time', c.time, curve.time);
        check('curve survival', c.survival, column(curve.surv));
        check('curve hazard', c.cumulativeHazard, column(curve.cumhaz));
        check('curve se', c.standardError, column(curve.std_err_cumhaz));
        const q = predictedMedian(c);
        check('median', [q.value, q.lower, q.upper], [median.q[j], median.lower[j], median.upper[j]]);
      });
    }
    tally.settle();
  });
});
