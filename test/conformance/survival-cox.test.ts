import { afterAll, expect, it } from 'vitest';
import {
  type CoxFit,
  type CoxOptions,
  coxResiduals,
  fitCox,
  type Ties,
} from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable, type ReferenceCase, survivalCases } from '../support/survival-cases.ts';
import { type ReferenceNumber, Tally, type Tolerance } from '../support/tally.ts';

interface Expected {
  readonly nevent: number;
  readonly terms: readonly string[];
  readonly coef: readonly ReferenceNumber[];
  readonly se: readonly ReferenceNumber[];
  readonly z: readonly ReferenceNumber[];
  readonly p: readonly ReferenceNumber[];
  readonly hr: readonly ReferenceNumber[];
  readonly hr_lower95: readonly ReferenceNumber[];
  readonly hr_upper95: readonly ReferenceNumber[];
  readonly means: readonly number[];
  readonly loglik_null: number;
  readonly loglik: number;
  readonly score_test: number;
  readonly wald_test: number | Record<string, number>;
  readonly lrt: number;
  readonly df: number;
  readonly lrt_p: number;
  readonly score_p: number;
  readonly wald_p: number | Record<string, number>;
  readonly aic: number;
  readonly bic_nevent: number;
  readonly robust?: boolean;
  readonly robust_score?: number;
  readonly martingale?: readonly number[];
  readonly deviance_resid?: readonly number[];
  readonly schoenfeld?: readonly (readonly number[])[];
  readonly score_resid?: readonly (readonly number[])[];
  readonly dfbeta?: readonly (readonly number[])[];
  readonly naive_se?: readonly number[];
  readonly vcov?: readonly (readonly number[])[];
  readonly converged?: {
    readonly coef: readonly number[];
    readonly se: readonly number[];
    readonly loglik: number;
  };
}

interface Options {
  readonly ties: Ties;
  readonly robust: boolean;
  readonly 'iter.max'?: number;
  readonly init?: readonly number[];
}

type CoxCase = ReferenceCase<Expected, Options>;

const tally = new Tally();

function fit(example: CoxCase): CoxFit {
  const table = new CaseTable(example);
  const { inputs, options } = example;
  const settings: CoxOptions = {
    ties: options.ties,
    robust: example.expected.robust === true,
    ...(inputs.cluster ? { cluster: Int32Array.from(table.numbers(inputs.cluster)) } : {}),
    ...(inputs.offset ? { offset: table.numbers(inputs.offset) } : {}),
    ...(options.init ? { initial: options.init } : {}),
    ...(options['iter.max'] === undefined ? {} : { maxIterations: options['iter.max'] }),
  };
  return fitCox(table.data, table.covariates(inputs.covariates ?? []), settings);
}

/** R's own numbers, whose coefficients lie up to 1e-6 standard errors from the maximum. */
function compareTables(example: CoxCase, model: CoxFit): void {
  const { expected, options } = example;
  const procedure = `coxph ${options.ties}`;
  const check = (
    what: string,
    actual: number | null,
    wanted: ReferenceNumber,
    tolerance: Tolerance = { relative: 1e-6 },
  ) => tally.check(procedure, example.id, what, actual, wanted, tolerance);
  const scalar = (value: number | Record<string, number>) =>
    typeof value === 'number' ? value : Object.values(value)[0];
  expect(model.names).toEqual(expected.terms);
  expect(model.events).toBe(expected.nevent);
  expect(model.n).toBe(example.n_used);
  check('loglik_null', model.logLikelihood.null, expected.loglik_null);
  check('loglik', model.logLikelihood.model, expected.loglik);
  check('score', model.score.statistic, expected.score_test);
  check('score p', model.score.p, expected.score_p, { relative: 1e-5 });
  check('lrt', model.likelihoodRatio.statistic, expected.lrt, { relative: 1e-6, absolute: 1e-9 });
  check('lrt p', model.likelihoodRatio.p, expected.lrt_p, { relative: 1e-5 });
  check('aic', model.aic, expected.aic);
  check('bic', model.bic, expected.bic_nevent);
  expect(model.likelihoodRatio.df).toBe(expected.df);
  tally.checkAll(procedure, example.id, 'means', model.means, expected.means, { relative: 1e-12 });
  model.terms.forEach((term, j) => {
    const se = Number(expected.naive_se?.[j] ?? expected.se[j]);
    // 1e-6 standard errors is what R's stopping rule resolves.
    check(`coef ${term.name}`, term.coefficient, expected.coef[j], { relative: 1e-6, absolute: 1e-6 * se });
    if (expected.naive_se) {
      const naive = Math.sqrt(model.naiveCovariance[j * (model.names.length + 1)]);
      check(`naive se ${term.name}`, naive, expected.naive_se[j]);
    }
    check(`se ${term.name}`, term.standardError, expected.se[j]);
    check(`z ${term.name}`, term.z, expected.z[j], { relative: 1e-6, absolute: 1e-6 });
    check(`p ${term.name}`, term.p, expected.p[j], { relative: 1e-5 });
    const hr = (value: ReferenceNumber) => (typeof value === 'number' ? value : 1);
    check(`hr ${term.name}`, term.hazardRatio, expected.hr[j], {
      relative: 2e-6 * Math.max(1, Math.abs(Math.log(hr(expected.hr[j])))),
    });
    check(`lower ${term.name}`, term.lower, expected.hr_lower95[j], {
      relative: 2e-6 * Math.max(1, Math.abs(Math.log(hr(expected.hr_lower95[j])))),
    });
    check(`upper ${term.name}`, term.upper, expected.hr_upper95[j], {
      relative: 2e-6 * Math.max(1, Math.abs(Math.log(hr(expected.hr_upper95[j])))),
    });
  });
  if (expected.robust)
    check('robust score', model.robustScore?.statistic ?? null, expected.robust_score ?? null);
  check('wald', model.wald.statistic, scalar(expected.wald_test));
  check('wald p', model.wald.p, scalar(expected.wald_p), { relative: 1e-5 });
  if (expected.vcov) {
    expected.vcov.forEach((row, i) => {
      row.forEach((v, j) => {
        const size = Number(expected.se[i] ?? 0) * Number(expected.se[j] ?? 0);
        tally.check(procedure, example.id, `vcov ${i},${j}`, model.covariance[i * row.length + j], v, {
          absolute: 2e-6 * size,
        });
      });
    });
  }
}

