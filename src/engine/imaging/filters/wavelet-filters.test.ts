import { describe, expect, test } from 'vitest';
import { waveletFilters, waveletNames } from './wavelet-filters.ts';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('waveletFilters', () => {
  test('knows the 106 names of PyWavelets’ discrete wavelets', () => {
    expect(waveletNames.length).toBe(106);
    expect(new Set(waveletNames).size).toBe(106);
  });

  test.each(waveletNames)('%s passes a constant by √2 on one side and stops it on the other', (name) => {
    const { low, high } = waveletFilters(name);
    expect(low.length).toBe(high.length);
    expect(low.length % 2).toBe(0);
    // The discrete Meyer wavelet is cut off.
    const digits = name === 'dmey' ? 2 : 9;
    expect(sum(low)).toBeCloseTo(Math.SQRT2, digits);
    expect(sum(high)).toBeCloseTo(0, digits);
  });

  test.each(waveletNames.filter((name) => /^(haar|db|sym|coif)/.test(name)))(
    '%s is orthogonal to itself moved by two, four, …',
    (name) => {
      const { low, high } = waveletFilters(name);
      for (let shift = 0; shift < low.length; shift += 2) {
        const product = (a: Float64Array, b: Float64Array) => sum(a.subarray(shift).map((v, n) => v * b[n]));
        expect(product(low, low)).toBeCloseTo(shift === 0 ? 1 : 0, 7);
        expect(product(low, high)).toBeCloseTo(0, 7);
      }
    },
  );

  test('takes upper case for lower', () => {
    expect(waveletFilters('COIF1')).toEqual(waveletFilters('coif1'));
  });
});
