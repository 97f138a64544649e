import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { failureOf } from '../../../test/support/failure-of.ts';
import { adjustedP } from './adjusted-p.ts';
import { median, type QuantileType, quantiles } from './quantiles.ts';

const TYPES: readonly QuantileType[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('quantiles', () => {
  const x = [2.1, 3.4, 1.9, 5.6, 4.4, 7.8, 6.1, 9.3, 8.2, 0.5];
  const tied = [3, 1, 2, 2, 5, 5, 5, 8, 9];
  // R: quantile(x, c(0, .1, .25, 1/3, .5, .77, .9, 1), type = t); quantile(tied, c(.1, .25, .5, .8), type = t)
  it.each([
    [1, [0.5, 0.5, 2.1, 3.4, 4.4, 7.8, 8.2, 9.3], [1, 2, 5, 8]],
    [2, [0.5, 1.2, 2.1, 3.4, 5, 7.8, 8.75, 9.3], [1, 2, 5, 8]],
    [3, [0.5, 0.5, 1.9, 2.1, 4.4, 7.8, 8.2, 9.3], [1, 2, 3, 5]],
    [4, [0.5, 0.5, 2, 2.533333333333333, 4.4, 7.29, 8.2, 9.3], [1, 2, 4, 5.6]],
    [5, [0.5, 1.2, 2.1, 3.183333333333333, 5, 7.88, 8.75, 9.3], [1.4, 2, 5, 7.1]],
    [6, [0.5, 0.64, 2.05, 2.9666666666666663, 5, 7.988, 9.19, 9.3], [1, 2, 5, 8]],
    [7, [0.5, 1.76, 2.425, 3.4, 5, 7.681, 8.31, 9.3], [1.8, 2, 5, 6.2]],
    [
      8,
      [0.5, 1.0133333333333332, 2.0833333333333335, 3.1111111111111103, 5, 7.916, 8.896666666666667, 9.3],
      [1.2666666666666666, 2, 5, 7.4],
    ],
    [9, [0.5, 1.06, 2.0875, 3.1291666666666664, 5, 7.907, 8.86, 9.3], [1.3, 2, 5, 7.325]],
  ] as const)('of type %d are R’s', (type, ofX, ofTied) => {
    quantiles(x, [0, 0.1, 0.25, 1 / 3, 0.5, 0.77, 0.9, 1], type).forEach((q, i) => {
      expectClose(q, ofX[i], 1e-14);
    });
    quantiles(tied, [0.1, 0.25, 0.5, 0.8], type).forEach((q, i) => {
      expectClose(q, ofTied[i], 1e-14);
    });
  });

  it('rise with the probability, within the range, and do not change with order', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 30,
    });
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, unit, unit, (list, a, b) => {
        for (const type of TYPES) {
          const [low, high] = quantiles(list, [Math.min(a, b), Math.max(a, b)], type);
          const largest = Math.max(...list);
          const smallest = Math.min(...list);
          const rounding = 4e-16 * Math.max(Math.abs(smallest), Math.abs(largest));
          expect(low).toBeLessThanOrEqual(high + rounding);
          expect(low).toBeGreaterThanOrEqual(smallest - rounding);
          expect(high).toBeLessThanOrEqual(largest + rounding);
          expect(quantiles(list.toReversed(), [a], type)[0]).toBe(quantiles(list, [a], type)[0]);
        }
      }),
      { seed: 71, numRuns: 200 },
    );
  });

  it('of one value are that value; none, and what is not a probability, are refused', () => {
    for (const type of TYPES) expect([...quantiles([4], [0, 0.3, 1], type)]).toEqual([4, 4, 4]);
    expect(median([3, 1, 2, 10])).toBe(2.5);
    expect(failureOf(() => quantiles([], [0.5])).code).toBe('NO_OBSERVATIONS');
    expect(failureOf(() => quantiles([1, Number.NaN], [0.5])).message).toContain('values[1]');
    expect(failureOf(() => quantiles([1], [0.5, 1.5])).message).toContain('probabilities[1]');
  });
});

describe('adjustedP', () => {
  // R: p.adjust(p, "hommel")
  it.each([
    [
      [0.01, 0.02, 0.03, 0.04, 0.05, 0.2, 0.6],
      [0.07, 0.08333333333333333, 0.1, 0.12, 0.15, 0.4, 0.6],
    ],
    [
      [0.4, 0.001, 0.03, 0.03, 0.9, 0.012],
      [0.8, 0.006, 0.09, 0.09, 0.9, 0.05],
    ],
  ])('by Hommel of %j', (p, adjusted) => {
    adjustedP(p, 'hommel').forEach((value, i) => {
      expectClose(value, adjusted[i], 1e-14);
    });
  });

  it('keeps the order, does not fall below p, and ranks the methods by their power', () => {
    const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 25 });
    fc.assert(
      fc.property(pValues, (p) => {
        const by = (method: Parameters<typeof adjustedP>[1]) => adjustedP(p, method);
        const [bonferroni, holm, hochberg, hommel, bh, fdrBy] = [
          by('bonferroni'),
          by('holm'),
          by('hochberg'),
          by('hommel'),
          by('BH'),
          by('BY'),
        ];
        p.forEach((value, i) => {
          const chain = [value, bh[i], hommel[i], hochberg[i], holm[i], bonferroni[i]];
          for (let j = 1; j < chain.length; j++) {
            expect(chain[j - 1]).toBeLessThanOrEqual(chain[j] * (1 + 1e-12));
          }
          expect(bh[i]).toBeLessThanOrEqual(fdrBy[i] * (1 + 1e-12));
          p.forEach((other, j) => {
            if (value > other) expect(hommel[i]).toBeGreaterThanOrEqual(hommel[j] * (1 - 1e-12));
          });
        });
      }),
      { seed: 72, numRuns: 200 },
    );
  });

  it('takes none and one, and refuses what is not a probability', () => {
    for (const method of ['bonferroni', 'holm', 'hochberg', 'hommel', 'BH', 'BY'] as const) {
      expect([...adjustedP([], method)]).toEqual([]);
      expect([...adjustedP([0.3], method)]).toEqual([0.3]);
    }
    expect(failureOf(() => adjustedP([0.1, Number.NaN], 'BH')).message).toContain('pValues[1]');
  });
});
