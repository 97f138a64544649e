import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cohort, cohorts, pick, seeded } from '../../../test/support/survival-arbitrary.ts';
import { concordance } from './concordance.ts';
import type { SurvivalData } from './survival-data.ts';

/** The definition, pair by pair. */
function byPairs(data: SurvivalData, score: Float64Array) {
  const { time, event, entry, weights, strata } = data;
  const counts = { concordant: 0, discordant: 0, tiedScore: 0, tiedTime: 0, tiedBoth: 0 };
  for (let i = 0; i < time.length; i++) {
    for (let j = 0; j < time.length; j++) {
      if (i === j || event[i] === 0 || (strata && strata[i] !== strata[j])) continue;
      const w = (weights?.[i] ?? 1) * (weights?.[j] ?? 1);
      if (time[i] === time[j] && event[j] === 1) {
        if (i < j) counts[score[i] === score[j] ? 'tiedBoth' : 'tiedTime'] += w;
        continue;
      }
      if (time[j] < time[i] || (entry && entry[j] >= time[i])) continue;
      counts[score[i] > score[j] ? 'concordant' : score[i] < score[j] ? 'discordant' : 'tiedScore'] += w;
    }
  }
  return counts;
}

const score = ({ covariates }: Cohort) => covariates.columns[0].map((x) => Math.round(x * 3));

describe('concordance', () => {
  it('counts the pairs of its definition: ties, weights, strata, late entries', () => {
    fc.assert(
      fc.property(cohorts(), fc.boolean(), fc.boolean(), fc.boolean(), (cohort, w, s, e) => {
        const { data } = cohort;
        const full: SurvivalData = {
          ...data,
          ...(w ? { weights: data.time.map((_, i) => i % 4) } : {}),
          ...(s ? { strata: Int32Array.from(data.time, (_, i) => i % 2) } : {}),
          ...(e ? { entry: data.time.map((t, i) => Math.max(0, t - 1 - (i % 6))) } : {}),
        };
        expect(concordance(full, score(cohort))).toMatchObject(byPairs(full, score(cohort)));
      }),
      seeded,
    );
  });

  it('has the infinitesimal jackknife: the derivative of C by each weight', () => {
    fc.assert(
      fc.property(cohorts({ least: 12 }), (cohort) => {
        const weights = cohort.data.time.map((_, i) => 1 + (i % 3) / 2);
        const result = concordance({ ...cohort.data, weights }, score(cohort));
        if (result.concordance === null) return;
        let sum = 0;
        for (let i = 0; i < weights.length; i++) {
          const h = 1e-5;
          const at = (delta: number) => {
            const moved = weights.slice();
            moved[i] += delta;
            return concordance({ ...cohort.data, weights: moved }, score(cohort)).concordance ?? 0;
          };
          const slope = (at(h) - at(-h)) / (2 * h);
          expect(result.influence[i]).toBeCloseTo(weights[i] * slope, 8);
          sum += result.influence[i];
        }
        expect(sum).toBeCloseTo(0, 12);
      }),
      { ...seeded, numRuns: 20 },
    );
  });

  it('of the opposite score is 1 − C, with the same variance; order and monotone maps change nothing', () => {
    fc.assert(
      fc.property(cohorts(), (cohort) => {
        const x = score(cohort);
        const c = concordance(cohort.data, x);
        const negative = concordance(
          cohort.data,
          x.map((v) => -v),
        );
        if (c.concordance === null || c.variance === null) {
          expect(negative.concordance).toBeNull();
          return;
        }
        expect(negative.concordance).toBeCloseTo(1 - c.concordance, 14);
        expect(negative.variance).toBeCloseTo(c.variance, 14);
        const rows = Array.from(x.keys()).reverse();
        const other = concordance(
          pick(cohort, rows).data,
          Float64Array.from(rows, (i) => Math.exp(x[i] / 9)),
        );
        expect(other.concordance).toBeCloseTo(c.concordance, 14);
        expect(other.variance).toBeCloseTo(c.variance, 14);
      }),
      seeded,
    );
  });

  it('counts only events up to the horizon', () => {
    const data = { time: Float64Array.of(1, 2, 3, 4), event: Uint8Array.of(1, 1, 1, 1) };
    const c = concordance(data, Float64Array.of(4, 1, 2, 3), { horizon: 1 });
    expect(c).toMatchObject({ concordant: 3, discordant: 0, concordance: 1 });
  });

  it('is null, with a warning, where no pair can be compared', () => {
    const data = { time: Float64Array.of(1, 1), event: Uint8Array.of(1, 1) };
    const c = concordance(data, Float64Array.of(1, 2));
    expect(c).toMatchObject({ concordance: null, standardError: null, lower: null, tiedTime: 1 });
    expect(c.warnings).toMatchObject([{ code: 'NO_COMPARABLE_PAIRS' }]);
  });

  it('refuses scores that are not finite, other lengths, and Uno’s weights with entry times', () => {
    const data = { time: Float64Array.of(1, 2), event: Uint8Array.of(1, 1) };
    const failure = (details: object) => expect.objectContaining(details);
    expect(() => concordance(data, Float64Array.of(1, NaN))).toThrow(
      failure({ code: 'ARGUMENT_INVALID', details: { argument: 'score', index: 1, value: 'NaN' } }),
    );
    expect(() => concordance(data, Float64Array.of(1))).toThrow(failure({ code: 'LENGTH_MISMATCH' }));
    const late = { ...data, entry: Float64Array.of(0, 1) };
    expect(() => concordance(late, Float64Array.of(1, 2), { timeWeight: 'n/G2' })).toThrow(
      failure({ code: 'ARGUMENT_INVALID' }),
    );
  });
});
