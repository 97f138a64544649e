import { afterAll, expect, it } from 'vitest';
import {
  type ConfidenceScale,
  type KaplanMeierCurve,
  kaplanMeier,
  kaplanMeierByGroup,
  logRank,
  restrictedMean,
  survivalAt,
  survivalQuantile,
} from '../../src/engine/survival/index.ts';
import { describeConformance } from '../support/reference.ts';
import { CaseTable, type ReferenceCase, survivalCases } from '../support/survival-cases.ts';
import { type ReferenceNumber, Tally } from '../support/tally.ts';

const RELATIVE = { relative: 1e-9 };

interface Band {
  readonly lower: readonly ReferenceNumber[];
  readonly upper: readonly ReferenceNumber[];
}

interface Group {
  readonly group: string | null;
  readonly curve?: {
    readonly n: number;
    readonly time: readonly number[];
    readonly n_risk: readonly number[];
    readonly n_event: readonly number[];
    readonly n_censor: readonly number[];
    readonly surv: readonly number[];
    readonly std_err_logS: readonly ReferenceNumber[] | null;
    readonly std_err_S_robust: readonly ReferenceNumber[] | null;
  };
  readonly ci95?: Readonly<Record<ConfidenceScale, Band>>;
  readonly quantiles: Readonly<Record<string, Band & { readonly quantile: readonly ReferenceNumber[] }>>;
}

interface AtTimes extends Band {
  readonly time: readonly number[];
  readonly n_risk: readonly number[];
  readonly n_event: readonly number[];
  readonly surv: readonly number[];
  readonly std_err: readonly ReferenceNumber[];
}

interface KaplanMeierExpected {
  readonly groups: readonly Group[];
  readonly table_rmean_common: { readonly rows: readonly (readonly ReferenceNumber[])[] };
  readonly at_times?: Readonly<Record<string, AtTimes>>;
  readonly [horizon: `rmean_tau_${string}`]: {
    readonly rmean: readonly number[];
    readonly se: readonly number[];
  };
}

const tally = new Tally();

function curves(
  example: ReferenceCase<KaplanMeierExpected>,
  confidence: ConfidenceScale,
): KaplanMeierCurve[] {
  const table = new CaseTable(example);
  const group = example.inputs.group;
  if (!group) return [kaplanMeier(table.data, { confidence })];
  return kaplanMeierByGroup(table.data, table.codes(group), { confidence });
}

function compareCurve(id: string, scale: ConfidenceScale, ours: KaplanMeierCurve, group: Group): void {
  const check = (what: string, actual: ArrayLike<number | null>, expected: readonly ReferenceNumber[]) =>
    tally.checkAll('Kaplan-Meier curve', id, what, actual, expected, RELATIVE);
  const { curve, ci95 } = group;
  if (!curve || !ci95) return;
  check('time', ours.time, curve.time);
  check('at risk', ours.atRisk, curve.n_risk);
  check('events', ours.events, curve.n_event);
  // survfitKM 3.5-3 passes C the start–stop positions of all rows with the times of one group's: these counts are wrong.
  if (id !== 'heart_counting_process') check('censored', ours.censored, curve.n_censor);
  check('survival', ours.survival, curve.surv);
  // R keeps the error of log S, which is infinite where S is 0; ours is that of S.
  const error = curve.std_err_logS
    ? curve.std_err_logS.map((e, i) => (curve.surv[i] === 0 ? 0 : Number(e) * curve.surv[i]))
    : curve.std_err_S_robust;
  if (!error) throw new Error('no standard error');
  check('standard error', ours.standardError, error);
  // Before the first event the interval is the point 1; R gives NA on the scales where 1 is at infinity.
  const limits = (values: readonly ReferenceNumber[]) => values.map((v, i) => (curve.surv[i] === 1 ? 1 : v));
  check(`lower ${scale}`, ours.lower, limits(ci95[scale].lower));
  check(`upper ${scale}`, ours.upper, limits(ci95[scale].upper));
}

