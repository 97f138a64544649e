import { addGram } from './gram.ts';
import { Hazard, sumRiskSets, type Ties } from './hazard.ts';
import type { RiskSets } from './risk-sets.ts';

const BLOCK = 256;

/**
 * The log partial likelihood of a Cox model over given risk sets, its gradient and its information matrix, with
 * buffers that are reused from call to call.
 *
 * With expected events h_i = w_i r_i (Λ(exit) − Λ(entry)) the gradient is Xᵀ(wδ − h) and the information is
 * Xᵀdiag(h)X − Σ w m mᵀ, the sum over deaths, m the risk set's weighted mean of x: two Gram matrices over long
 * columns. Under Efron's ties the d means of one time lie in a plane, so that two rows carry all d.
 */
export class PartialLikelihood {
  readonly hazard: Hazard;
  /** Σ βx + offset, less a common shift, by position. */
  readonly predictor: Float64Array;
  /** w · exp(predictor) by position. */
  readonly risk: Float64Array;
  readonly expected: Float64Array;
  private readonly sets: RiskSets;
  private readonly columns: readonly Float64Array[];
  private readonly offset: Float64Array | undefined;
  private readonly buffer: Float64Array;
  private readonly roots = new Float64Array(BLOCK);

  /** @param columns covariates by position; @param offset by position. */
  constructor(
    sets: RiskSets,
    columns: readonly Float64Array[],
    offset: Float64Array | undefined,
    ties: Ties,
  ) {
    const n = sets.rows.length;
    this.sets = sets;
    this.columns = columns;
    this.offset = offset;
    this.hazard = new Hazard(sets, ties);
    this.predictor = new Float64Array(n);
    this.risk = new Float64Array(n);
    this.expected = new Float64Array(n);
    this.buffer = new Float64Array(columns.length * BLOCK);
  }

