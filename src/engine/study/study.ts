import { checkStudySpecification } from './check-study-specification.ts';
import { fitEndpoint } from './fit-endpoint.ts';
import { replicateStudy, StudyOptimism } from './replicate-study.ts';
import type { StudyData } from './study-data.ts';
import type { StudyEvent } from './study-event.ts';
import { planStudy } from './study-plan.ts';
import type { EndpointResult, StudyResult } from './study-result.ts';
import type { StudySpecification } from './study-specification.ts';
import { tableOne } from './table-one.ts';

/** Part of the key of a stored study: it changes whenever any result might. */
export const studyVersion = '1';

/**
 * The paper's study: exclusions and split, Table 1, the agreement of readers, and for each endpoint the radscores, the
 * clinical model and both together, with all that is said of them; then, where it was asked for, the whole selection
 * repeated in bootstrap resamples. Nothing that is learned from validation patients reaches training: they are divided
 * off first, and their features and outcomes are read again only to judge finished models.
 *
 * @throws Failure of {@link checkStudySpecification} and `planStudy`. A model that cannot be built does not throw: its
 * failure is in the result.
 */
export function* runStudy(
  data: StudyData,
  specification: StudySpecification,
): Generator<StudyEvent, StudyResult, void> {
  const result = yield* fitStudy(data, specification);
  if (specification.pipelineReplicates === 0) return result;
  const plan = planStudy(data, specification);
  const optimism = new StudyOptimism(specification, result);
  for (let replicate = 0; replicate < specification.pipelineReplicates; replicate++) {
    yield* optimism.add(replicateStudy(data, specification, replicate, plan));
  }
  return optimism.finish();
}

/** {@link runStudy} without the repeated selection, whose resamples `replicateStudy` makes wherever there is a thread. */
export function* fitStudy(
  data: StudyData,
  specification: StudySpecification,
): Generator<StudyEvent, StudyResult, void> {
  checkStudySpecification(specification);
  const plan = planStudy(data, specification);
  for (const { reason, patients } of plan.patients.excluded) {
    yield { type: 'PatientsExcluded', reason, patients };
  }
  const warnings = [...plan.warnings];
  for (const warning of plan.warnings) yield { type: 'WarningRaised', ...warning };
  const endpoints: EndpointResult[] = [];
  for (const outcome of plan.outcomes) {
    const fitted = yield* fitEndpoint(data, specification, plan, outcome);
    endpoints.push(fitted.endpoint);
    warnings.push(...fitted.warnings);
  }
  const characteristics = data.covariates.filter(({ name }) => specification.covariates.includes(name));
  return {
    patients: plan.patients,
    characteristics: tableOne(characteristics, plan.patients.subsets),
    agreement: plan.agreement.map(({ agreement }) => agreement),
    endpoints,
    warnings,
  };
}