describeConformance('Kaplan-Meier curves and log-rank tests equal R', () => {
  afterAll(() => tally.print('Kaplan-Meier and log-rank against R survival 3.5-3'));
  const cases = survivalCases<KaplanMeierExpected>('km/survfit.json');

  it.each(cases.map((c) => [c.id, c] as const))('%s', (id, example) => {
    for (const scale of ['log', 'log-log', 'plain', 'logit', 'arcsin'] as const) {
      const ours = curves(example, scale);
      expect(ours.length).toBe(example.expected.groups.length);
      ours.forEach((curve, g) => {
        const group = example.expected.groups[g];
        compareCurve(id, scale, curve, group);
        const quantiles = group.quantiles[scale];
        if (!quantiles) return;
        [0.25, 0.5, 0.75].forEach((p, i) => {
          const q = survivalQuantile(curve, p);
          tally.check('quantiles', id, `${scale} ${p}`, q.value, quantiles.quantile[i], RELATIVE);
          tally.check('quantiles', id, `${scale} ${p} lower`, q.lower, quantiles.lower[i], RELATIVE);
          tally.check('quantiles', id, `${scale} ${p} upper`, q.upper, quantiles.upper[i], RELATIVE);
        });
      });
      const at = example.expected.at_times?.[scale];
      if (at) compareAt(id, ours, at);
    }
    tally.settle();
  });

  function compareAt(id: string, ours: readonly KaplanMeierCurve[], at: AtTimes): void {
    const perGroup = at.time.length / ours.length;
    ours.forEach((curve, g) => {
      const rows = Array.from({ length: perGroup }, (_, i) => g * perGroup + i);
      const read = survivalAt(
        curve,
        rows.map((r) => at.time[r]),
      );
      rows.forEach((r, i) => {
        const check = (what: string, actual: number | null, expected: ReferenceNumber) =>
          tally.check('curve at times', id, `${what} at ${at.time[r]}`, actual, expected, RELATIVE);
        check('survival', read[i].survival, at.surv[r]);
        check('standard error', read[i].standardError, at.surv[r] === 0 ? 0 : at.std_err[r]);
        check('lower', read[i].lower, at.surv[r] === 1 ? 1 : at.lower[r]);
        check('upper', read[i].upper, at.surv[r] === 1 ? 1 : at.upper[r]);
        check('at risk', read[i].atRisk, at.n_risk[r]);
        check('events', read[i].events - (i > 0 ? read[i - 1].events : 0), at.n_event[r]);
      });
    });
  }

  it.each(cases.map((c) => [c.id, c] as const))('restricted mean of %s', (id, example) => {
    const ours = curves(example, 'log');
    const horizon = Math.max(...ours.map((curve) => curve.time[curve.time.length - 1]));
    ours.forEach((curve, g) => {
      const row = example.expected.table_rmean_common.rows[g];
      const common = restrictedMean(curve, horizon);
      tally.check('restricted mean', id, `to ${horizon}`, common.mean, row[4], RELATIVE);
      tally.check('restricted mean', id, `se to ${horizon}`, common.standardError, row[5], RELATIVE);
    });
    for (const [key, value] of Object.entries(example.expected)) {
      if (!key.startsWith('rmean_tau_')) continue;
      const tau = Number(key.slice('rmean_tau_'.length));
      const { rmean, se } = value as { rmean: number[]; se: number[] };
      ours.forEach((curve, g) => {
        const ourMean = restrictedMean(curve, tau);
        tally.check('restricted mean', id, `to ${tau}`, ourMean.mean, rmean[g], RELATIVE);
        tally.check('restricted mean', id, `se to ${tau}`, ourMean.standardError, se[g], RELATIVE);
      });
    }
    tally.settle();
  });

  interface LogRankExpected {
    readonly n: readonly number[];
    readonly observed: readonly number[];
    readonly expected: readonly number[];
    readonly var: readonly (readonly number[])[];
    readonly chisq: number;
    readonly df: number;
    readonly p: number;
  }

  it.each(
    survivalCases<LogRankExpected, { rho: number }>('logrank/survdiff.json').map((c) => [c.id, c] as const),
  )('log-rank %s', (id, example) => {
    const table = new CaseTable(example);
    const { rho } = example.options;
    const test = logRank(
      table.data,
      table.codes(example.inputs.group ?? []),
      rho === 0 ? 'log-rank' : { rho },
    );
    const check = (what: string, actual: ArrayLike<number>, expected: readonly number[], scale = 0) =>
      tally.checkAll('log-rank', id, what, actual, expected, { relative: 1e-9, absolute: 1e-12 * scale });
    const { expected } = example;
    check('n', test.n, expected.n);
    check('observed', test.observed, expected.observed);
    check('expected', test.expected, expected.expected);
    check('covariance', test.covariance, expected.var.flat(), Math.max(...expected.var.flat()));
    check('chi-square', [test.statistic, test.df, test.p], [expected.chisq, expected.df, expected.p]);
    tally.settle();
  });
});
