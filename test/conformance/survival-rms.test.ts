import { afterAll, expect, it } from 'vitest';
import {
  type Covariates,
  type CoxBaseline,
  type CoxFit,
  calibrateCox,
  coxBaseline,
  fitCox,
  nomogram,
  scoreByNomogram,
  validateCox,
} from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { factorColumns, type RmsAxis } from '../support/rms.ts';
import { CaseTable, type ReferenceCase, survivalCases } from '../support/survival-cases.ts';
import { type ReferenceNumber, Tally } from '../support/tally.ts';

interface SurvivalAxis {
  readonly total_points: readonly number[];
  readonly axis_values: readonly number[];
}

interface Expected {
  readonly cph: { readonly coef: Readonly<Record<string, number>>; readonly center: number };
  readonly nomogram: {
    readonly points_per_unit_lp: number;
    readonly variables: Readonly<Record<string, RmsAxis & { readonly Xbeta: readonly number[] }>>;
    readonly total_points_axis: readonly number[];
    readonly lp_axis: { readonly total_points: readonly number[]; readonly lp: readonly number[] };
    readonly survival_axes: Readonly<Record<string, SurvivalAxis>>;
  };
  readonly patients: {
    readonly total_points: readonly number[];
    readonly linear_predictor: readonly number[];
    readonly survival: Readonly<Record<string, readonly number[]>>;
  };
  readonly baseline_survival_at_center: Readonly<Record<string, number>>;
  readonly calibration_apparent: {
    readonly cuts: readonly number[];
    readonly mean_predicted: readonly number[];
    readonly n: readonly number[];
    readonly events: readonly number[];
    readonly km: readonly ReferenceNumber[];
    readonly std_err_logS: readonly ReferenceNumber[];
  };
  readonly calibration_bootstrap: {
    readonly matrix: { readonly cols: readonly string[]; readonly values: readonly (readonly number[])[] };
    readonly indices1: readonly (readonly number[])[];
  };
  readonly validate: { readonly rows: readonly string[]; readonly values: readonly (readonly number[])[] };
}

interface Options {
  readonly u: number;
  readonly m: number;
}

type RmsCase = ReferenceCase<Expected, Options> & {
  readonly inputs: { readonly years: readonly number[]; readonly unit_per_year: number };
};

const tally = new Tally();
const RMS = { relative: 1e-7 };

interface Fitted {
  readonly table: CaseTable;
  readonly covariates: Covariates;
  readonly model: CoxFit;
  readonly baseline: CoxBaseline;
}

function fitted({ inputs, ...example }: RmsCase): Fitted {
  const table = new CaseTable({ ...example, inputs });
  const covariates = table.covariates(inputs.covariates ?? []);
  const model = fitCox(table.data, covariates);
  return { table, covariates, model, baseline: coxBaseline(model, table.data, covariates) };
}

