import { afterAll, expect, it } from 'vitest';
import {
  adjustedP,
  anova,
  chiSquaredTest,
  correlationMatrix,
  fisherTest,
  kendall,
  kruskalWallis,
  mannWhitney,
  pearson,
  shapiroWilk,
  spearman,
  tTest,
  varianceTest,
} from '../../src/engine/statistics/index.ts';
import { failureOf } from '../support/failure-of.ts';
import { describeConformance, referenceJson } from '../support/reference.ts';
import { readTable } from '../support/survival-cases.ts';
import { type ReferenceNumber, Tally } from '../support/tally.ts';

const RELATIVE = { relative: 1e-9 };

interface Expected {
  readonly statistic: ReferenceNumber;
  readonly df?: readonly ReferenceNumber[];
  readonly p: ReferenceNumber;
  readonly estimate?: readonly ReferenceNumber[];
  readonly ci95?: readonly ReferenceNumber[];
  readonly se?: number;
  readonly method: string;
  readonly expected_counts?: { readonly values: readonly (readonly number[])[] };
}

interface Inputs {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly group: readonly string[];
  readonly table: readonly (readonly number[])[];
  readonly p: readonly number[];
}

interface Case<E = Expected> {
  readonly id: string;
  readonly call: string;
  readonly inputs: Inputs;
  readonly expected: E;
  readonly error: string | null;
}

interface MatrixCase {
  readonly id: string;
  readonly data: string;
  readonly inputs: { readonly rows: string; readonly columns: readonly string[] };
  readonly expected: Record<'pearson' | 'spearman', { readonly values: readonly (readonly number[])[] }>;
}

const tally = new Tally();

function casesOf<E = Expected>(file: string): (readonly [string, Case<E>])[] {
  const { cases } = referenceJson<{ readonly cases: readonly Case<E>[] }>(`survival/tests/${file}.json`);
  return cases.map((example) => [example.id, example] as const);
}

