import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.ts';
import { binomial } from './binomial.ts';
import { hypergeometric } from './hypergeometric.ts';

function choose(n: number, k: number): bigint {
  let value = 1n;
  for (let i = 1n; i <= BigInt(k); i++) value = (value * (BigInt(n) - i + 1n)) / i;
  return k < 0 || k > n ? 0n : value;
}

describe('hypergeometric', () => {
  it('has the probabilities and tails that whole-number arithmetic gives', () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.nat(60),
        fc.nat(120),
        fc.integer({ min: -1, max: 61 }),
        (white, black, ball, k) => {
          const drawn = Math.min(ball, white + black);
          const ways = (i: number) => choose(white, i) * choose(black, drawn - i);
          const all = choose(white + black, drawn);
          let below = 0n;
          for (let i = 0; i <= k; i++) below += ways(i);
          const share = (part: bigint) => Number((part * 10n ** 60n) / all) / 1e60;
          expectClose(hypergeometric.probability(k, white, black, drawn), share(ways(k)), 1e-13);
          expectClose(hypergeometric.lower(k, white, black, drawn), share(below), 1e-13);
          expectClose(hypergeometric.upper(k, white, black, drawn), share(all - below), 1e-13);
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  it('refuses counts that are not whole, or too many draws', () => {
    expect(() => hypergeometric.lower(1, 2.5, 3, 1)).toThrow('white');
    expect(() => hypergeometric.lower(1, 2, 3, 6)).toThrow('drawn must be a whole number from 0 to 5');
  });
});

describe('binomial', () => {
  // Computed with 40 digits.
  it.each([
    [0, 10, 1e-20, 1.0, 1.0, 1e-19],
    [3, 10, 0.5, 0.1171875, 0.171875, 0.828125],
    [2, 300, 0.4, 5.558467162739876e-63, 5.614516589146767e-63, 1.0],
    [290, 300, 0.4, 3.3459283040652345e-100, 1.0, 7.82577743396384e-102],
    [1000, 3000, 0.25, 3.591052535753048e-25, 1.0, 7.098306563222842e-25],
  ])('P(X ≤ %d) and its complement for n = %d, p = %d', (k, n, p, probability, lower, upper) => {
    expectClose(binomial.probability(k, n, p), probability, 5e-13);
    expectClose(binomial.lower(k, n, p), lower, 5e-13);
    expectClose(binomial.upper(k, n, p), upper, 5e-13);
  });

  it('sums to 1, and is sure where p is', () => {
    let sum = 0;
    for (let k = 0; k <= 50; k++) sum += binomial.probability(k, 50, 0.3);
    expectClose(sum, 1, 1e-14);
    expect(binomial.probability(0, 7, 0)).toBe(1);
    expect(binomial.probability(7, 7, 1)).toBe(1);
    expect(binomial.lower(6, 7, 1)).toBe(0);
    expect(binomial.upper(7, 7, 1)).toBe(0);
    expect(binomial.probability(0.5, 7, 0.5)).toBe(0);
  });
});
