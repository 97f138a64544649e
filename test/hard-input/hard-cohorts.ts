import type { Covariates, SurvivalData } from '../../src/engine/survival/index.ts';

/** What the functions of survival analysis work on; each takes what it needs. */
export interface HardCohort {
  readonly data: SurvivalData;
  readonly covariates: Covariates;
  readonly group: Int32Array;
  readonly cause: Int32Array;
  readonly folds: Int32Array;
  readonly score: Float64Array;
  readonly horizon: number;
}

/** A cohort that is in order: tied times, censoring, two covariates. */
function cohort(n: number): HardCohort {
  const index = Array.from({ length: n }, (_, i) => i);
  const x = Float64Array.from(index, (i) => ((i * 7) % 11) - 5);
  return {
    data: {
      time: Float64Array.from(index, (i) => 1 + ((i * 5) % 9)),
      event: Uint8Array.from(index, (i) => (i % 3 === 1 ? 0 : 1)),
    },
    covariates: { names: ['x', 'z'], columns: [x, Float64Array.from(index, (i) => (i * i) % 13)] },
    group: Int32Array.from(index, (i) => i % 2),
    cause: Int32Array.from(index, (i) => 1 + (i % 2)),
    folds: Int32Array.from(index, (i) => (i >> 1) % 3),
    score: x,
    horizon: 5,
  };
}

const plain = cohort(24);
const ones = plain.data.time.map(() => 1);

function withData(change: Partial<SurvivalData>, horizon = plain.horizon): HardCohort {
  return { ...plain, data: { ...plain.data, ...change }, horizon };
}

function withColumns(x: Float64Array, z = plain.covariates.columns[1]): HardCohort {
  return { ...plain, covariates: { names: ['x', 'z'], columns: [x, z] }, score: x };
}

const [x] = plain.covariates.columns;
const { time, event } = plain.data;

/** Nothing here breaks a rule: each answers, or says in a coded failure what is missing. */
export const hardCohorts: Readonly<Record<string, HardCohort>> = {
  'in order': plain,
  'one row': cohort(1),
  'one censored row': { ...cohort(1), data: { time: Float64Array.of(3), event: Uint8Array.of(0) } },
  'two rows': cohort(2),
  'three rows': cohort(3),
  'four rows': cohort(4),
  'no covariates': { ...plain, covariates: { names: [], columns: [] } },
  'one time, all die': withData({ time: ones, event: event.map(() => 1) }),
  'one time, some die': withData({ time: ones }),
  'time zero alone': withData({ time: ones.map(() => 0) }),
  'all censored': withData({ event: event.map(() => 0) }),
  'nobody censored': withData({ event: event.map(() => 1) }),
  'one event, at the end': withData({
    event: event.map((_, i) => (i === 7 ? 1 : 0)),
    time: time.map((t, i) => (i === 7 ? 99 : t)),
  }),
  'one event, at the start': withData({
    event: event.map((_, i) => (i === 7 ? 1 : 0)),
    time: time.map((t, i) => (i === 7 ? 0.5 : t)),
  }),
  'constant columns': withColumns(
    x.map(() => 3),
    x.map(() => -1e9),
  ),
  'a constant column': withColumns(x.map(() => 3)),
  'collinear columns': withColumns(
    x,
    x.map((v) => 1 - 2 * v),
  ),
  'a separating column': withColumns(time.map((t) => -t)),
  'columns of 1e200': withColumns(x.map((v) => v * 1e200)),
  'columns of 1e-200': withColumns(x.map((v) => v * 1e-200)),
  'columns of 1e308': withColumns(x.map((v) => v * 3e307)),
  'a column from 1e-200 to 1e200': withColumns(x.map((v, i) => (i % 2 ? v * 1e200 : v * 1e-200))),
  'a column of one outlier': withColumns(x.map((_, i) => (i === 4 ? 1e100 : 0))),
  'a column next to 1e16': withColumns(x.map((v) => 1e16 + 2 * v)),
  'times of 1e200': withData({ time: time.map((t) => t * 1e200) }, 5e200),
  'times of 1e-200': withData({ time: time.map((t) => t * 1e-200) }, 5e-200),
  'times of 1e308': withData({ time: time.map((t) => t * 1e307) }, 5e307),
  'times of 5e-324': withData({ time: time.map((t) => t * 5e-324) }, 25e-324),
  'times from 1e-200 to 1e200': withData({ time: time.map((t, i) => t * (i % 2 ? 1e200 : 1e-200)) }),
  'weights of 1e50': withData({ weights: ones.map(() => 1e50) }),
  'weights of 1e-50': withData({ weights: ones.map(() => 1e-50) }),
  'weights from 1e-50 to 1e50': withData({ weights: ones.map((_, i) => (i % 2 ? 1e50 : 1e-50)) }),
  'one weight above 0': withData({ weights: ones.map((_, i) => (i === 2 ? 1 : 0)) }),
  'some weights 0': withData({ weights: ones.map((_, i) => i % 3) }),
  'weights in fractions': withData({ weights: ones.map((_, i) => 0.3 + (i % 4)) }),
  'every row its stratum': withData({ strata: Int32Array.from(time, (_, i) => i - 9) }),
  'a stratum of censored rows': withData({ strata: Int32Array.from(event, (e, i) => (e === 0 ? 7 : i % 2)) }),
  'a stratum of weight 0': withData({
    strata: Int32Array.from(time, (_, i) => i % 2),
    weights: ones.map((_, i) => i % 2),
  }),
  'entries one after the other': withData({
    entry: time.map((_, i) => i),
    time: time.map((_, i) => i + 0.5),
  }),
  'entries just before the times': withData({ entry: time.map((t) => t * (1 - 2 ** -52)) }),
  'late entries': withData({ entry: time.map((t, i) => Math.max(0, t - 1 - (i % 4))) }),
  'one group': { ...plain, group: new Int32Array(24) },
  'every row its group': { ...plain, group: Int32Array.from(time, (_, i) => i) },
  'a group that is gone before the first event': {
    ...withData({ time: time.map((t, i) => (i < 2 ? 0.5 : t)), event: event.map((e, i) => (i < 2 ? 0 : e)) }),
    group: Int32Array.from(time, (_, i) => (i < 2 ? 2 : i % 2)),
  },
  'a fold without events': { ...plain, folds: Int32Array.from(event, (e, i) => (e === 0 ? 9 : i % 2)) },
  'a horizon beyond the follow-up': { ...plain, horizon: 1e6 },
  'a horizon before the first event': { ...plain, horizon: 1e-6 },
};

