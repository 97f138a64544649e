import { Failure } from '../failure.ts';
import { weightAtRisk } from './hazard.ts';
import type { RiskSets } from './risk-sets.ts';

/**
 * The weight of an event at t in a concordance: `n` 1 (Harrell); `S` n S(t−)/n(t) (Peto–Wilcoxon); `S/G`
 * n S(t−)/(G(t−) n(t)) (Schemper); `n/G2` 1/G(t−)² (Uno); `I` 1/n(t). S and G are the Kaplan–Meier curves of the
 * event and of the censoring, n the total weight, n(t) that at risk.
 */
export type TimeWeight = 'n' | 'S' | 'S/G' | 'n/G2' | 'I';

/**
 * The weight of each time index, each stratum by itself; 0 where nobody dies.
 *
 * Reference: R package survival, vignette "Concordance".
 */
export function timeWeights(sets: RiskSets, kind: TimeWeight): Float64Array {
  const { starts, deaths, weights, strata } = sets;
  if (sets.entries && (kind === 'S/G' || kind === 'n/G2')) {
    const message = `timeWeight ${kind} needs right-censored data, without entry times.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'timeWeight', value: kind });
  }
  const atRisk = weightAtRisk(sets);
  const factor = new Float64Array(deaths.length);
  for (let s = 0; s + 1 < strata.length; s++) {
    let events = 0;
    for (let k = strata[s]; k < strata[s + 1]; k++) events += deaths[k];
    let total = 0;
    for (let i = starts[strata[s]]; i < starts[strata[s + 1]]; i++) total += weights[i];
    let survival = 1;
    let censoring = 1;
    for (let k = strata[s]; k < strata[s + 1]; k++) {
      let died = 0;
      for (let i = starts[k]; i < starts[k] + deaths[k]; i++) died += weights[i];
      let censored = 0;
      for (let i = starts[k] + deaths[k]; i < starts[k + 1]; i++) censored += weights[i];
      // With one event every weight is proportional to any other; R then uses 1.
      if (deaths[k] > 0) factor[k] = events < 2 ? 1 : weightAt(kind, survival, censoring, total, atRisk[k]);
      survival *= 1 - died / atRisk[k];
      if (censored > 0) censoring *= 1 - censored / (atRisk[k] - died);
    }
  }
  return factor;
}

function weightAt(
  kind: TimeWeight,
  survival: number,
  censoring: number,
  total: number,
  atRisk: number,
): number {
  switch (kind) {
    case 'n':
      return 1;
    case 'S':
      return (total * survival) / atRisk;
    case 'S/G':
      return (total * survival) / (censoring * atRisk);
    case 'n/G2':
      return 1 / (censoring * censoring);
    case 'I':
      return 1 / atRisk;
  }
}
