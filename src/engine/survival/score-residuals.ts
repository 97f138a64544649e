import { type Hazard, sumRiskSets } from './hazard.ts';
import type { RiskSets } from './risk-sets.ts';
import { tiedMeans } from './tied-means.ts';

/** By position, one array a column: each row's share of the score, and at deaths the Schoenfeld residual. */
export interface ScoreResiduals {
  readonly score: readonly Float64Array[];
  /** x less the risk set's mean for a death, 0 for a censored row. */
  readonly schoenfeld: readonly Float64Array[];
}

/**
 * The score and Schoenfeld residuals of a Cox model, case weights not multiplied in. A row's score residual is
 * δ (x − x̄(t)) − r ∫ (x − x̄) dΛ over its time at risk; weighted they sum to the gradient.
 *
 * Reference: Therneau & Grambsch 2000, §4.6 and §6.2; with Efron's ties R package survival, `coxscore2.c`.
 *
 * @param hazard scanned with `risk`, the weighted relative risks by position. @param columns covariates by position.
 */
export function scoreResiduals(
  sets: RiskSets,
  hazard: Hazard,
  risk: Float64Array,
  columns: readonly Float64Array[],
): ScoreResiduals {
  const { starts, deaths, strata, weights, entries } = sets;
  const n = risk.length;
  const means = tiedMeans(hazard, deaths);
  const value = new Float64Array(n);
  const sums = new Float64Array(deaths.length);
  const integral = new Float64Array(deaths.length);
  const score: Float64Array[] = [];
  const schoenfeld: Float64Array[] = [];
  for (const x of columns) {
    const own = new Float64Array(n);
    const residual = new Float64Array(n);
    for (let i = 0; i < n; i++) value[i] = risk[i] * x[i];
    sumRiskSets(sets, value, sums);
    for (let s = 0; s + 1 < strata.length; s++) {
      let total = 0;
      for (let k = strata[s]; k < strata[s + 1]; k++) {
        const lastDeath = starts[k] + deaths[k];
        const hazardBefore = k > strata[s] ? hazard.cumulative[k - 1] : 0;
        let mean = 0;
        let dyingTotal = total;
        if (deaths[k] > 0) {
          const atRisk = hazard.atRisk[k];
          let dying = 0;
          for (let i = starts[k]; i < lastDeath; i++) dying += value[i];
          dying /= atRisk;
          const all = sums[k] / atRisk;
          mean = means.meanWhole[k] * all - means.meanPart[k] * dying;
          dyingTotal = total + (means.dyingWhole[k] * all - means.dyingPart[k] * dying) / atRisk;
          total += (means.whole[k] * all - means.part[k] * dying) / atRisk;
        }
        integral[k] = total;
        for (let i = starts[k]; i < starts[k + 1]; i++) {
          const died = i < lastDeath;
          const first = entries ? entries.first[i] : strata[s];
          const beforeHazard = first > strata[s] ? hazard.cumulative[first - 1] : 0;
          const beforeIntegral = first > strata[s] ? integral[first - 1] : 0;
          const lambda = died ? hazardBefore + hazard.deathJump[k] : hazard.cumulative[k];
          residual[i] = died ? x[i] - mean : 0;
          const compensator = x[i] * (lambda - beforeHazard) - ((died ? dyingTotal : total) - beforeIntegral);
          own[i] = residual[i] - (risk[i] / weights[i]) * compensator;
        }
      }
    }
    score.push(own);
    schoenfeld.push(residual);
  }
  return { score, schoenfeld };
}
