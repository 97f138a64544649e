import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohorts, seeded } from '../../../test/support/survival-arbitrary.ts';
import type { Covariates } from './covariates.ts';
import { fitCox } from './cox.ts';
import type { SurvivalData } from './survival-data.ts';

/** The ovarian cancer trial of Edmonson et al. 1979: time, death, age, performance status, treatment. */
const OVARIAN = [
  [59, 1, 72.3315, 1, 1],
  [115, 1, 74.4932, 1, 1],
  [156, 1, 66.4658, 2, 1],
  [421, 0, 53.3644, 1, 2],
  [431, 1, 50.3397, 1, 1],
  [448, 0, 56.4301, 2, 1],
  [464, 1, 56.937, 2, 2],
  [475, 1, 59.8548, 2, 2],
  [477, 0, 64.1753, 1, 1],
  [563, 1, 55.1781, 2, 2],
  [638, 1, 56.7562, 2, 1],
  [744, 0, 50.1096, 1, 2],
  [769, 0, 59.6301, 2, 2],
  [770, 0, 57.0521, 1, 2],
  [803, 0, 39.2712, 1, 1],
  [855, 0, 43.1233, 2, 1],
  [1040, 0, 38.8932, 2, 1],
  [1106, 0, 44.6, 1, 1],
  [1129, 0, 53.9068, 1, 2],
  [1206, 0, 44.2055, 1, 2],
  [1227, 0, 59.589, 2, 2],
  [268, 1, 74.5041, 2, 1],
  [329, 1, 43.137, 1, 1],
  [353, 1, 63.2192, 2, 2],
  [365, 1, 64.4247, 1, 2],
  [377, 0, 58.3096, 1, 2],
] as const;
const column = (k: number) => Float64Array.from(OVARIAN, (row) => row[k]);
const data = { time: column(0), event: Uint8Array.from(column(1)) };
const covariates = { names: ['age', 'ecog', 'rx'], columns: [column(2), column(3), column(4)] };

function expectAll(actual: ArrayLike<number>, expected: readonly number[], relative = 1e-9): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((e, i) => {
    expect(Math.abs(actual[i] - e), `[${i}]: ${actual[i]}, ${e}`).toBeLessThan(relative * Math.abs(e));
  });
}

