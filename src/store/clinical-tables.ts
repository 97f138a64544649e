import type { DataSource } from 'typeorm';
import type { CovariateDefinition } from './entities/cohort.ts';
import type { CovariateValue } from './entities/patient.ts';
import { type ExportColumn, type ExportTable, requireCohortOfKey } from './export-table.ts';

export const clinicalTables = ['patients', 'outcomes'] as const;
export type ClinicalTable = (typeof clinicalTables)[number];

/** Patients at once. */
const batchSize = 1000;

interface StoredPatient {
  readonly id: string;
  readonly subject: string;
  readonly site: string | null;
  readonly covariates: Readonly<Record<string, CovariateValue>>;
}

interface StoredOutcome {
  readonly patient_id: string;
  readonly endpoint: string;
  readonly time: number;
  readonly time_unit: string;
  readonly event: boolean;
}

/**
 * Opens one of a cohort's clinical tables, by subject key. `patients`: a row a patient, subject, site and a column a covariate, which is
 * called `covariate.…` where its name is one of the other columns'. `outcomes`: a row a patient and endpoint. Covariates that identify patients are left out unless who asks
 * `mayIdentify` them. Where `sites` are
 * given, only their patients are in it. Throws `NOT_FOUND` for an unknown cohort.
 */
export async function openClinicalTable(
  dataSource: DataSource,
  cohortKey: string,
  name: ClinicalTable,
  mayIdentify: (cohortId: string) => boolean,
  sites: readonly string[] | null = null,
): Promise<ExportTable> {
  const cohort = await requireCohortOfKey(dataSource, cohortKey);
  const { id, key } = cohort;
  const identifies = mayIdentify(id);
  const covariates = cohort.covariates.filter(({ identifying }) => identifies || !identifying);
  const patients = () => patientBatches(dataSource, id, sites);
  const common = { cohort: key, cohortId: id, name };
  if (name === 'patients')
    return {
      ...common,
      kind: 'Patient',
      columns: patientColumns(covariates),
      async *batches() {
        for await (const batch of patients())
          yield batch.map(({ subject, site, covariates: values }) => [
            subject,
            site,
            ...covariates.map((covariate) => values[covariate.name] ?? null),
          ]);
      },
    };
  return {
    ...common,
    kind: 'Outcome',
    columns: outcomeColumns,
    async *batches() {
      for await (const batch of patients()) {
        const found: StoredOutcome[] = await dataSource.query(
          `select patient_id, endpoint, time, time_unit, event from outcome where patient_id = any ($1) order by endpoint collate "C"`,
          [batch.map((patient) => patient.id)],
        );
        const byPatient = Map.groupBy(found, ({ patient_id }) => patient_id);
        yield batch.flatMap((patient) =>
          (byPatient.get(patient.id) ?? []).map(({ endpoint, time, time_unit, event }) => [
            patient.subject,
            endpoint,
            time,
            time_unit,
            event,
          ]),
        );
      }
    },
  };
}

const outcomeColumns: readonly ExportColumn[] = [
  { name: 'subject', type: 'TEXT' },
  { name: 'endpoint', type: 'TEXT' },
  { name: 'time', type: 'NUMBER' },
  { name: 'time_unit', type: 'TEXT' },
  { name: 'event', type: 'BOOLEAN' },
];

function patientColumns(covariates: readonly CovariateDefinition[]): ExportColumn[] {
  const own: ExportColumn[] = [
    { name: 'subject', type: 'TEXT' },
    { name: 'site', type: 'TEXT' },
  ];
  const taken = new Set([...own, ...covariates].map(({ name }) => name));
  const free = (name: string): string => (taken.has(name) ? free(`covariate.${name}`) : name);
  return [
    ...own,
    ...covariates.map(
      ({ name, kind }): ExportColumn => ({
        name: own.some((column) => column.name === name) ? free(name) : name,
        type: kind === 'NUMERIC' ? 'NUMBER' : 'TEXT',
      }),
    ),
  ];
}

async function* patientBatches(
  dataSource: DataSource,
  cohortId: string,
  sites: readonly string[] | null,
): AsyncGenerator<StoredPatient[], void, void> {
  for (let after = ''; ; ) {
    const batch: StoredPatient[] = await dataSource.query(
      `select id, subject_key as subject, site, covariates from patient
       where cohort_id = $1 and subject_key > $2 and ($3::text[] is null or site = any ($3))
       order by subject_key limit ${batchSize}`,
      [cohortId, after, sites],
    );
    if (batch.length === 0) return;
    yield batch;
    after = batch[batch.length - 1].subject;
  }
}
