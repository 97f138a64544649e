import type { Ties } from './hazard.ts';
import type { RiskSets } from './risk-sets.ts';

/** The maximum of the partial likelihood of one covariate, in that covariate's own scale. */
export interface UnivariateSolution {
  beta: number;
  information: number;
  logLikelihood: number;
  /** Score test at 0. */
  score: number;
  iterations: number;
  converged: boolean;
  /** The likelihood rises to infinity. */
  infinite: boolean;
}

const MOST_ITERATIONS = 100;

/**
 * Cox regression on one covariate at a time, for thousands of them over the same risk sets (without late entries):
 * one pass over the rows a step gives the first three derivatives of the log partial likelihood, which is concave, so
 * that a Newton step that leaves the bracket of the maximum is replaced by halving it. The third derivative gives the
 * information after the last step.
 */
export class UnivariateCox {
  private readonly sets: RiskSets;
  private readonly efron: boolean;
  private readonly risk: Float64Array;
  private value = 0;
  private slope = 0;
  private curvature = 0;
  private third = 0;

  constructor(sets: RiskSets, ties: Ties) {
    this.sets = sets;
    this.efron = ties === 'efron';
    this.risk = new Float64Array(sets.rows.length);
  }

  /** The log partial likelihood at 0. */
  nullLogLikelihood(): number {
    this.derivatives(new Float64Array(this.risk.length), 0);
    return this.value;
  }

  /**
   * @param x the covariate by position, centred and scaled to a spread of about 1.
   * @returns false if the covariate is constant within every risk set.
   */
  solve(x: Float64Array, into: UnivariateSolution): boolean {
    let beta = 0;
    let low = -Infinity;
    let high = Infinity;
    let previous = 1;
    let linear = 0;
    this.derivatives(x, beta);
    if (!(this.curvature > 2 ** -39)) return false;
    into.score = (this.slope * this.slope) / this.curvature;
    into.infinite = false;
    into.converged = false;
    for (into.iterations = 0; into.iterations < MOST_ITERATIONS; into.iterations++) {
      // Beyond, the information has vanished in its own rounding.
      if (!(this.curvature > 2 ** -49)) {
        into.infinite = true;
        break;
      }
      if (this.slope > 0) low = beta;
      else high = beta;
      const step = this.slope / this.curvature;
      const decrement = Math.abs(this.slope) / Math.sqrt(this.curvature);
      // Quadratic convergence: the step after this one will be about step³ / previous².
      if (decrement <= 1e-9 || (decrement < 1e-3 && decrement ** 3 < 1e-12 * previous ** 2)) {
        into.beta = beta + step;
        into.information = this.curvature + this.third * step;
        into.logLikelihood = this.value + 0.5 * this.slope * step;
        into.converged = true;
        return true;
      }
      linear = decrement > 0.3 * previous ? linear + 1 : 0;
      if (decrement < 1e-6 && linear >= 5) {
        into.infinite = true;
        break;
      }
      previous = decrement;
      let next = beta + step;
      if (!(next > low && next < high)) next = (low + high) / 2;
      beta = next;
      this.derivatives(x, beta);
    }
    into.beta = beta;
    into.information = this.curvature;
    into.logLikelihood = this.value;
    return true;
  }

  private derivatives(x: Float64Array, beta: number): void {
    const { starts, deaths, weights, strata, weighted } = this.sets;
    const { risk } = this;
    const n = x.length;
    if (beta === 0) risk.set(weights);
    else if (weighted) for (let i = 0; i < n; i++) risk[i] = weights[i] * Math.exp(beta * x[i]);
    else for (let i = 0; i < n; i++) risk[i] = Math.exp(beta * x[i]);
    let value = 0;
    let slope = 0;
    let curvature = 0;
    let third = 0;
    // The logarithm of a product costs one logarithm, as long as the product stays in range.
    let product = 1;
    for (let s = strata.length - 2; s >= 0; s--) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = strata[s + 1] - 1; k >= strata[s]; k--) {
        const start = starts[k];
        const d = deaths[k];
        const end = starts[k + 1];
        for (let i = end - 1; i >= start; i--) {
          const v = x[i];
          const r = risk[i];
          const rv = r * v;
          const rvv = rv * v;
          s0 += r;
          s1 += rv;
          s2 += rvv;
          s3 += rvv * v;
        }
        if (d === 0) continue;
        if (d === 1 && !weighted) {
          const v = x[start];
          const inverse = 1 / s0;
          const m = s1 * inverse;
          const q = s2 * inverse;
          value += beta * v;
          product *= s0;
          if (!(product > 1e-150 && product < 1e150)) {
            value -= Math.log(product);
            product = 1;
          }
          slope += v - m;
          curvature += q - m * m;
          third += s3 * inverse - 3 * m * q + 2 * m * m * m;
          continue;
        }
        let d0 = 0;
        let d1 = 0;
        let d2 = 0;
        let d3 = 0;
        let weight = 0;
        for (let i = start; i < start + d; i++) {
          const v = x[i];
          const rv = risk[i] * v;
          d0 += risk[i];
          d1 += rv;
          d2 += rv * v;
          d3 += rv * v * v;
          weight += weights[i];
          value += weights[i] * beta * v;
          slope += weights[i] * v;
        }
        weight /= d;
        for (let l = 0; l < d; l++) {
          const f = this.efron ? l / d : 0;
          const denominator = s0 - f * d0;
          const inverse = 1 / denominator;
          const m = (s1 - f * d1) * inverse;
          const q = (s2 - f * d2) * inverse;
          value -= weight * Math.log(denominator);
          slope -= weight * m;
          curvature += weight * (q - m * m);
          third += weight * ((s3 - f * d3) * inverse - 3 * m * q + 2 * m * m * m);
        }
      }
    }
    this.value = value - Math.log(product);
    this.slope = slope;
    this.curvature = curvature;
    this.third = third;
  }
}
