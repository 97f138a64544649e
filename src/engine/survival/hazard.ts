import type { RiskSets } from './risk-sets.ts';

/**
 * How tied deaths share a risk set. `efron` averages over the orders in which they may have happened: the l-th of d
 * deaths sees the risk set less l/d of the dying. `breslow` gives each the whole risk set.
 */
export type Ties = 'efron' | 'breslow';

/**
 * The discrete hazard that a Cox model with relative risks r_i puts on each time of the risk sets, with buffers that
 * are reused from scan to scan. Indexed by time index k; where nobody dies the jumps are 0.
 */
export class Hazard {
  readonly ties: Ties;
  /** Σ w r over the risk set. */
  readonly atRisk: Float64Array;
  /** Σ w r over the deaths. */
  readonly dying: Float64Array;
  /** Mean case weight of the deaths. */
  readonly meanWeight: Float64Array;
  /** Jump for whoever survives k, and for those who die at k (smaller under Efron's ties). */
  readonly jump: Float64Array;
  readonly deathJump: Float64Array;
  /** Sum of the jumps of this stratum up to and including k. */
  readonly cumulative: Float64Array;
  private readonly sets: RiskSets;

  constructor(sets: RiskSets, ties: Ties) {
    const count = sets.times.length;
    this.sets = sets;
    this.ties = ties;
    this.atRisk = new Float64Array(count);
    this.dying = new Float64Array(count);
    this.meanWeight = new Float64Array(count);
    this.jump = new Float64Array(count);
    this.deathJump = ties === 'efron' ? new Float64Array(count) : this.jump;
    this.cumulative = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      const d = sets.deaths[k];
      let weight = 0;
      for (let i = sets.starts[k]; i < sets.starts[k] + d; i++) weight += sets.weights[i];
      this.meanWeight[k] = d > 0 ? weight / d : 0;
    }
  }

  /** Fills the arrays for the weighted risks w_i r_i by position; returns Σ w log(denominator) over all deaths, −∞ where there is no hazard in numbers. */
  scan(risk: Float64Array): number {
    const { starts, deaths, strata } = this.sets;
    sumRiskSets(this.sets, risk, this.atRisk);
    let logs = 0;
    for (let s = 0; s + 1 < strata.length; s++) {
      let cumulative = 0;
      for (let k = strata[s]; k < strata[s + 1]; k++) {
        const d = deaths[k];
        if (d > 0) {
          const start = starts[k];
          let dying = 0;
          for (let i = start; i < start + d; i++) dying += risk[i];
          this.dying[k] = dying;
          logs += this.scanTime(k, d, this.atRisk[k], dying);
          cumulative += this.jump[k];
        }
        this.cumulative[k] = cumulative;
      }
      // The sum of a risk set may be told from 0 where its reciprocal is past all numbers.
      if (!(cumulative < Infinity)) return -Infinity;
    }
    return logs;
  }

  private scanTime(k: number, d: number, atRisk: number, dying: number): number {
    const weight = this.meanWeight[k];
    if (this.ties === 'breslow' || d === 1) {
      this.jump[k] = (d * weight) / atRisk;
      this.deathJump[k] = this.jump[k];
      return d * weight * Math.log(atRisk);
    }
    let logs = 0;
    let jump = 0;
    let deathJump = 0;
    for (let l = 0; l < d; l++) {
      const share = l / d;
      const denominator = atRisk - share * dying;
      logs += Math.log(denominator);
      jump += 1 / denominator;
      deathJump += (1 - share) / denominator;
    }
    this.jump[k] = weight * jump;
    this.deathJump[k] = weight * deathJump;
    return weight * logs;
  }

  /** The expected number of events Λ(exit) − Λ(entry), times w r, of each position. */
  expected(risk: Float64Array, into: Float64Array): void {
    const { starts, deaths, strata, entries, timeIndex } = this.sets;
    const { cumulative, deathJump } = this;
    for (let s = 0; s + 1 < strata.length; s++) {
      const first = strata[s];
      const end = starts[strata[s + 1]];
      for (let i = starts[first]; i < end; i++) {
        const k = timeIndex[i];
        const isDeath = i < starts[k] + deaths[k];
        const until = isDeath ? (k > first ? cumulative[k - 1] : 0) + deathJump[k] : cumulative[k];
        const entry = entries ? entries.first[i] : first;
        into[i] = risk[i] * (entry > first ? until - cumulative[entry - 1] : until);
      }
    }
  }
}

/** The weight at risk at each time index. */
export function weightAtRisk(sets: RiskSets): Float64Array {
  const { starts, strata, times } = sets;
  const atRisk = new Float64Array(times.length);
  if (sets.weighted || sets.entries) {
    sumRiskSets(sets, sets.weights, atRisk);
    return atRisk;
  }
  for (let s = 0; s + 1 < strata.length; s++) {
    for (let k = strata[s]; k < strata[s + 1]; k++) atRisk[k] = starts[strata[s + 1]] - starts[k];
  }
  return atRisk;
}

/**
 * Sums a value by position over the risk set of each time index. With late entries rows leave the sum going back in
 * time; two-term (compensated) accumulation keeps what remains exact after large values have left.
 */
export function sumRiskSets(sets: RiskSets, value: Float64Array, into: Float64Array): void {
  const { starts, strata, entries, timeIndex } = sets;
  for (let s = 0; s + 1 < strata.length; s++) {
    let sum = 0;
    let rest = 0;
    if (!entries) {
      const first = starts[strata[s]];
      for (let i = starts[strata[s + 1]] - 1; i >= first; i--) {
        sum += value[i];
        into[timeIndex[i]] = sum;
      }
      continue;
    }
    for (let k = strata[s + 1] - 1; k >= strata[s]; k--) {
      const { positions, starts: enter } = entries;
      const leaving = k + 1 < strata[s + 1] ? enter[k + 2] - enter[k + 1] : 0;
      const offset = enter[k + 1];
      const here = starts[k + 1] - starts[k];
      for (let m = 0; m < leaving + here; m++) {
        const x = m < leaving ? -value[positions[offset + m]] : value[starts[k] + m - leaving];
        const next = sum + x;
        rest += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
        sum = next;
      }
      into[k] = sum + rest;
    }
  }
}