describeConformance('Nomogram, calibration and validation equal R rms', () => {
  afterAll(() => tally.print('rms 6.5-0'));
  const cases = survivalCases<Expected, Options>('rms/nomogram_calibrate.json') as readonly RmsCase[];

  it.each(cases.map((c) => [c.id, c] as const))('nomogram of %s', (id, example) => {
    const { expected, inputs } = example;
    const { covariates, model, baseline } = fitted(example);
    const horizons = inputs.years.map((year) => year * inputs.unit_per_year);
    const ours = nomogram(model, baseline, covariates, { horizons, factors: factorColumns(inputs) });
    const check = (
      what: string,
      actual: ArrayLike<number | null>,
      wanted: readonly number[],
      tolerance: object = RMS,
    ) => tally.checkAll('nomogram', id, what, actual, wanted, tolerance);

    check('coefficients', model.coefficients, Object.values(expected.cph.coef));
    check('center', [ours.center], [expected.cph.center]);
    check('points per unit', [ours.pointsPerUnit], [expected.nomogram.points_per_unit_lp]);
    expect(ours.variables.map((v) => v.name)).toEqual(Object.keys(expected.nomogram.variables));
    ours.variables.forEach(({ name, kind, ticks }) => {
      const wanted = expected.nomogram.variables[name];
      if (kind === 'factor') expect(ticks.map((t) => t.label)).toEqual(wanted.values);
      else {
        const values = ticks.map((t) => t.value);
        // R's own ticks carry the rounding of their sums: 0.30000000000000004.
        check(`values of ${name}`, values, wanted.values as number[], { relative: 1e-14, absolute: 1e-15 });
      }
      const contributions = ticks.map((t) => t.contribution);
      check(`Xbeta of ${name}`, contributions, wanted.Xbeta, { relative: 1e-7, absolute: 1e-14 });
      // The zero of an axis is a difference of contributions.
      const points = ticks.map((t) => t.points);
      check(`points of ${name}`, points, wanted.points, { relative: 1e-7, absolute: 1e-12 });
    });
    check('total points', ours.totalPoints, expected.nomogram.total_points_axis);
    const { lp_axis } = expected.nomogram;
    const predictor = ours.linearPredictor;
    check(
      'lp axis',
      predictor.map((t) => t.value),
      lp_axis.lp,
      { relative: 1e-14, absolute: 1e-15 },
    );
    check(
      'lp points',
      predictor.map((t) => t.points),
      lp_axis.total_points,
    );

    check(
      'baseline',
      ours.survival.map((a) => a.baseline),
      Object.values(expected.baseline_survival_at_center),
    );
    const reach = [predictor[0].value, predictor[predictor.length - 1].value] as const;
    Object.values(expected.nomogram.survival_axes).forEach((wanted, h) => {
      const axis = ours.survival[h];
      const probabilities = axis.ticks.map((t) => t.probability);
      check(`axis ${h}`, probabilities, wanted.axis_values, { relative: 1e-14, absolute: 1e-15 });
      const survival = (lp: number) => (axis.baseline ?? Number.NaN) ** Math.exp(lp);
      const pointsAt = (lp: number) => predictor[0].points + (lp - reach[0]) * ours.pointsPerUnit;
      // rms draws a tick where it interpolates a table of 1000 values: so much of our curve is compared to 1e-7.
      check(
        `interpolated points on axis ${h}`,
        probabilities.map((p) => pointsAt(interpolatedInverse(survival, reach, p))),
        wanted.total_points,
      );
      // What the nomogram has is the exact inverse, for which that table is good to 2e-5.
      axis.ticks.forEach(({ probability, points }, t) => {
        const lp = reach[0] + (points - predictor[0].points) / ours.pointsPerUnit;
        expect(survival(lp)).toBeCloseTo(probability, 11);
        expect(Math.abs(points / wanted.total_points[t] - 1)).toBeLessThan(2e-5);
      });
    });

    const scores = Array.from(covariates.columns[0], (_, row) =>
      scoreByNomogram(
        ours,
        Object.fromEntries(covariates.names.map((name, j) => [name, covariates.columns[j][row]])),
      ),
    );
    const { patients } = expected;
    check(
      'total points of patients',
      scores.map((s) => s.total),
      patients.total_points,
    );
    check(
      'lp of patients',
      scores.map((s) => s.linearPredictor),
      patients.linear_predictor,
      { relative: 1e-7, absolute: 1e-9 },
    );
    Object.values(patients.survival).forEach((wanted, h) => {
      check(
        `survival of patients ${h}`,
        scores.map((s) => s.survival[h]),
        wanted,
      );
    });
    tally.settle();
  });

  it.each(cases.map((c) => [c.id, c] as const))('calibration of %s', (id, example) => {
    const { expected, options, n_used } = example;
    const { table, covariates } = fitted(example);
    const ours = calibrateCox(table.data, covariates, options.u, {
      groups: Math.max(1, Math.floor(n_used / options.m)),
      resamples: fromZero(expected),
    });
    const { calibration_apparent: apparent, calibration_bootstrap: corrected } = expected;
    const check = (what: string, actual: ArrayLike<number | null>, wanted: readonly ReferenceNumber[]) =>
      tally.checkAll('apparent calibration', id, what, actual, wanted, RMS);
    const { groups } = ours;
    const limits = [...groups.map((g) => g.from), groups[groups.length - 1].to];
    check('cuts', ours.cuts, apparent.cuts);
    check('limits', limits, apparent.cuts);
    check(
      'predicted',
      groups.map((g) => g.predicted),
      apparent.mean_predicted,
    );
    check(
      'n',
      groups.map((g) => g.n),
      apparent.n,
    );
    check(
      'events',
      groups.map((g) => g.events),
      apparent.events,
    );
    check(
      'observed',
      groups.map((g) => g.observed),
      apparent.km,
    );
    check(
      'standard error',
      groups.map((g) => g.standardError),
      apparent.std_err_logS,
    );
    const column = (name: string) =>
      corrected.matrix.values.map((row) => row[corrected.matrix.cols.indexOf(name)]);
    const difference = groups.map((g) => (g.observed ?? 0) - (g.predicted ?? 0));
    // rms' refits stop at a relative change of 1e-4 of the log-likelihood.
    const bootstrapped: readonly (readonly [string, readonly (number | null)[], string])[] = [
      ['training', groups.map((g) => g.training), 'training'],
      ['test', groups.map((g) => g.test), 'test'],
      ['optimism', groups.map((g) => g.optimism), 'mean.optimism'],
      ['corrected', groups.map((g) => g.corrected), 'KM.corrected'],
      ['corrected difference', groups.map((g, i) => difference[i] - (g.optimism ?? 0)), 'mean.corrected'],
    ];
    for (const [what, actual, name] of bootstrapped) {
      tally.checkAll('bootstrap calibration', id, what, actual, column(name), { absolute: 1e-3 });
    }
    expect(groups.map((g) => g.resamples)).toEqual(column('n'));
    tally.settle();
  });

  it.each(cases.map((c) => [c.id, c] as const))('validation of %s', (id, example) => {
    const { expected } = example;
    const { table, covariates } = fitted(example);
    const { indexes, warnings } = validateCox(table.data, covariates, { resamples: fromZero(expected) });
    expect(warnings).toEqual([]);
    expect(indexes.map((i) => i.index)).toEqual(expected.validate.rows);
    indexes.forEach(({ index, apparent, training, test, optimism, corrected, resamples }, i) => {
      const wanted = expected.validate.values[i];
      tally.check('validate, apparent', id, index, apparent, wanted[0], RMS);
      const actual = [training, test, optimism, corrected];
      tally.checkAll('validate, bootstrap', id, index, actual, wanted.slice(1, 5), { absolute: 1e-3 });
      expect(resamples).toBe(wanted[5]);
    });
    tally.settle();
  });
});

/** The rows of the stored resamples. */
function fromZero({ calibration_bootstrap }: Expected): number[][] {
  return calibration_bootstrap.indices1.map((rows) => rows.map((row) => row - 1));
}

/** R's `approx` on a grid of 1000 linear predictors. */
function interpolatedInverse(
  survival: (lp: number) => number,
  [least, most]: readonly [number, number],
  probability: number,
): number {
  const at = (k: number) => least + ((most - least) * k) / 999;
  for (let k = 1; k < 1000; k++) {
    const before = survival(at(k - 1));
    const after = survival(at(k));
    if (after <= probability)
      return at(k - 1) + ((before - probability) / (before - after)) * (at(k) - at(k - 1));
  }
  throw new Error(`no linear predictor has survival ${probability}`);
}
