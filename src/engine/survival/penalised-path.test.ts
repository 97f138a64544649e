import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { fitCox } from './cox.ts';
import { randomFolds } from './cross-validation-folds.ts';
import { crossValidate } from './penalised-cross-validation.ts';
import { fitPenalisedCox, fitPenalisedCoxSteps } from './penalised-path.ts';

/** 60 rows, 12 columns of which the first two matter. */
function cohort() {
  const source = random(7, 'penalised');
  const columns = Array.from({ length: 12 }, () =>
    Float64Array.from({ length: 60 }, () => source.uniform() * 2 - 1),
  );
  const time = Float64Array.from(
    { length: 60 },
    (_, i) => -Math.log(source.uniform()) * Math.exp(-2 * columns[0][i] + columns[1][i]),
  );
  const event = Uint8Array.from({ length: 60 }, () => (source.uniform() < 0.8 ? 1 : 0));
  return { data: { time, event }, covariates: { names: columns.map((_, j) => `x${j}`), columns } };
}

describe('fitPenalisedCox', () => {
  const { data, covariates } = cohort();

  it('begins with nothing, explains ever more, and meets its conditions at every λ', () => {
    const path = fitPenalisedCox(data, covariates);
    expect(path.points[0].index).toHaveLength(0);
    expect(path.warnings).toEqual([]);
    path.points.forEach((point, m) => {
      expect(point.violation).toBeLessThan(1e-9);
      if (m > 0) expect(point.explained).toBeGreaterThan(path.points[m - 1].explained);
    });
    expect([...path.points[2].index]).toContain(0);
  });

  it('is as exact where there is so much that columns are read in single precision', () => {
    const source = random(9, 'large');
    const rows = 900;
    const columns = Array.from({ length: 600 }, () =>
      Float64Array.from({ length: rows }, () => source.normal()),
    );
    // Alike to within single precision, and past it.
    columns[1] = columns[0].map((v) => v + 1e-3 * source.normal());
    columns[2] = columns[0].map((v) => v + 1e-9 * source.normal());
    columns[3] = columns[0];
    const time = columns[0].map((v, i) => -Math.log(source.uniform()) * Math.exp(columns[5][i] - v));
    const large = { time, event: Uint8Array.from(time, () => (source.uniform() < 0.8 ? 1 : 0)) };
    const names = columns.map((_, j) => `x${j}`);
    const path = fitPenalisedCox(large, { names, columns }, { lambda: [0.2, 0.05, 0.02] });
    const precise = fitPenalisedCox(
      large,
      { names, columns },
      { lambda: [0.2, 0.05, 0.02], tolerance: 1e-11 },
    );
    path.points.forEach((point, m) => {
      expect(point.violation).toBeLessThan(1e-9);
      expect(precise.points[m].violation).toBeLessThan(1e-10);
      expect(point.explained).toBeCloseTo(precise.points[m].explained, 10);
    });
    expect(path.points[2].index.length).toBeGreaterThan(100);
  });

  it('ends at the unpenalised fit with λ = 0, and takes factors of 0 as unpenalised', () => {
    const full = fitCox(data, covariates, { ties: 'breslow' });
    const [point] = fitPenalisedCox(data, covariates, { lambda: [0] }).points;
    point.index.forEach((j, m) => {
      expect(Math.abs(point.value[m] - full.coefficients[j]) / full.standardErrors[j]).toBeLessThan(1e-6);
    });
    const factors = covariates.names.map((_, j) => (j === 5 ? 0 : 1));
    const first = fitPenalisedCox(data, covariates, { penaltyFactors: factors }).points[0];
    const alone = fitCox(data, { names: ['x5'], columns: [covariates.columns[5]] }, { ties: 'breslow' });
    expect([...first.index]).toEqual([5]);
    expect(first.value[0]).toBeCloseTo(alone.coefficients[0], 7);
  });

  it('does not depend on a column’s unit, and leaves out constants and excluded columns', () => {
    const plain = fitPenalisedCox(data, covariates, { lambda: [0.05] }).points[0];
    const columns = covariates.columns.map((c, j) => (j === 0 ? c.map((v) => 1e6 + 1e3 * v) : c));
    columns[3] = new Float64Array(60).fill(2);
    const factors = covariates.names.map((_, j) => (j === 4 ? Infinity : 1));
    const scaled = fitPenalisedCox(data, { ...covariates, columns }, { lambda: [0.05] }).points[0];
    expect(scaled.value[0] * 1e3).toBeCloseTo(plain.value[0], 4);
    expect([...scaled.index]).not.toContain(3);
    const excluded = fitPenalisedCox(data, covariates, { lambda: [0.001], penaltyFactors: factors })
      .points[0];
    expect([...excluded.index]).not.toContain(4);
  });

  it('solves ridge and more columns than rows', () => {
    const few = { time: data.time.slice(0, 9), event: Uint8Array.of(1, 1, 1, 0, 1, 1, 1, 0, 1) };
    const columns = covariates.columns.map((c) => c.slice(0, 9));
    const ridge = fitPenalisedCox(few, { ...covariates, columns }, { alpha: 0, lambda: [1, 0.1] });
    expect(ridge.points[1].index).toHaveLength(12);
    expect(ridge.points[1].violation).toBeLessThan(1e-8);
  });

  it('yields each λ as it is solved', () => {
    expect([...fitPenalisedCoxSteps(data, covariates, { lambda: [0.2, 0.1] })].map((p) => p.lambda)).toEqual([
      0.2, 0.1,
    ]);
  });

  it.each<[string, object, string]>([
    ['alpha', { alpha: 2 }, 'ARGUMENT_INVALID'],
    ['lambda', { lambda: [0.1, 0.2] }, 'ARGUMENT_INVALID'],
    ['lambda', { lambda: [-1] }, 'ARGUMENT_INVALID'],
    ['lambdaCount', { lambdaCount: 0 }, 'ARGUMENT_INVALID'],
    ['tolerance', { tolerance: 0 }, 'ARGUMENT_INVALID'],
    ['penaltyFactors', { penaltyFactors: [1] }, 'LENGTH_MISMATCH'],
    ['penaltyFactors', { penaltyFactors: covariates.names.map(() => -1) }, 'ARGUMENT_INVALID'],
  ])('refuses a bad %s', (_, options, code) => {
    expect(() => fitPenalisedCox(data, covariates, options)).toThrow(expect.objectContaining({ code }));
  });
});

