import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { PartialLikelihood } from './partial-likelihood.ts';
import { riskSets } from './risk-sets.ts';
import { scoreResiduals } from './score-residuals.ts';

describe('scoreResiduals', () => {
  // At 1100 the square of a risk set's sum is beyond what a float64 holds, above and below.
  it.each([
    ['efron', 0.01],
    ['efron', 1100],
    ['breslow', 1100],
  ] as const)('sum to the gradient, weighted (%s, predictors over a range of %d)', (ties, range) => {
    const source = random(4, 'score');
    const time = Float64Array.from({ length: 60 }, (_, i) => 1 + Math.floor(i / 3));
    const data = {
      time,
      event: Uint8Array.from(time, () => (source.uniform() < 0.7 ? 1 : 0)),
      weights: time.map(() => 0.5 + source.uniform()),
    };
    const sets = riskSets(data);
    const column = Float64Array.from(sets.rows, () => source.uniform() - 0.5);
    const likelihood = new PartialLikelihood(sets, [column], undefined, ties);
    sets.rows.forEach((row, i) => {
      likelihood.predictor[i] = -range * (time[row] / 20) + 2 * source.uniform();
    });
    likelihood.evaluatePredictor();
    const gradient = new Float64Array(1);
    likelihood.gradient(gradient);
    const { score, schoenfeld } = scoreResiduals(sets, likelihood.hazard, likelihood.risk, [column]);
    const sum = (values: Float64Array) => values.reduce((all, v, i) => all + sets.weights[i] * v, 0);
    expect(sum(score[0])).toBeCloseTo(gradient[0], 10);
    if (ties === 'breslow') expect(sum(schoenfeld[0])).toBeCloseTo(gradient[0], 10);
    // Whoever is at risk with a share of the hazard has a residual other than that of a death alone.
    const moved = score[0].filter((v, i) => Math.abs(v - schoenfeld[0][i]) > 0.01);
    expect(moved.length).toBeGreaterThan(10);
  });
});
