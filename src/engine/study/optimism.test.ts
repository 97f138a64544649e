import { describe, expect, it } from 'vitest';
import { OptimismEstimate } from './optimism.ts';

const scope = { endpoint: 'OS', model: 'CT' };

function estimate(method: 'HARRELL' | 'PLUS_632', apparent: number, pairs: ([number, number] | null)[]) {
  const optimism = new OptimismEstimate(scope, method, apparent, pairs.length);
  const events = pairs.flatMap((pair) => optimism.add(pair && { training: pair[0], test: pair[1] }));
  return { result: optimism.result(), events };
}

describe('OptimismEstimate', () => {
  it("is Harrell's: apparent less the mean of training less test", () => {
    const { result } = estimate('HARRELL', 0.8, [
      [0.85, 0.75],
      [0.83, 0.79],
    ]);
    expect(result.corrected).toBeCloseTo(0.8 - (0.1 + 0.04) / 2, 12);
    expect(result.optimism).toBeCloseTo(0.07, 12);
  });

  it('is one half where the patients left out see nothing but chance', () => {
    const { result } = estimate('PLUS_632', 0.95, [
      [0.97, 0.52],
      [0.96, 0.46],
    ]);
    expect(result.corrected).toBeCloseTo(0.5, 12);
  });

  it('weighs by .632 where nothing was learned by heart', () => {
    const { result } = estimate('PLUS_632', 0.7, [[0.7, 0.7]]);
    expect(result.corrected).toBeCloseTo(0.7, 12);
  });

  it('is the .632+ rule between', () => {
    // R = (0.8 − 0.6) / (0.8 − 0.5) = 2/3, w = 0.632 / (1 − 0.368 · 2/3).
    const weight = 0.632 / (1 - (0.368 * 2) / 3);
    const { result } = estimate('PLUS_632', 0.8, [[0.9, 0.6]]);
    expect(result.corrected).toBeCloseTo((1 - weight) * 0.8 + weight * 0.6, 12);
  });

  it('counts a resample without a model as chance', () => {
    const { result } = estimate('PLUS_632', 0.8, [[0.9, 0.7], null]);
    expect(result).toMatchObject({ replicates: 2, failed: 1 });
    expect(result.corrected).toBeCloseTo(estimate('PLUS_632', 0.8, [[0.7, 0.6]]).result.corrected, 12);
  });

  it('speaks at every tenth resample and at the last', () => {
    const { events } = estimate('HARRELL', 0.8, new Array(23).fill([0.8, 0.7]));
    expect(events.map(({ replicate, replicates }) => [replicate, replicates])).toEqual([
      [10, 23],
      [20, 23],
      [23, 23],
    ]);
  });
});
