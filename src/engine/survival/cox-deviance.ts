import { Failure } from '../failure.ts';
import type { Ties } from './hazard.ts';
import { PartialLikelihood } from './partial-likelihood.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import type { SurvivalData } from './survival-data.ts';

/** The deviance of linear predictors as glmnet has it: 2 n (ℓ of the saturated model − ℓ)/W, W the total case weight. */
export class CoxDeviance {
  readonly sets: RiskSets;
  readonly likelihood: PartialLikelihood;
  readonly totalWeight: number;
  /** ℓ/W of the saturated model: −Σ d log d / W over event times, d the weight that dies there. */
  readonly saturated: number;

  /** @throws Failure of `checkSurvivalData`; NO_EVENTS. */
  constructor(data: SurvivalData, ties: Ties) {
    const sets = riskSets(data);
    if (!sets.deaths.some((d) => d > 0)) {
      throw new Failure('NO_EVENTS', 'No event is observed.', { argument: 'event' });
    }
    this.sets = sets;
    this.totalWeight = sets.weights.reduce((sum, w) => sum + w, 0);
    this.likelihood = new PartialLikelihood(sets, [], undefined, ties);
    const { meanWeight } = this.likelihood.hazard;
    let sum = 0;
    for (let k = 0; k < sets.deaths.length; k++) {
      const died = sets.deaths[k] * meanWeight[k];
      if (died > 0) sum -= (died * Math.log(died)) / this.totalWeight;
    }
    this.saturated = sum;
  }

  /** @param likelihood ℓ/W. */
  of(likelihood: number): number {
    return 2 * this.sets.rows.length * (this.saturated - likelihood);
  }

  /** @param predictor by row of the data. */
  ofPredictor(predictor: Float64Array): number {
    const { sets, likelihood, totalWeight } = this;
    for (let i = 0; i < sets.rows.length; i++) likelihood.predictor[i] = predictor[sets.rows[i]];
    return this.of(likelihood.evaluatePredictor() / totalWeight);
  }
}
