import { describe, expect, it } from 'vitest';
import { random } from '../statistics/random.ts';
import { bootstrapRows } from './bootstrap.ts';
import { reclassify, resampleReclassification } from './reclassification.ts';

const source = random(8, 'reclassification');
const rows = 80;
const x = Float64Array.from({ length: rows }, () => source.normal());
const times = x.map((value) => source.exponential() / Math.exp(value));
const data = {
  time: times.map((t) => Math.min(t, 3)),
  event: Uint8Array.from(times, (t, i) => (t < 3 && i % 7 !== 0 ? 1 : 0)),
};
const good = x.map((value) => 1 / (1 + Math.exp(-value)));
const poor = x.map((value) => 1 / (1 + Math.exp(-value / 4 - source.normal() / 2)));
const options = { cuts: [0.4, 0.6], resamples: 50, seed: 2 };

describe('reclassify', () => {
  it('finds the better model better', () => {
    const { categorical, continuous, idi, warnings } = reclassify(data, poor, good, 0.5, options);
    expect(warnings).toEqual([]);
    for (const e of [categorical?.nri, continuous.nri, idi]) {
      expect(e?.estimate).toBeGreaterThan(0.1);
      expect(e?.lower).toBeGreaterThan(0);
      expect(e?.upper).toBeGreaterThan(e?.estimate ?? Infinity);
      expect(e?.p).toBeCloseTo(2 / 51, 12);
    }
    expect(continuous.nri.estimate).toBeCloseTo(
      continuous.events.estimate + continuous.nonEvents.estimate,
      12,
    );
  });

  it('changes its sign with the order of the models', () => {
    const there = reclassify(data, poor, good, 1, { ...options, resamples: 2 });
    const back = reclassify(data, good, poor, 1, { ...options, resamples: 2 });
    expect(back.idi.estimate).toBe(-there.idi.estimate);
    expect(back.continuous.nri.estimate).toBeCloseTo(-there.continuous.nri.estimate, 12);
    expect(back.categorical?.nri.estimate).toBeCloseTo(-(there.categorical?.nri.estimate ?? 0), 12);
  });

  it('moves nothing between equal models', () => {
    const same = reclassify(data, good, good, 1, { resamples: 3 });
    expect(same.continuous.nri).toMatchObject({ estimate: 0, lower: 0, upper: 0, p: 1 });
    expect(same.idi.estimate).toBe(0);
    expect(same.categorical).toBeNull();
  });

  it('evaluates a resample from its rows alone', () => {
    const problem = { data, oldRisk: poor, newRisk: good, horizon: 1, cuts: [] };
    const drawn = [0, 1, 2].map((b) => bootstrapRows(rows, 6, b));
    const idis = drawn.map((r) => resampleReclassification(structuredClone(problem), r)[6]);
    const { idi } = reclassify(data, poor, good, 1, { resamples: 3, seed: 6 });
    expect(idi.lower).toBeGreaterThanOrEqual(Math.min(...idis));
    expect(reclassify(data, poor, good, 1, { resamples: drawn }).idi).toEqual(idi);
  });

  it.each<[string, () => unknown, string]>([
    ['a risk that is no probability', () => reclassify(data, x, good, 1), 'ARGUMENT_INVALID'],
    ['cuts that fall', () => reclassify(data, poor, good, 1, { cuts: [0.6, 0.4] }), 'ARGUMENT_INVALID'],
    ['a level of 1', () => reclassify(data, poor, good, 1, { level: 1 }), 'ARGUMENT_INVALID'],
    ['a horizon before any event', () => reclassify(data, poor, good, 1e-9), 'NO_EVENTS'],
    ['a horizon that nobody reaches', () => reclassify(data, poor, good, 4), 'ARGUMENT_INVALID'],
    [
      'entry times',
      () => reclassify({ ...data, entry: new Float64Array(rows) }, poor, good, 1),
      'ARGUMENT_INVALID',
    ],
  ])('refuses %s', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});
