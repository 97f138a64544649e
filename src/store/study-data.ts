import type { DataSource } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import type { OutcomeColumn, SourceFeatures, StudyData } from '../engine/study/study-data.ts';
import type { StudySpecification } from '../engine/study/study-specification.ts';
import type { TimeUnit } from '../engine/study/time-unit.ts';
import { clinicalColumn, commonTimeUnit } from './clinical-columns.ts';
import { contentKey } from './content-key.ts';
import { Cohort } from './entities/cohort.ts';
import type { CovariateValue } from './entities/patient.ts';
import type { ReadVector } from './model-inputs.ts';
import { loadSource } from './source-features.ts';

interface PatientRow {
  readonly id: string;
  readonly subject_key: string;
  readonly covariates: Record<string, CovariateValue>;
}

/** What a study reads of its cohort, and the patients' ids in the order of its rows (by subject key). */
export interface LoadedStudyData {
  readonly data: StudyData;
  readonly patientIds: readonly string[];
  /** The feature vectors that were read, by source. */
  readonly vectors: ReadonlyMap<string, readonly ReadVector[]>;
}

/**
 * Reads all that a study's specification names: outcomes, covariates and sources of every patient of the cohort, or of
 * one. An outcome or a source that no patient has is left out. The large arrays are in memory that threads share.
 */
export async function loadStudyData(
  dataSource: DataSource,
  cohortId: string,
  specification: StudySpecification,
  patientId: string | null = null,
): Promise<LoadedStudyData> {
  const cohort = await dataSource.getRepository(Cohort).findOneByOrFail({ id: cohortId });
  const patients: PatientRow[] = await dataSource.query(
    `select id, subject_key, covariates from patient
     where cohort_id = $1 and ($2::uuid is null or id = $2) order by subject_key collate "C"`,
    [cohortId, patientId],
  );
  const rows = {
    cohortId,
    ids: patients.map((patient) => patient.id),
    subjects: patients.map((patient) => patient.subject_key),
  };
  const sources: SourceFeatures[] = [];
  const vectors = new Map<string, readonly ReadVector[]>();
  for (const definition of specification.sources) {
    const source = await loadSource(dataSource, rows, definition);
    if (!source) continue;
    sources.push(source.features);
    vectors.set(definition.name, source.vectors);
  }
  requireDistinctFeatures(sources);
  const covariates = new Set([
    ...specification.covariates,
    ...specification.exclusions.flatMap(({ covariate }) => covariate ?? []),
  ]);
  return {
    patientIds: rows.ids,
    vectors,
    data: {
      subjects: rows.subjects,
      outcomes: await loadOutcomes(dataSource, cohortId, specification, rows.ids),
      covariates: Array.from(covariates, (name) => clinicalColumn(cohort, name, patients)),
      sources,
    },
  };
}

/** SHA-256 over every value that a study reads: equal data have equal hashes, in whatever database they are. */
export function studyDataHash(data: StudyData): string {
  return contentKey(data);
}

async function loadOutcomes(
  dataSource: DataSource,
  cohortId: string,
  { endpoints }: StudySpecification,
  patientIds: readonly string[],
): Promise<OutcomeColumn[]> {
  const rows: { patient_id: string; endpoint: string; time: number; time_unit: TimeUnit; event: boolean }[] =
    await dataSource.query(
      `select patient_id, endpoint, time, time_unit, event from outcome join patient on patient.id = patient_id
       where cohort_id = $1 and endpoint = any ($2)`,
      [cohortId, endpoints.flatMap(({ outcomes }) => outcomes)],
    );
  const rowOf = new Map(patientIds.map((id, row) => [id, row]));
  const byName = Map.groupBy(rows, ({ endpoint }) => endpoint);
  return [...byName.keys()].sort().map((name) => {
    const outcomes = byName.get(name) as typeof rows;
    const time = new Float64Array(patientIds.length).fill(Number.NaN);
    const event = new Uint8Array(patientIds.length);
    for (const outcome of outcomes) {
      const row = rowOf.get(outcome.patient_id);
      if (row === undefined) continue;
      time[row] = outcome.time;
      event[row] = outcome.event ? 1 : 0;
    }
    const timeUnit = commonTimeUnit(
      name,
      outcomes.map((outcome) => outcome.time_unit),
    );
    return { name, time, event, timeUnit };
  });
}

/** Models name their terms by feature alone. */
function requireDistinctFeatures(sources: readonly SourceFeatures[]): void {
  const seen = new Set<string>();
  for (const feature of sources.flatMap(({ features }) => features)) {
    if (seen.has(feature))
      throw new Failure('INPUT_INVALID', `two sources both have a feature ${feature}: rename one of them`, {
        field: 'sources',
        feature,
      });
    seen.add(feature);
  }
}
