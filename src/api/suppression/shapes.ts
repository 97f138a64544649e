import type { CovariateCountsType } from '../types/covariate-distribution.ts';
import type { CalibrationPointType } from '../types/performance.ts';
import type { SurvivalCurve } from '../types/survival.ts';
import type { NumericSummaryType } from '../types/table-one.ts';

/**
 * What goes besides the numbers of patients, in a table in which small ones have been withheld: what is estimated from few
 * patients, or is the very value of one. By type.
 */
export const shapes: Readonly<Record<string, (table: never, least: number) => object>> = {
  /** The tail of a curve is about the few who are left. */
  SurvivalCurve: (curve: SurvivalCurve, least): object => {
    const isShown = curve.patients !== null;
    const length = isShown ? curve.atRisk.filter((atRisk) => atRisk >= least).length : 0;
    const end = length === 0 ? Number.NEGATIVE_INFINITY : curve.time[length - 1];
    const within = (time: number | null) => (time !== null && time <= end ? time : null);
    const cut = <T>(list: readonly T[]) => list.slice(0, length);
    return {
      ...curve,
      time: cut(curve.time),
      survival: cut(curve.survival),
      lower: cut(curve.lower),
      upper: cut(curve.upper),
      atRisk: cut(curve.atRisk),
      eventCount: cut(curve.eventCount),
      censoredCount: cut(curve.censoredCount),
      median: within(curve.median),
      medianLower: within(curve.medianLower),
      medianUpper: within(curve.medianUpper),
    };
  },
  NumericSummary: (summary: NumericSummaryType, least): object => {
    const { patients } = summary;
    if (patients === null || patients < least)
      return { ...nothing(summary), missing: summary.missing, patients };
    const quantile = (p: number, value: number | null) => (isHidden(p, patients, least) ? null : value);
    return {
      ...summary,
      median: quantile(0.5, summary.median),
      lowerQuartile: quantile(0.25, summary.lowerQuartile),
      upperQuartile: quantile(0.75, summary.upperQuartile),
    };
  },
  CovariateCounts: (counts: CovariateCountsType, least): object => {
    const { summary, count, missing } = counts;
    if (!summary) return counts;
    const known = count === null || missing === null ? 0 : count - missing;
    const isShown = known >= least;
    return {
      ...counts,
      summary: {
        mean: isShown ? summary.mean : null,
        sd: isShown ? summary.sd : null,
        quantiles: summary.quantiles.map(({ probability, value }) => ({
          probability,
          value: isHidden(probability, known, least) ? null : value,
        })),
      },
    };
  },
  CalibrationPoint: (point: CalibrationPointType): object =>
    point.patients === null ? nothing(point) : point,
};

/** A quantile is the value of one: it is shown where at least so many lie on either side. */
function isHidden(p: number, patients: number, least: number): boolean {
  return Math.min(p, 1 - p) * patients < least;
}

function nothing(table: object): object {
  return Object.fromEntries(Object.keys(table).map((key) => [key, null]));
}
