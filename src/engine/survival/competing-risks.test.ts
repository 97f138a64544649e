import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohorts, pick, seeded } from '../../../test/support/survival-arbitrary.ts';
import { cumulativeIncidence, cumulativeIncidenceByGroup } from './cumulative-incidence.ts';
import { grayTest } from './gray-test.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import { logRank } from './log-rank.ts';

const time = Float64Array.of(1, 1, 2, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8, 9, 10);
const kind = [1, 2, 1, 0, 2, 1, 2, 1, 0, 1, 0, 2, 1, 2, 0, 1];
const data = { time, event: Uint8Array.from(kind, (k) => Math.min(k, 1)) };
const cause = Int32Array.from(kind);
const weights = Float64Array.of(1, 2.5, 1, 0.5, 1, 2, 1, 1, 3, 1, 1.5, 1, 2, 0.5, 1, 1);
const entry = Float64Array.of(0, 0, 0, 1, 1, 2, 0, 3, 2, 0, 4, 1, 5, 2, 0, 6);

function expectAll(actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 13): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(actual[i]).toBeCloseTo(expected[i], digits);
}

const causesOf = (n: number) => Int32Array.from({ length: n }, (_, i) => 1 + (i % 2));

describe("cumulativeIncidence gives the figures of R survival 3.5-3's survfit", () => {
  it('with ties', () => {
    const { causes, eventFree } = cumulativeIncidence(data, cause);
    expect(causes.map((c) => c.cause)).toEqual([1, 2]);
    const first = [0.0625, 0.125, 0.193181818181818, 0.261363636363636, 0.261363636363636];
    expectAll(causes[0].incidence.slice(0, 5), first);
    expect(causes[0].incidence[9]).toBeCloseTo(0.619805194805195, 14);
    const errors = [0.0605153647844909, 0.0826797284707685, 0.100466867770097, 0.112693011030683];
    expectAll(causes[0].standardError.slice(0, 4), errors);
    expect(causes[1].standardError[9]).toBeCloseTo(0.136492631220455, 14);
    expectAll([causes[0].lower[9], causes[0].upper[9]], [0.402536069030564, 0.954345483704558]);
    const [loglog] = cumulativeIncidence(data, cause, { confidence: 'log-log' }).causes;
    expectAll([loglog.lower[9], loglog.upper[9]], [0.307502073329925, 0.823630160165354]);
    expect(eventFree[9]).toBe(0);
  });

  it('with weights, and with late entries too', () => {
    const weighted = cumulativeIncidence({ ...data, weights }, cause).causes;
    expectAll(
      [1, 5, 9].map((i) => weighted[0].standardError[i]),
      [0.0662659373977436, 0.126184676203241, 0.139188760317373],
    );
    const late = cumulativeIncidence({ ...data, weights, entry }, cause).causes;
    expectAll(
      [0, 2, 5, 9].map((i) => late[0].incidence[i]),
      [0.133333333333333, 0.293117408906883, 0.359255605076038, 0.498212623290023],
    );
    expectAll(
      [0, 2, 5, 9].map((i) => late[1].standardError[i]),
      [0.243432247780074, 0.234702003571699, 0.219338077174104, 0.205544129304485],
    );
  });
});

