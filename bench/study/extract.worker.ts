import { extractFeatures, profiles } from '../../src/engine/radiomics/index.ts';
import { type SyntheticCohort, syntheticCohort } from '../../src/synthetic/cohort.ts';

export interface ExtractPatientTask {
  readonly seed: number;
  /** Which patient, from 0. */
  readonly index: number;
}

export interface PatientReading {
  readonly modality: string;
  readonly phase: string;
  readonly reader: string;
  readonly session: number;
  readonly values: Float64Array;
}

let cohort: SyntheticCohort | undefined;

/** The 1,217 features of every region of one synthetic patient. */
export default function extractPatient({ seed, index }: ExtractPatientTask): PatientReading[] {
  if (cohort?.seed !== seed) cohort = syntheticCohort({ seed });
  return cohort.patients[index].scans.flatMap((scan) => {
    const image = scan.image();
    return scan.rois.map((roi) => {
      const steps = extractFeatures(image, roi.mask(), profiles['ak-1217'], { label: 1 });
      let step = steps.next();
      while (!step.done) step = steps.next();
      const { modality, phase } = scan;
      return {
        modality,
        phase,
        reader: roi.reader,
        session: roi.session,
        values: Float64Array.from(step.value.values),
      };
    });
  });
}
