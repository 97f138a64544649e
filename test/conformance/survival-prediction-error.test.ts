import { afterAll, it } from 'vitest';
import {
  compareConcordance,
  coxBaseline,
  fitCox,
  integratedBrier,
  linearPredictor,
  predictionErrors,
  predictSurvival,
  timeDependentAuc,
} from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable, survivalCases } from '../support/survival-cases.ts';
import { Tally } from '../support/tally.ts';

interface Expected {
  readonly risk_at_times: readonly (readonly number[])[];
  readonly auc: Readonly<Record<'auc' | 'se' | 'lower' | 'upper', readonly number[]>>;
  readonly brier: Readonly<Record<'brier' | 'se' | 'ibs_to_t', readonly number[]>>;
  readonly pec: {
    readonly reference: readonly number[];
    readonly cox: readonly number[];
    readonly ibs_0_to_max: readonly number[];
  };
}

interface Compared {
  readonly c: readonly number[];
  readonly diff: number;
  readonly se_diff: number;
  readonly z: number;
  readonly p: number;
}

const tally = new Tally();

describeConformance('Prediction errors and compared concordances equal R', () => {
  afterAll(() => tally.print('riskRegression 2022.11.28, pec 2022.05.04, survival 3.5-3'));

  it.each(survivalCases<Expected>('tdroc/auc_brier.json').map((c) => [c.id, c] as const))(
    '%s',
    (id, example) => {
      const { expected } = example;
      const { times } = example.inputs as unknown as { times: readonly number[] };
      const table = new CaseTable(example);
      const covariates = table.covariates(example.inputs.covariates ?? []);
      const model = fitCox(table.data, covariates);
      const curves = predictSurvival(model, coxBaseline(model, table.data, covariates), covariates, {
        times,
      });
      const risks = times.map((_, m) => Float64Array.from(curves, (curve) => 1 - curve.survival[m]));
      const check = (
        what: string,
        actual: ArrayLike<number | null>,
        wanted: readonly number[],
        relative: number,
      ) => tally.checkAll('AUC, Brier', id, what, actual, wanted, { relative });
      // The risks follow from coefficients at which R stopped early; the scores are computed from R's own risks.
      risks.forEach((risk, m) => {
        check(`risk at ${times[m]}`, risk, expected.risk_at_times[m], 1e-6);
      });
      const errors = predictionErrors(
        table.data,
        expected.risk_at_times.map((r) => Float64Array.from(r)),
        times,
      );
      check(
        'AUC',
        errors.map((e) => e.auc),
        expected.auc.auc,
        1e-9,
      );
      check(
        'Brier',
        [...errors.map((e) => e.reference), ...errors.map((e) => e.brier)],
        expected.brier.brier,
        1e-9,
      );
      check(
        'standard errors of Brier',
        [...errors.map((e) => e.referenceError), ...errors.map((e) => e.brierError)],
        expected.brier.se,
        1e-9,
      );
      const upTo = times.map((_, m) => integratedBrier(errors.slice(0, m + 1)));
      check(
        'integrated Brier by time',
        [...upTo.map((i) => i.reference), ...upTo.map((i) => i.brier)],
        expected.brier.ibs_to_t,
        1e-9,
      );
      expected.risk_at_times.forEach((risk, m) => {
        const [ours] = timeDependentAuc(table.data, Float64Array.from(risk), [times[m]]);
        const { auc, se, lower, upper } = expected.auc;
        check(`AUC ${m}`, [ours.auc], [auc[m]], 1e-9);
        check(`standard error of AUC ${m}`, [ours.standardError], [se[m]], 1e-9);
        check(`limits of AUC ${m}`, [ours.lower, ours.upper], [lower[m], upper[m]], 1e-9);
      });
      const { brier, reference } = integratedBrier(errors);
      check('integrated Brier', [reference, brier], expected.pec.ibs_0_to_max, 1e-9);
      tally.settle();
    },
  );

  const compared = survivalCases<Compared>('concordance/concordance.json').filter((c) =>
    c.id.endsWith('_compare'),
  );

  it.each(compared.map((c) => [c.id, c] as const))('%s', (id, example) => {
    const { covariates1, covariates2 } = example.inputs as unknown as Record<string, readonly string[]>;
    const table = new CaseTable(example, [...covariates1, ...covariates2]);
    const [first, second] = [covariates1, covariates2].map((names) => {
      const covariates = table.covariates(names);
      return linearPredictor(fitCox(table.data, covariates), covariates);
    });
    const ours = compareConcordance(table.data, first, second);
    const check = (what: string, actual: number | null, wanted: number) =>
      tally.check('two concordances', id, what, actual, wanted, { relative: 1e-9 });
    check('first', ours.first, example.expected.c[0]);
    check('second', ours.second, example.expected.c[1]);
    check('difference', ours.difference, example.expected.diff);
    check('standard error', ours.standardError, example.expected.se_diff);
    check('z', ours.z, example.expected.z);
    check('p', ours.p, example.expected.p);
    tally.settle();
  });
});
