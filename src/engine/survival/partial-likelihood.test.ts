import { describe, expect, it } from 'vitest';
import { PartialLikelihood } from './partial-likelihood.ts';
import { riskSets } from './risk-sets.ts';

describe('PartialLikelihood', () => {
  it.each(['efron', 'breslow'] as const)('has a gradient in numbers wherever it has a value (%s)', (ties) => {
    const sets = riskSets({ time: Float64Array.of(1, 2, 3), event: Uint8Array.of(1, 1, 1) });
    const likelihood = new PartialLikelihood(sets, [Float64Array.of(1, 0.5, 0)], undefined, ties);
    const gradient = new Float64Array(1);
    const valuesAt = Array.from({ length: 60 }, (_, k) => {
      const value = likelihood.evaluate(Float64Array.of(1180 + k));
      if (value === -Infinity) return value;
      likelihood.gradient(gradient);
      expect(Math.abs(gradient[0])).toBeLessThan(1e-9);
      return value;
    });
    // The last risk is a number still, and its reciprocal is not.
    expect(valuesAt[20]).toBeCloseTo(0, 12);
    expect(valuesAt[40]).toBe(-Infinity);
  });
});
