import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cohort, cohorts, pick, seeded } from '../../../test/support/survival-arbitrary.ts';
import { fitCox } from './cox.ts';
import { coxBaseline } from './cox-baseline.ts';
import { kaplanMeier } from './kaplan-meier.ts';
import { logRank } from './log-rank.ts';
import { fitPenalisedCox, type PenalisedOptions } from './penalised-path.ts';
import type { SurvivalData } from './survival-data.ts';

/** Two penalties at which something is shrunk and something may be left out; of the standardised columns. */
const lambda = [0.08, 0.02];

function coefficients({ data, covariates }: Cohort, options: PenalisedOptions = {}): number[] {
  return fitPenalisedCox(data, covariates, { lambda, tolerance: 1e-11, ...options }).points.flatMap(
    (point) => {
      const dense = [0, 0];
      point.index.forEach((j, m) => {
        dense[j] = point.value[m];
      });
      return dense;
    },
  );
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expected.forEach((e, i) => {
    expect(Math.abs(actual[i] - e)).toBeLessThan(1e-7 * Math.max(1, Math.abs(e)));
  });
}

const reversed = (cohort: Cohort) => pick(cohort, Array.from(cohort.data.time.keys()).reverse());
const varies = ({ covariates }: Cohort) => covariates.columns.every((c) => c.some((v) => v !== c[0]));

/** Rows cut at 2.5 and 5.5 into pieces, and which row each is of. */
function cut(data: SurvivalData): { data: SurvivalData; rows: number[] } {
  const pieces = Array.from(data.time).flatMap((t, row) => {
    const starts = [0, 2.5, 5.5].filter((c) => c < t);
    return starts.map((from, c) => {
      const isLast = c === starts.length - 1;
      return { row, from, to: isLast ? t : starts[c + 1], event: isLast ? data.event[row] : 0 };
    });
  });
  return {
    rows: pieces.map((p) => p.row),
    data: {
      time: Float64Array.from(pieces, (p) => p.to),
      entry: Float64Array.from(pieces, (p) => p.from),
      event: Uint8Array.from(pieces, (p) => p.event),
    },
  };
}

/** The property of every cohort in which both covariates vary. */
function property(arbitrary: fc.Arbitrary<Cohort>, check: (cohort: Cohort) => void): void {
  fc.assert(fc.property(arbitrary.filter(varies), check), seeded);
}

describe('fitPenalisedCox', () => {
  it('does not depend on the order of the rows', () => {
    property(cohorts(), (cohort) => expectClose(coefficients(reversed(cohort)), coefficients(cohort)));
  });

  it('follows shifts and scales of the covariates', () => {
    property(cohorts(), (cohort) => {
      const [x, z] = cohort.covariates.columns;
      const columns = [x.map((v) => 8 * v + 1e4), z.map((v) => 3 - v / 4)];
      const other = coefficients({ data: cohort.data, covariates: { names: ['x', 'z'], columns } });
      const back = other.map((b, i) => (i % 2 === 0 ? 8 * b : b / -4));
      expectClose(back, coefficients(cohort));
    });
  });

  it('is the same for Efron and Breslow where no times are tied', () => {
    property(cohorts({ ties: false }), (cohort) => {
      expectClose(coefficients(cohort, { ties: 'efron' }), coefficients(cohort, { ties: 'breslow' }));
    });
  });

  it('takes whole weights for repeats', () => {
    property(cohorts(), (cohort) => {
      const weights = cohort.data.time.map((_, i) => 1 + (i % 2));
      const rows = Array.from(weights).flatMap((w, i) => new Array<number>(w).fill(i));
      const weighted = { ...cohort, data: { ...cohort.data, weights } };
      expectClose(coefficients(weighted), coefficients(pick(cohort, rows)));
    });
  });

  it('is unchanged when rows are cut into start–stop pieces', () => {
    property(cohorts(), ({ data, covariates }) => {
      const pieces = cut(data);
      const columns = covariates.columns.map((c) => Float64Array.from(pieces.rows, (r) => c[r]));
      // The pieces are more rows, over which the standard deviation and the mean of the likelihood are taken: keep both.
      const share = pieces.rows.length / data.time.length;
      const whole = coefficients({ data, covariates }, { standardise: false });
      const split = coefficients(
        { data: pieces.data, covariates: { names: covariates.names, columns } },
        { standardise: false, lambda: lambda.map((l) => l / share) },
      );
      expectClose(split, whole);
    });
  });
});

describe('fitCox and coxBaseline', () => {
  it('have a baseline of its own for each stratum', () => {
    property(cohorts({ least: 16 }), (cohort) => {
      const strata = Int32Array.from(cohort.data.time, (_, i) => (i % 2) - 7);
      const data = { ...cohort.data, strata };
      let model: ReturnType<typeof fitCox>;
      try {
        model = fitCox(data, cohort.covariates, { ridge: { theta: 1 } });
      } catch {
        // No stratum in which a covariate varies where an event happens.
        return;
      }
      const { strata: baselines } = coxBaseline(model, data, cohort.covariates);
      for (const { stratum, time, cumulativeHazard } of baselines) {
        const rows = Array.from(strata.keys()).filter((i) => strata[i] === stratum);
        const own = pick(cohort, rows);
        const [alone] = coxBaseline(model, own.data, own.covariates).strata;
        expect(time).toEqual(alone.time);
        expectClose([...cumulativeHazard], [...alone.cumulativeHazard]);
      }
    });
  });
});

describe('kaplanMeier', () => {
  it('does not depend on the order of the rows, and follows the unit of time', () => {
    property(cohorts(), (cohort) => {
      const curve = kaplanMeier(cohort.data);
      expect(kaplanMeier(reversed(cohort).data)).toEqual(curve);
      const months = kaplanMeier({ ...cohort.data, time: cohort.data.time.map((t) => t * 0.25) });
      expect(months.survival).toEqual(curve.survival);
      expect(months.time).toEqual(curve.time.map((t) => t * 0.25));
    });
  });
});

describe('logRank', () => {
  const group = (rows: readonly number[]) => Int32Array.from(rows, (r) => r % 2);

  it('is unchanged when rows are cut into start–stop pieces', () => {
    property(cohorts(), ({ data }) => {
      const pieces = cut(data);
      const whole = logRank(data, group([...data.time.keys()]));
      const split = logRank(pieces.data, group(pieces.rows));
      expectClose([split.statistic, ...split.expected], [whole.statistic, ...whole.expected]);
      expect(split.observed).toEqual(whole.observed);
    });
  });

  it('adds up what strata observe and expect, and their covariances', () => {
    property(cohorts({ least: 16 }), (cohort) => {
      const all = [...cohort.data.time.keys()];
      const strata = Int32Array.from(all, (i) => (i >> 1) % 2);
      const together = logRank({ ...cohort.data, strata }, group(all));
      const parts = [0, 1].map((s) => {
        const rows = all.filter((i) => strata[i] === s);
        return logRank(pick(cohort, rows).data, group(rows));
      });
      for (const what of ['observed', 'expected', 'covariance'] as const) {
        expectClose(
          [...together[what]],
          [...parts[0][what]].map((v, i) => v + parts[1][what][i]),
        );
      }
    });
  });
});
