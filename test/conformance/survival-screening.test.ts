import { afterAll, expect, it } from 'vitest';
import { screenFeatures, type Ties } from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable, survivalCases } from '../support/survival-cases.ts';
import { type ReferenceNumber, Tally } from '../support/tally.ts';

interface Expected {
  readonly coef: readonly number[];
  readonly coef_converged: readonly ReferenceNumber[];
  readonly se: readonly number[];
  readonly loglik: readonly number[];
  readonly wald_p: readonly number[];
  readonly lrt_p: readonly number[];
  readonly score_p: readonly number[];
  readonly 'n_wald_p_below_0.05': number;
  readonly warned: readonly string[];
}

const tally = new Tally();

describeConformance('Univariate screening equals R', () => {
  afterAll(() => tally.print('Univariate Cox models against R survival 3.5-3'));
  const cases = survivalCases<Expected, { ties: Ties }>('cox/screen.json');

  it.each(cases.map((c) => [c.id, c] as const))('%s', (id, example) => {
    const { expected, options } = example;
    const { features } = example.inputs as unknown as { features: readonly string[] };
    const table = new CaseTable(example, features);
    const screened = screenFeatures(table.data, table.covariates(features), options);
    screened.forEach((feature, j) => {
      if (expected.warned.includes(feature.name)) return;
      const check = (
        what: string,
        actual: number | null,
        wanted: ReferenceNumber,
        relative: number,
        absolute = 0,
      ) =>
        tally.check(`screen ${options.ties}`, id, `${what} ${feature.name}`, actual, wanted, {
          relative,
          absolute,
        });
      check('coefficient', feature.coefficient, expected.coef[j], 1e-6, 1e-6 * expected.se[j]);
      check('maximum', feature.coefficient, expected.coef_converged[j], 0, 1e-9 * expected.se[j]);
      check('se', feature.standardError, expected.se[j], 1e-6);
      check('loglik', feature.logLikelihood, expected.loglik[j], 1e-9);
      check('Wald p', feature.wald, expected.wald_p[j], 1e-5);
      check('LR p', feature.likelihoodRatio, expected.lrt_p[j], 1e-5);
      check('score p', feature.score, expected.score_p[j], 1e-6);
    });
    expect(screened.filter((f) => (f.wald ?? 1) < 0.05)).toHaveLength(expected['n_wald_p_below_0.05']);
    tally.settle();
  });
});
