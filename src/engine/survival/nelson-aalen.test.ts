import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohorts, pick, seeded } from '../../../test/support/survival-arbitrary.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import { nelsonAalen, nelsonAalenByGroup } from './nelson-aalen.ts';

/** Maintained chemotherapy in acute myelogenous leukaemia (Miller 1997). */
const maintained = {
  time: Float64Array.of(9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161),
  event: Uint8Array.of(1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0),
};
const tied = {
  time: Float64Array.of(1, 1, 2, 2, 2, 3, 4, 4, 5, 6, 6),
  event: Uint8Array.of(1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 0),
};
const weights = Float64Array.of(1, 2.5, 1, 0.5, 1, 2, 1, 1, 3, 1, 1.5);
const entry = Float64Array.of(0, 0, 0, 1, 1, 2, 0, 3, 2, 0, 4);

function expectAll(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((e, i) => {
    expect(Math.abs(actual[i] - e), `[${i}]: ${actual[i]}, ${e}`).toBeLessThanOrEqual(1e-13 * Math.abs(e));
  });
}

describe("nelsonAalen gives the figures of R survival 3.5-3's survfit", () => {
  it('ctype = 1, stype = 2, with both intervals', () => {
    const curve = nelsonAalen(maintained);
    expect(curve.variance).toBe('poisson');
    const h = [
      0.0909090909090909, 0.190909090909091, 0.315909090909091, 0.458766233766234, 0.458766233766234,
    ];
    const later = [
      0.658766233766234, 0.908766233766234, 0.908766233766234, 1.40876623376623, 1.40876623376623,
    ];
    expectAll(curve.cumulativeHazard.slice(0, 2), [1 / 11, 1 / 11 + 1 / 10]);
    [...h, ...later].forEach((value, i) => {
      expect(curve.cumulativeHazard[i]).toBeCloseTo(value, 14);
    });
    expectAll(curve.standardError.slice(6, 9), [0.39597679992042906, 0.39597679992042906, 0.637806887760883]);
    expect(curve.lower[2]).toBe(0);
    expect(curve.lower[8]).toBeCloseTo(0.158687704663323, 13);
    expect(curve.upper[8]).toBeCloseTo(2.658844762869145, 13);
    const log = nelsonAalen(maintained, { confidence: 'log' });
    expect(log.lower[8]).toBeCloseTo(0.58004902402998, 13);
    expect(log.upper[8]).toBeCloseTo(3.421473391354807, 13);
  });

  it('ctype = 2: one term a death', () => {
    const curve = nelsonAalen(tied, { ties: 'efron' });
    const h = [0.190909090909091, 0.427020202020202, 0.593686868686869, 1.0436868686868688];
    h.forEach((value, i) => {
      expect(curve.cumulativeHazard[i]).toBeCloseTo(value, 14);
    });
    expect(curve.standardError[0]).toBeCloseTo(0.1351460795210773, 15);
    expect(curve.standardError[5]).toBeCloseTo(0.6530795660561129, 14);
  });

  it('with late entries', () => {
    const curve = nelsonAalen({ ...tied, entry });
    expectAll(curve.atRisk, [5, 5, 4, 4, 3, 2]);
    expect(curve.cumulativeHazard[5]).toBeCloseTo(2.05, 14);
    expect(curve.standardError[5]).toBeCloseTo(0.7729812416870153, 14);
  });

  it.each([
    [
      'unweighted',
      {},
      'breslow',
      [0.116291299830333, 0.180908971560253, 0.236381480110301, 0.478410079470674],
    ],
    [
      'weighted',
      { weights },
      'breslow',
      [0.149793320167656, 0.197715647703402, 0.269754960705699, 0.517255480510171],
    ],
    [
      'weighted',
      { weights },
      'efron',
      [0.170071126649856, 0.221462173504262, 0.287423593036491, 0.545790020715597],
    ],
    [
      'entering late',
      { weights, entry },
      'breslow',
      [0.239041537002653, 0.349062338164308, 0.459858055757255, 0.514682945198002],
    ],
  ] as const)('robust, %s %o %s', (_, more, ties, expected) => {
    const { standardError } = nelsonAalen({ ...tied, ...more }, { ties, variance: 'robust' });
    [0, 1, 2, 5].forEach((i, k) => {
      expect(standardError[i]).toBeCloseTo(expected[k], 13);
    });
  });
});

describe('nelsonAalen', () => {
  it('has the binomial variance d (n − d) / (n² (n − 1))', () => {
    const { standardError } = nelsonAalen(tied, { variance: 'binomial' });
    expect(standardError[0] ** 2).toBeCloseTo((2 * 9) / (121 * 10), 15);
    expect(standardError[1] ** 2).toBeCloseTo((2 * 9) / (121 * 10) + (2 * 7) / (81 * 8), 15);
  });

  it('is robust by itself where weights are fractions, and takes whole ones for repeats', () => {
    expect(nelsonAalen({ ...tied, weights }).variance).toBe('robust');
    fc.assert(
      fc.property(cohorts(), (cohort) => {
        const whole = cohort.data.time.map((_, i) => i % 3);
        const rows = Array.from(whole).flatMap((w, i) => new Array<number>(w).fill(i));
        const repeated = nelsonAalen(pick(cohort, rows).data);
        const weighted = nelsonAalen({ ...cohort.data, weights: whole });
        weighted.standardError.forEach((e, i) => {
          expect(e).toBeCloseTo(repeated.standardError[i], 13);
          expect(weighted.cumulativeHazard[i]).toBeCloseTo(repeated.cumulativeHazard[i], 13);
        });
      }),
      seeded,
    );
  });

  it('bounds −log S of Kaplan–Meier from below, and does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(cohorts(), (cohort) => {
        const { survival } = kaplanMeier(cohort.data);
        const curve = nelsonAalen(cohort.data);
        curve.cumulativeHazard.forEach((h, i) => {
          expect(h).toBeLessThanOrEqual(-Math.log(survival[i]) + 1e-12);
        });
        const turned = pick(cohort, Array.from(cohort.data.time.keys()).reverse());
        expect(nelsonAalen(turned.data)).toEqual(curve);
      }),
      seeded,
    );
  });

  it('gives each group the curve of its rows alone', () => {
    fc.assert(
      fc.property(cohorts(), (cohort) => {
        const group = Int32Array.from(cohort.data.time, (_, i) => (i % 3) - 1);
        for (const { group: label, ...curve } of nelsonAalenByGroup(cohort.data, group)) {
          const rows = Array.from(group.keys()).filter((i) => group[i] === label);
          expect(curve).toEqual(nelsonAalen(pick(cohort, rows).data));
        }
      }),
      seeded,
    );
  });

  it("refuses the binomial variance with Efron's ties", () => {
    expect(() => nelsonAalen(tied, { ties: 'efron', variance: 'binomial' })).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
  });
});
