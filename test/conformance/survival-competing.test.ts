import { describe, expect, it } from 'vitest';
import {
  cumulativeIncidence,
  cumulativeIncidenceByGroup,
  grayTest,
} from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable } from '../support/survival-cases.ts';

function expectAll(actual: readonly number[], expected: readonly number[], relative = 1e-9): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((e, i) => {
    expect(Math.abs(actual[i] - e), `[${i}]: ${actual[i]}, ${e}`).toBeLessThanOrEqual(relative * Math.abs(e));
  });
}

/** The last value at or before each of the times. */
function at(time: Float64Array, values: Float64Array): number[] {
  return [100, 200, 400, 800].map((t) => values[time.findLastIndex((u) => u <= t)]);
}

/**
 * The lung cancer trial's deaths, every third row's of cause 2, the others' of cause 1. R 4.2.2: survival 3.5-3
 * `survfit(Surv(time, factor(cause, 0:2)) ~ 1)`, cmprsk 2.2-11 `cuminc(time, cause, group, strata, rho)$Tests`.
 */
describeConformance('Competing risks equal R', () => {
  const table = new CaseTable({
    data: 'data/lung.csv',
    inputs: {
      time: 'time',
      status: 'status',
      covariates: ['ph.ecog'],
      factors: { sex: ['female', 'male'] },
    },
  });
  const { data } = table;
  const cause = Int32Array.from(table.rows, (row) => ((row + 1) % 3 === 0 ? 2 : 1));
  const sex = table.codes(['sex']);
  const ecog = Int32Array.from(table.numbers('ph.ecog'));

  const BY_SEX = [
    {
      incidence: [0.0445783132530121, 0.137921756682134, 0.290471783868501, 0.578463187042057],
      standardError: [0.0217881049649779, 0.037026361942879, 0.0536153759703297, 0.0735413798272229],
      lower: [0.0171037051682232, 0.0814929257830377, 0.20229674514588, 0.450879489958593],
      upper: [0.116186872548278, 0.233424076795695, 0.417079657722153, 0.742148769715792],
    },
    {
      incidence: [0.0333333333333333, 0.0674847538301354, 0.200613953618457, 0.338322369444585],
      standardError: [0.0189215404065849, 0.0266119996837247, 0.0473615963630185, 0.0672547584624524],
      lower: [0.0109571451157862, 0.0311560269781739, 0.12630097432549, 0.229150720904596],
      upper: [0.101405165247863, 0.146173708307044, 0.318651210739758, 0.499505413793801],
    },
    {
      incidence: [0.109489051094891, 0.285759476795207, 0.473401417833761, 0.605523687848506],
      standardError: [0.0266774733131522, 0.0386992597966862, 0.045323849596189, 0.0464456300677805],
      lower: [0.0679159551654523, 0.219142106061813, 0.392405244589125, 0.521004193787638],
      upper: [0.176510104002153, 0.372627972075969, 0.571115971300721, 0.703754290114422],
    },
    {
      incidence: [0.0583941605839416, 0.102500388259046, 0.226747955140742, 0.327024020630021],
      standardError: [0.0200335999865406, 0.0259554098683023, 0.0380949309473117, 0.0445971336086884],
      lower: [0.0298087050702182, 0.0623996399295966, 0.163131089075706, 0.250322011615899],
      upper: [0.114392020125354, 0.16837163812338, 0.315173738199267, 0.427228550053055],
    },
  ] as const;

  it('cumulative incidence by sex', () => {
    const groups = cumulativeIncidenceByGroup(data, cause, sex);
    expect(groups.map(({ group }) => group)).toEqual([0, 1]);
    groups.forEach(({ time, causes }, g) => {
      expect(causes.map((c) => c.cause)).toEqual([1, 2]);
      causes.forEach((own, c) => {
        const expected = BY_SEX[2 * g + c];
        for (const what of ['incidence', 'standardError', 'lower', 'upper'] as const)
          expectAll(at(time, own[what]), expected[what]);
      });
    });
  });

  it('cumulative incidence with weights', () => {
    const weights = Float64Array.from(table.rows, (row) => 0.5 + ((row + 1) % 4) * 0.5);
    const { time, causes } = cumulativeIncidence({ ...data, weights }, cause);
    expectAll(
      at(time, causes[0].incidence),
      [0.0794279427942794, 0.209319108615384, 0.397265031608822, 0.592583355331345],
    );
    expectAll(
      at(time, causes[0].standardError),
      [0.0196775186885893, 0.0293908561937309, 0.0385636870466659, 0.043006819231457],
    );
    expectAll(
      at(time, causes[1].standardError),
      [0.0140698881372116, 0.0195681921028596, 0.0314612935357004, 0.041120732783647],
    );
  });

  describe("Gray's test", () => {
    const hundreds = { ...data, time: data.time.map((t) => Math.ceil(t / 100)) };
    it.each([
      ['by sex', data, sex, 0, [4.723915491066, 0.0813667669788509]],
      ['by sex, rho = 1', data, sex, 1, [6.95703583296275, 0.14287590034978]],
      ['of four groups', data, ecog, 0, [10.2506965852027, 2.36137058641037]],
      ['of four groups, rho = 1', data, ecog, 1, [10.9013672928104, 2.99937694353262]],
      ['by sex, stratified', { ...data, strata: ecog }, sex, 0, [4.61296377841506, 0.0797258378765474]],
      ['of four groups, stratified', { ...data, strata: sex }, ecog, 0, [7.89177176635299, 2.69619984857133]],
      ['with heavy ties', hundreds, sex, 0, [5.10706002183235, 0.237820337967669]],
      ['of four groups, with heavy ties', hundreds, ecog, 0, [5.84230943935671, 2.68535831707993]],
    ] as const)('%s', (_, rows, group, rho, expected) => {
      const tests = [1, 2].map((of) => grayTest(rows, cause, of, group, { rho }));
      expectAll(
        tests.map((t) => t.statistic),
        expected,
      );
      const df = new Set(group).size - 1;
      expect(tests.map((t) => t.df)).toEqual([df, df]);
    });
  });
});