/** A rule broken: the code, and what its details name. */
export interface BrokenRule {
  readonly cohort: HardCohort;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

function put<Values extends Float64Array | Uint8Array>(values: Values, index: number, value: number): Values {
  const changed = values.slice() as Values;
  changed[index] = value;
  return changed;
}

/** Of the survival data: every function that takes them refuses these. */
export const brokenData: Readonly<Record<string, BrokenRule>> = {
  'no rows': { cohort: cohort(0), code: 'NO_OBSERVATIONS', details: { argument: 'time' } },
  'weights all 0': {
    cohort: withData({ weights: ones.map(() => 0) }),
    code: 'NO_OBSERVATIONS',
    details: { argument: 'weights' },
  },
  ...Object.fromEntries(
    ([-1, Number.NaN, Infinity, -Infinity] as const).map((value) => [
      `a time of ${value}`,
      {
        cohort: withData({ time: put(time, 3, value) }),
        code: 'TIME_INVALID',
        details: { argument: 'time', index: 3, value: Number.isFinite(value) ? value : String(value) },
      },
    ]),
  ),
  'an event of 2': {
    cohort: withData({ event: put(event, 5, 2) }),
    code: 'EVENT_INVALID',
    details: { argument: 'event', index: 5, value: 2 },
  },
  ...Object.fromEntries(
    ([-1, Number.NaN, Infinity, 1e200, 1e-200] as const).map((value) => [
      `a weight of ${value}`,
      {
        cohort: withData({ weights: put(ones, 23, value) }),
        code: 'WEIGHT_INVALID',
        details: { argument: 'weights', index: 23, value: Number.isFinite(value) ? value : String(value) },
      },
    ]),
  ),
  'an entry at the time': {
    cohort: withData({
      entry: put(
        ones.map(() => 0),
        6,
        time[6],
      ),
    }),
    code: 'TIME_INVALID',
    details: { argument: 'entry', index: 6, value: time[6] },
  },
  'a negative entry': {
    cohort: withData({
      entry: put(
        ones.map(() => 0),
        6,
        -1,
      ),
    }),
    code: 'TIME_INVALID',
    details: { argument: 'entry', index: 6, value: -1 },
  },
  ...Object.fromEntries(
    (
      [
        ['event', { event: event.slice(1) }],
        ['entry', { entry: new Float64Array(25) }],
        ['weights', { weights: ones.slice(1) }],
        ['strata', { strata: new Int32Array(3) }],
      ] as const
    ).map(([argument, change]) => [
      `${argument} of another length`,
      { cohort: withData(change), code: 'LENGTH_MISMATCH', details: { argument, expected: 24 } },
    ]),
  ),
};

/** Of the covariates. */
export const brokenCovariates: Readonly<Record<string, BrokenRule>> = {
  ...Object.fromEntries(
    ([Number.NaN, Infinity, -Infinity] as const).map((value) => [
      `a covariate of ${value}`,
      {
        cohort: withColumns(put(x, 4, value)),
        code: 'COVARIATE_INVALID',
        details: { covariate: 'x', index: 4, value: String(value) },
      },
    ]),
  ),
  'a short covariate': {
    cohort: withColumns(x.slice(1)),
    code: 'LENGTH_MISMATCH',
    details: { argument: 'covariate x', length: 23, expected: 24 },
  },
  'a name without a column': {
    cohort: { ...plain, covariates: { names: ['x', 'z'], columns: [x] } },
    code: 'LENGTH_MISMATCH',
    details: { names: 2, columns: 1 },
  },
  'a name twice': {
    cohort: { ...plain, covariates: { names: ['x', 'x'], columns: [x, x] } },
    code: 'COVARIATE_INVALID',
    details: { covariate: 'x' },
  },
};
