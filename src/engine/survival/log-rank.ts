import { Failure } from '../failure.ts';
import { compareGroups, type GroupComparisonTest, type GroupSums, groupSums } from './group-comparison.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';

/**
 * The weight of each event time: 1 (`log-rank`); the number at risk n (`gehan`, survminer's "n"), its square root
 * (`tarone-ware`, "sqrtN"); Peto and Peto's S̃(t) = Π (1 − d/(n + 1)) (`peto`, "S1"), times n/(n + 1) (`modified-peto`,
 * "S2", Andersen 1982); or Fleming and Harrington's S(t−)^rho (1 − S(t−))^gamma with S the Kaplan–Meier curve, whose
 * rho = 1, gamma = 0 is R's `survdiff(rho = 1)`. Curves are pooled over the groups, each stratum by itself.
 */
export type LogRankWeight =
  | 'log-rank'
  | 'gehan'
  | 'tarone-ware'
  | 'peto'
  | 'modified-peto'
  | { readonly rho: number; readonly gamma?: number };

/** A log-rank test; `observed` and `expected` are weighted as the test weighs the times. */
export type LogRankTest = GroupComparisonTest;

/**
 * The k-sample log-rank test and its weighted family, stratified where the data have strata: (O − E)ᵀ V⁻ (O − E) with
 * the hypergeometric covariance, on one degree of freedom less than there are groups at risk at some event. Case
 * weights count as repeats; rows with an entry time are at risk in (entry, time].
 *
 * References: Mantel 1966; Gehan 1965; Peto & Peto 1972; Tarone & Ware 1977; Harrington & Fleming 1982; Klein &
 * Moeschberger 2003, §7.3; R package survival, `survdiff`; R package survMisc, `comp`.
 *
 * @param group an integer label a row.
 * @throws Failure of {@link checkSurvivalData}; LENGTH_MISMATCH; ARGUMENT_INVALID for over 100 groups or a rho or gamma
 * that is not a finite number ≥ 0.
 */
export function logRank(
  data: SurvivalData,
  group: Int32Array,
  weight: LogRankWeight = 'log-rank',
): LogRankTest {
  checkWeight(weight);
  checkLength('group', group.length, data.time.length);
  const sets = riskSets(data);
  const sums = groupSums(group, sets.rows);
  for (let s = 0; s + 1 < sets.strata.length; s++) addStratum(sets, s, weight, sums);
  return compareGroups(sets, sums);
}

function addStratum(sets: RiskSets, stratum: number, weight: LogRankWeight, sums: GroupSums): void {
  const { codes, observed, expected, covariance } = sums;
  const { starts, deaths, weights, strata, entries } = sets;
  const count = observed.length;
  const atRisk = new Float64Array(count);
  const dying = new Float64Array(count);
  const from = strata[stratum];
  const to = strata[stratum + 1];
  if (!entries) for (let i = starts[from]; i < starts[to]; i++) atRisk[codes[i]] += weights[i];
  let survival = 1;
  let peto = 1;
  for (let k = from; k < to; k++) {
    if (entries) {
      for (let m = entries.starts[k]; m < entries.starts[k + 1]; m++) {
        atRisk[codes[entries.positions[m]]] += weights[entries.positions[m]];
      }
    }
    const lastDeath = starts[k] + deaths[k];
    if (deaths[k] > 0) {
      let total = 0;
      for (let g = 0; g < count; g++) total += atRisk[g];
      dying.fill(0);
      let died = 0;
      for (let i = starts[k]; i < lastDeath; i++) {
        dying[codes[i]] += weights[i];
        died += weights[i];
      }
      peto *= 1 - died / (total + 1);
      const w = weightOf(weight, survival, peto, total);
      const spread = total > 1 ? (w * w * died * Math.max(0, total - died)) / (total - 1) : 0;
      for (let g = 0; g < count; g++) {
        const share = atRisk[g] / total;
        observed[g] += w * dying[g];
        expected[g] += w * died * share;
        if (share === 0 || spread === 0) continue;
        covariance[g * count + g] += spread * share;
        for (let h = 0; h < count; h++) covariance[g * count + h] -= (spread * share * atRisk[h]) / total;
      }
      survival *= Math.max(0, total - died) / total;
    }
    for (let i = starts[k]; i < starts[k + 1]; i++) atRisk[codes[i]] -= weights[i];
  }
}

function weightOf(weight: LogRankWeight, survival: number, peto: number, atRisk: number): number {
  if (weight === 'log-rank') return 1;
  if (weight === 'gehan') return atRisk;
  if (weight === 'tarone-ware') return Math.sqrt(atRisk);
  if (weight === 'peto') return peto;
  if (weight === 'modified-peto') return (peto * atRisk) / (atRisk + 1);
  return survival ** weight.rho * (1 - survival) ** (weight.gamma ?? 0);
}

const NAMED = ['log-rank', 'gehan', 'tarone-ware', 'peto', 'modified-peto'];

function checkWeight(weight: LogRankWeight): void {
  if (typeof weight === 'string') {
    if (NAMED.includes(weight)) return;
    const message = `weight is ${weight}, none of ${NAMED.join(', ')}.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'weight', value: weight });
  }
  for (const [argument, value] of Object.entries({ rho: weight.rho, gamma: weight.gamma ?? 0 })) {
    if (value >= 0 && value < Infinity) continue;
    const message = `${argument} is ${value}, not a finite number ≥ 0.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument, value: String(value) });
  }
}
