import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { randomFolds } from './cross-validation-folds.ts';
import { combineFolds, crossValidate } from './penalised-cross-validation.ts';
import { crossValidateFold } from './penalised-fold.ts';
import { fitPenalisedCox, type PenalisedOptions, penaltySequence } from './penalised-path.ts';
import type { SurvivalData } from './survival-data.ts';

const ROWS = 70;
const source = random(21, 'properties');
const columns = Array.from({ length: 9 }, () =>
  Float64Array.from({ length: ROWS }, () => source.uniform() * 2 - 1),
);
const covariates = { names: columns.map((_, j) => `x${j}`), columns };
// Whole numbers, so that there are ties.
const time = Float64Array.from({ length: ROWS }, (_, i) =>
  Math.ceil(-12 * Math.log(source.uniform()) * Math.exp(-columns[0][i] + columns[1][i])),
);
const data: SurvivalData = { time, event: Uint8Array.from(time, () => (source.uniform() < 0.75 ? 1 : 0)) };
const strata = Int32Array.from(time, (_, i) => i % 2);
const options: PenalisedOptions = { lambda: [0.1, 0.03], tolerance: 1e-11 };

function expectSame(
  a: { data: SurvivalData; columns: readonly Float64Array[]; options?: PenalisedOptions },
  ties: 'efron' | 'breslow',
) {
  const settings = { ...options, ties };
  const plain = fitPenalisedCox({ ...data, strata }, covariates, settings);
  const other = fitPenalisedCox(a.data, { ...covariates, columns: a.columns }, { ...settings, ...a.options });
  plain.points.forEach(({ index, value, explained }, m) => {
    expect([...other.points[m].index]).toEqual([...index]);
    expect(index.length).toBeGreaterThan(1);
    expect(other.points[m].explained).toBeCloseTo(explained, 10);
    value.forEach((b, k) => {
      expect(Math.abs(other.points[m].value[k] - b)).toBeLessThan(1e-9);
    });
  });
}

describe.each(['efron', 'breslow'] as const)('fitPenalisedCox with %s ties', (ties) => {
  it('does not depend on the order of rows, nor on the labels of strata', () => {
    const order = Int32Array.from({ length: ROWS }, (_, i) => (i * 29) % ROWS);
    const pick = (values: ArrayLike<number>) => Float64Array.from(order, (row) => values[row]);
    expectSame(
      {
        data: {
          time: pick(time),
          event: Uint8Array.from(pick(data.event)),
          strata: Int32Array.from(pick(strata), (s) => 7 - s),
        },
        columns: columns.map(pick),
      },
      ties,
    );
  });

  it('takes strata for separate baselines: times of one may be moved past the other', () => {
    // What never overlaps in time needs no strata: rows of the second enter after the last time of the first.
    const moved = time.map((t, i) => t + strata[i] * 1000);
    expectSame(
      { data: { ...data, time: moved, entry: time.map((_, i) => strata[i] * 1000) }, columns },
      ties,
    );
  });

  it('takes rows split in time for the whole', () => {
    const halves = Float64Array.from(time, (t) => t / 2);
    const twice = (values: ArrayLike<number>) =>
      Float64Array.from([...Array.from(values), ...Array.from(values)]);
    const split = {
      time: Float64Array.from([...halves, ...time]),
      entry: Float64Array.from([...new Float64Array(ROWS), ...halves]),
      event: Uint8Array.from([...new Uint8Array(ROWS), ...data.event]),
      strata: Int32Array.from(twice(strata)),
    };
    // Twice the rows are twice the weight that the likelihood is divided by.
    expectSame({ data: split, columns: columns.map(twice), options: { lambda: [0.05, 0.015] } }, ties);
  });

  it('takes an offset for a column with a coefficient of 1', () => {
    const offset = columns[8].map((v) => 3 * v);
    const fit = fitPenalisedCox(data, covariates, { ...options, ties, offset });
    const shifted = fitPenalisedCox(data, covariates, {
      ...options,
      ties,
      offset: offset.map((v) => v + 50),
    });
    fit.points.forEach((point, m) => {
      expect(point.violation).toBeLessThan(1e-9);
      expect(shifted.points[m].explained).toBeCloseTo(point.explained, 9);
      // What the offset says too much of, the column takes back.
      const place = point.index.indexOf(8);
      expect(point.value[place]).toBeLessThan(-2);
    });
  });
});

it('takes a weight for as many rows, with Breslow’s ties', () => {
  const weights = Float64Array.from(time, (_, i) => 1 + (i % 3));
  const rows = Array.from(time, (_, i) => new Array<number>(weights[i]).fill(i)).flat();
  const pick = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row]);
  const weighted = fitPenalisedCox({ ...data, weights }, covariates, options);
  const repeated = fitPenalisedCox(
    { time: pick(time), event: Uint8Array.from(pick(data.event)) },
    { ...covariates, columns: columns.map(pick) },
    options,
  );
  weighted.points.forEach(({ index, value }, m) => {
    expect([...repeated.points[m].index]).toEqual([...index]);
    value.forEach((b, k) => {
      expect(Math.abs(repeated.points[m].value[k] - b)).toBeLessThan(1e-9);
    });
  });
});

it('gives the same bits whichever way the folds are computed', () => {
  const folds = randomFolds(ROWS, 4, 2);
  const settings = { offset: columns[7].slice(), lambdaCount: 20 };
  const whole = crossValidate(data, covariates, folds, settings);
  const path = fitPenalisedCox(data, covariates, settings);
  const sequence = penaltySequence(data, covariates, settings);
  expect(path.points.map(({ lambda }) => lambda)).toEqual(sequence.slice(0, path.points.length));
  // In another order, and from copies, as threads would have them.
  const results = [3, 1, 0, 2].map((fold) => {
    const steps = crossValidateFold(
      ...structuredClone([data, covariates, folds, fold, sequence, settings] as const),
    );
    let step = steps.next();
    while (!step.done) step = steps.next();
    return { fold, result: structuredClone(step.value) };
  });
  results.sort((a, b) => a.fold - b.fold);
  const parts = results.map(({ result }) => result);
  expect(combineFolds(data, folds, path, parts, settings)).toEqual(whole);
});
