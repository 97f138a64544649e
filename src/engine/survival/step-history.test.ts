import { describe, expect, it } from 'vitest';
import { StepHistory } from './step-history.ts';

/** Steps from b to the solution 1, 2, … of a linear system by a matrix that is off by up to a half. */
function stepsToSolution(accelerated: boolean): number {
  const size = 6;
  const history = new StepHistory();
  let b = new Float64Array(size).fill(0.1);
  for (let step = 0; ; step++) {
    const left = Math.max(...b.map((v, m) => Math.abs(v - (m + 1))));
    if (left < 1e-10) return step;
    const target = b.map((v, m) => v - (1 - 0.1 * m) * (v - (m + 1)));
    if (accelerated) history.improve(b, target, size);
    b = target;
  }
}

describe('StepHistory', () => {
  it('ends a linear convergence in about as many steps as there are rates', () => {
    expect(stepsToSolution(false)).toBeGreaterThan(30);
    expect(stepsToSolution(true)).toBeLessThan(12);
  });

  it('leaves a target alone whose signs are not those of the one before', () => {
    const history = new StepHistory();
    history.improve(Float64Array.of(1, 1), Float64Array.of(0.5, 0.5), 2);
    const target = Float64Array.of(0.2, -0.1);
    history.improve(Float64Array.of(0.5, 0.5), target, 2);
    expect([...target]).toEqual([0.2, -0.1]);
  });
});
