import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohorts, pick, seeded } from '../../../test/support/survival-arbitrary.ts';
import { kaplanMeier, kaplanMeierByGroup } from './kaplan-meier.ts';
import { restrictedMean } from './restricted-mean.ts';
import { survivalAt } from './survival-at.ts';
import { survivalQuantile } from './survival-quantile.ts';

const time = Float64Array.of(6, 6, 6, 7, 10, 6, 9, 10, 11);
const event = Uint8Array.of(1, 1, 1, 1, 1, 0, 0, 0, 0);

describe('kaplanMeier', () => {
  it('is the product of (n − d) / n, deaths before censorings', () => {
    const curve = kaplanMeier({ time, event });
    expect([...curve.time]).toEqual([6, 7, 9, 10, 11]);
    expect([...curve.atRisk]).toEqual([9, 5, 4, 3, 1]);
    expect([...curve.events]).toEqual([3, 1, 0, 1, 0]);
    expect([...curve.censored]).toEqual([1, 0, 1, 1, 1]);
    const s = [6 / 9, (6 / 9) * (4 / 5), (6 / 9) * (4 / 5) * (2 / 3)];
    expect(curve.survival[0]).toBeCloseTo(s[0], 15);
    expect(curve.survival[1]).toBeCloseTo(s[1], 15);
    expect(curve.survival[4]).toBeCloseTo(s[2], 15);
    expect(curve.standardError[0]).toBeCloseTo(s[0] * Math.sqrt(3 / (9 * 6)), 15);
    expect(curve.median.value).toBe(10);
  });

  it('has no interval where survival is 0, and an error of 0', () => {
    const curve = kaplanMeier({ time: Float64Array.of(1, 2), event: Uint8Array.of(1, 1) });
    expect(curve.survival[1]).toBe(0);
    expect(curve.standardError[1]).toBe(0);
    expect([curve.lower[1], curve.upper[1]]).toEqual([null, null]);
  });

  it('answers where nobody dies, and for one row', () => {
    const none = kaplanMeier({ time: Float64Array.of(1, 2), event: new Uint8Array(2) });
    expect([...none.survival]).toEqual([1, 1]);
    expect(none.lower).toEqual([1, 1]);
    expect(none.median).toEqual({ value: null, lower: null, upper: null });
    expect(kaplanMeier({ time: Float64Array.of(0), event: Uint8Array.of(1) }).survival[0]).toBe(0);
  });

  it('takes whole weights for repeats, and a weight of 0 for absence', () => {
    fc.assert(
      fc.property(cohorts(), (cohort) => {
        const weights = cohort.data.time.map((_, i) => i % 3);
        const rows = Array.from(weights).flatMap((w, i) => new Array<number>(w).fill(i));
        const repeated = kaplanMeier(pick(cohort, rows).data);
        expect(kaplanMeier({ ...cohort.data, weights })).toEqual(repeated);
      }),
      seeded,
    );
  });

  it('has the robust errors of binomial proportions where all weigh a half, also before everybody has died', () => {
    const weights = new Float64Array(8).fill(0.5);
    const curve = kaplanMeier({
      time: Float64Array.of(1, 1, 1, 1, 1, 1, 1, 2),
      event: Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 1),
      weights,
    });
    expect(curve.variance).toBe('robust');
    expect(curve.standardError[0]).toBeCloseTo(Math.sqrt((7 / 8) * (1 / 8) * (1 / 8)), 15);
    expect(curve.standardError[1]).toBe(0);
  });

  it('is unchanged when rows are cut into start–stop pieces, but for the pieces’ ends', () => {
    fc.assert(
      fc.property(cohorts(), ({ data }) => {
        const pieces = Array.from(data.time).flatMap((t, i) =>
          t > 4.5
            ? [
                { from: 0, to: 4.5, event: 0 },
                { from: 4.5, to: t, event: data.event[i] },
              ]
            : [{ from: 0, to: t, event: data.event[i] }],
        );
        const split = kaplanMeier({
          time: Float64Array.from(pieces, (p) => p.to),
          entry: Float64Array.from(pieces, (p) => p.from),
          event: Uint8Array.from(pieces, (p) => p.event),
        });
        const at = survivalAt(split, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        survivalAt(kaplanMeier(data), [1, 2, 3, 4, 5, 6, 7, 8, 9]).forEach((whole, i) => {
          expect(at[i].survival).toBe(whole.survival);
          expect(at[i].standardError).toBeCloseTo(whole.standardError, 14);
        });
      }),
      seeded,
    );
  });

  it('gives each group the curve of its rows alone', () => {
    fc.assert(
      fc.property(cohorts(), (cohort) => {
        const group = Int32Array.from(cohort.data.time, (_, i) => (i % 3) - 1);
        for (const { group: label, ...curve } of kaplanMeierByGroup(cohort.data, group)) {
          const rows = Array.from(group.keys()).filter((i) => group[i] === label);
          expect(curve).toEqual(kaplanMeier(pick(cohort, rows).data));
        }
      }),
      seeded,
    );
  });

  it.each([0, 1, Number.NaN])('refuses the level %s', (level) => {
    expect(() => kaplanMeier({ time, event }, { level })).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
  });

  it('refuses groups of another length', () => {
    const run = () => kaplanMeierByGroup({ time, event }, Int32Array.of(1));
    expect(run).toThrow(expect.objectContaining({ code: 'LENGTH_MISMATCH' }));
  });
});

describe('what is read off a curve', () => {
  const curve = kaplanMeier({ time: Float64Array.of(1, 2, 3, 4), event: Uint8Array.of(1, 1, 1, 1) });

  it('takes the middle of a flat piece at the quantile', () => {
    expect(survivalQuantile(curve, 0.5).value).toBe(2.5);
    expect(survivalQuantile(curve, 0.4).value).toBe(2);
    expect(survivalQuantile(curve, 0).value).toBe(0);
    expect(survivalQuantile(curve, 1).value).toBe(4);
    expect(() => survivalQuantile(curve, 1.1)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
  });

  it('is 1 before the first time and carried on after the last', () => {
    expect(survivalAt(curve, [0.5, 9])).toMatchObject([
      { survival: 1, atRisk: 4, events: 0, lower: 1, upper: 1 },
      { survival: 0, atRisk: 0, events: 4 },
    ]);
  });

  it('has the area under the steps as its restricted mean', () => {
    expect(restrictedMean(curve, 3.5).mean).toBeCloseTo(1 + 0.75 + 0.5 + 0.25 * 0.5, 15);
    expect(restrictedMean(curve, 0.5)).toEqual({ mean: 0.5, standardError: 0 });
    expect(() => restrictedMean(curve, Infinity)).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
  });
});
