import { expect } from 'vitest';
import type {
  CalibrationGroups,
  Concordance,
  CoxFit,
  Cutpoint,
  KaplanMeierCurve,
  LogRankTest,
  Nomogram,
  StepwiseResult,
  SurvivalAt,
} from '../../src/engine/survival/index.ts';
import type { GoldenConcordance, GoldenCox, GoldenGroups, PipelineGolden } from './pipeline-golden.ts';
import type { ReferenceNumber, Tally, Tolerance } from './tally.ts';

const EXACT = { relative: 1e-9, absolute: 1e-15 };
/** What coxph's stopping rule resolves. */
const COXPH = { relative: 1e-6 };

/** Each stage of a study against R's: one method a stage, so that whatever runs a study can be held to it. */
export class PipelineChecks {
  private readonly golden: PipelineGolden;
  private readonly tally: Tally;

  constructor(golden: PipelineGolden, tally: Tally) {
    this.golden = golden;
    this.tally = tally;
  }

  agreement(form: 'icc11' | 'icc21' | 'icc31', values: readonly (number | null)[]): void {
    this.compare('ICC', form, values, this.golden.expected[form], EXACT);
  }

  kept(stage: 1 | 2 | 3, names: readonly string[]): void {
    expect(names).toEqual(this.golden.expected[`stage${stage}_kept`]);
  }

  univariate(
    features: readonly { coefficient: number | null; standardError: number | null; wald: number | null }[],
  ): void {
    const { coef, se, p } = this.golden.expected.univariate;
    features.forEach((feature, j) => {
      const tolerance = { relative: 1e-6, absolute: 1e-6 * se[j] };
      this.compare('univariate Cox', `coef ${j}`, [feature.coefficient], [coef[j]], tolerance);
    });
    const column = (key: 'standardError' | 'wald') => features.map((f) => f[key]);
    this.compare('univariate Cox', 'se', column('standardError'), se, COXPH);
    this.compare('univariate Cox', 'p', column('wald'), p, { relative: 1e-5 });
  }

  normality(tests: readonly { statistic: number | null; p: number | null }[]): void {
    const column = (key: 'statistic' | 'p') => tests.map((t) => t[key]);
    this.compare('Shapiro–Wilk', 'W', column('statistic'), this.golden.expected.shapiro.w, EXACT);
    this.compare('Shapiro–Wilk', 'p', column('p'), this.golden.expected.shapiro.p, EXACT);
  }

  orderOfKeeping(names: readonly string[]): void {
    expect(names).toEqual(this.golden.expected.stage3_order_of_keeping);
  }

  crossValidation(cv: {
    lambda: readonly number[];
    mean: ArrayLike<number>;
    standardError: ArrayLike<number>;
    best: number;
    oneStandardError: number;
  }): void {
    const { lasso } = this.golden.expected;
    // Towards saturation the deviance of a fold explodes and is ill-conditioned.
    const steady = Math.min(cv.lambda.length, lasso.lambda.indexOf(lasso.lambda_min) + 21);
    const head = (values: ArrayLike<number>) => Array.from(values).slice(0, steady);
    this.compare('LASSO', 'lambda', cv.lambda, lasso.lambda, { relative: 1e-9 });
    this.compare('LASSO', 'cvm', head(cv.mean), head(lasso.cvm), { relative: 1e-6 });
    this.compare('LASSO', 'cvsd', head(cv.standardError), head(lasso.cvsd), { relative: 1e-6 });
    expect(cv.best).toBe(lasso.lambda.indexOf(lasso.lambda_min));
    expect(cv.oneStandardError).toBe(lasso.lambda.indexOf(lasso.lambda_1se));
  }

  signature(names: readonly string[], coefficients: ArrayLike<number>): void {
    const { lasso } = this.golden.expected;
    expect(names).toEqual(lasso.selected);
    this.compare('LASSO', 'coef', coefficients, lasso.coef, { absolute: 1e-7 * largest(lasso.coef) });
  }

  radscore(scores: ArrayLike<number>, mean: readonly number[], deviation: readonly (number | null)[]): void {
    const { radscore, zscore } = this.golden.expected;
    this.compare('radscore', 'mean', mean, zscore.mean, EXACT);
    this.compare('radscore', 'sd', deviation, zscore.sd, EXACT);
    this.compare('radscore', 'score', scores, radscore, { absolute: 1e-7 * largest(radscore) });
  }

