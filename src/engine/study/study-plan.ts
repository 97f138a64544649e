import type { Warning } from '../warning.ts';
import { type AgreementFilter, filterByAgreement } from './agreement.ts';
import { endpointOutcome } from './endpoint-outcome.ts';
import type { FeatureColumn } from './feature-columns.ts';
import type { OutcomeColumn, SourceFeatures, StudyData } from './study-data.ts';
import { type ModelPlan, planModels } from './study-models.ts';
import { selectPatients } from './study-patients.ts';
import type { StudyPatients } from './study-result.ts';
import type { StudySpecification } from './study-specification.ts';

/** What is settled before any model is trained: the patients, the outcomes, and the features that readers agree on. */
export interface StudyPlan {
  readonly outcomes: readonly OutcomeColumn[];
  readonly patients: StudyPatients;
  readonly training: Int32Array;
  readonly validation: Int32Array;
  readonly agreement: readonly AgreementFilter[];
  /** By source: the features that stay. */
  readonly features: ReadonlyMap<string, readonly FeatureColumn[]>;
  readonly models: readonly ModelPlan[];
  readonly warnings: readonly Warning[];
}

/**
 * Plans a study. Nothing here looks at an outcome but to leave out who has none, and to stratify the split.
 *
 * @throws Failure of `endpointOutcome`, `selectPatients` and `filterByAgreement`.
 */
export function planStudy(data: StudyData, specification: StudySpecification): StudyPlan {
  const outcomes = specification.endpoints.map((endpoint) => endpointOutcome(data, endpoint));
  const hasOutcome = Uint8Array.from(data.subjects, (_, row) =>
    outcomes.some(({ time }) => !Number.isNaN(time[row])) ? 1 : 0,
  );
  const patients = selectPatients(data, specification, outcomes[0].event, hasOutcome);
  const rowsOf = (subset: 'TRAINING' | 'VALIDATION') =>
    Int32Array.from(patients.subsets.keys()).filter((row) => patients.subsets[row] === subset);
  const warnings: Warning[] = [];
  const sources: SourceFeatures[] = [];
  for (const { name } of specification.sources) {
    const source = data.sources.find((candidate) => candidate.name === name);
    if (source?.present.includes(1)) sources.push(source);
    else
      warnings.push({
        code: 'SOURCE_ABSENT',
        message: `No patient has features from ${name}.`,
        subject: name,
      });
  }
  const agreement = sources.map((source) => filterByAgreement(source, specification.iccThreshold));
  return {
    outcomes,
    patients,
    training: rowsOf('TRAINING'),
    validation: rowsOf('VALIDATION'),
    agreement,
    features: new Map(sources.map((source, s) => [source.name, columnsOf(source, agreement[s].kept)])),
    models: planModels(
      specification.sources.map(({ name }) => name),
      specification.covariates.length > 0,
    ),
    warnings,
  };
}

function columnsOf(source: SourceFeatures, kept: Int32Array): FeatureColumn[] {
  const patients = source.present.length;
  return Array.from(kept, (j) => ({
    name: source.features[j],
    values: source.values.subarray(j * patients, (j + 1) * patients),
  }));
}
