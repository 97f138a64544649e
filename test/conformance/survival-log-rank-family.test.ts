import { describe, expect, it } from 'vitest';
import { type Adjustment, adjustedP } from '../../src/engine/statistics/index.ts';
import { type LogRankWeight, logRank, pairwiseLogRank } from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable } from '../support/survival-cases.ts';

function expectRelative(actual: number | null, expected: number, relative = 1e-9): void {
  expect(Math.abs((actual ?? Number.NaN) - expected), `${actual}, ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected),
  );
}

const table = (file: string, time: string, status: string) =>
  new CaseTable({ data: `data/${file}.csv`, inputs: { time, status } });

// By R 4.2.2 from the formulas of survMisc's `comp`, which survminer calls; the first and the rho = 1 by `survdiff` too.
const FAMILY: readonly (readonly [LogRankWeight, veteran: number, ovarian: number])[] = [
  ['log-rank', 0.00822734320235, 1.06273986129141],
  ['gehan', 0.960750215252716, 1.91421143847487],
  ['tarone-ware', 0.545720174211765, 1.48520337934048],
  ['peto', 0.852952079977528, 1.69900351894061],
  ['modified-peto', 0.872375048785261, 1.74312398551879],
  [{ rho: 1 }, 0.87120949292718, 1.6848546116575],
  [{ rho: 0, gamma: 1 }, 0.80644766959664, 0.000102073521637879],
  [{ rho: 1, gamma: 1 }, 0.362821407510696, 0.00332280871700946],
  [{ rho: 0.5, gamma: 2 }, 0.800984726799419, 0.0272632305241693],
];

// survdiff on the two groups, p.adjust: squamous–small, squamous–adeno, squamous–large, small–adeno, small–large, adeno–large.
const PAIRS = [
  0.00066892122504147, 0.000519180149283958, 0.364422837484103, 0.755651328687121, 0.00220456751896179,
  2.62831687847632e-5,
];
const STRATIFIED = [
  0.00585185334388671, 0.0174713926351508, 0.617086091455227, 0.759745303377768, 0.000381559957694673,
  0.00124587292202418,
];
const ADJUSTED: Record<Adjustment, readonly number[]> = {
  none: PAIRS,
  bonferroni: [0.00401352735024882, 0.00311508089570375, 1, 1, 0.0132274051137707, 0.000157699012708579],
  holm: [
    0.00267568490016588, 0.00259590074641979, 0.728845674968206, 0.755651328687121, 0.00661370255688536,
    0.000157699012708579,
  ],
  hochberg: [
    0.00267568490016588, 0.00259590074641979, 0.728845674968206, 0.755651328687121, 0.00661370255688536,
    0.000157699012708579,
  ],
  hommel: [
    0.00267568490016588, 0.00207672059713583, 0.728845674968206, 0.755651328687121, 0.00661370255688536,
    0.000157699012708579,
  ],
  BH: [
    0.00133784245008294, 0.00133784245008294, 0.437307404980924, 0.755651328687121, 0.00330685127844268,
    0.000157699012708579,
  ],
  BY: [0.0032777140027032, 0.0032777140027032, 1, 1, 0.00810178563218456, 0.000386362581136019],
};

describeConformance('The log-rank family equals R', () => {
  const veteran = table('veteran', 'time', 'status');
  const ovarian = table('ovarian', 'futime', 'fustat');
  const cells = ['squamous', 'smallcell', 'adeno', 'large'];
  const cell = new CaseTable({
    data: 'data/veteran.csv',
    inputs: { time: 'time', status: 'status', factors: { celltype: cells } },
  }).codes(['celltype']);

  it.each(FAMILY)('with weight %j', (weight, ofVeteran, ofOvarian) => {
    const test = logRank(veteran.data, Int32Array.from(veteran.numbers('trt')), weight);
    expectRelative(test.statistic, ofVeteran, 1e-8);
    const other = logRank(ovarian.data, Int32Array.from(ovarian.numbers('rx')), weight);
    expectRelative(other.statistic, ofOvarian, 1e-8);
    expect([test.df, other.df]).toEqual([1, 1]);
  });

  describe('pair by pair', () => {
    it.each(Object.keys(ADJUSTED) as Adjustment[])('adjusted by %s', (adjustment) => {
      const pairs = pairwiseLogRank(veteran.data, cell, { adjustment });
      expect(pairs.map(({ first, second }) => [first, second])).toEqual([
        [0, 1],
        [0, 2],
        [0, 3],
        [1, 2],
        [1, 3],
        [2, 3],
      ]);
      pairs.forEach(({ p, adjustedP: adjusted }, i) => {
        expectRelative(p, PAIRS[i]);
        expectRelative(adjusted, ADJUSTED[adjustment][i]);
      });
      expect(pairs.map((pair) => pair.adjustedP)).toEqual([
        ...adjustedP(
          pairs.map((pair) => pair.p ?? 1),
          adjustment,
        ),
      ]);
    });

    it('stratified by treatment, with rho = 1', () => {
      const data = { ...veteran.data, strata: Int32Array.from(veteran.numbers('trt')) };
      pairwiseLogRank(data, cell, { weight: { rho: 1 } }).forEach(({ p }, i) => {
        expectRelative(p, STRATIFIED[i]);
      });
    });
  });
});
