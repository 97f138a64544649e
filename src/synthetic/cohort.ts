import { Failure } from '../engine/failure.ts';
import { random } from '../engine/statistics/random.ts';
import {
  type CovariateDescription,
  type CovariateValue,
  covariateDescriptions,
  drawCovariates,
} from './covariates.ts';
import { drawLatents, type Latents } from './latents.ts';
import { drawOutcomes, type Endpoint, linearPredictors, type Outcome } from './outcomes.ts';
import type { Reading } from './reader.ts';
import { type Streams, type SyntheticScan, synthesiseScans } from './scans.ts';
import { drawTumour } from './tumour.ts';

export interface SyntheticPatient {
  /** Pseudonym: `HCC-001` and on. */
  readonly subject: string;
  readonly group: 'TRAINING' | 'VALIDATION';
  readonly covariates: Readonly<Record<string, CovariateValue>>;
  readonly outcomes: Readonly<Record<Endpoint, Outcome>>;
  readonly scans: readonly SyntheticScan[];
  /** What no study could know: the latents and the true log hazard, up to a constant, to test against. */
  readonly latents: Latents;
  readonly linearPredictors: Readonly<Record<Endpoint, number>>;
}

export interface SyntheticCohort {
  readonly seed: number;
  readonly description: string;
  readonly covariates: readonly CovariateDescription[];
  readonly patients: readonly SyntheticPatient[];
}

export interface SyntheticCohortOptions {
  readonly seed: number;
  /** 1 to 10,000; the study's 103 unless given. */
  readonly patients?: number;
}

/** How many patients were delineated again, a second time by the first reader and once by the second: the study's. */
const REREAD_PATIENTS = 50;
const TRAINING_SHARE = 0.7;

/**
 * A made-up cohort with the form of the study of CT and MR radiomics in hepatocellular carcinoma: clinical covariates, DFS and OS with
 * censoring, six scans a patient and readers' delineations. Part of the hazard shows in the CT alone, part in the MR alone, part in
 * the clinical table alone. Scans are drawn lazily, so that a cohort costs little until its images are asked for.
 *
 * The same options give the same cohort on any machine: voxels are the work of arithmetic that IEEE 754 defines to the bit,
 * from latents that are rounded to binary fractions, and covariates and times are rounded to the decimals shown. (Only a `log` or `exp`
 * that differs in its last bit right at a rounding boundary, a chance of about 1e-12 a number, could show.)
 *
 * @throws ARGUMENT_INVALID for a number of patients or a seed that is out of range
 */
export function syntheticCohort(options: SyntheticCohortOptions): SyntheticCohort {
  const { seed, patients: count = 103 } = options;
  if (!Number.isInteger(count) || count < 1 || count > 10_000)
    throw new Failure('ARGUMENT_INVALID', `patients is ${count}; it must be a whole number from 1 to 10000`, {
      argument: 'patients',
    });
  const training = new Set(random(seed, 'split').sample(count, Math.ceil(TRAINING_SHARE * count)));
  const reread = new Set(random(seed, 'reread').sample(count, Math.min(count, REREAD_PATIENTS)));
  const patients = Array.from({ length: count }, (_, index): SyntheticPatient => {
    const subject = `HCC-${String(index + 1).padStart(3, '0')}`;
    const streams: Streams = (...names) => random(seed, subject, ...names);
    const latents = drawLatents(streams('latents'));
    const covariates = drawCovariates(latents, streams('covariates'));
    const predictors = linearPredictors(latents, covariates);
    return {
      subject,
      group: training.has(index) ? 'TRAINING' : 'VALIDATION',
      covariates,
      outcomes: drawOutcomes(predictors, streams('outcomes')),
      scans: synthesiseScans(
        latents,
        drawTumour(latents, streams('tumour')),
        reread.has(index) ? [firstReading, ...rereadings] : [firstReading],
        streams,
      ),
      latents,
      linearPredictors: predictors,
    };
  });
  return { seed, description: describe(count, seed), covariates: covariateDescriptions, patients };
}

const firstReading: Reading = { reader: 'reader-1', session: 1 };
const rereadings: readonly Reading[] = [
  { reader: 'reader-1', session: 2 },
  { reader: 'reader-2', session: 1 },
];

function describe(count: number, seed: number): string {
  return (
    `Synthetic cohort of ${count} patients with hepatocellular carcinoma (seed ${seed}): no patient of it ever lived. ` +
    'CT and MR in the arterial, venous and equilibrium phase, clinical covariates, disease-free and overall survival.'
  );
}
