import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { EtaHessian } from './eta-hessian.ts';
import { PartialLikelihood } from './partial-likelihood.ts';
import { riskSets } from './risk-sets.ts';

describe('EtaHessian', () => {
  // At 1100 the square of a risk set's sum is beyond what a float64 holds, above and below.
  it.each([
    ['efron', 0.01],
    ['efron', 1100],
    ['breslow', 0.01],
    ['breslow', 1100],
  ] as const)('is the derivative of the residuals (%s, predictors over a range of %d)', (ties, range) => {
    const source = random(9, 'hessian');
    const n = 60;
    const time = Float64Array.from({ length: n }, (_, i) => 1 + Math.floor(i / 3));
    const data = {
      time,
      event: Uint8Array.from(time, () => (source.uniform() < 0.7 ? 1 : 0)),
      weights: time.map(() => 0.5 + source.uniform()),
    };
    const sets = riskSets(data);
    const likelihood = new PartialLikelihood(sets, [], undefined, ties);
    // Risks fall with time, so that every risk set is ruled by whoever dies next.
    const predictor = Float64Array.from(sets.rows, (row) => -range * (time[row] / 20) + 2 * source.uniform());
    const direction = Float64Array.from(sets.rows, () => source.uniform() - 0.5);
    const residualAt = (share: number) => {
      likelihood.predictor.set(predictor.map((v, i) => v + share * direction[i]));
      likelihood.evaluatePredictor();
      likelihood.takeResidual();
      return likelihood.residual.slice();
    };
    const step = 1e-5;
    const after = residualAt(step);
    const before = residualAt(-step);
    residualAt(0);
    const hessian = new EtaHessian(sets, likelihood.hazard);
    hessian.capture(likelihood.risk);
    const product = new Float64Array(n);
    hessian.multiply(direction, product);
    product.forEach((value, i) => {
      expect(Math.abs(value - (before[i] - after[i]) / (2 * step))).toBeLessThan(1e-8);
    });
    expect(Math.max(...product.map(Math.abs))).toBeGreaterThan(0.01);
  });
});
