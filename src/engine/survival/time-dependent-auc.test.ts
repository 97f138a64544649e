import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { timeDependentAuc } from './time-dependent-auc.ts';

const source = random(21, 'auc');
const rows = 60;
const score = Float64Array.from({ length: rows }, () => Math.round(4 * source.normal()) / 4);
const data = {
  time: score.map((x) => Math.ceil((8 * source.exponential()) / Math.exp(x))),
  event: Uint8Array.from(score, () => (source.uniform() < 0.6 ? 1 : 0)),
};

describe('timeDependentAuc', () => {
  it('is the share of pairs in order without censoring', () => {
    const four = { time: Float64Array.of(1, 2, 3, 4), event: Uint8Array.of(1, 1, 1, 1) };
    const [{ auc, cases, controls }] = timeDependentAuc(four, Float64Array.of(4, 1, 1, 3), [2]);
    expect([auc, cases, controls]).toEqual([(2 + 0.5) / 4, 2, 2]);
  });

  it('turns to 1 − AUC with the sign of the score, its error unmoved', () => {
    const [there] = timeDependentAuc(data, score, [6]);
    const [back] = timeDependentAuc(
      data,
      score.map((x) => -x),
      [6],
    );
    expect(back.auc).toBeCloseTo(1 - (there.auc ?? 0), 12);
    expect(back.standardError).toBeCloseTo(there.standardError ?? 0, 12);
    expect(there.influence.reduce((sum, v) => sum + v, 0)).toBeCloseTo(0, 8);
  });

  it('has an error near the jackknife’s', () => {
    const [{ auc, standardError }] = timeDependentAuc(data, score, [6]);
    const left = Array.from({ length: rows }, (_, out) => {
      const keep = <T extends Float64Array | Uint8Array>(values: T) =>
        values.filter((_v, i) => i !== out) as T;
      const [{ auc: without }] = timeDependentAuc(
        { time: keep(data.time), event: keep(data.event) },
        keep(score),
        [6],
      );
      return (without ?? 0) - (auc ?? 0);
    });
    const jackknife = Math.sqrt(left.reduce((sum, d) => sum + d * d, 0) * ((rows - 1) / rows));
    expect(Math.abs((standardError ?? 0) / jackknife - 1)).toBeLessThan(0.05);
  });

  it('is null without cases or controls', () => {
    const [early] = timeDependentAuc(data, score, [0.5]);
    expect(early).toMatchObject({ auc: null, standardError: null, lower: null, cases: 0 });
  });

  it.each<[string, () => unknown, string]>([
    [
      'a score of NaN',
      () =>
        timeDependentAuc(
          data,
          score.map(() => Number.NaN),
          [6],
        ),
      'ARGUMENT_INVALID',
    ],
    ['a time of NaN', () => timeDependentAuc(data, score, [Number.NaN]), 'ARGUMENT_INVALID'],
    ['a short score', () => timeDependentAuc(data, score.slice(1), [6]), 'LENGTH_MISMATCH'],
    [
      'strata',
      () => timeDependentAuc({ ...data, strata: new Int32Array(rows) }, score, [6]),
      'ARGUMENT_INVALID',
    ],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});