  cutpoint({ cutpoint, statistic, p }: Cutpoint, risk: readonly ('high' | 'low')[]): void {
    const { expected } = this.golden;
    const absolute = 1e-7 * largest(expected.radscore);
    this.compare('cutpoint', 'cut', [cutpoint], [expected.cutpoint], { absolute });
    this.compare('cutpoint', 'statistic', [statistic], [expected.cutpoint_statistic], EXACT);
    this.compare('cutpoint', 'p', [p.lau92], [expected.cutpoint_p_lau92], EXACT);
    expect(risk).toEqual(expected.risk);
  }

  /** @param curves those of high and low risk; `at` each curve at the horizons. */
  groups(
    wanted: GoldenGroups,
    test: LogRankTest,
    curves: readonly KaplanMeierCurve[],
    at: readonly (readonly SurvivalAt[])[],
  ): void {
    const check = (what: string, actual: ArrayLike<number | null>, expected: readonly ReferenceNumber[]) =>
      this.compare('Kaplan–Meier, log-rank', what, actual, expected, EXACT);
    check('n', test.n, wanted.n);
    check('observed', test.observed, wanted.observed);
    check('expected', test.expected, wanted.expected);
    check('statistic', [test.statistic], [wanted.chisq]);
    check('p', [test.p], [wanted.logrank_p]);
    check(
      'median',
      curves.map((c) => c.median.value),
      wanted.median,
    );
    check(
      'median lower',
      curves.map((c) => c.median.lower),
      wanted.median_lower,
    );
    check(
      'median upper',
      curves.map((c) => c.median.upper),
      wanted.median_upper,
    );
    check(
      'survival',
      at.flat().map((a) => a.survival),
      wanted.at_years.surv,
    );
    check(
      'lower',
      at.flat().map((a) => a.lower),
      wanted.at_years.lower,
    );
    check(
      'upper',
      at.flat().map((a) => a.upper),
      wanted.at_years.upper,
    );
    check(
      'at risk',
      at.flat().map((a) => a.atRisk),
      wanted.at_years.n_risk,
    );
  }

  concordance(wanted: GoldenConcordance, { concordance, standardError, lower, upper }: Concordance): void {
    this.compare('concordance', 'C', [concordance, standardError], [wanted.c, wanted.se], EXACT);
    this.compare('concordance', 'limits', [lower, upper], wanted.ci95, EXACT);
  }

  cox(what: string, model: CoxFit, wanted: GoldenCox): void {
    expect([model.n, model.events, model.names]).toEqual([wanted.n, wanted.nevent, wanted.terms]);
    model.terms.forEach((term, j) => {
      const tolerance = { relative: 1e-6, absolute: 1e-6 * wanted.se[j] };
      this.compare('Cox', `${what} coef ${j}`, [term.coefficient], [wanted.coef[j]], tolerance);
      this.compare('Cox', `${what} z ${j}`, [term.z], [wanted.z[j]], { relative: 1e-6, absolute: 1e-6 });
      // A limit is the exponential of what is known to 1e-6.
      const of = (limit: number) => ({ relative: 2e-6 * Math.max(1, Math.abs(Math.log(limit))) });
      this.compare('Cox', `${what} lower`, [term.lower], [wanted.hr_lower95[j]], of(wanted.hr_lower95[j]));
      this.compare('Cox', `${what} upper`, [term.upper], [wanted.hr_upper95[j]], of(wanted.hr_upper95[j]));
    });
    this.compare('Cox', `${what} se`, model.standardErrors, wanted.se, COXPH);
    const p = model.terms.map((term) => term.p);
    this.compare('Cox', `${what} p`, p, wanted.p, { relative: 1e-5 });
    this.compare(
      'Cox',
      `${what} fit`,
      [model.logLikelihood.model, model.aic],
      [wanted.loglik, wanted.aic],
      COXPH,
    );
  }

