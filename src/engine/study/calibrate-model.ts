import { unlessUnestimable } from '../survival/bootstrap.ts';
import {
  type Covariates,
  type CoxBaseline,
  type CoxFit,
  calibrateByGroups,
  calibrateCox,
  calibrateSmoothly,
  predictSurvivalAt,
  type SurvivalData,
} from '../survival/index.ts';
import type { Subset } from './prognosis-event.ts';
import type { HorizonCalibration } from './study-result.ts';
import type { StudySpecification } from './study-specification.ts';

/** Groups of a calibration curve, as in the paper. */
const calibrationGroups = 3;
/** Below this size a subset is not divided into groups. */
const fewestCalibrated = 2 * calibrationGroups;

export interface CalibratedPart {
  readonly subset: Subset;
  readonly data: SurvivalData;
  readonly design: Covariates;
}

/**
 * A model's calibration at a horizon in one subset, null where it has too few patients or nobody followed so far.
 * Training is corrected by the bootstrap; in validation the model as it stands is judged.
 */
export function calibrateModel(
  { subset, data, design }: CalibratedPart,
  fit: CoxFit,
  baseline: CoxBaseline,
  horizon: number,
  { replicates, seed }: StudySpecification,
): HorizonCalibration | null {
  if (data.time.length < fewestCalibrated) return null;
  const options = { groups: Math.min(calibrationGroups, data.time.length) };
  const corrected =
    subset === 'TRAINING' && replicates > 0
      ? unlessUnestimable(() =>
          calibrateCox(data, design, horizon, { ...options, resamples: replicates, seed }),
        )
      : null;
  const predicted = predictSurvivalAt(fit, baseline, design, horizon);
  const apparent = corrected ?? unlessUnestimable(() => calibrateByGroups(data, predicted, horizon, options));
  if (!apparent) return null;
  const smooth = unlessUnestimable(() => calibrateSmoothly(data, predicted, horizon));
  return {
    horizon,
    subset,
    smooth: smooth && { curve: smooth.curve, ici: smooth.ici, e50: smooth.e50, e90: smooth.e90 },
    groups: apparent.groups.map((group, g) => ({
      patients: group.n,
      events: group.events,
      predicted: group.predicted,
      observed: group.observed,
      lower: group.lower,
      upper: group.upper,
      corrected: corrected?.groups[g].corrected ?? null,
    })),
  };
}
