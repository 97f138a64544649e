import { afterAll, expect, it } from 'vitest';
import type { Adjustment } from '../../src/engine/statistics/index.ts';
import {
  adjustScreening,
  type ScreeningTest,
  screenFeatures,
  type Ties,
} from '../../src/engine/survival/index.ts';
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

  // Of R's p.adjust of the p-values of nki70's 70 genes: their sum, the least, how many are below 0.05.
  it.each<[ScreeningTest, Adjustment, number, number, number]>([
    ['wald', 'none', 21.2385883892, 9.50359290412e-6, 20],
    ['wald', 'bonferroni', 60.6344214658, 0.000665251503289, 5],
    ['wald', 'holm', 60.047323784, 0.000665251503289, 5],
    ['wald', 'hochberg', 59.6901518792, 0.000665251503289, 5],
    ['wald', 'hommel', 58.1627621555, 0.000665251503289, 5],
    ['wald', 'BH', 28.711304409, 0.000665251503289, 10],
    ['wald', 'BY', 54.4636012576, 0.00321505191817, 5],
    ['likelihoodRatio', 'none', 21.3774282367, 5.71813930672e-6, 20],
    ['likelihoodRatio', 'bonferroni', 61.4932536798, 0.00040026975147, 5],
    ['likelihoodRatio', 'holm', 60.708929763, 0.00040026975147, 5],
    ['likelihoodRatio', 'hochberg', 60.3506808195, 0.00040026975147, 5],
    ['likelihoodRatio', 'hommel', 58.5897024498, 0.00040026975147, 5],
    ['likelihoodRatio', 'BH', 28.9409519207, 0.00040026975147, 8],
    ['likelihoodRatio', 'BY', 54.7260532839, 0.00193443836788, 5],
    ['score', 'none', 21.2439173419, 9.64304761475e-6, 20],
    ['score', 'bonferroni', 60.6024572231, 0.000675013333032, 5],
    ['score', 'holm', 60.0042734288, 0.000675013333032, 5],
    ['score', 'hochberg', 59.6471015314, 0.000675013333032, 5],
    ['score', 'hommel', 58.1672779551, 0.000675013333032, 5],
    ['score', 'BH', 28.7296946816, 0.000675013333032, 10],
    ['score', 'BY', 54.5059488152, 0.00326222924778, 5],
  ])('nki70, %s p-values adjusted by %s', (test, adjustment, sum, least, below) => {
    const example = cases.find(({ id }) => id === 'nki70_efron');
    if (!example) throw new Error('no nki70');
    const { features } = example.inputs as unknown as { features: readonly string[] };
    const table = new CaseTable(example, features);
    const screened = screenFeatures(table.data, table.covariates(features));
    const adjusted = adjustScreening(screened, test, adjustment).map((p) => p ?? Number.NaN);
    // R's own p-values are those of coefficients up to 1e-6 standard errors off.
    const total = adjusted.reduce((s, p) => s + p, 0);
    expect(Math.abs(total / sum - 1)).toBeLessThan(1e-6);
    expect(Math.abs(Math.min(...adjusted) / least - 1)).toBeLessThan(1e-5);
    expect(adjusted.filter((p) => p < 0.05)).toHaveLength(below);
  });
});
