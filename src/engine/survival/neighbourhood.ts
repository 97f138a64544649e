import { factorise, solveFactorised } from './cholesky.ts';
import type { StandardColumn } from './covariates.ts';
import type { Ties } from './hazard.ts';
import { PartialLikelihood } from './partial-likelihood.ts';
import type { RiskSets } from './risk-sets.ts';

/** Pivots below this share of a column's second moment are left to the general fit, which knows collinear columns. */
const SINGULAR = 2 ** -30;
/** From here the rest of the way is known to the last digit: half the square of the decrement. */
const NEAR = 1e-6;
const MOST_STEPS = 12;

export interface LikelihoodProblem {
  readonly sets: RiskSets;
  readonly columns: readonly StandardColumn[];
  readonly offset: Float64Array | undefined;
  readonly ties: Ties;
}

/** The maximum of the partial likelihood over some of the columns of a problem, in standard units. */
export interface Maximum {
  readonly columns: readonly number[];
  readonly beta: Float64Array;
  readonly logLikelihood: number;
}

/** A point near the maximum over other columns. */
export interface Approach {
  /** Places of the columns within the reach. */
  readonly places: Int32Array;
  /** By place; 0 outside of the columns. */
  readonly beta: Float64Array;
  /** L D Lᵀ of the information of the columns, nearby. */
  readonly information: Float64Array;
  step: Float64Array;
  /** At this point; the maximum is higher by about half the square of the decrement. */
  logLikelihood: number;
  squaredDecrement: number;
}

/**
 * The maxima of models that differ from a fitted one by a few columns, each found from the expansion of the likelihood
 * at the one fitted, which they share: the maximum of that quadratic over the new columns, and from there Newton's
 * iteration with an information that is computed anew only when it has become too old.
 */
export class Neighbourhood {
  private readonly reach: readonly number[];
  private readonly places: ReadonlyMap<number, number>;
  private readonly likelihood: PartialLikelihood;
  private readonly center: Float64Array;
  private readonly gradient: Float64Array;
  private readonly information: Float64Array;
  private readonly reference: Float64Array;
  private readonly moved: Float64Array;
  private readonly renewed: Float64Array;
  private readonly renewedReference: Float64Array;

  /** @param reach every column that is in the model fitted, or may come into a neighbour. */
  constructor({ sets, columns, offset, ties }: LikelihoodProblem, fitted: Maximum, reach: readonly number[]) {
    const p = reach.length;
    this.reach = reach;
    this.places = new Map(reach.map((column, place) => [column, place]));
    const values = reach.map((column) => columns[column].values);
    this.likelihood = new PartialLikelihood(sets, values, offset, ties);
    this.center = new Float64Array(p);
    fitted.columns.forEach((column, j) => {
      this.center[this.placeOf(column)] = fitted.beta[j];
    });
    this.gradient = new Float64Array(p);
    this.information = new Float64Array(p * p);
    this.reference = new Float64Array(p);
    this.moved = new Float64Array(p);
    this.renewed = new Float64Array(p * p);
    this.renewedReference = new Float64Array(p);
    this.likelihood.evaluate(this.center);
    this.likelihood.gradient(this.gradient);
    this.likelihood.information(this.information, this.reference);
  }

  /** The likelihood where the quadratic has its maximum over `columns`; null where these are nearly collinear. */
  approach(columns: readonly number[]): Approach | null {
    const p = this.center.length;
    const places = Int32Array.from(columns, (column) => this.placeOf(column)).sort();
    const m = places.length;
    const information = new Float64Array(m * m);
    if (!this.factorise(this.information, this.reference, places, information)) return null;
    const beta = new Float64Array(p);
    const step = new Float64Array(m);
    for (let a = 0; a < m; a++) {
      step[a] = this.gradient[places[a]];
      beta[places[a]] = this.center[places[a]];
    }
    for (let j = 0; j < p; j++) {
      if (beta[j] === this.center[j]) continue;
      for (let a = 0; a < m; a++) {
        const place = places[a];
        const entry = j < place ? place * p + j : j * p + place;
        step[a] += this.information[entry] * this.center[j];
      }
    }
    solveFactorised(information, m, step);
    for (let a = 0; a < m; a++) beta[places[a]] += step[a];
    const approach = { places, beta, information, step, logLikelihood: 0, squaredDecrement: 0 };
    return this.evaluate(approach) ? approach : null;
  }

  /** The maximum from an approach; null where it is not near, or not there. */
  climb(approach: Approach): Maximum | null {
    const { places, beta, information } = approach;
    for (let count = 0; count < MOST_STEPS; count++) {
      const { step, logLikelihood, squaredDecrement } = approach;
      if (squaredDecrement <= NEAR * NEAR) {
        return {
          columns: Array.from(places, (place) => this.reach[place]),
          beta: Float64Array.from(places, (place, a) => beta[place] + step[a]),
          logLikelihood: logLikelihood + squaredDecrement / 2,
        };
      }
      for (let a = 0; a < places.length; a++) beta[places[a]] += step[a];
      if (!this.evaluate(approach)) return null;
      if (!(approach.logLikelihood >= logLikelihood - 1e-11 * (1 + Math.abs(logLikelihood)))) return null;
      if (approach.squaredDecrement <= 0.01 * squaredDecrement || approach.squaredDecrement <= NEAR * NEAR)
        continue;
      this.likelihood.information(this.renewed, this.renewedReference);
      if (!this.factorise(this.renewed, this.renewedReference, places, information)) return null;
      this.aim(approach);
    }
    return null;
  }

  private placeOf(column: number): number {
    return this.places.get(column) ?? -1;
  }

  private factorise(
    matrix: Float64Array,
    reference: Float64Array,
    places: Int32Array,
    into: Float64Array,
  ): boolean {
    const p = this.center.length;
    const m = places.length;
    for (let a = 0; a < m; a++) {
      for (let b = 0; b <= a; b++) into[a * m + b] = matrix[places[a] * p + places[b]];
    }
    const diagonal = Float64Array.from(places, (place) => reference[place]);
    return factorise(into, m, diagonal, SINGULAR) === m;
  }

  private evaluate(approach: Approach): boolean {
    approach.logLikelihood = this.likelihood.evaluate(approach.beta);
    if (approach.logLikelihood === -Infinity) return false;
    this.likelihood.gradient(this.moved);
    this.aim(approach);
    return true;
  }

  private aim(approach: Approach): void {
    const { places, information, step } = approach;
    for (let a = 0; a < places.length; a++) step[a] = this.moved[places[a]];
    solveFactorised(information, places.length, step);
    let square = 0;
    for (let a = 0; a < places.length; a++) square += step[a] * this.moved[places[a]];
    approach.squaredDecrement = Math.max(0, square);
  }
}