describe('cumulativeIncidence', () => {
  it('adds up to 1 − S of Kaplan–Meier, and of one cause is that', () => {
    fc.assert(
      fc.property(cohorts(), (cohort) => {
        const { survival, standardError } = kaplanMeier({
          ...cohort.data,
          weights: new Float64Array(cohort.data.time.length).fill(0.5),
        });
        const many = cumulativeIncidence(cohort.data, causesOf(cohort.data.time.length));
        expectAll(many.eventFree, survival, 14);
        survival.forEach((s, i) => {
          const sum = many.causes.reduce((total, { incidence }) => total + incidence[i], 0);
          expect(sum).toBeCloseTo(1 - s, 12);
        });
        const [one] = cumulativeIncidence(cohort.data, new Int32Array(cohort.data.time.length)).causes;
        // The jackknife of 1 − S, where S does not end at 0.
        standardError.forEach((e, i) => {
          if (survival[i] > 0) expect(one.standardError[i]).toBeCloseTo(e, 12);
        });
      }),
      seeded,
    );
  });

  it('does not depend on order, on common weights, nor on the rows of other groups', () => {
    fc.assert(
      fc.property(cohorts(), (cohort) => {
        const n = cohort.data.time.length;
        const own = causesOf(n);
        const whole = cumulativeIncidence(cohort.data, own);
        const rows = Array.from(own.keys()).reverse();
        const turned = cumulativeIncidence(
          pick(cohort, rows).data,
          Int32Array.from(rows, (r) => own[r]),
        );
        whole.causes.forEach(({ incidence, standardError }, c) => {
          expectAll(turned.causes[c].incidence, incidence, 13);
          expectAll(turned.causes[c].standardError, standardError, 12);
        });
        const group = Int32Array.from(own, (_, i) => i % 3);
        for (const { group: label, time: t, causes } of cumulativeIncidenceByGroup(cohort.data, own, group)) {
          const members = rows.filter((r) => group[r] === label);
          const alone = cumulativeIncidence(
            pick(cohort, members).data,
            Int32Array.from(members, (r) => own[r]),
          );
          expect(t).toEqual(alone.time);
          for (const { cause: of, incidence } of alone.causes) {
            expectAll(causes.find((c) => c.cause === of)?.incidence ?? [], incidence, 13);
          }
        }
      }),
      seeded,
    );
  });

  it('has no cause where nothing happens', () => {
    expect(cumulativeIncidence({ time, event: new Uint8Array(16) }, cause).causes).toEqual([]);
  });

  it('refuses causes of another length, and too many', () => {
    expect(() => cumulativeIncidence(data, cause.slice(1))).toThrow(
      expect.objectContaining({ code: 'LENGTH_MISMATCH' }),
    );
    const many = Float64Array.from({ length: 101 }, (_, i) => i);
    expect(() =>
      cumulativeIncidence({ time: many, event: new Uint8Array(101).fill(1) }, Int32Array.from(many)),
    ).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
  });
});

describe('grayTest', () => {
  const two = cause.map((_, i) => i % 2);
  const four = cause.map((_, i) => i % 4);

  it.each([
    ['two groups', two, 0, [0.0136863382809151, 0.0646039754860056]],
    ['two groups, rho = 1', two, 1, [0.0378437996030572, 0.0415556483299841]],
    ['four groups', four, 0, [0.767844391216927, 0.307388379796655]],
  ] as const)('gives the figures of R cmprsk 2.2-11 for %s', (_, group, rho, expected) => {
    [1, 2].forEach((of, c) => {
      expect(grayTest(data, cause, of, group, { rho }).statistic).toBeCloseTo(expected[c], 13);
    });
  });

  it('does not depend on labels, order or the group left out, and takes weights for repeats', () => {
    fc.assert(
      fc.property(cohorts({ least: 12 }), (cohort) => {
        const n = cohort.data.time.length;
        const own = causesOf(n);
        const group = Int32Array.from(own, (_, i) => (i * 7) % 3);
        const test = grayTest(cohort.data, own, 1, group);
        const rows = Array.from(own.keys()).reverse();
        const turned = grayTest(
          pick(cohort, rows).data,
          Int32Array.from(rows, (r) => own[r]),
          1,
          Int32Array.from(rows, (r) => [9, -4, 2][group[r]]),
        );
        expect(turned.statistic).toBeCloseTo(test.statistic, 7);
        const twice = rows.flatMap((r) => [r, r]);
        const repeated = grayTest(
          pick(cohort, twice).data,
          Int32Array.from(twice, (r) => own[r]),
          1,
          Int32Array.from(twice, (r) => group[r]),
        );
        const doubled = { ...cohort.data, weights: new Float64Array(n).fill(2) };
        expect(grayTest(doubled, own, 1, group).statistic).toBeCloseTo(repeated.statistic, 7);
      }),
      seeded,
    );
  });

  it('compares what the log-rank test does where no event competes', () => {
    const own = new Int32Array(16);
    const gray = grayTest(data, own, 0, two);
    expect(gray.observed).toEqual(logRank(data, two).observed);
    expect([...gray.expected]).toEqual([...logRank(data, two).expected].map((e) => expect.closeTo(e, 12)));
  });

  it('has nothing to test for a cause that never happens', () => {
    const none = grayTest(data, cause, 7, two);
    expect(none).toMatchObject({ statistic: 0, df: 0, p: 1 });
    expect(none.warnings.map((w) => w.code)).toEqual(['GROUP_EMPTY', 'GROUP_EMPTY']);
  });

  it.each([
    ['late entries', { ...data, entry }, 0],
    ['a negative rho', data, -1],
    ['a rho that is NaN', data, Number.NaN],
  ])('refuses %s', (_, rows, rho) => {
    expect(() => grayTest(rows, cause, 1, two, { rho })).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    );
  });
});
