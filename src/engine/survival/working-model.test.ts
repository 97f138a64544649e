import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { EtaHessian } from './eta-hessian.ts';
import { PenalisedConditions } from './penalised-conditions.ts';
import { PenalisedDesign } from './penalised-design.ts';
import { PenalisedProblem } from './penalised-problem.ts';
import { PenalisedState } from './penalised-state.ts';
import { WorkingModel } from './working-model.ts';

describe('WorkingModel', () => {
  it.each([
    ['double', 60, 1e-12],
    ['single', 4400, 1e-5],
  ] as const)(
    'has in %s precision the information of members, in whatever batches they came',
    (precision, rows, tolerance) => {
      const width = 125;
      const source = random(4, 'information');
      const columns = Array.from({ length: width }, () =>
        Float64Array.from({ length: rows }, () => source.normal()),
      );
      const data = {
        time: Float64Array.from({ length: rows }, () => Math.ceil(20 * source.uniform())),
        event: Uint8Array.from({ length: rows }, () => (source.uniform() < 0.6 ? 1 : 0)),
      };
      const design = new PenalisedDesign(data, { names: [], columns }, true, 1);
      expect(design.precision).toBe(precision);
      const settings = {
        ties: 'breslow',
        standardise: true,
        penaltyFactors: undefined,
        offset: undefined,
      } as const;
      const problem = new PenalisedProblem(design, data, settings);
      problem.likelihood.predictor.set(columns[0]);
      problem.likelihood.evaluatePredictor();
      const state = new PenalisedState(problem);
      const room = { lasso: new Float64Array(width), ridge: new Float64Array(width) };
      const conditions = new PenalisedConditions(problem, 1, 1, state.gradient, room);
      const model = new WorkingModel(problem);
      model.capture(state, conditions);
      for (const batch of [1, 70, 6, 20, 3]) {
        const from = model.members.length;
        for (let m = from; m < from + batch; m++) model.enter((m * 7) % width);
        model.prepare(state, conditions);
      }
      const { values, matrix, stride, size } = model.quadratic;
      expect(size).toBe(100);
      const hessian = new EtaHessian(problem.sets, problem.likelihood.hazard);
      hessian.capture(problem.likelihood.risk);
      const z = model.members.map((j) => {
        const column = new Float64Array(rows);
        design.column(j, column);
        return column;
      });
      const product = new Float64Array(rows);
      for (let m = 0; m < size; m += 3) {
        hessian.multiply(z[m], product);
        for (let i = 0; i < size; i++) {
          const wanted = z[i].reduce((sum, x, row) => sum + x * product[row], 0) / rows;
          expect(Math.abs(values[matrix + m * stride + i] - wanted)).toBeLessThan(tolerance);
          expect(values[matrix + i * stride + m]).toBe(values[matrix + m * stride + i]);
        }
      }
    },
  );
});
