import { Hazard, sumRiskSets } from './hazard.ts';
import type { RiskSets } from './risk-sets.ts';
import { type TiedMeans, tiedMeans } from './tied-means.ts';

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
  private means: TiedMeans;

  constructor(sets: RiskSets, hazard: Hazard) {
    const n = sets.rows.length;
    this.sets = sets;
    this.hazard = new Hazard(sets, hazard.ties);
    this.risk = new Float64Array(n);
    this.expected = new Float64Array(n);
    this.value = new Float64Array(n);
    this.sums = new Float64Array(sets.times.length);
    this.integral = new Float64Array(sets.times.length);
    this.means = tiedMeans(this.hazard, new Int32Array(sets.times.length));
  }

  /** Takes the point whose weighted risks, by position, these are. */
  capture(risk: Float64Array): void {
    this.risk.set(risk);
    this.hazard.scan(this.risk);
    this.hazard.expected(this.risk, this.expected);
    this.means = tiedMeans(this.hazard, this.sets.deaths);
  }

  multiply(v: Float64Array, into: Float64Array): void {
    const { starts, deaths, strata, entries } = this.sets;
    const { risk, expected, value, sums, integral } = this;
    const { whole, part, dyingWhole, dyingPart } = this.means;
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
