import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { dropRedundant } from './redundancy-filter.ts';

const stream = random(2, 'redundancy');
const base = Float64Array.from({ length: 50 }, () => stream.normal());
const other = Float64Array.from({ length: 50 }, () => stream.normal());
const feature = (name: string, p: number, values: Float64Array) => ({
  name,
  p,
  values,
  mean: 0,
  standardDeviation: 1,
});
const names = (features: ReturnType<typeof dropRedundant>) => features.map(({ name }) => name);

describe('dropRedundant', () => {
  it('drops the one with the greater p, and keeps the order given', () => {
    const close = base.map((value, i) => value + 0.2 * other[i]);
    const features = [
      feature('weak', 0.04, base),
      feature('apart', 0.03, other),
      feature('strong', 0.01, close),
    ];
    expect(names(dropRedundant(features, 0.8))).toEqual(['apart', 'strong']);
  });

  it('takes the first of equal p', () => {
    const negative = base.map((value) => -value);
    expect(names(dropRedundant([feature('a', 0.01, base), feature('b', 0.01, negative)], 0.8))).toEqual([
      'a',
    ]);
  });

  it('keeps a feature whose rival fell itself', () => {
    // b is close to a and c, but a and c are not close: b falls to a, and c stays.
    const a = base;
    const b = base.map((value, i) => value + 0.6 * other[i]);
    const c = base.map((value, i) => 0.5 * value + other[i]);
    expect(
      names(dropRedundant([feature('a', 0.01, a), feature('b', 0.02, b), feature('c', 0.03, c)], 0.8)),
    ).toEqual(['a', 'c']);
  });

  it('compares by rank where either is not normal', () => {
    // Monotone, hence of rank correlation 1, though Pearson's is far below 0.8.
    const skewed = base.map((value) => Math.exp(4 * value));
    expect(names(dropRedundant([feature('a', 0.01, base), feature('b', 0.02, skewed)], 0.8))).toEqual(['a']);
  });
});
