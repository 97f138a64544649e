import { afterAll, it } from 'vitest';
import {
  fitCox,
  type Ties,
  type TimeTransform,
  testProportionalHazards,
} from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable, survivalCases } from '../support/survival-cases.ts';
import { Tally } from '../support/tally.ts';

interface Table {
  readonly rows: readonly string[];
  readonly chisq: readonly number[];
  readonly df: readonly number[];
  readonly p: readonly number[];
}

interface Expected {
  readonly per_term: Table;
  readonly per_coefficient: Table;
  readonly scaled_schoenfeld?: {
    readonly time: readonly number[];
    readonly x: readonly number[];
    readonly y: readonly (readonly number[])[];
  };
}

// R tests at coefficients up to 1e-6 standard errors short of the maximum.
const R_STOPS_EARLY = { relative: 2e-6 };

const tally = new Tally();

describeConformance('The proportional-hazards test equals R', () => {
  afterAll(() => tally.print('cox.zph of R survival 3.5-3'));
  const cases = survivalCases<Expected, { transform: TimeTransform; ties: Ties }>('zph/cox_zph.json');

  it.each(cases.map((c) => [c.id, c] as const))('%s', (id, example) => {
    const table = new CaseTable(example);
    const { transform, ties } = example.options;
    const names = example.inputs.covariates ?? [];
    const covariates = table.covariates(names);
    const terms = names.map((name) => ({
      name,
      covariates: covariates.names.filter((c) => c === name || (c.startsWith(name) && !names.includes(c))),
    }));
    const model = fitCox(table.data, covariates, { ties });
    const compare = (what: string, test: ReturnType<typeof testProportionalHazards>, expected: Table) => {
      [...test.terms, test.global].forEach((t, i) => {
        const row = `${what} ${expected.rows[i]}`;
        tally.check(transform, id, `${row} chi-square`, t.statistic, expected.chisq[i], R_STOPS_EARLY);
        tally.check(transform, id, `${row} df`, t.df, expected.df[i], {});
        tally.check(transform, id, `${row} p`, t.p, expected.p[i], { relative: 2e-5 });
      });
    };
    compare(
      'term',
      testProportionalHazards(model, table.data, covariates, { transform, terms }),
      example.expected.per_term,
    );
    const single = testProportionalHazards(model, table.data, covariates, { transform });
    compare('coefficient', single, example.expected.per_coefficient);
    const scaled = example.expected.scaled_schoenfeld;
    if (scaled) {
      tally.checkAll(transform, id, 'time', single.time, scaled.time, {});
      tally.checkAll(transform, id, 'g', single.transformed, scaled.x, { relative: 1e-12 });
      single.scaledResiduals.forEach((column, j) => {
        const size = scaled.y.reduce((most, row) => Math.max(most, Math.abs(row[j])), 0);
        const tolerance = { relative: 1e-6, absolute: 1e-6 * size };
        tally.checkAll(
          transform,
          id,
          `residual ${j}`,
          column,
          scaled.y.map((row) => row[j]),
          tolerance,
        );
      });
    }
    tally.settle();
  });
});
