import { concordance, kaplanMeier, logRank, type SurvivalData } from '../survival/index.ts';
import type {
  ConcordanceEstimated,
  RiskGroup,
  RiskGroupsCompared,
  Subset,
  SurvivalCurveEstimated,
  WarningRaised,
} from './prognosis-event.ts';

/**
 * How well a score tells patients apart: its C-index, and by a cutpoint the Kaplan–Meier curve of each risk group and
 * the log-rank test between them. A group without patients has no curve, and then there is no test; a warning says so.
 */
export function* assessRiskGroups(
  subset: Subset,
  data: SurvivalData,
  score: Float64Array,
  cutpoint: number,
): Generator<ConcordanceEstimated | SurvivalCurveEstimated | RiskGroupsCompared | WarningRaised> {
  const c = concordance(data, score);
  yield {
    type: 'ConcordanceEstimated',
    subset,
    estimate: c.concordance,
    standardError: c.standardError,
    lower: c.lower === null ? null : Math.max(0, c.lower),
    upper: c.upper === null ? null : Math.min(1, c.upper),
    comparablePairs: c.concordant + c.discordant + c.tiedScore,
  };
  for (const warning of c.warnings) yield { type: 'WarningRaised', ...warning };
  const high = Int32Array.from(score, (value) => (value > cutpoint ? 1 : 0));
  let groups = 0;
  for (const riskGroup of ['LOW', 'HIGH'] as const) {
    const part = subsetOf(data, high, riskGroup);
    if (part.time.length === 0) {
      const message = `No patient of the ${subset.toLowerCase()} subset is at ${riskGroup.toLowerCase()} risk.`;
      yield { type: 'WarningRaised', code: 'GROUP_EMPTY', message, subject: riskGroup };
      continue;
    }
    groups++;
    const curve = kaplanMeier(part);
    yield {
      type: 'SurvivalCurveEstimated',
      subset,
      riskGroup,
      patients: curve.n,
      events: curve.totalEvents,
      time: [...curve.time],
      survival: [...curve.survival],
      lower: curve.lower,
      upper: curve.upper,
      atRisk: [...curve.atRisk],
      eventCount: [...curve.events],
      censoredCount: [...curve.censored],
      median: curve.median.value,
      medianLower: curve.median.lower,
      medianUpper: curve.median.upper,
    };
  }
  if (groups < 2) return;
  const { statistic, df, p, warnings } = logRank(data, high);
  for (const warning of warnings) yield { type: 'WarningRaised', ...warning };
  if (df > 0) yield { type: 'RiskGroupsCompared', subset, logRank: { statistic, degreesOfFreedom: df, p } };
}

function subsetOf(data: SurvivalData, high: Int32Array, group: RiskGroup): SurvivalData {
  const code = group === 'HIGH' ? 1 : 0;
  return {
    time: data.time.filter((_time, row) => high[row] === code),
    event: data.event.filter((_event, row) => high[row] === code),
  };
}
