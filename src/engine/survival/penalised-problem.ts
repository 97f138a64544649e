import { Failure } from '../failure.ts';
import type { Covariates } from './covariates.ts';
import { atPositions } from './cox.ts';
import type { Ties } from './hazard.ts';
import { PartialLikelihood } from './partial-likelihood.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import type { SurvivalData } from './survival-data.ts';
import { type Precision, padded, VectorMemory } from './vector-memory.ts';

export interface PenalisedSettings {
  readonly ties: Ties;
  readonly standardise: boolean;
  readonly penaltyFactors: ArrayLike<number> | undefined;
  readonly offset: Float64Array | undefined;
}

/** Vectors by row that a solver has room for beside the columns. */
const SPARE_VECTORS = 36;
/** From how many numbers on single precision pays: what is fewer stays in the processor's cache. */
const SINGLE_FROM = 2 ** 19;

/**
 * The elastic-net problem on standardised columns: minimise −ℓ(b)/W + λ Σ f_j (α |b_j| + (1 − α)/2 b_j²), ℓ the log
 * partial likelihood, W the total case weight, f the penalty factors scaled to sum to the number of columns.
 */
export class PenalisedProblem {
  readonly sets: RiskSets;
  readonly likelihood: PartialLikelihood;
  /** The standardised columns by position: column j lies at `columnsAt + j · stride`, in either precision. */
  readonly memory: VectorMemory;
  readonly columnsAt: Readonly<Record<Precision, number>>;
  readonly stride: Readonly<Record<Precision, number>>;
  /** In which the columns are to be had: in single too if they have the unit deviation that makes it safe. */
  readonly precision: Precision;
  readonly width: number;
  /** The predictor with b = 0: the offset, by position. */
  readonly offset: Float64Array;
  /** Divide a coefficient of the standardised column by this to have it for the column itself. */
  readonly scales: Float64Array;
  /** Infinite for a column that cannot enter: constant, or excluded by an infinite factor. */
  readonly factors: Float64Array;
  readonly totalWeight: number;
  readonly rows: number;
  /** ℓ/W with b = 0, and of the saturated model. */
  readonly nullLikelihood: number;
  readonly saturatedLikelihood: number;

  constructor(data: SurvivalData, covariates: Covariates, settings: PenalisedSettings) {
    const sets = riskSets(data);
    if (!sets.deaths.some((d) => d > 0)) {
      throw new Failure('NO_EVENTS', 'No event is observed.', { argument: 'event' });
    }
    this.sets = sets;
    const n = sets.rows.length;
    const p = covariates.columns.length;
    this.rows = n;
    this.width = p;
    this.totalWeight = sets.weights.reduce((sum, w) => sum + w, 0);
    this.scales = new Float64Array(p).fill(1);
    this.factors = scaledFactors(settings.penaltyFactors, p);
    const stride = { double: padded(n), single: padded(n, 'single') };
    this.stride = stride;
    this.precision = settings.standardise && n * p >= SINGLE_FROM ? 'single' : 'double';
    const isSingle = this.precision === 'single';
    const size = p * (stride.double + (isSingle ? stride.single : 0));
    this.memory = new VectorMemory(size + SPARE_VECTORS * (stride.double + 2 * padded(p)), p);
    const double = this.memory.take(p * stride.double);
    this.columnsAt = { double, single: isSingle ? this.memory.take(p * stride.single) : double };
    covariates.columns.forEach((column, j) => {
      this.standardise(column, j, settings.standardise);
    });
    this.offset = atPositions(settings.offset, 'offset', sets, data.time.length) ?? new Float64Array(n);
    this.likelihood = new PartialLikelihood(sets, [], undefined, settings.ties);
    this.likelihood.predictor.set(this.offset);
    this.nullLikelihood = this.likelihood.evaluatePredictor() / this.totalWeight;
    this.saturatedLikelihood = saturated(this.likelihood, sets.deaths, this.totalWeight);
  }

  private standardise(column: Float64Array, j: number, toUnit: boolean): void {
    const { rows, weights } = this.sets;
    const n = rows.length;
    const z = this.memory.view(this.columnsAt.double + j * this.stride.double, n);
    const origin = column[rows[0]];
    let mean = 0;
    for (let i = 0; i < n; i++) {
      z[i] = column[rows[i]] - origin;
      mean += (weights[i] / this.totalWeight) * z[i];
    }
    let square = 0;
    for (let i = 0; i < n; i++) {
      z[i] -= mean;
      square += (weights[i] / this.totalWeight) * z[i] * z[i];
    }
    if (!(square > 0 && square < Infinity)) {
      this.factors[j] = Infinity;
      z.fill(0);
      return;
    }
    if (!toUnit) return;
    const scale = Math.sqrt(square);
    this.scales[j] = scale;
    for (let i = 0; i < n; i++) z[i] /= scale;
    if (this.precision === 'single')
      this.memory.put(z, this.columnsAt.single + j * this.stride.single, 'single');
  }

  /** (ℓ(b) − ℓ(0)) / (ℓ of the saturated model − ℓ(0)); 0 where nothing is to be explained. */
  explained(likelihood: number): number {
    const all = this.saturatedLikelihood - this.nullLikelihood;
    return all > 0 ? (likelihood - this.nullLikelihood) / all : 0;
  }

  /** 2 n (ℓ of the saturated model − ℓ)/W: twice the gap, with weights that sum to the number of rows. */
  deviance(likelihood: number): number {
    return 2 * this.rows * (this.saturatedLikelihood - likelihood);
  }
}

/** −Σ d log d / W over event times, d the weight that dies there. */
function saturated({ hazard }: PartialLikelihood, deaths: Int32Array, totalWeight: number): number {
  let sum = 0;
  for (let k = 0; k < deaths.length; k++) {
    const died = deaths[k] * hazard.meanWeight[k];
    if (died > 0) sum -= (died * Math.log(died)) / totalWeight;
  }
  return sum;
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