describe('a ridge penalty', () => {
  it("gives the figures of R 4.2.2's coxph(Surv(futime, fustat) ~ ridge(age, ecog.ps, rx, theta = 5))", () => {
    const fit = fitCox(data, covariates, { ridge: { theta: 5 } });
    expectAll(fit.coefficients, [0.0803029805442466, 0.114324097227477, -0.598425769257379]);
    expectAll(fit.standardErrors, [0.0284743730001311, 0.489930164657121, 0.490034587200411]);
    expectAll(
      [0, 4, 8].map((i) => Math.sqrt(fit.ridge?.sampling[i] ?? 0)),
      [0.0217685741218948, 0.406153129485335, 0.406352067609331],
    );
    expectAll(
      [1, 2, 5].map((i) => fit.ridge?.sampling[i] ?? 0),
      [-3.0036469661415645e-4, -7.3848843924303177e-5, -1.47254748211632e-3],
    );
    expectAll([fit.covariance[1], fit.covariance[5]], [-0.0010831862041250249, -0.0035318296707271112]);
    expectAll([fit.ridge?.df ?? 0, fit.ridge?.penalty ?? 0], [1.96405834032704, 1.8858827098310924]);
    expectAll([fit.logLikelihood.null, fit.logLikelihood.model], [-34.984940371162558, -28.397051822282815]);
    expectAll([fit.wald.statistic, fit.wald.df], [9.51282249887654, 1.96405834032704]);
    expectAll([fit.likelihoodRatio.statistic], [2 * (34.984940371162558 - 28.397051822282815)]);
    expect(fit.warnings).toEqual([]);
  });

  it('penalises some, in their own units, with Breslow ties: ridge(age, ecog.ps, theta = 2, scale = FALSE) + rx', () => {
    const ridge = { theta: [2, 2, 0], scaled: false };
    const fit = fitCox(data, covariates, { ridge, ties: 'breslow' });
    expectAll(fit.coefficients, [0.146499275368587, 0.0597292555607654, -0.811416407504122]);
    expectAll(
      [0, 4, 8].map((i) => fit.covariance[i]),
      [0.00211695557717384, 0.211112351504937, 0.400299898039911],
    );
    expectAll(
      [0, 4, 8].map((i) => fit.ridge?.sampling[i] ?? 0),
      [0.00210705846107165, 0.121974567474778, 0.399327874307502],
    );
    const df = fit.ridge?.termDf ?? [];
    expectAll([df[0] + df[1]], [1.57354138583578]);
    expect(df[2]).toBe(1);
    expect(fit.ridge?.df).toBeCloseTo(2.57354138583578, 12);
    // R takes each term's degrees of freedom from its own blocks of the two covariances: 0.99757… for rx.
    expectAll([(fit.ridge?.sampling[8] ?? 0) / fit.covariance[8]], [0.99757176122909874]);
    expectAll([fit.aic - 2 * (fit.ridge?.df ?? 0)], [2 * 27.030021908812593]);
    expectAll([fit.wald.statistic], [13.389668231780702]);
  });

  it('of 0 changes nothing, and a great one holds the coefficients at 0', () => {
    const plain = fitCox(data, covariates);
    const none = fitCox(data, covariates, { ridge: { theta: 0 } });
    expectAll(none.coefficients, [...plain.coefficients], 1e-12);
    expect([...(none.ridge?.termDf ?? [])]).toEqual([1, 1, 1]);
    expectAll([none.score.statistic], [plain.score.statistic], 1e-12);
    const held = fitCox(data, covariates, { ridge: { theta: 1e150 } });
    held.coefficients.forEach((b) => {
      expect(Math.abs(b)).toBeLessThan(1e-140);
    });
    expect(held).toMatchObject({ converged: true, ridge: { df: 0 }, likelihoodRatio: { df: 0, p: 1 } });
  });

  it('keeps collinear columns, halving the coefficient, and makes a separated one finite', () => {
    const [age] = covariates.columns;
    const twice = fitCox(data, { names: ['a', 'b'], columns: [age, age] }, { ridge: { theta: 4 } });
    const once = fitCox(data, { names: ['a'], columns: [age] }, { ridge: { theta: 2 } });
    expectAll(twice.coefficients, [once.coefficients[0] / 2, once.coefficients[0] / 2]);
    expect(twice).toMatchObject({ dropped: [], score: { df: 1 } });
    const monotone = { names: ['m'], columns: [data.time.map((t) => -t)] };
    expect(fitCox(data, monotone).infinite).toEqual(['m']);
    const finite = fitCox(data, monotone, { ridge: { theta: 0.01 } });
    expect(finite).toMatchObject({ converged: true, infinite: [], warnings: [] });
  });

  it('does not depend on units where it is scaled, nor on the order of the rows', () => {
    const solve = (c: Covariates, d: SurvivalData = data) => fitCox(d, c, { ridge: { theta: 1 } });
    fc.assert(
      fc.property(cohorts(), ({ data: own, covariates: { names, columns } }) => {
        const [x, z] = columns;
        if (x.every((v) => v === x[0]) || z.every((v) => v === z[0])) return;
        const fit = solve({ names: [...names], columns: [x, z] }, { ...own });
        expect(fit.converged).toBe(true);
        const other = solve(
          { names: [...names], columns: [x.map((v) => v * 1e-90 - 1e-90), z.map((v) => 7 - 1e90 * v)] },
          { ...own },
        );
        const size = Math.max(fit.standardErrors[0], fit.standardErrors[1]);
        expect(Math.abs(other.coefficients[0] * 1e-90 - fit.coefficients[0]) / size).toBeLessThan(1e-7);
        expect(Math.abs(other.coefficients[1] * -1e90 - fit.coefficients[1]) / size).toBeLessThan(1e-7);
        const turned = solve(
          { names: [...names], columns: [x.slice().reverse(), z.slice().reverse()] },
          { time: own.time.slice().reverse(), event: own.event.slice().reverse() },
        );
        expect(Math.abs(turned.coefficients[0] - fit.coefficients[0]) / size).toBeLessThan(1e-8);
      }),
      seeded,
    );
  });

  it.each([
    ['negative', { theta: -1 }, 'ARGUMENT_INVALID'],
    ['not finite', { theta: [1, NaN, 1] }, 'ARGUMENT_INVALID'],
    ['too few', { theta: [1] }, 'LENGTH_MISMATCH'],
    ['beyond what can be squared', { theta: 1e300 }, 'ARGUMENT_INVALID'],
  ])('is refused where θ is %s', (_, ridge, code) => {
    expect(() => fitCox(data, covariates, { ridge })).toThrow(expect.objectContaining({ code }));
  });
});
