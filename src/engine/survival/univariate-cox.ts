import { exponential } from './exponential.ts';
import { type Ties, weightAtRisk } from './hazard.ts';
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

/** Whose death a position begins: a time's single row of weight 1, or else all that die at it. */
const NOBODY = 0;
const ONE = 1;
const SEVERAL = 2;

/**
 * Cox regression on one covariate at a time, for thousands of them over the same risk sets (without late entries):
 * one pass over the rows a step gives the first three derivatives of the log partial likelihood, which is concave, so
 * that a step (Euler's: to the root of the slope's own quadratic) that leaves the bracket of the maximum is replaced by
 * halving it. The third derivative gives the information after the last step.
 */
export class UnivariateCox {
  private readonly sets: RiskSets;
  private readonly efron: boolean;
  private readonly risk: Float64Array;
  /** First position of each stratum, and the number of positions. */
  private readonly strata: Int32Array;
  /** By position, what is to be done once the row is at risk, latest rows first. */
  private readonly marks: Uint8Array;
  /** By position, 1 over the number at risk. */
  private readonly perRow: Float64Array;
  private logsAtZero = 0;
  private value = 0;
  private slope = 0;
  private curvature = 0;
  private third = 0;

  constructor(sets: RiskSets, ties: Ties) {
    this.sets = sets;
    this.efron = ties === 'efron';
    const n = sets.rows.length;
    const { starts, deaths } = sets;
    this.risk = new Float64Array(n);
    this.strata = sets.strata.map((k) => starts[k]);
    this.marks = new Uint8Array(n);
    this.perRow = new Float64Array(n);
    const atRisk = weightAtRisk(sets);
    for (let k = 0; k < deaths.length; k++) {
      this.perRow[starts[k]] = 1 / atRisk[k];
      this.marks[starts[k]] = deaths[k] === 0 ? NOBODY : deaths[k] > 1 || sets.weighted ? SEVERAL : ONE;
    }
    this.sumAt(new Float64Array(n), 0);
    this.logsAtZero = -this.value;
  }

  /** The log partial likelihood at 0. */
  nullLogLikelihood(): number {
    return -this.logsAtZero;
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
      const step = this.step();
      const decrement = Math.abs(this.slope) / Math.sqrt(this.curvature);
      // Cubic convergence: the step after this one will be about step⁴ / previous³; the information is an order behind.
      if (decrement <= 1e-9 || (decrement < 1e-5 && decrement ** 4 < 1e-13 * previous ** 3)) {
        into.beta = beta + step;
        into.information = this.curvature + this.third * step;
        into.logLikelihood =
          this.value + step * (this.slope - step * (this.curvature / 2 + (step * this.third) / 6));
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

  /** To where the slope is 0 if its second derivative is constant; Newton's step where that is nowhere. */
  private step(): number {
    const { slope, curvature, third } = this;
    const square = curvature * curvature + 2 * third * slope;
    return square > 0 ? (2 * slope) / (curvature + Math.sqrt(square)) : slope / curvature;
  }

  private derivatives(x: Float64Array, beta: number): void {
    this.value = 0;
    this.slope = 0;
    this.curvature = 0;
    this.third = 0;
    if (beta === 0 && !this.sets.weighted) this.sumAtZero(x);
    else this.sumAt(x, beta);
  }

  private sumAt(x: Float64Array, beta: number): void {
    const { weights, weighted } = this.sets;
    const { risk, marks, strata } = this;
    const n = x.length;
    if (weighted) for (let i = 0; i < n; i++) risk[i] = weights[i] * exponential(beta * x[i]);
    else for (let i = 0; i < n; i++) risk[i] = exponential(beta * x[i]);
    let value = 0;
    let slope = 0;
    let curvature = 0;
    let third = 0;
    // The logarithm of a product costs one logarithm, as long as the product stays in range.
    let product = 1;
    for (let s = strata.length - 2; s >= 0; s--) {
      const first = strata[s];
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let i = strata[s + 1] - 1; i >= first; i--) {
        const v = x[i];
        const r = risk[i];
        const rv = r * v;
        const rvv = rv * v;
        s0 += r;
        s1 += rv;
        s2 += rvv;
        s3 += rvv * v;
        const mark = marks[i];
        if (mark === NOBODY) continue;
        if (mark === SEVERAL) {
          value -= this.addDeaths(x, beta, i, s0, s1, s2, s3);
          continue;
        }
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
        third += s3 * inverse - m * (3 * q - 2 * m * m);
      }
    }
    this.value += value - Math.log(product);
    this.slope += slope;
    this.curvature += curvature;
    this.third += third;
  }

  /** {@link sumAt} for β = 0 and rows of weight 1, where risks are 1 and their sums the numbers at risk. */
  private sumAtZero(x: Float64Array): void {
    const { marks, strata, perRow } = this;
    this.risk.fill(1);
    let slope = 0;
    let curvature = 0;
    let third = 0;
    for (let s = strata.length - 2; s >= 0; s--) {
      const first = strata[s];
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let i = strata[s + 1] - 1; i >= first; i--) {
        const v = x[i];
        const vv = v * v;
        s1 += v;
        s2 += vv;
        s3 += vv * v;
        const mark = marks[i];
        if (mark === NOBODY) continue;
        if (mark === SEVERAL) {
          this.addDeaths(x, 0, i, strata[s + 1] - i, s1, s2, s3);
          continue;
        }
        const inverse = perRow[i];
        const m = s1 * inverse;
        const q = s2 * inverse;
        slope += v - m;
        curvature += q - m * m;
        third += s3 * inverse - m * (3 * q - 2 * m * m);
      }
    }
    this.value = -this.logsAtZero;
    this.slope += slope;
    this.curvature += curvature;
    this.third += third;
  }

  /**
   * Adds the deaths of one time, the first at a position, given the sums of r, r x, r x² and r x³ over its risk set.
   *
   * @returns the weighted sum of the logarithms of the denominators.
   */
  private addDeaths(
    x: Float64Array,
    beta: number,
    first: number,
    s0: number,
    s1: number,
    s2: number,
    s3: number,
  ): number {
    const { deaths, weights, timeIndex } = this.sets;
    const { risk } = this;
    const d = deaths[timeIndex[first]];
    let d0 = 0;
    let d1 = 0;
    let d2 = 0;
    let d3 = 0;
    let weight = 0;
    let sum = 0;
    for (let i = first; i < first + d; i++) {
      const v = x[i];
      const r = risk[i];
      const rv = r * v;
      d0 += r;
      d1 += rv;
      d2 += rv * v;
      d3 += rv * v * v;
      weight += weights[i];
      sum += weights[i] * v;
    }
    weight /= d;
    let product = 1;
    let logs = 0;
    let slope = 0;
    let curvature = 0;
    let third = 0;
    for (let l = 0; l < d; l++) {
      const f = this.efron ? l / d : 0;
      const denominator = s0 - f * d0;
      const inverse = 1 / denominator;
      const m = (s1 - f * d1) * inverse;
      const q = (s2 - f * d2) * inverse;
      product *= denominator;
      if (!(product > 1e-150 && product < 1e150)) {
        logs += Math.log(product);
        product = 1;
      }
      slope += m;
      curvature += q - m * m;
      third += (s3 - f * d3) * inverse - m * (3 * q - 2 * m * m);
    }
    this.value += beta * sum;
    this.slope += sum - weight * slope;
    this.curvature += weight * curvature;
    this.third += weight * third;
    return weight * (logs + Math.log(product));
  }
}
