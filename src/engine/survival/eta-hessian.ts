import { Hazard, sumRiskSets } from './hazard.ts';
import type { RiskSets } from './risk-sets.ts';

/**
 * The information of a Cox model with respect to the linear predictor, n × n, as a product with vectors: row i of it
 * times v is w_i r_i ∫ (v_i − v̄) dΛ over the row's time at risk. Two scans of the rows, O(n); the matrix is never
 * formed. It stays what it was captured from until the next capture.
 */
export class EtaHessian {
  private readonly sets: RiskSets;
  private readonly hazard: Hazard;
  private readonly risk: Float64Array;
  private readonly expected: Float64Array;
  private readonly value: Float64Array;
  private readonly sums: Float64Array;
  private readonly integral: Float64Array;
  /**
   * Sums over one time's tied deaths, f and s as in {@link Hazard}, a the risk set's sum, w̄ the mean weight: w̄ Σ (a/s)²
   * and w̄ Σ f (a/s)², and the same times 1 − f for those who die. Free of a, which may be as far from 1 as e^500.
   */
  private readonly whole: Float64Array;
  private readonly part: Float64Array;
  private readonly dyingWhole: Float64Array;
  private readonly dyingPart: Float64Array;

  constructor(sets: RiskSets, hazard: Hazard) {
    const n = sets.rows.length;
    this.sets = sets;
    this.hazard = new Hazard(sets, hazard.ties);
    this.risk = new Float64Array(n);
    this.expected = new Float64Array(n);
    this.value = new Float64Array(n);
    this.sums = new Float64Array(sets.times.length);
    this.integral = new Float64Array(sets.times.length);
    this.whole = new Float64Array(sets.times.length);
    this.part = new Float64Array(sets.times.length);
    this.dyingWhole = new Float64Array(sets.times.length);
    this.dyingPart = new Float64Array(sets.times.length);
  }

  /** Takes the point whose weighted risks, by position, these are. */
  capture(risk: Float64Array): void {
    this.risk.set(risk);
    this.hazard.scan(this.risk);
    this.hazard.expected(this.risk, this.expected);
    const { hazard, whole, part, dyingWhole, dyingPart } = this;
    const { deaths } = this.sets;
    for (let k = 0; k < deaths.length; k++) {
      const d = deaths[k];
      const w = hazard.meanWeight[k];
      whole[k] = 0;
      part[k] = 0;
      dyingWhole[k] = 0;
      dyingPart[k] = 0;
      const share = hazard.dying[k] / hazard.atRisk[k];
      for (let l = 0; l < d; l++) {
        const f = hazard.ties === 'efron' ? l / d : 0;
        const term = w / (1 - f * share) ** 2;
        whole[k] += term;
        part[k] += f * term;
        dyingWhole[k] += (1 - f) * term;
        dyingPart[k] += (1 - f) * f * term;
      }
    }
  }

  multiply(v: Float64Array, into: Float64Array): void {
    const { starts, deaths, strata, entries } = this.sets;
    const { risk, expected, value, sums, integral, whole, part, dyingWhole, dyingPart } = this;
    const { atRisk } = this.hazard;
    for (let i = 0; i < v.length; i++) value[i] = risk[i] * v[i];
    sumRiskSets(this.sets, value, sums);
    for (let s = 0; s + 1 < strata.length; s++) {
      let total = 0;
      for (let k = strata[s]; k < strata[s + 1]; k++) {
        const lastDeath = starts[k] + deaths[k];
        let dyingTotal = total;
        if (deaths[k] > 0) {
          const inverse = 1 / atRisk[k];
          const mean = sums[k] * inverse;
          if (part[k] === 0) {
            total += whole[k] * mean * inverse;
            dyingTotal = total;
          } else {
            let dying = 0;
            for (let i = starts[k]; i < lastDeath; i++) dying += value[i];
            const meanDying = dying * inverse;
            dyingTotal = total + (dyingWhole[k] * mean - dyingPart[k] * meanDying) * inverse;
            total += (whole[k] * mean - part[k] * meanDying) * inverse;
          }
        }
        integral[k] = total;
        for (let i = starts[k]; i < starts[k + 1]; i++) {
          const first = entries ? entries.first[i] : strata[s];
          const before = first > strata[s] ? integral[first - 1] : 0;
          into[i] = expected[i] * v[i] - risk[i] * ((i < lastDeath ? dyingTotal : total) - before);
        }
      }
    }
  }
}