describeConformance('Cox regression equals R', () => {
  const cases = survivalCases<Expected, Options>('cox/coxph.json');
  const degenerate = /^(sep_|no_events|one_event_at_end|outlier_x)/;
  afterAll(() => tally.print('Cox regression against R survival 3.5-3'));

  it.each(cases.filter((c) => !degenerate.test(c.id)).map((c) => [c.id, c] as const))('%s', (_, example) => {
    const model = fit(example);
    compareTables(example, model);
    const limited = example.options['iter.max'] !== undefined;
    expect(model.converged).toBe(!limited);
    // R centres x near 1e9 with an error that moves its maximum by 2e-8 se; the same x less 1e9, times 1e-9, is exact.
    const shifted = example.id.startsWith('huge_offset');
    const exact = shifted ? cases.find((c) => c.id === example.id.replace('huge_offset', 'tiny')) : example;
    const unit = shifted ? 1e-9 : 1;
    const converged = exact?.expected.converged;
    if (converged) {
      const procedure = `coxph ${example.options.ties}, exact maximum`;
      converged.coef.forEach((b, j) => {
        const se = converged.se[j] * unit;
        tally.check(procedure, example.id, `coef ${j}`, model.coefficients[j], b * unit, {
          absolute: 1e-9 * se,
        });
        if (example.expected.robust) return;
        tally.check(procedure, example.id, `se ${j}`, model.standardErrors[j], se, { relative: 1e-8 });
      });
      tally.check(procedure, example.id, 'loglik', model.logLikelihood.model, converged.loglik, {
        relative: 1e-12,
      });
    }
    tally.settle();
  });

  it.each(cases.filter((c) => c.expected.martingale).map((c) => [c.id, c] as const))(
    'residuals of %s',
    (id, example) => {
      const { inputs, expected, options } = example;
      const table = new CaseTable(example);
      const covariates = table.covariates(inputs.covariates ?? []);
      const ours = coxResiduals(fit(example), table.data, covariates);
      // R takes them at its own coefficients, 1e-6 standard errors off; the scale is that of the largest residual.
      const check = (what: string, actual: ArrayLike<number>, wanted: readonly number[]) => {
        const size = wanted.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
        const tolerance = { relative: 1e-6, absolute: 2e-6 * size };
        tally.checkAll(`residuals ${options.ties}`, id, what, actual, wanted, tolerance);
      };
      check('martingale', ours.martingale, expected.martingale ?? []);
      check('deviance', ours.deviance, expected.deviance_resid ?? []);
      covariates.names.forEach((_, j) => {
        const column = (m: readonly (readonly number[])[] | undefined) => (m ?? []).map((row) => row[j]);
        check(`schoenfeld ${j}`, ours.schoenfeld.values[j], column(expected.schoenfeld));
        check(`score ${j}`, ours.score[j], column(expected.score_resid));
        check(`dfbeta ${j}`, ours.dfbeta[j], column(expected.dfbeta));
      });
      tally.settle();
    },
  );

  it.each(cases.filter((c) => c.id.startsWith('sep_')).map((c) => [c.id, c] as const))(
    '%s is said to be separated',
    (_, example) => {
      const model = fit(example);
      expect(model.infinite).toEqual(['x']);
      expect(model.warnings.map((w) => w.code)).toEqual(['SEPARATION']);
      tally.check('separated', example.id, 'loglik', model.logLikelihood.model, example.expected.loglik, {
        absolute: 1e-6,
      });
      tally.check('separated', example.id, 'score', model.score.statistic, example.expected.score_test, {
        relative: 1e-9,
      });
      tally.settle();
    },
  );

  it.each(cases.filter((c) => c.id.startsWith('no_events')).map((c) => [c.id, c] as const))(
    '%s is refused',
    (_, example) => {
      expect(() => fit(example)).toThrow(expect.objectContaining({ code: 'NO_EVENTS' }));
    },
  );

  it.each(cases.filter((c) => c.id.startsWith('one_event')).map((c) => [c.id, c] as const))(
    '%s: no covariate carries information',
    (_, example) => {
      expect(() => fit(example)).toThrow(expect.objectContaining({ code: 'COVARIATE_INVALID' }));
    },
  );

  it.each(cases.filter((c) => c.id.startsWith('outlier')).map((c) => [c.id, c] as const))(
    '%s goes on to the maximum that R gives up on',
    (_, example) => {
      const model = fit(example);
      expect(model.converged).toBe(true);
      expect(model.logLikelihood.model).toBeGreaterThan(example.expected.loglik);
    },
  );
});
