import { addGram } from './gram.ts';
import type { Hazard } from './hazard.ts';

export const BLOCK = 256;
/** Rows of two blocks, since a time with tied deaths gives two. */
export const CAPACITY = 3 * BLOCK;

/** By time index: how many rows a time gives, and their factors; see {@link fillMeanRows}. */
export interface MeanRows {
  readonly count: Uint8Array;
  readonly whole: Float64Array;
  readonly part: Float64Array;
  readonly rest: Float64Array;
}

export function emptyMeanRows(times: number): MeanRows {
  const make = () => new Float64Array(times);
  return { count: new Uint8Array(times), whole: make(), part: make(), rest: make() };
}

/** Rows of scaled risk-set sums on their way into the information, a column of CAPACITY for each covariate. */
export class MeanBlock {
  readonly buffer: Float64Array;
  /** Of each covariate over the risk set so far. */
  readonly sums: Float64Array;
  /** Of two covariates at a time. */
  readonly cumulative = new Float64Array(2 * BLOCK);
  readonly stop = new Int32Array(BLOCK);
  readonly scale = new Float64Array(BLOCK);
  readonly tied = new Int32Array(BLOCK);
  filled = 0;

  constructor(p: number) {
    this.buffer = new Float64Array(p * CAPACITY);
    this.sums = new Float64Array(p);
  }

  flush(into: Float64Array, p: number): void {
    addGram(into, p, this.buffer, CAPACITY, this.filled, -1);
    this.filled = 0;
  }
}

// One for all models, as nothing in it outlives a call.
let block: MeanBlock | undefined;

/** An empty block with room for p covariates. */
export function meanBlock(p: number): MeanBlock {
  if (!block || block.sums.length < p) block = new MeanBlock(p);
  block.filled = 0;
  return block;
}

/**
 * Σ_l w m_l m_lᵀ with m_l = (S − l/d · D) / s_l is a quadratic form in the sums S (risk set) and D (dying); its 2 × 2
 * Cholesky factor gives the rows whole · S − part · D and rest · D.
 */
export function fillMeanRows(hazard: Hazard, deaths: Int32Array, rows: MeanRows): void {
  const { atRisk, dying, meanWeight, ties } = hazard;
  const { count, whole, part, rest } = rows;
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
}
