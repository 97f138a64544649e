import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { bootstrapRows } from './bootstrap.ts';
import { compareConcordance } from './compare-concordance.ts';
import { bootstrapConcordanceDifference, resampleConcordanceDifference } from './concordance-difference.ts';

const source = random(11, 'difference');
const rows = 150;
const x = Float64Array.from({ length: rows }, () => source.normal());
const data = {
  time: x.map((value) => source.exponential() / Math.exp(value)),
  event: Uint8Array.from(x, () => (source.uniform() < 0.8 ? 1 : 0)),
};
const noisy = x.map((value) => value + source.normal());

describe('bootstrapConcordanceDifference', () => {
  it('agrees with the standard error of the influence function', () => {
    const exact = compareConcordance(data, noisy, x);
    const { difference } = bootstrapConcordanceDifference(data, noisy, x, { resamples: 400 });
    expect(difference.estimate).toBe(exact.difference);
    expect((difference.standardError ?? 0) / (exact.standardError ?? 1)).toBeCloseTo(1, 0);
    expect(Math.abs((difference.standardError ?? 0) / (exact.standardError ?? 1) - 1)).toBeLessThan(0.15);
    expect(difference.lower).toBeLessThan(difference.estimate);
    expect(difference.upper).toBeGreaterThan(difference.estimate);
  });

  it('is paired: a score does not differ from itself', () => {
    const { first, second, difference } = bootstrapConcordanceDifference(data, x, x, { resamples: 20 });
    expect(difference).toMatchObject({ estimate: 0, standardError: 0, p: 1 });
    expect(first).toEqual(second);
  });

  it('evaluates a resample from its rows alone', () => {
    const problem = { data, first: noisy, second: x, options: {} };
    const samples = [2, 1, 0].map((b) => resampleConcordanceDifference(problem, bootstrapRows(rows, 4, b)));
    const { difference } = bootstrapConcordanceDifference(data, noisy, x, {
      resamples: 3,
      seed: 4,
      level: 0.5,
    });
    const sorted = samples.map((s) => s[2]).sort((a, b) => a - b);
    expect(difference.lower).toBeCloseTo((sorted[0] + sorted[1]) / 2, 14);
  });

  it('says how many resamples have no pair', () => {
    const two = { time: Float64Array.of(1, 2), event: Uint8Array.of(1, 0) };
    const score = Float64Array.of(2, 1);
    const { difference, warnings } = bootstrapConcordanceDifference(two, score, score, { resamples: 30 });
    expect(warnings).toMatchObject([{ code: 'RESAMPLES_FAILED' }]);
    expect(difference.resamples).toBeLessThan(30);
  });

  it.each<[string, () => unknown, string]>([
    ['a score too few', () => bootstrapConcordanceDifference(data, x.slice(1), x), 'LENGTH_MISMATCH'],
    [
      'no pair',
      () => bootstrapConcordanceDifference({ ...data, event: new Uint8Array(rows) }, x, x),
      'FIT_FAILED',
    ],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});
