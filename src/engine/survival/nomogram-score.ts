import { Failure } from '../failure.ts';
import type { Nomogram } from './nomogram.ts';

/** What a nomogram says of one patient. */
export interface NomogramScore {
  /** By variable, in the order of the nomogram's axes; below 0 or above the axis outside the range of the data. */
  readonly points: readonly number[];
  readonly total: number;
  /** 0 for a patient at the mean of every column. */
  readonly linearPredictor: number;
  /** By survival axis of the nomogram; null where the axis is beyond the follow-up. */
  readonly survival: readonly (number | null)[];
}

/**
 * The points of a new patient, their sum, and the survival that it stands for.
 *
 * @param patient one finite value for each covariate of the model by its name; a factor's columns are 0 or 1 with at
 * most one 1.
 * @throws Failure COVARIATE_INVALID naming a covariate that is missing or not finite.
 */
export function scoreByNomogram(
  nomogram: Pick<Nomogram, 'variables' | 'pointsPerUnit' | 'center' | 'survival'>,
  patient: Readonly<Record<string, number>>,
): NomogramScore {
  const { variables, pointsPerUnit, center, survival } = nomogram;
  let predictor = -center;
  const points = variables.map(({ covariates, coefficients, least }) => {
    let contribution = 0;
    covariates.forEach((covariate, j) => {
      const x = Object.hasOwn(patient, covariate) ? patient[covariate] : Number.NaN;
      if (!Number.isFinite(x)) {
        const message = `The patient's ${covariate} is ${String(x)}, not a finite number.`;
        throw new Failure('COVARIATE_INVALID', message, { covariate, value: String(x) });
      }
      contribution += coefficients[j] * x;
    });
    predictor += contribution;
    return (contribution - least) * pointsPerUnit;
  });
  return {
    points,
    total: points.reduce((sum, p) => sum + p, 0),
    linearPredictor: predictor,
    survival: survival.map(({ baseline }) => (baseline === null ? null : baseline ** Math.exp(predictor))),
  };
}
