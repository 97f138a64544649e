import { normal } from '../engine/statistics/normal.ts';
import type { Random } from '../engine/statistics/random.ts';
import type { CovariateValue } from './covariates.ts';
import type { Latents } from './latents.ts';

export type Endpoint = 'DFS' | 'OS';

export interface Outcome {
  /** Months from surgery to the event or, without one, to the last visit. */
  readonly time: number;
  readonly event: boolean;
}

/** The first and the last time that the study reports, months: 3 days and the longest follow-up. */
const SHORTEST = 0.1;
const LONGEST = 92.8;

/**
 * The true log hazard of progression (`DFS`) and of death (`OS`) up to a constant: the part of a patient's outcome that
 * a perfect model could know. A texture latent is seen by its own modality alone, and the clinical part in no image, so that
 * only CT, MR and clinical data together come near it.
 */
export function linearPredictors(
  latents: Latents,
  covariates: Readonly<Record<string, CovariateValue>>,
): Record<Endpoint, number> {
  const platelets = (Number(covariates.PLT) - 170) / 60;
  const bloodLoss = (Math.min(Number(covariates.Bleeding_volume), 1000) - 230) / 140;
  const bodyMass = (Number(covariates.BMI) - 24.8) / 2.8;
  const invasion = covariates.MVI === 'present' ? 1 : 0;
  const thrombosis = covariates.PV_TT === 'present' ? 1 : 0;
  const capsule = covariates.Capsule_invasion === 'present' ? 1 : 0;
  return {
    DFS:
      0.35 * latents.size +
      0.8 * latents.ctTexture +
      0.8 * latents.mrTexture +
      0.9 * invasion +
      0.4 * capsule -
      0.25 * platelets +
      0.2 * bloodLoss +
      0.3 * thrombosis,
    OS:
      0.3 * latents.size +
      0.8 * latents.ctTexture +
      0.8 * latents.mrTexture +
      invasion -
      0.35 * platelets +
      0.3 * bloodLoss +
      0.5 * thrombosis -
      0.15 * bodyMass,
  };
}

/**
 * Draws both outcomes. Progression and death are Weibull times with proportional hazards and correlated noise; patients enter,
 * more of them in the first years of recruitment, and are followed to one closing date, a few being lost before. DFS ends with
 * progression or death, whichever comes first, so that DFS ≤ OS always.
 */
export function drawOutcomes(
  predictors: Readonly<Record<Endpoint, number>>,
  random: Random,
): Record<Endpoint, Outcome> {
  const shared = random.normal();
  const progression = weibull(93, 1.1, predictors.DFS, 0.6 * shared + 0.8 * random.normal());
  const death = weibull(145, 1.4, predictors.OS, 0.6 * shared + 0.8 * random.normal());
  const closing = 11 + (LONGEST - 11) * Math.sqrt(random.uniform());
  const lost = random.uniform() < 0.08 ? random.uniform() * closing : closing;
  return { DFS: observe(Math.min(progression, death), lost), OS: observe(death, lost) };
}

/** A time with survival exp(−(t / scale)^shape · exp(predictor)), at the quantile of a standard normal deviate. */
function weibull(scale: number, shape: number, predictor: number, deviate: number): number {
  return scale * (-Math.log(normal.upper(deviate)) * Math.exp(-predictor)) ** (1 / shape);
}

/** What is seen of an event by the end of a patient's follow-up, to a tenth of a month. */
function observe(time: number, followUp: number): Outcome {
  const seen = Math.min(LONGEST, Math.max(SHORTEST, Math.min(time, followUp)));
  return { time: Number(seen.toFixed(1)), event: time <= followUp };
}
