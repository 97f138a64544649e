import { Failure } from '../failure.ts';
import { encodeCauses } from './cumulative-incidence.ts';
import { compareGroups, type GroupComparisonTest, type GroupSums, groupSums } from './group-comparison.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import { checkLength, type SurvivalData } from './survival-data.ts';

export interface GrayTestOptions {
  /** The power of 1 − F(t−), F the pooled incidence, that weighs the times; default 0. */
  readonly rho?: number;
}

/**
 * Gray's k-sample test of the equality of one cause's cumulative incidences, stratified where the data have strata:
 * a log-rank test in which whoever had a competing event stays at risk as far as censoring would have let them.
 * Case weights count as repeats.
 *
 * References: Gray 1988; R package cmprsk, `cuminc`.
 *
 * @param cause an integer label a row: what the event was; not looked at where the row is censored.
 * @param of the label of the cause that is compared.
 * @param group an integer label a row.
 * @throws Failure of `checkSurvivalData`; LENGTH_MISMATCH; ARGUMENT_INVALID (entry times, for which the test is not
 * defined, over 100 groups or causes, a rho that is not a finite number ≥ 0).
 */
export function grayTest(
  data: SurvivalData,
  cause: Int32Array,
  of: number,
  group: Int32Array,
  { rho = 0 }: GrayTestOptions = {},
): GroupComparisonTest {
  if (!(rho >= 0 && rho < Infinity)) {
    const message = `rho is ${rho}, not a finite number ≥ 0.`;
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'rho', value: String(rho) });
  }
  if (data.entry) {
    const message = "Gray's test needs right-censored data, without entry times.";
    throw new Failure('ARGUMENT_INVALID', message, { argument: 'entry' });
  }
  checkLength('cause', cause.length, data.time.length);
  checkLength('group', group.length, data.time.length);
  const sets = riskSets(data);
  const { codes, causes } = encodeCauses(sets, cause);
  const sums = groupSums(group, sets.rows);
  const code = causes.indexOf(of);
  if (code >= 0) {
    for (let s = 0; s + 1 < sets.strata.length; s++) addStratum(sets, s, codes, code, rho, sums);
  }
  return compareGroups(sets, sums);
}

/** Gray's section 2 by its own letters: h = n/S(t−), R = h (1 − F(t−)), K the weight; i, j, k number groups. */
function addStratum(
  { starts, deaths, weights, strata }: RiskSets,
  stratum: number,
  causes: Int32Array,
  cause: number,
  rho: number,
  { codes, observed, expected, covariance }: GroupSums,
): void {
  const size = observed.length;
  const make = () => new Float64Array(size);
  const [n, own, other, h, risk, incidence, before, after, spread3] = Array.from({ length: 9 }, make);
  const a = new Float64Array(size * size);
  const c = new Float64Array(size * size);
  const spread2 = new Float64Array(size * size);
  const u = make();
  before.fill(1);
  let pooled = 0;
  for (let i = starts[strata[stratum]]; i < starts[strata[stratum + 1]]; i++) n[codes[i]] += weights[i];

  /** Adds what the events of group k with variance v and influence t on 1 − F/S bring; u is their own part. */
  const add = (k: number, v: number, t: number) => {
    for (let i = 0; i < size; i++) {
      spread2[i * size + k] += u[i] * t * v;
      for (let j = 0; j < size; j++) covariance[i * size + j] += u[i] * u[j] * v;
    }
    spread3[k] += t * t * v;
  };

  for (let time = strata[stratum]; time < strata[stratum + 1]; time++) {
    if (deaths[time] > 0) {
      own.fill(0);
      other.fill(0);
      for (let i = starts[time]; i < starts[time] + deaths[time]; i++) {
        (causes[i] === cause ? own : other)[codes[i]] += weights[i];
      }
      let died = 0;
      let hTotal = 0;
      let riskTotal = 0;
      for (let k = 0; k < size; k++) {
        died += own[k];
        h[k] = n[k] > 0 ? n[k] / before[k] : 0;
        risk[k] = h[k] * (1 - incidence[k]);
        hTotal += h[k];
        riskTotal += risk[k];
        after[k] = n[k] > 0 ? before[k] * (Math.max(0, n[k] - own[k] - other[k]) / n[k]) : before[k];
        if (n[k] > 0) incidence[k] += before[k] * (own[k] / n[k]);
      }
      const free = Math.max(0, 1 - pooled);
      pooled += died / hTotal;
      const freeAfter = Math.max(0, 1 - pooled);
      const weight = free ** rho;
      const share = free > 0 ? died / (hTotal * free) : 0;
      for (let i = 0; i < size; i++) {
        observed[i] += weight * own[i];
        if (riskTotal > 0) expected[i] += (weight * died * risk[i]) / riskTotal;
        for (let j = 0; j < size; j++) {
          a[i * size + j] = weight * ((i === j ? h[i] : 0) - (h[i] * h[j]) / hTotal);
          c[i * size + j] += a[i * size + j] * share;
        }
      }
      for (let k = 0; k < size; k++) {
        if (n[k] <= 0) continue;
        if (died > 0) {
          const t = after[k] > 0 ? 1 - freeAfter / after[k] : 1;
          const all = hTotal * before[k];
          const v = tiedFactor(died, all) * (died / all) * (before[k] / n[k]) * before[k];
          for (let i = 0; i < size; i++) u[i] = a[i * size + k] - t * c[i * size + k];
          add(k, v, t);
        }
        if (other[k] > 0 && after[k] > 0) {
          const t = freeAfter / after[k];
          const v = tiedFactor(other[k], n[k]) * (before[k] / n[k]) ** 2 * other[k];
          for (let i = 0; i < size; i++) u[i] = -t * c[i * size + k];
          add(k, v, t);
        }
      }
      before.set(after);
    }
    for (let i = starts[time]; i < starts[time + 1]; i++) n[codes[i]] -= weights[i];
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) {
        const ci = c[i * size + k];
        const cj = c[j * size + k];
        covariance[i * size + j] +=
          ci * cj * spread3[k] + ci * spread2[j * size + k] + cj * spread2[i * size + k];
      }
    }
  }
}

/** The hypergeometric factor of d events at one time among n. */
function tiedFactor(d: number, n: number): number {
  return d > 1 && n > 1 ? 1 - (d - 1) / (n - 1) : 1;
}
