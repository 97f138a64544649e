import { afterAll, expect, it } from 'vitest';
import {
  type Covariates,
  type CoxFit,
  eliminateByP,
  fastBackward,
  fitCox,
  type SurvivalData,
  stepwiseCox,
  type Ties,
} from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable, survivalCases } from '../support/survival-cases.ts';
import { Tally } from '../support/tally.ts';

interface Elimination {
  readonly kept: readonly string[] | string;
  readonly path: readonly { readonly removed: string; readonly p: number }[];
}

interface FastBw {
  readonly kept: readonly string[] | string;
  readonly result: {
    readonly rows: readonly string[] | string;
    readonly values: readonly (readonly number[])[];
  } | null;
}

interface Expected {
  readonly path: {
    readonly step: readonly string[];
    readonly neg2loglik: readonly number[];
    readonly aic: readonly number[];
  };
  readonly final_terms: readonly string[];
  readonly final: { readonly coef: readonly number[]; readonly se: readonly number[] };
  readonly p_backward_wald: Elimination;
  readonly p_backward_lrt: Elimination;
  readonly fastbw_aic: FastBw;
  readonly fastbw_p_residual: FastBw;
  readonly fastbw_p_individual: FastBw;
}

interface Options {
  readonly direction: 'backward' | 'forward' | 'both';
  readonly k: number;
  readonly ties: Ties;
  readonly p_threshold: number;
}

const tally = new Tally();
const list = (value: readonly string[] | string) => (typeof value === 'string' ? [value] : [...value]);

/** rms' cph stops where a Newton step changes the log-likelihood by less than 1e-4 of it, far from the maximum. */
function fitAsCph(data: SurvivalData, covariates: Covariates, ties: Ties): CoxFit {
  for (let maxIterations = 1, before = Number.NaN; ; maxIterations++) {
    const fit = fitCox(data, covariates, { ties, maxIterations });
    const now = fit.logLikelihood.model;
    if (Math.abs(1 - before / now) <= 1e-4) return fit;
    before = now;
  }
}

describeConformance('Stepwise selection equals R', () => {
  afterAll(() => tally.print('step of R 4.2.2 and fastbw of rms 6.5-0'));
  const cases = survivalCases<Expected, Options>('stepwise/step.json');

  it.each(cases.map((c) => [c.id, c] as const))('%s', (id, example) => {
    const { expected, options } = example;
    const table = new CaseTable(example);
    const names = example.inputs.covariates ?? [];
    const covariates = table.covariates(names);
    const factors = (example.inputs.factors ?? {}) as Record<string, readonly string[]>;
    const terms = names.map((name) => ({
      name,
      covariates: factors[name] ? factors[name].slice(1).map((level) => name + level) : [name],
    }));
    const { ties } = options;
    const check = (
      procedure: string,
      what: string,
      actual: number,
      wanted: number,
      relative: number,
      absolute = 0,
    ) => tally.check(procedure, id, what, actual, wanted, { relative, absolute });

    const step = stepwiseCox(table.data, covariates, {
      direction: options.direction,
      penalty: options.k,
      ties,
      terms,
    });
    const sign = { add: '+', remove: '-' };
    expect(step.steps.map((s) => (s.action ? `${sign[s.action]} ${s.term}` : ''))).toEqual(
      expected.path.step,
    );
    expect(step.terms).toEqual(expected.final_terms);
    step.steps.forEach((s, i) => {
      check('step', `−2 log L ${i}`, -2 * s.logLikelihood, expected.path.neg2loglik[i], 1e-9);
      check('step', `criterion ${i}`, s.criterion, expected.path.aic[i], 1e-9);
    });
    expected.final.coef.forEach((b, j) => {
      check('step', `coefficient ${j}`, step.model.coefficients[j], b, 1e-6, 1e-6 * expected.final.se[j]);
    });

    for (const [test, wanted] of [
      ['wald', expected.p_backward_wald],
      ['likelihood-ratio', expected.p_backward_lrt],
    ] as const) {
      const ours = eliminateByP(table.data, covariates, {
        ties,
        terms,
        test,
        threshold: options.p_threshold,
      });
      expect(ours.removed.map((r) => r.term)).toEqual(wanted.path.map((r) => r.removed));
      expect(ours.terms).toEqual(list(wanted.kept));
      ours.removed.forEach((r, i) => {
        check(`elimination by p, ${test}`, r.term, r.p, wanted.path[i].p, 1e-5);
      });
    }

    const full = fitAsCph(table.data, covariates, ties);
    for (const [rule, judge, wanted] of [
      ['aic', 'residual', expected.fastbw_aic],
      ['p', 'residual', expected.fastbw_p_residual],
      ['p', 'individual', expected.fastbw_p_individual],
    ] as const) {
      const ours = fastBackward(full, { rule, judge, terms, threshold: options.p_threshold });
      expect(ours.removed.map((r) => r.term)).toEqual(wanted.result ? list(wanted.result.rows) : []);
      ours.removed.forEach((r, i) => {
        const [chi, df, p, residual, residualDf, residualP] = wanted.result?.values[i] ?? [];
        check('fastbw', `${rule} ${judge} ${r.term} χ²`, r.individual.statistic, chi, 1e-6, 1e-9);
        check('fastbw', `${rule} ${judge} ${r.term} p`, r.individual.p, p, 1e-6, 1e-9);
        check('fastbw', `${rule} ${judge} ${r.term} residual χ²`, r.residual.statistic, residual, 1e-6, 1e-9);
        check('fastbw', `${rule} ${judge} ${r.term} residual p`, r.residual.p, residualP, 1e-6, 1e-9);
        expect([r.individual.df, r.residual.df]).toEqual([df, residualDf]);
      });
    }
    tally.settle();
  });
});