  backward({ steps, terms, model }: StepwiseResult): void {
    const { backward } = this.golden.expected;
    expect(steps.map((s) => (s.term === null ? '' : `- ${s.term}`))).toEqual(backward.path);
    expect(terms).toEqual(backward.terms);
    const aic = steps.map((s) => s.criterion);
    this.compare('backward', 'AIC', aic, backward.aic, COXPH);
    this.cox('backward', model, backward.model);
  }

  nomogram(ours: Nomogram): void {
    const wanted = this.golden.expected.nomogram;
    const check = (
      what: string,
      actual: ArrayLike<number | null>,
      expected: readonly number[],
      absolute = 0,
    ) => this.compare('nomogram', what, actual, expected, { relative: 1e-7, absolute });
    check('points per unit', [ours.pointsPerUnit], [wanted.points_per_unit_lp]);
    check('center', [ours.center], [wanted.center]);
    const coefficients = ours.variables.flatMap((v) => v.coefficients);
    check('coefficients', coefficients, Object.values(wanted.coef));
    expect(ours.variables.map((v) => v.name)).toEqual(Object.keys(wanted.variables));
    ours.variables.forEach(({ name, kind, ticks }) => {
      const { values, xbeta, points } = wanted.variables[name];
      if (kind === 'factor') expect(ticks.map((t) => t.label)).toEqual(values);
      else {
        const given = ticks.map((t) => t.value);
        // R's ticks carry the rounding of their sums: 0.30000000000000004.
        this.compare('nomogram', `values of ${name}`, given, values as number[], {
          relative: 1e-14,
          absolute: 1e-15,
        });
      }
      check(
        `Xbeta of ${name}`,
        ticks.map((t) => t.contribution),
        xbeta,
        1e-14,
      );
      check(
        `points of ${name}`,
        ticks.map((t) => t.points),
        points,
        1e-12,
      );
    });
    const baselines = ours.survival.map((axis) => axis.baseline);
    check('baseline', baselines, Object.values(wanted.baseline_survival_at_center));
  }

  /** @param survival by horizon, of the validation patients. */
  predictions(
    training: ArrayLike<number>,
    validation: ArrayLike<number>,
    survival: readonly ArrayLike<number | null>[],
  ): void {
    const wanted = this.golden.expected.nomogram;
    const tolerance = { relative: 1e-7, absolute: 1e-8 };
    this.compare('predictions', 'lp of training', training, wanted.lp_train, tolerance);
    this.compare('predictions', 'lp of validation', validation, wanted.lp_validation, tolerance);
    Object.values(wanted.survival_validation).forEach((expected, h) => {
      this.compare('predictions', `survival ${h}`, survival[h], expected, { relative: 1e-7 });
    });
  }

  /** @param calibrations one a horizon. */
  calibration(calibrations: readonly CalibrationGroups[]): void {
    const { calibration_apparent } = this.golden.expected;
    expect(calibrations.length).toBe(calibration_apparent.length);
    calibrations.forEach(({ cuts, groups }, h) => {
      const wanted = calibration_apparent[h];
      const check = (what: string, actual: ArrayLike<number | null>, expected: readonly ReferenceNumber[]) =>
        this.compare('calibration', `${what} ${wanted.years}`, actual, expected, { relative: 1e-7 });
      // Of a survival of 0 the logarithm has no error; R says Inf.
      const known = wanted.std_err_logS.map((error) => (error === 'Inf' ? null : error));
      check('cuts', cuts, wanted.cuts);
      check(
        'n',
        groups.map((g) => g.n),
        wanted.n,
      );
      check(
        'predicted',
        groups.map((g) => g.predicted),
        wanted.mean_predicted,
      );
      check(
        'observed',
        groups.map((g) => g.observed),
        wanted.km,
      );
      check(
        'standard error',
        groups.map((g) => g.standardError),
        known,
      );
    });
  }

  tableOne(
    variable: string,
    what: string,
    actual: readonly (number | null)[],
    wanted: readonly number[],
  ): void {
    this.compare('table 1', `${variable} ${what}`, actual, wanted, EXACT);
  }

  private compare(
    procedure: string,
    what: string,
    actual: ArrayLike<number | null>,
    wanted: readonly ReferenceNumber[],
    tolerance: Tolerance,
  ): void {
    this.tally.checkAll(procedure, this.golden.id, what, actual, wanted, tolerance);
  }
}

function largest(values: readonly number[]): number {
  return values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}
