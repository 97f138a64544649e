import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seeded } from '../../../test/support/survival-arbitrary.ts';
import { rank, tieCorrection } from './ranks.ts';

it('gives each value the mean of the places at which it may stand', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -4, max: 4 }).map((v) => v / 3)), (values) => {
      const { ranks, ties } = rank(values);
      values.forEach((value, i) => {
        const below = values.filter((v) => v < value).length;
        const same = values.filter((v) => v === value).length;
        expect(ranks[i]).toBe(below + (same + 1) / 2);
      });
      const sizes = [...new Set(values)]
        .sort((a, b) => a - b)
        .map((v) => values.filter((x) => x === v).length);
      expect(ties).toEqual(sizes.filter((size) => size > 1));
    }),
    seeded,
  );
});

it('takes the two zeros for one value', () => {
  expect([...rank([0, -0, -1]).ranks]).toEqual([2.5, 2.5, 1]);
});

it('sums t³ − t over the ties', () => {
  expect(tieCorrection([2, 3])).toBe(6 + 24);
});
