import { dot } from './dot.ts';
import { exponential } from './exponential.ts';
import { addGram, addWeightedGram } from './gram.ts';
import { Hazard, sumRiskSets, type Ties } from './hazard.ts';
import {
  BLOCK,
  CAPACITY,
  emptyMeanRows,
  fillMeanRows,
  type MeanBlock,
  type MeanRows,
  meanBlock,
} from './risk-set-means.ts';
import type { RiskSets } from './risk-sets.ts';

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
  /** w δ less the expected events, by position. */
  readonly residual: Float64Array;
  private readonly sets: RiskSets;
  private readonly columns: readonly Float64Array[];
  private readonly offset: Float64Array | undefined;
  private readonly active: Int32Array;
  private readonly means: MeanRows;

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
    this.residual = new Float64Array(n);
    this.active = new Int32Array(columns.length);
    this.means = emptyMeanRows(sets.deaths.length);
  }

  /** The log partial likelihood at β; −∞ where it cannot be represented. */
  evaluate(beta: Float64Array): number {
    const { predictor, columns, active } = this;
    const n = predictor.length;
    if (this.offset) predictor.set(this.offset);
    else predictor.fill(0);
    let count = 0;
    for (let j = 0; j < beta.length; j++) if (beta[j] !== 0) active[count++] = j;
    // Four columns at a time, so that the sums are read and written a quarter as often.
    let c = 0;
    for (; c + 3 < count; c += 4) {
      const b0 = beta[active[c]];
      const b1 = beta[active[c + 1]];
      const b2 = beta[active[c + 2]];
      const b3 = beta[active[c + 3]];
      const x0 = columns[active[c]];
      const x1 = columns[active[c + 1]];
      const x2 = columns[active[c + 2]];
      const x3 = columns[active[c + 3]];
      for (let i = 0; i < n; i++) predictor[i] += b0 * x0[i] + b1 * x1[i] + (b2 * x2[i] + b3 * x3[i]);
    }
    for (; c < count; c++) {
      const b = beta[active[c]];
      const x = columns[active[c]];
      for (let i = 0; i < n; i++) predictor[i] += b * x[i];
    }
    return this.evaluatePredictor();
  }

  /** {@link evaluate} for the linear predictor that now stands in `predictor`, which is shifted by a constant. */
  evaluatePredictor(): number {
    const { predictor, risk, sets } = this;
    const { starts, deaths, weights } = sets;
    const n = predictor.length;
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
      risk[i] = weights[i] * exponential(predictor[i]);
    }
    let value = -this.hazard.scan(risk);
    for (let k = 0; k < deaths.length; k++) {
      for (let i = starts[k]; i < starts[k] + deaths[k]; i++) value += weights[i] * predictor[i];
    }
    return value < Infinity ? value : -Infinity;
  }

  /** The gradient at the β last evaluated. */
  gradient(into: Float64Array): void {
    this.takeResidual();
    for (let j = 0; j < into.length; j++) into[j] = dot(this.residual, this.columns[j]);
  }

  /** The gradient by the linear predictor, into `residual`, at the point last evaluated. */
  takeResidual(): void {
    const { starts, deaths, weights, timeIndex } = this.sets;
    this.hazard.expected(this.risk, this.expected);
    const { residual, expected } = this;
    for (let i = 0; i < residual.length; i++) {
      const k = timeIndex[i];
      residual[i] = (i < starts[k] + deaths[k] ? weights[i] : 0) - expected[i];
    }
  }

  /**
   * The information matrix at the β whose gradient was last taken: lower triangle, row-major. `reference` receives
   * the diagonal of Xᵀdiag(h)X, the size against which a diagonal of the information counts as 0.
   */
  information(into: Float64Array, reference: Float64Array): void {
    const p = this.columns.length;
    into.fill(0);
    addWeightedGram(into, this.columns, this.expected);
    for (let j = 0; j < p; j++) reference[j] = into[j * p + j];
    if (this.sets.entries) this.subtractMeansWithEntries(into, p);
    else this.subtractMeans(into);
  }

  private subtractMeans(into: Float64Array): void {
    const { starts, strata, timeIndex } = this.sets;
    const { means } = this;
    const p = this.columns.length;
    const block = meanBlock(p);
    fillMeanRows(this.hazard, this.sets.deaths, means);
    for (let s = 0; s + 1 < strata.length; s++) {
      const first = starts[strata[s]];
      block.sums.fill(0);
      for (let high = starts[strata[s + 1]]; high > first; ) {
        const low = Math.max(first, high - BLOCK);
        const from = starts[timeIndex[low]] === low ? timeIndex[low] : timeIndex[low] + 1;
        this.fill(block, means, low, high, from, timeIndex[high - 1]);
        if (block.filled > BLOCK) block.flush(into, p);
        high = low;
      }
    }
    block.flush(into, p);
  }

  /** Adds the rows of the times from `from` to `to`, which begin at the positions [low, high). */
  private fill(block: MeanBlock, means: MeanRows, low: number, high: number, from: number, to: number): void {
    const { starts } = this.sets;
    const { risk, columns } = this;
    const { cumulative, stop, sums } = block;
    const { whole, count } = means;
    let rows = 0;
    let tied = 0;
    for (let k = from; k <= to; k++) {
      if (count[k] === 0) continue;
      stop[rows] = starts[k] - low;
      block.scale[rows++] = whole[k];
      if (count[k] > 1) block.tied[tied++] = k;
    }
    // Two columns at once, so that an addition need not wait for the one before.
    for (let j = 0; j < columns.length; j += 2) {
      const next = Math.min(j + 1, columns.length - 1);
      const x = columns[j];
      const y = columns[next];
      let sumX = sums[j];
      let sumY = sums[next];
      for (let i = high - 1; i >= low; i--) {
        sumX += risk[i] * x[i];
        sumY += risk[i] * y[i];
        cumulative[i - low] = sumX;
        cumulative[i - low + BLOCK] = sumY;
      }
      sums[j] = sumX;
      sums[next] = sumY;
      this.write(block, means, j, 0, rows, tied, from);
      if (next > j) this.write(block, means, next, BLOCK, rows, tied, from);
    }
    block.filled += rows + tied;
  }

  /** The rows of one column, whose sums over the risk sets begin at `sums` of the block's. */
  private write(
    { cumulative, buffer, stop, scale, tied: tiedTimes, filled }: MeanBlock,
    { part, rest, count }: MeanRows,
    j: number,
    sums: number,
    rows: number,
    tied: number,
    from: number,
  ): void {
    const { starts, deaths } = this.sets;
    const { risk } = this;
    const x = this.columns[j];
    const base = j * CAPACITY + filled;
    for (let r = 0; r < rows; r++) buffer[base + r] = scale[r] * cumulative[sums + stop[r]];
    let row = 0;
    for (let m = 0, k = from; m < tied; m++) {
      for (; k < tiedTimes[m]; k++) if (count[k] > 0) row++;
      let dying = 0;
      for (let i = starts[k]; i < starts[k] + deaths[k]; i++) dying += risk[i] * x[i];
      buffer[base + row] -= part[k] * dying;
      buffer[base + rows + m] = rest[k] * dying;
    }
  }

  private subtractMeansWithEntries(into: Float64Array, p: number): void {
    const { sets, risk, columns } = this;
    const { starts, deaths } = sets;
    const count = deaths.length;
    const rowsOf = this.means;
    fillMeanRows(this.hazard, deaths, rowsOf);
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
}
