import { Failure } from '../failure.ts';
import { atPositions } from './cox.ts';
import { CoxDeviance } from './cox-deviance.ts';
import type { Ties } from './hazard.ts';
import type { PartialLikelihood } from './partial-likelihood.ts';
import type { PenalisedDesign } from './penalised-design.ts';
import type { RiskSets } from './risk-sets.ts';
import type { SurvivalData } from './survival-data.ts';

export interface PenalisedSettings {
  readonly ties: Ties;
  readonly standardise: boolean;
  readonly penaltyFactors: ArrayLike<number> | undefined;
  readonly offset: Float64Array | undefined;
}

/**
 * The elastic-net problem of some rows of a design: minimise −ℓ(b)/W + λ Σ f_j (α |b_j| + (1 − α)/2 b_j²), ℓ the log partial
 * likelihood, W the total case weight, b the coefficients of columns with a deviation of 1 among these rows, f the
 * penalty factors scaled to sum to the number of columns.
 *
 * The design's columns have a deviation of 1 among all its rows: what a column's deviation here is of that stands in the
 * penalties. Its mean matters nowhere, as the gradient by the linear predictor sums to 0.
 */
export class PenalisedProblem {
  readonly design: PenalisedDesign;
  readonly sets: RiskSets;
  readonly likelihood: PartialLikelihood;
  /** The design's row of each position; null if they are the same. */
  readonly places: Int32Array | null;
  readonly width: number;
  /** The predictor with b = 0: the offset, by position. */
  readonly offset: Float64Array;
  /** Deviation of the design's column here: 1 if all its rows are. */
  readonly spread: Float64Array;
  /** Of |b| and of ½ b², b the coefficient of the design's column; infinite for one that cannot enter: constant, or excluded. */
  readonly lassoFactors: Float64Array;
  readonly ridgeFactors: Float64Array;
  readonly totalWeight: number;
  readonly rows: number;
  /** ℓ/W with b = 0. */
  readonly nullLikelihood: number;
  private readonly fullDeviance: CoxDeviance;

  /** @param data the design's, or with other weights, 0 for the rows that are left out. */
  constructor(design: PenalisedDesign, data: SurvivalData, settings: PenalisedSettings) {
    const { ties, penaltyFactors, standardise } = settings;
    this.design = design;
    this.fullDeviance = new CoxDeviance(data, ties);
    const { sets, likelihood, totalWeight } = this.fullDeviance;
    this.sets = sets;
    this.likelihood = likelihood;
    this.totalWeight = totalWeight;
    const n = sets.rows.length;
    const p = design.width;
    this.rows = n;
    this.width = p;
    const isWhole = data === design.data;
    this.places = isWhole ? null : design.placesOf(sets.rows);
    this.spread = new Float64Array(p).fill(1);
    const factors = scaledFactors(penaltyFactors, p);
    for (let j = 0; j < p; j++) if (design.isConstant[j] === 1) factors[j] = Infinity;
    if (!isWhole) this.measureSpreads(factors, standardise);
    this.lassoFactors = factors.map((f, j) => f * this.spread[j]);
    this.ridgeFactors = factors.map((f, j) => f * this.spread[j] ** 2);
    this.offset = atPositions(settings.offset, 'offset', sets, data.time.length) ?? new Float64Array(n);
    likelihood.predictor.set(this.offset);
    this.nullLikelihood = likelihood.evaluatePredictor() / totalWeight;
  }

  private measureSpreads(factors: Float64Array, toUnit: boolean): void {
    const { design, places, sets, totalWeight } = this;
    const at = places ?? Int32Array.from(sets.rows, (_, i) => i);
    const shares = sets.weights.map((w) => w / totalWeight);
    const z = new Float64Array(design.rows.length);
    for (let j = 0; j < factors.length; j++) {
      design.column(j, z);
      const origin = z[at[0]];
      let mean = 0;
      for (let i = 0; i < at.length; i++) mean += shares[i] * (z[at[i]] - origin);
      let square = 0;
      for (let i = 0; i < at.length; i++) {
        const distance = z[at[i]] - origin - mean;
        square += shares[i] * distance * distance;
      }
      if (!(square > 0)) factors[j] = Infinity;
      else if (toUnit) this.spread[j] = Math.sqrt(square);
    }
  }

  /** (ℓ(b) − ℓ(0)) / (ℓ of the saturated model − ℓ(0)); 0 where nothing is to be explained. */
  explained(likelihood: number): number {
    const all = this.fullDeviance.saturated - this.nullLikelihood;
    return all > 0 ? (likelihood - this.nullLikelihood) / all : 0;
  }

  /** 2 n (ℓ of the saturated model − ℓ)/W: twice the gap, with weights that sum to the number of rows. */
  deviance(likelihood: number): number {
    return this.fullDeviance.of(likelihood);
  }
}

function scaledFactors(factors: ArrayLike<number> | undefined, p: number): Float64Array {
  const scaled = new Float64Array(p).fill(1);
  if (!factors) return scaled;
  if (factors.length !== p) {
    const message = `penaltyFactors has ${factors.length} values, but there are ${p} covariates.`;
    throw new Failure('LENGTH_MISMATCH', message, {
      argument: 'penaltyFactors',
      length: factors.length,
      expected: p,
    });
  }
  let sum = 0;
  for (let j = 0; j < p; j++) {
    if (!(factors[j] >= 0)) {
      const message = `penaltyFactors[${j}] is ${factors[j]}, not a number ≥ 0.`;
      throw new Failure('ARGUMENT_INVALID', message, {
        argument: 'penaltyFactors',
        index: j,
        value: String(factors[j]),
      });
    }
    if (factors[j] < Infinity) sum += factors[j];
  }
  if (sum === 0) return scaled.fill(0);
  let finite = 0;
  for (let j = 0; j < p; j++) if (factors[j] < Infinity) finite++;
  for (let j = 0; j < p; j++) scaled[j] = (factors[j] * finite) / sum;
  return scaled;
}
