import type { Hazard } from './hazard.ts';

/**
 * Sums over the l = 0 … d − 1 of one time's tied deaths, f = l/d, s_l the denominators of {@link Hazard}, w̄ the mean
 * weight: what turns the sums of x over the risk set (S) and over the dying (D) into integrals of the mean
 * (S − f D) / s_l. By time index; under Breslow's ties f is 0.
 */
export interface TiedMeans {
  /** w̄ Σ 1/s² and w̄ Σ f/s²: ∫ x̄ dΛ = whole S − part D for whoever survives the time. */
  readonly whole: Float64Array;
  readonly part: Float64Array;
  /** w̄ Σ (1−f)/s² and w̄ Σ (1−f) f/s²: the same for those who die at it. */
  readonly dyingWhole: Float64Array;
  readonly dyingPart: Float64Array;
  /** Σ 1/s / d and Σ f/s / d: the mean that a death is compared with. */
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
    for (let l = 0; l < d; l++) {
      const f = hazard.ties === 'efron' ? l / d : 0;
      const s = hazard.atRisk[k] - f * hazard.dying[k];
      sums.whole[k] += w / s / s;
      sums.part[k] += (w * f) / s / s;
      sums.dyingWhole[k] += (w * (1 - f)) / s / s;
      sums.dyingPart[k] += (w * (1 - f) * f) / s / s;
      sums.meanWhole[k] += 1 / (d * s);
      sums.meanPart[k] += f / (d * s);
    }
  }
  return sums;
}
