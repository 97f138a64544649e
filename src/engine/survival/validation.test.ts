import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { bootstrapRows } from './bootstrap.ts';
import { giniDifference } from './gini-difference.ts';
import { combineValidation, resampleValidation, validateCox, validationProblem } from './validation.ts';

const source = random(5, 'validation');
const rows = 90;
const noise = Array.from({ length: 6 }, () => Float64Array.from({ length: rows }, () => source.normal()));
const data = {
  time: Float64Array.from({ length: rows }, (_, i) => source.exponential() / Math.exp(noise[0][i] / 2)),
  event: Uint8Array.from({ length: rows }, () => (source.uniform() < 0.7 ? 1 : 0)),
};
const covariates = { names: noise.map((_, j) => `x${j}`), columns: noise };

describe('validateCox', () => {
  it('finds a model of noise less good than it appears', () => {
    const { indexes, warnings } = validateCox(data, covariates, { resamples: 40 });
    expect(warnings).toEqual([]);
    const of = Object.fromEntries(indexes.map((i) => [i.index, i]));
    for (const name of ['Dxy', 'R2', 'Slope', 'D', 'Q', 'g']) expect(of[name].optimism).toBeGreaterThan(0);
    expect(of.U.optimism).toBeLessThan(0);
    expect(of.Slope).toMatchObject({ apparent: 1, training: 1 });
    expect(of.Q.apparent).toBeCloseTo((of.D.apparent ?? 0) - (of.U.apparent ?? 0), 12);
  });

  it('gives the same bits whoever evaluates the resamples, in whatever order', () => {
    const whole = validateCox(data, covariates, { resamples: 10, seed: 9 });
    const problem = structuredClone(validationProblem(data, covariates));
    const samples = Array.from({ length: 10 }, (_, b) => 9 - b)
      .map((b) => resampleValidation(problem, bootstrapRows(rows, 9, b)))
      .reverse();
    expect(combineValidation(problem, samples)).toEqual(whole);
  });

  it('is not moved by the unit of a covariate', () => {
    const scaled = { ...covariates, columns: noise.map((x, j) => x.map((v) => v * 10 ** j + 7)) };
    const a = validateCox(data, covariates, { resamples: 5 }).indexes;
    const b = validateCox(data, scaled, { resamples: 5 }).indexes;
    a.forEach((index, i) => {
      expect(b[i].corrected).toBeCloseTo(index.corrected ?? Number.NaN, 8);
    });
  });

  it.each<[string, () => unknown, string]>([
    [
      'weights',
      () => validateCox({ ...data, weights: new Float64Array(rows).fill(2) }, covariates),
      'ARGUMENT_INVALID',
    ],
    ['half a resample', () => validateCox(data, covariates, { resamples: 0.5 }), 'ARGUMENT_INVALID'],
    ['no events', () => validateCox({ ...data, event: new Uint8Array(rows) }, covariates), 'NO_EVENTS'],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});

describe('giniDifference', () => {
  it('is the mean difference of all pairs', () => {
    expect(giniDifference(Float64Array.of(3, 1, 8))).toBeCloseTo((2 + 5 + 7) / 3, 14);
    expect(giniDifference(Float64Array.of(1e9 + 1, 1e9))).toBe(1);
    expect(giniDifference(Float64Array.of(4))).toBe(0);
  });
});
