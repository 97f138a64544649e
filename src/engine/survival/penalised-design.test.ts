import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { ColumnRequest } from './column-request.ts';
import { PenalisedDesign } from './penalised-design.ts';
import { foldPath } from './penalised-fold.ts';
import { fitPenalisedCox, type PenalisedOptions, type PenalisedPath } from './penalised-path.ts';
import { runSideBySide } from './side-by-side.ts';

const ROWS = 2100;
const WIDTH = 2000;
const source = random(3, 'design');
const columns = Array.from({ length: WIDTH }, () =>
  Float64Array.from({ length: ROWS }, () => source.normal()),
);
const covariates = { names: columns.map((_, j) => `x${j}`), columns };
const data = {
  time: Float64Array.from({ length: ROWS }, (_, i) => -Math.log(source.uniform()) * Math.exp(-columns[0][i])),
  event: Uint8Array.from({ length: ROWS }, () => (source.uniform() < 0.7 ? 1 : 0)),
};
const places = Int32Array.from({ length: 500 }, (_, i) => i + 100);
const asked = Array.from({ length: WIDTH }, (_, j) => (j * 17) % WIDTH).filter((j) => j % 3 !== 1);
const vector = Float64Array.from(places, () => source.normal());
const factors = Float64Array.from(asked, () => source.normal());

function answersTo(precision: 'single' | 'double', design: PenalisedDesign, others: number) {
  const products = new Float64Array(asked.length);
  const sum = new Float64Array(places.length);
  const besides = Array.from(
    { length: others },
    (_, k) =>
      new ColumnRequest(k % 2 === 0, precision, new Float64Array(ROWS), null, [k, 9], 2, new Float64Array(2)),
  );
  const multiplied = new ColumnRequest(false, precision, vector, places, asked, asked.length, products);
  const added = new ColumnRequest(true, precision, sum, places, asked, asked.length, factors);
  design.serve([...besides, multiplied, added]);
  return { products, sum };
}

describe('PenalisedDesign', () => {
  const design = new PenalisedDesign(data, covariates, true, 12);

  it.each(['single', 'double'] as const)('answers in %s precision as plain loops do', (precision) => {
    expect(design.precision).toBe('single');
    const { products, sum } = answersTo(precision, design, 0);
    const z = new Float64Array(ROWS);
    const wanted = new Float64Array(places.length);
    const size = new Float64Array(places.length);
    const error = precision === 'single' ? design.rounding.single : 1e-14;
    asked.forEach((j, k) => {
      design.column(j, z);
      const product = vector.reduce((all, v, i) => all + v * z[places[i]], 0);
      expect(Math.abs(products[k] - product)).toBeLessThan(error * Math.hypot(...vector) * design.lengths[j]);
      for (let i = 0; i < places.length; i++) {
        wanted[i] += factors[k] * z[places[i]];
        size[i] += Math.abs(factors[k] * z[places[i]]);
      }
    });
    sum.forEach((s, i) => {
      const unit = precision === 'single' ? 2 ** -24 : 2 ** -53;
      expect(Math.abs(s - wanted[i])).toBeLessThan(unit * asked.length * size[i]);
    });
  });

  it('answers the same to the bit whatever else it answers', () => {
    for (const precision of ['single', 'double'] as const) {
      expect(answersTo(precision, design, 8)).toEqual(answersTo(precision, design, 0));
    }
  });

  it('has columns of mean 0 and deviation 1, and what they are divided by', () => {
    const z = new Float64Array(ROWS);
    design.column(5, z);
    expect(Math.abs(z.reduce((all, v) => all + v, 0))).toBeLessThan(1e-10);
    expect(z.reduce((all, v) => all + v * v, 0) / ROWS).toBeCloseTo(1, 12);
    const [first, second] = design.rows;
    expect((columns[5][second] - columns[5][first]) / (z[1] - z[0])).toBeCloseTo(design.scales[5], 10);
  });
});

describe('fits side by side', () => {
  const folds = Int32Array.from({ length: ROWS }, (_, i) => i % 4);
  const options = { lambdaCount: 8, lambdaRatio: 0.5 };
  // Outside fold 1 one column hardly varies, and one not at all.
  columns[0].forEach((x, i) => {
    columns[7][i] = folds[i] === 1 || i < 500 ? x + columns[7][i] : 0.1;
    columns[8][i] = folds[i] === 1 ? x : 0.1;
  });

  function pathsOutside(which: readonly number[], settings: PenalisedOptions): PenalisedPath[] {
    const design = new PenalisedDesign(data, covariates, true, which.length);
    const fits = which.map((fold) => foldPath(design, data, covariates.names, folds, fold, settings));
    const steps = runSideBySide(design, fits);
    for (;;) {
      const next = steps.next();
      if (next.done) return next.value;
    }
  }

  it('are to the bit what each is alone', () => {
    const together = pathsOutside([0, 1, 2, 3], options);
    together.forEach((path, fold) => {
      expect([path]).toEqual(pathsOutside([fold], options));
      expect(Math.max(...path.points.map(({ violation }) => violation))).toBeLessThan(1e-7);
    });
  });

  it('solve the problem of the rows they are given, with the deviations that columns have there', () => {
    const penaltyFactors = columns.map((_, j) => (j === 7 ? 0.05 : 1));
    const exact = { ...options, penaltyFactors, tolerance: 1e-11 };
    const inside = Uint8Array.from(folds, (fold) => (fold === 1 ? 0 : 1));
    const pick = (values: ArrayLike<number>) => Float64Array.from(values).filter((_, i) => inside[i] === 1);
    const alone = fitPenalisedCox(
      { time: pick(data.time), event: data.event.filter((_, i) => inside[i] === 1) },
      { names: covariates.names, columns: columns.map(pick) },
      exact,
    );
    const [within] = pathsOutside([1], exact);
    expect(alone.points.some(({ index }) => index.includes(7))).toBe(true);
    alone.points.forEach((point, m) => {
      expect(within.points[m].index).toEqual(point.index);
      point.value.forEach((b, k) => {
        expect(Math.abs(within.points[m].value[k] - b)).toBeLessThan(1e-9);
      });
    });
  });
});
