import { describe, expect, it } from 'vitest';
import { decisionCurve } from './decision-curve.ts';

const time = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const event = Uint8Array.of(1, 1, 0, 1, 0, 1, 0, 0);
const risk = Float64Array.of(0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1);
const data = { time, event };

describe('decisionCurve', () => {
  it('counts what treating by the risk gains without censoring before the horizon', () => {
    // By time 2 the two at greatest risk have died; at threshold 0.65 just they are treated.
    const { points, eventProbability } = decisionCurve(data, risk, 2, [0.25, 0.65]);
    expect(eventProbability).toBeCloseTo(2 / 8, 14);
    expect(points[0].treated).toBe(6 / 8);
    expect(points[0].netBenefit).toBeCloseTo(2 / 8 - (4 / 8) * (1 / 3), 14);
    expect(points[1].netBenefit).toBeCloseTo(2 / 8, 14);
    expect(points[1].interventionsAvoided).toBeCloseTo((2 / 8 - points[1].treatAll) / (0.65 / 0.35), 14);
  });

  it('treats all at a threshold below every risk, and nobody above', () => {
    const { points } = decisionCurve(data, risk, 4, [0.05, 0.95]);
    expect(points[0].netBenefit).toBeCloseTo(points[0].treatAll, 14);
    expect(points[0].interventionsAvoided).toBeCloseTo(0, 14);
    expect(points[1]).toMatchObject({ treated: 0, netBenefit: 0 });
  });

  it('has no benefit where those treated are not followed', () => {
    const { points } = decisionCurve(data, risk, 6.5, [0.55, 0.15]);
    expect(points[0]).toMatchObject({ netBenefit: null, interventionsAvoided: null });
    expect(points[1].netBenefit).not.toBeNull();
  });

  it.each<[string, () => unknown, string]>([
    [
      'a risk above 1',
      () =>
        decisionCurve(
          data,
          risk.map((r) => 2 * r),
          2,
        ),
      'ARGUMENT_INVALID',
    ],
    ['a threshold of 1', () => decisionCurve(data, risk, 2, [1]), 'ARGUMENT_INVALID'],
    ['a horizon that nobody reaches', () => decisionCurve(data, risk, 9), 'ARGUMENT_INVALID'],
    ['weights', () => decisionCurve({ ...data, weights: risk }, risk, 2), 'ARGUMENT_INVALID'],
    ['a risk too few', () => decisionCurve(data, risk.slice(1), 2), 'LENGTH_MISMATCH'],
    [
      'no rows',
      () => decisionCurve({ time: time.slice(8), event: event.slice(8) }, risk.slice(8), 2),
      'NO_OBSERVATIONS',
    ],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});
