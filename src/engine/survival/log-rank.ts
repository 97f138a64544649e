import { Failure } from '../failure.ts';
import type { Warning } from '../warning.ts';
import { type ChiSquareTest, chiSquareTest } from './chi-square-test.ts';
import { factorise, solveFactorised } from './cholesky.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';

const MOST_GROUPS = 100;

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

export interface LogRankTest extends ChiSquareTest {
  /** The groups' labels, ascending; the arrays below follow them. */
  readonly groups: readonly number[];
  /** Rows (weights) of each group, and its weighted observed and expected events, over all strata. */
  readonly n: Float64Array;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  /** Covariance of observed − expected, row-major. */
  readonly covariance: Float64Array;
  readonly warnings: readonly Warning[];
}

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
  const { codes, labels } = encode(group, sets.rows);
  const count = labels.length;
  const n = new Float64Array(count);
  for (let i = 0; i < codes.length; i++) n[codes[i]] += sets.weights[i];
  const observed = new Float64Array(count);
  const expected = new Float64Array(count);
  const covariance = new Float64Array(count * count);
  for (let s = 0; s + 1 < sets.strata.length; s++)
    addStratum(sets, s, codes, weight, observed, expected, covariance);
  const compared = labels.map((_, g) => g).filter((g) => expected[g] > 0);
  const warnings: Warning[] = labels
    .filter((_, g) => !(expected[g] > 0))
    .map((label) => ({
      code: 'GROUP_EMPTY',
      message: `Group ${label} is never at risk when an event happens and was not compared.`,
      subject: String(label),
    }));
  const statistic = quadraticForm(compared, observed, expected, covariance, count);
  const test = chiSquareTest(statistic, Math.max(0, compared.length - 1));
  return { ...test, groups: labels, n, observed, expected, covariance, warnings };
}

function addStratum(
  sets: RiskSets,
  stratum: number,
  codes: Int32Array,
  weight: LogRankWeight,
  observed: Float64Array,
  expected: Float64Array,
  covariance: Float64Array,
): void {
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

function quadraticForm(
  compared: readonly number[],
  observed: Float64Array,
  expected: Float64Array,
  covariance: Float64Array,
  count: number,
): number {
  const rest = compared.slice(1);
  const size = rest.length;
  const matrix = new Float64Array(size * size);
  const difference = Float64Array.from(rest, (g) => observed[g] - expected[g]);
  rest.forEach((g, a) => {
    rest.forEach((h, b) => {
      matrix[a * size + b] = covariance[g * count + h];
    });
  });
  const diagonal = Float64Array.from(rest, (g) => covariance[g * count + g]);
  factorise(matrix, size, diagonal, 2 ** -39);
  const solved = difference.slice();
  solveFactorised(matrix, size, solved);
  return difference.reduce((sum, d, a) => sum + d * solved[a], 0);
}

function encode(group: Int32Array, rows: Int32Array): { codes: Int32Array; labels: number[] } {
  const seen = new Set<number>();
  for (let i = 0; i < rows.length; i++) seen.add(group[rows[i]]);
  if (seen.size > MOST_GROUPS) {
    const message = `group has ${seen.size} different labels; at most ${MOST_GROUPS} groups are compared.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'group', groups: seen.size });
  }
  const labels = [...seen].sort((a, b) => a - b);
  const index = new Map(labels.map((label, g) => [label, g]));
  return { codes: Int32Array.from(rows, (row) => index.get(group[row]) ?? 0), labels };
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