describeConformance('Tests of hypotheses equal R', () => {
  afterAll(() => tally.print('Tests of hypotheses against R 4.2.2'));

  it.each(casesOf('two_sample'))('%s', (id, { call, inputs: { x, y }, expected }) => {
    const check = (
      procedure: string,
      what: string,
      actual: number | null,
      wanted: ReferenceNumber | undefined,
    ) => tally.check(procedure, id, what, actual, wanted, RELATIVE);
    if (call.startsWith('t.test')) {
      const procedure = call.includes('var.equal') ? 't test, pooled' : 't test, Welch';
      const ours = tTest(x, y, { variance: call.includes('var.equal') ? 'pooled' : 'separate' });
      check(procedure, 't', ours.statistic, expected.statistic);
      check(procedure, 'df', ours.df, expected.df?.[0]);
      check(procedure, 'p', ours.p, expected.p);
      check(procedure, 'standard error', ours.standardError, expected.se);
      tally.checkAll(procedure, id, 'means', ours.means, expected.estimate ?? [], RELATIVE);
      tally.checkAll(procedure, id, 'confidence', ours.confidence ?? [], expected.ci95 ?? [], RELATIVE);
    } else if (call.startsWith('wilcox')) {
      const isNormal = call.includes('exact=FALSE');
      const ours = mannWhitney(x, y, {
        method: isNormal ? 'normal' : 'auto',
        continuity: !call.includes('correct=FALSE'),
      });
      const procedure = `Mann–Whitney, ${ours.method}`;
      expect(ours.method === 'exact').toBe(expected.method.includes('exact'));
      check(procedure, 'W', ours.statistic, expected.statistic);
      check(procedure, 'p', ours.p, expected.p);
    } else {
      const ours = varianceTest(x, y);
      check('F test of variances', 'F', ours.statistic, expected.statistic);
      check('F test of variances', 'p', ours.p, expected.p);
      tally.checkAll('F test of variances', id, 'df', ours.df, expected.df ?? [], RELATIVE);
      tally.checkAll(
        'F test of variances',
        id,
        'confidence',
        ours.confidence ?? [],
        expected.ci95 ?? [],
        RELATIVE,
      );
    }
    tally.settle();
  });

  it.each(casesOf('contingency'))('%s', (id, { call, inputs: { table }, expected }) => {
    if (call.startsWith('chisq')) {
      const ours = chiSquaredTest(table, { continuity: !call.includes('correct=FALSE') });
      // One table's corrected deviations are 0 but for rounding: R's statistic is 1e-32.
      const tolerance = { relative: 1e-9, absolute: 1e-30 };
      tally.check('χ² test', id, 'χ²', ours.statistic, expected.statistic, tolerance);
      tally.check('χ² test', id, 'p', ours.p, expected.p, RELATIVE);
      tally.check('χ² test', id, 'df', ours.df, expected.df?.[0], RELATIVE);
      tally.checkAll(
        'χ² test',
        id,
        'expected',
        ours.expected.flat(),
        expected.expected_counts?.values.flat() ?? [],
        RELATIVE,
      );
    } else {
      const alternative = call.includes('greater') ? 'greater' : call.includes('less') ? 'less' : 'two-sided';
      const ours = fisherTest(table, { alternative });
      tally.check('Fisher test', id, 'p', ours.p, expected.p, RELATIVE);
      const odds = [ours.oddsRatio, ...(ours.confidence ?? [])];
      const wanted = [...(expected.estimate ?? []), ...(expected.ci95 ?? [])];
      if (expected.estimate) expect(odds).toHaveLength(3);
      // R searches for the odds ratio, or its inverse where that is below 1, in (0, 1) with uniroot's default tolerance
      // of 1.22e-4, so its own figures are good to that; ours are held to their equations in fisher-test.test.ts.
      const inUnit = (ratio: ReferenceNumber | undefined) =>
        ratio === 'Inf' ? 2 : typeof ratio === 'number' && ratio > 1 ? 2 - 1 / ratio : (ratio ?? null);
      wanted.forEach((ratio, i) => {
        tally.check('Fisher test, odds ratio', id, `odds ${i}`, inUnit(odds[i]) as number, inUnit(ratio), {
          absolute: 1.3e-4,
        });
      });
    }
    tally.settle();
  });

  it.each(casesOf<Expected | null>('shapiro'))(
    'Shapiro–Wilk %s',
    (id, { inputs: { x }, expected, error }) => {
      if (error?.includes('sample size')) {
        expect(failureOf(() => shapiroWilk(x)).code).toBe('NO_OBSERVATIONS');
        return;
      }
      const ours = shapiroWilk(x);
      tally.check('Shapiro–Wilk', id, 'W', ours.statistic, expected?.statistic, RELATIVE);
      tally.check('Shapiro–Wilk', id, 'p', ours.p, expected?.p, RELATIVE);
      tally.settle();
    },
  );

  it.each(casesOf('correlation_kgroups'))('%s', (id, { call, inputs: { x, y, group }, expected }) => {
    if (call.startsWith('cor.test')) {
      const isKendall = call.includes('kendall');
      const isSpearman = call.includes('spearman');
      const ours = isKendall
        ? kendall(x, y, { method: 'normal' })
        : isSpearman
          ? spearman(x, y, { method: call.includes('exact=FALSE') ? 't' : 'auto' })
          : pearson(x, y);
      const procedure =
        'method' in ours ? `${isKendall ? 'Kendall' : 'Spearman'}, ${ours.method}` : 'Pearson';
      tally.check(procedure, id, 'estimate', ours.estimate, expected.estimate?.[0], RELATIVE);
      // R takes 1 − r² from the rounded r, so that next to r = ±1 its t is good to 2^-52 / (1 − |r|), and p to that
      // times the degrees of freedom. Ours is held to exact figures in correlation.test.ts.
      const rounding = isKendall ? 0 : 2 ** -52 / Math.max(2 ** -53, 1 - Math.abs(ours.estimate ?? 0));
      const isBeyond = rounding > 1e-9;
      if (isBeyond) expect(id).toMatch(/^near_perfect/);
      tally.check(procedure, id, 'statistic', ours.statistic, expected.statistic, {
        relative: 1e-9 + rounding,
      });
      tally.check(procedure, id, 'p', ours.p, expected.p, { relative: 1e-9 + rounding * x.length });
      if ('confidence' in ours) {
        tally.checkAll(procedure, id, 'confidence', ours.confidence ?? [], expected.ci95 ?? [], RELATIVE);
      }
    } else {
      const groups = [...new Set(group)].map((name) => x.filter((_, i) => group[i] === name));
      const isKruskal = call.startsWith('kruskal');
      const procedure = isKruskal ? 'Kruskal–Wallis' : call.includes('var.equal') ? 'ANOVA' : 'ANOVA, Welch';
      const ours = isKruskal
        ? kruskalWallis(groups)
        : anova(groups, { variance: call.includes('var.equal') ? 'pooled' : 'separate' });
      tally.check(procedure, id, 'statistic', ours.statistic, expected.statistic, RELATIVE);
      tally.check(procedure, id, 'p', ours.p, expected.p, RELATIVE);
      tally.checkAll(procedure, id, 'df', [ours.df ?? []].flat() as number[], expected.df ?? [], RELATIVE);
    }
    tally.settle();
  });

  it.each(casesOf<Record<'BH' | 'BY' | 'holm' | 'hochberg' | 'bonferroni', readonly number[]>>('p_adjust'))(
    'p.adjust %s',
    (id, { inputs: { p }, expected }) => {
      for (const method of ['BH', 'BY', 'holm', 'hochberg', 'bonferroni'] as const) {
        tally.checkAll(`adjusted p, ${method}`, id, 'p', adjustedP(p, method), expected[method], RELATIVE);
      }
      tally.settle();
    },
  );

  it('cor of many columns', () => {
    const { cases } = referenceJson<{ readonly cases: readonly MatrixCase[] }>(
      'survival/tests/cor_matrix.json',
    );
    for (const { id, data, inputs, expected } of cases) {
      const [from, to] = inputs.rows.split('..').map(Number);
      const table = readTable(data);
      const columns = inputs.columns.map((name) => table[name].slice(from - 1, to).map(Number));
      for (const method of ['pearson', 'spearman'] as const) {
        const { values, constant } = correlationMatrix(columns, method);
        expect(constant).toEqual([]);
        tally.checkAll(`correlation matrix, ${method}`, id, 'r', values, expected[method].values.flat(), {
          relative: 1e-9,
          // A correlation of 0 is a sum that cancels.
          absolute: 1e-15,
        });
      }
    }
    tally.settle();
  });
});
