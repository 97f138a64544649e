import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { QuadraticLasso } from './quadratic-lasso.ts';

/** H = XᵀX of `rows` random rows, of which every fifth column repeats the one before it. */
function modelOf(seed: number, size: number, rows: number, lasso: number): QuadraticLasso {
  const source = random(seed, 'quadratic');
  const model = new QuadraticLasso();
  model.reserve(size);
  model.size = size;
  const x: number[][] = [];
  for (let j = 0; j < size; j++) {
    x.push(j % 5 === 4 ? x[j - 1] : Array.from({ length: rows }, () => source.uniform() - 0.5));
  }
  for (let r = 0; r < size; r++) {
    for (let c = 0; c < size; c++) {
      const product = x[r].reduce((sum, v, i) => sum + v * x[c][i], 0);
      model.values[model.matrix + r * model.stride + c] = product;
    }
    // In the range of H, so that there is a least value.
    model.gradient[r] = x[r].reduce((sum, v, i) => sum + v * Math.sin(i), 0);
    model.lasso[r] = lasso;
    model.start[r] = r % 7 === 0 ? 0.1 : 0;
    model.solution[r] = model.start[r];
  }
  return model;
}

describe('QuadraticLasso', () => {
  it('meets its optimality conditions, with repeated columns and with more variables than rank', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 2, max: 50 }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (seed, size, rows, lasso) => {
          const model = modelOf(seed >>> 0, size, rows, lasso);
          const slopes = model.solution.map(() => 0);
          const violation = () => {
            let worst = 0;
            for (let r = 0; r < size; r++) {
              const b = model.solution[r];
              let slope = model.gradient[r];
              for (let c = 0; c < size; c++) {
                const moved = model.solution[c] - model.start[c];
                slope += model.values[model.matrix + r * model.stride + c] * moved;
              }
              slopes[r] = slope;
              const v = b === 0 ? Math.abs(slope) - lasso : Math.abs(slope + Math.sign(b) * lasso);
              worst = Math.max(worst, v);
            }
            return worst;
          };
          // What is singular to within rounding takes a few solutions, each from the one before.
          for (let round = 0; round < 20 && violation() > 1e-9; round++) {
            model.gradient.set(slopes);
            model.start.set(model.solution);
            model.damping = 0;
            model.solve(1e-11);
          }
          expect(violation()).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  it('keeps its matrix as it grows', () => {
    const model = modelOf(1, 20, 30, 0.1);
    const before = model.values[model.matrix + 3 * model.stride + 17];
    model.reserve(200);
    expect(model.stride).toBeGreaterThanOrEqual(200);
    expect(model.values[model.matrix + 3 * model.stride + 17]).toBe(before);
    model.solve(1e-11);
    expect(model.violation()).toBeLessThan(1e-10);
  });
});
