import { expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { fitCox } from './cox.ts';
import { fastBackward } from './fast-backward.ts';

const source = random(1, 'fast-backward');
const rows = 120;
const columns = [1, 0.4, 0, 0].map(() => Float64Array.from({ length: rows }, () => source.normal()));
const time = Float64Array.from(
  { length: rows },
  (_, i) => (-10 * Math.log(source.uniform())) / Math.exp(columns[0][i] + 0.4 * columns[1][i]),
);
const data = { time, event: Uint8Array.from(time, (_, i) => (i % 4 === 0 ? 0 : 1)) };
const model = fitCox(data, { names: ['a', 'b', 'c', 'd'], columns });

it('removes first what the Wald test speaks least for, by its χ²', () => {
  const { removed } = fastBackward(model);
  const least = [...model.terms].sort((x, y) => Math.abs(x.z ?? 0) - Math.abs(y.z ?? 0))[0];
  expect(removed[0].term).toBe(least.name);
  expect(removed[0].individual.statistic).toBeCloseTo((least.z ?? 0) ** 2, 10);
  expect(removed[0].residual).toEqual(removed[0].individual);
});

it('adds up: each residual χ² is the sum of those before it, and that of all is the Wald test of the model', () => {
  const { removed, terms, coefficients } = fastBackward(model, { rule: 'p', threshold: 0 });
  expect(terms).toEqual([]);
  expect([...coefficients]).toEqual([0, 0, 0, 0]);
  let sum = 0;
  for (const [i, { individual, residual }] of removed.entries()) {
    sum += individual.statistic;
    expect(residual.df).toBe(i + 1);
    expect(residual.statistic).toBeCloseTo(sum, 8);
  }
  expect(sum / model.wald.statistic).toBeCloseTo(1, 10);
});

it('gives the coefficients of the kept nearly as a fit without the others does', () => {
  const { terms, coefficients } = fastBackward(model, { rule: 'p', judge: 'individual', threshold: 0.01 });
  expect(terms).toContain('a');
  const kept = terms.map((name) => model.names.indexOf(name));
  const refit = fitCox(data, { names: terms, columns: kept.map((j) => columns[j]) });
  kept.forEach((j, place) => {
    expect(Math.abs(coefficients[j] - refit.coefficients[place]) / refit.standardErrors[place]).toBeLessThan(
      0.2,
    );
  });
  model.names.forEach((name, j) => {
    if (!terms.includes(name)) expect(coefficients[j]).toBe(0);
  });
});

it('stops by the rule asked for', () => {
  const byAic = fastBackward(model);
  const last = byAic.removed[byAic.removed.length - 1].residual;
  expect(last.statistic - 2 * last.df).toBeLessThanOrEqual(0);
  const terms = [
    { name: 'first', covariates: ['a', 'b'] },
    { name: 'second', covariates: ['c', 'd'] },
  ];
  const together = fastBackward(model, { terms, rule: 'p', threshold: 1e-6 });
  expect(together.terms).toEqual(['first']);
  expect(together.removed[0].individual.df).toBe(2);
});
