import type { Hazard } from './hazard.ts';

/**
 * Sums over the l = 0 … d − 1 of one time's tied deaths, f = l/d, s_l the denominators of {@link Hazard}, a the weight at
 * risk, w̄ the mean weight: what turns the means x̄ of x over the risk set (S/a) and over the dying (D/a) into integrals
 * of (S − f D) / s_l. By time index; under Breslow's ties f is 0. Free of a, which may be as far from 1 as e^500, so
 * that neither it nor its square is beyond what a number holds.
 */
export interface TiedMeans {
  /** w̄ Σ (a/s)² and w̄ Σ f (a/s)²: ∫ x̄ dΛ = (whole S/a − part D/a) / a for whoever survives the time. */
  readonly whole: Float64Array;
  readonly part: Float64Array;
  /** w̄ Σ (1−f)(a/s)² and w̄ Σ (1−f) f (a/s)²: the same for those who die at it. */
  readonly dyingWhole: Float64Array;
  readonly dyingPart: Float64Array;
  /** Σ a/s / d and Σ f a/s / d: the mean that a death is compared with is meanWhole S/a − meanPart D/a. */
  readonly meanWhole: Float64Array;
  readonly meanPart: Float64Array;
}

export function tiedMeans(hazard: Hazard, deaths: Int32Array): TiedMeans {
  const make = () => new Float64Array(deaths.length);
  const sums = {
    whole: make(),
    part: make(),
    dyingWhole: make(),
    dyingPart: make(),
    meanWhole: make(),
    meanPart: make(),
  };
  for (let k = 0; k < deaths.length; k++) {
    const d = deaths[k];
    const w = hazard.meanWeight[k];
    const share = hazard.dying[k] / hazard.atRisk[k];
    for (let l = 0; l < d; l++) {
      const f = hazard.ties === 'efron' ? l / d : 0;
      const ratio = 1 / (1 - f * share);
      const square = w * ratio * ratio;
      sums.whole[k] += square;
      sums.part[k] += f * square;
      sums.dyingWhole[k] += (1 - f) * square;
      sums.dyingPart[k] += (1 - f) * f * square;
      sums.meanWhole[k] += ratio / d;
      sums.meanPart[k] += (f * ratio) / d;
    }
  }
  return sums;
}