describe('crossValidate', () => {
  const { data, covariates } = cohort();

  it('has folds of equal size that the seed fixes', () => {
    const folds = randomFolds(23, 5, 3);
    const sizes = [0, 1, 2, 3, 4].map((k) => folds.filter((f) => f === k).length);
    expect(sizes.toSorted()).toEqual([4, 4, 5, 5, 5]);
    expect(randomFolds(23, 5, 3)).toEqual(folds);
    expect(randomFolds(23, 5, 4)).not.toEqual(folds);
  });

  it('names a fold without events, and refuses folds it cannot use', () => {
    const code = (c: string, fold?: number) =>
      expect.objectContaining({
        code: c,
        ...(fold === undefined ? {} : { details: expect.objectContaining({ fold }) }),
      });
    const folds = Int32Array.from(data.event, (e, i) => (e === 0 ? 9 : i % 3));
    expect(() => crossValidate(data, covariates, folds)).toThrow(code('NO_EVENTS', 9));
    expect(() => crossValidate(data, covariates, new Int32Array(60))).toThrow(code('ARGUMENT_INVALID'));
    expect(() => crossValidate(data, covariates, new Int32Array(5))).toThrow(code('LENGTH_MISMATCH'));
    const many = randomFolds(60, 10, 1);
    expect(() => crossValidate(data, covariates, many, { grouped: false })).toThrow(code('ARGUMENT_INVALID'));
    expect(() => randomFolds(5, 6, 1)).toThrow(code('ARGUMENT_INVALID'));
  });
});