  /** The log partial likelihood at β; −∞ where it cannot be represented. */
  evaluate(beta: Float64Array): number {
    const { predictor, risk, sets } = this;
    const { starts, deaths, weights } = sets;
    const n = predictor.length;
    if (this.offset) predictor.set(this.offset);
    else predictor.fill(0);
    for (let j = 0; j < beta.length; j++) {
      const b = beta[j];
      const x = this.columns[j];
      if (b !== 0) for (let i = 0; i < n; i++) predictor[i] += b * x[i];
    }
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < n; i++) {
      if (predictor[i] < low) low = predictor[i];
      if (predictor[i] > high) high = predictor[i];
    }
    // Risks up to e^1200 below the highest are told from 0; what lies lower cannot matter beside it.
    const shift = high - Math.min(500, (high - low) / 2);
    for (let i = 0; i < n; i++) {
      predictor[i] -= shift;
      risk[i] = weights[i] * Math.exp(predictor[i]);
    }
    let value = -this.hazard.scan(risk);
    for (let k = 0; k < deaths.length; k++) {
      for (let i = starts[k]; i < starts[k] + deaths[k]; i++) value += weights[i] * predictor[i];
    }
    return value < Infinity ? value : -Infinity;
  }

  /** The gradient at the β last evaluated. */
  gradient(into: Float64Array): void {
    const { starts, deaths, weights } = this.sets;
    this.hazard.expected(this.risk, this.expected);
    for (let j = 0; j < into.length; j++) {
      const x = this.columns[j];
      let sum = 0;
      for (let i = 0; i < x.length; i++) sum -= this.expected[i] * x[i];
      for (let k = 0; k < deaths.length; k++) {
        for (let i = starts[k]; i < starts[k] + deaths[k]; i++) sum += weights[i] * x[i];
      }
      into[j] = sum;
    }
  }

  /**
   * The information matrix at the β whose gradient was last taken: lower triangle, row-major. `reference` receives
   * the diagonal of Xᵀdiag(h)X, the size against which a diagonal of the information counts as 0.
   */
  information(into: Float64Array, reference: Float64Array): void {
    const p = this.columns.length;
    into.fill(0);
    this.addSecondMoments(into, p);
    for (let j = 0; j < p; j++) reference[j] = into[j * p + j];
    if (this.sets.entries) this.subtractMeansWithEntries(into, p);
    else this.subtractMeans(into, p);
  }

  private addSecondMoments(into: Float64Array, p: number): void {
    const { buffer, expected, roots } = this;
    for (let start = 0; start < expected.length; start += BLOCK) {
      const rows = Math.min(BLOCK, expected.length - start);
      for (let r = 0; r < rows; r++) roots[r] = Math.sqrt(expected[start + r]);
      for (let j = 0; j < p; j++) {
        const x = this.columns[j];
        for (let r = 0; r < rows; r++) buffer[j * BLOCK + r] = roots[r] * x[start + r];
      }
      addGram(into, p, buffer, BLOCK, rows, 1);
    }
  }

  private subtractMeans(into: Float64Array, p: number): void {
    const { buffer, sets, risk, columns } = this;
    const { starts, deaths, strata } = sets;
    const sums = new Float64Array(p);
    const rowsOf = this.meanRows();
    const ends = new Uint8Array(deaths.length);
    for (let s = 1; s < strata.length; s++) ends[strata[s] - 1] = 1;
    let high = deaths.length - 1;
    while (high >= 0) {
      let low = high;
      let rows = rowsOf.count[high];
      while (low > 0 && rows + rowsOf.count[low - 1] <= BLOCK) rows += rowsOf.count[--low];
      for (let j = 0; j < p; j++) {
        const x = columns[j];
        let sum = sums[j];
        let r = j * BLOCK;
        for (let k = high; k >= low; k--) {
          if (ends[k]) sum = 0;
          const lastDeath = starts[k] + deaths[k];
          let dying = 0;
          for (let i = starts[k]; i < lastDeath; i++) dying += risk[i] * x[i];
          sum += dying;
          for (let i = lastDeath; i < starts[k + 1]; i++) sum += risk[i] * x[i];
          const count = rowsOf.count[k];
          if (count > 0) buffer[r++] = rowsOf.whole[k] * sum - rowsOf.part[k] * dying;
          if (count > 1) buffer[r++] = rowsOf.rest[k] * dying;
        }
        sums[j] = sum;
      }
      addGram(into, p, buffer, BLOCK, rows, -1);
      high = low - 1;
    }
  }

  private subtractMeansWithEntries(into: Float64Array, p: number): void {
    const { sets, risk, columns } = this;
    const { starts, deaths } = sets;
    const count = deaths.length;
    const rowsOf = this.meanRows();
    const total = rowsOf.count.reduce((sum, c) => sum + c, 0);
    const rows = new Float64Array(p * total);
    const value = new Float64Array(risk.length);
    const sums = new Float64Array(count);
    for (let j = 0; j < p; j++) {
      for (let i = 0; i < value.length; i++) value[i] = risk[i] * columns[j][i];
      sumRiskSets(sets, value, sums);
      let r = j * total;
      for (let k = 0; k < count; k++) {
        if (rowsOf.count[k] === 0) continue;
        let dying = 0;
        for (let i = starts[k]; i < starts[k] + deaths[k]; i++) dying += value[i];
        rows[r++] = rowsOf.whole[k] * sums[k] - rowsOf.part[k] * dying;
        if (rowsOf.count[k] > 1) rows[r++] = rowsOf.rest[k] * dying;
      }
    }
    addGram(into, p, rows, total, total, -1);
  }

  /**
   * Σ_l w m_l m_lᵀ with m_l = (S − l/d · D) / s_l is a quadratic form in the sums S (risk set) and D (dying); its 2 × 2
   * Cholesky factor gives the rows whole · S − part · D and rest · D.
   */
  private meanRows() {
    const { deaths } = this.sets;
    const { atRisk, dying, meanWeight, ties } = this.hazard;
    const count = new Uint8Array(deaths.length);
    const whole = new Float64Array(deaths.length);
    const part = new Float64Array(deaths.length);
    const rest = new Float64Array(deaths.length);
    for (let k = 0; k < deaths.length; k++) {
      const d = deaths[k];
      if (d === 0) continue;
      count[k] = 1;
      if (ties === 'breslow' || d === 1) {
        whole[k] = Math.sqrt(d * meanWeight[k]) / atRisk[k];
        continue;
      }
      let a = 0;
      let b = 0;
      let c = 0;
      const proportion = dying[k] / atRisk[k];
      for (let l = 0; l < d; l++) {
        const share = l / d;
        const u = 1 / (1 - share * proportion);
        a += u * u;
        b += share * u * u;
        c += share * share * u * u;
      }
      const size = Math.sqrt(meanWeight[k]) / atRisk[k];
      whole[k] = size * Math.sqrt(a);
      part[k] = (size * b) / Math.sqrt(a);
      rest[k] = size * Math.sqrt(Math.max(0, c - (b * b) / a));
      count[k] = 2;
    }
    return { count, whole, part, rest };
  }
}
