import fc from 'fast-check';
import type { Covariates, SurvivalData } from '../../src/engine/survival/index.ts';

export interface Cohort {
  readonly data: SurvivalData;
  readonly covariates: Covariates;
}

/**
 * Small random cohorts with two covariates; `ties: false` makes all times distinct. At least two events, so that
 * there is something to estimate. Covariates lie on a coarse grid far from collinear.
 */
export function cohorts({
  ties = true,
  least = 8,
}: {
  ties?: boolean;
  least?: number;
} = {}): fc.Arbitrary<Cohort> {
  const row = fc.record({
    time: fc.integer({ min: 1, max: 12 }),
    event: fc.boolean(),
    x: fc.integer({ min: -20, max: 20 }),
    z: fc.integer({ min: -20, max: 20 }),
  });
  return fc
    .array(row, { minLength: least, maxLength: 40 })
    .filter((rows) => rows.filter((r) => r.event).length >= 2)
    .map((rows) => ({
      data: {
        time: Float64Array.from(rows, (r, i) => (ties ? r.time : r.time + i / 64)),
        event: Uint8Array.from(rows, (r) => (r.event ? 1 : 0)),
      },
      covariates: {
        names: ['x', 'z'],
        columns: [Float64Array.from(rows, (r) => r.x / 10), Float64Array.from(rows, (r) => r.z / 10)],
      },
    }));
}

/** The rows of a cohort in another order, or with repeats. */
export function pick({ data, covariates }: Cohort, rows: readonly number[]): Cohort {
  return {
    data: {
      time: Float64Array.from(rows, (r) => data.time[r]),
      event: Uint8Array.from(rows, (r) => data.event[r]),
    },
    covariates: {
      names: covariates.names,
      columns: covariates.columns.map((c) => Float64Array.from(rows, (r) => c[r])),
    },
  };
}

/** Every run draws the same cohorts. */
export const seeded = { seed: 20260101, numRuns: 60 } as const;
