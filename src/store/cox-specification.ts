import type { PrognosisSpecification } from '../engine/study/index.ts';

/** Which features enter a model: some of a profile's, of the region that modality, phase, reader, session and lesion pick out. */
export interface FeatureSelection {
  readonly profileId: string;
  readonly names: readonly string[];
  readonly modality?: string;
  readonly phase?: string;
  readonly reader?: string;
  readonly session?: number;
  readonly lesion?: string;
}

/** A Cox model as it is asked for: the endpoint, the covariates and features of the cohort, and how to fit and check it. */
export interface CoxSpecification extends PrognosisSpecification {
  readonly endpoint: string;
  readonly covariates: readonly string[];
  readonly features: readonly FeatureSelection[];
}
