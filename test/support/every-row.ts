import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { v7 as uuid } from 'uuid';
import type { JobEventBody } from '../../src/jobs/job-event.ts';
import { ReportFile } from '../../src/store/entities/report-file.ts';
import { eventsOf } from './job-events.ts';
import type { TestServer } from './server.ts';
import { type SitedCohort, sitedCohort } from './sited-cohort.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from './study-cohort.ts';
import { studyFixture } from './study-fixture.ts';

/** Ends of logs that a study does not come to. */
const otherEvents = [
  { type: 'JobProgress', stage: 'EXTRACTION', done: 1, total: 2 },
  { type: 'RoiExtracted', roiId: 'a region', featureVectorId: 'its vector', reused: false },
  { type: 'RoiFailed', roiId: 'a region', failure: { code: 'ROI_TOO_SMALL', message: 'so', details: {} } },
  { type: 'FitIterated', iteration: 1, logLikelihood: -1 },
  { type: 'ModelNotFitted', failure: { code: 'SELECTION_EMPTY', message: 'so', details: {} } },
  { type: 'WarningRaised', code: 'ROWS_EXCLUDED', message: 'so', details: {} },
  { type: 'PatientsExcluded', reason: 'so', patients: 1 },
  { type: 'ExtractionCompleted', extracted: 1, known: 0, failed: 0 },
  { type: 'CoxFitCompleted', modelId: 'a model', reused: false },
  { type: 'CohortErased', patientCount: 1 },
  { type: 'JobFailed', failure: { code: 'INTERNAL', message: 'so', details: {} } },
  { type: 'JobCancelled' },
] as unknown as JobEventBody[];

/** What `everyRow` has put into the database. */
export interface EveryRow {
  /** An identifier of each noun, of patients of `alpha` in the north. */
  readonly ids: Record<string, string>;
  /** Texts that tell of rows, by where they belong. */
  readonly marks: Record<'north' | 'south' | 'whole' | 'beta', Set<string>>;
  /** An event of each type. */
  readonly told: readonly JobEventBody[];
  /** Where a file of the report is. */
  readonly report: string;
  readonly beta: SitedCohort;
}

/**
 * A cohort `alpha` with a study that has run, patients in the north, in the south and elsewhere, and something in every field that a
 * row can have; and another cohort, `beta`.
 */
export async function everyRow(server: TestServer, schema: GraphQLSchema): Promise<EveryRow> {
  const { dataSource, events } = server.nomograph.platform;
  const ids: Record<string, string> = {};
  const marks: EveryRow['marks'] = { north: new Set(), south: new Set(), whole: new Set(), beta: new Set() };
  const fixture = studyFixture(3, 70, 24);
  const { cohortId } = await cohortOfStudy(server, 'alpha', fixture);
  await dataSource.query(
    `update patient set site = case when subject_key < 'P035' then 'north' when subject_key < 'P069' then 'south' end where cohort_id = $1`,
    [cohortId],
  );
  const beta = await sitedCohort(server, 'beta', ['north']);
  await server.client.run('mutation ($id: ID!) { freezeCohort(id: $id) { number } }', { id: cohortId });
  const study = await createStudy(server, {
    cohortId,
    name: 'the study',
    endpoints: [{ name: 'OS' }],
    sources: studySources,
    covariates: ['age', 'invasion'],
    horizons: [12, 24],
    folds: { count: 5 },
    exclusions: [{ reason: 'nobody is so old', covariate: 'age', equals: [{ number: 999 }] }],
    replicates: 2,
    pipelineReplicates: 1,
  });
  const job = await startStudy(server, study);
  await eventsOf(server, job);
  const told = [...(await events.read(job, 0)).map(({ body }) => body), ...otherEvents];
  const sha256 = await server.nomograph.platform.objects.put(Buffer.from('the report'));
  await dataSource
    .getRepository(ReportFile)
    .insert({ studyId: study, path: 'index.html', mediaType: 'text/html', byteLength: 10, sha256 });
  const report = `/studies/${study}/report/index.html`;
  await server.client.run(
    'mutation { createApiKey(input: { name: "k", grants: [{ role: READER, cohortKey: "alpha" }] }) { secret } }',
  );
  await dataSource.query(
    `with import as (insert into outcome_import
       (id, cohort_id, registry, url, endpoints, content_hash, patient_count, unknown_count, outcome_count, added_count, fetched_at)
       values (gen_random_uuid(), $1, 'any', 'https://any', '["OS"]', repeat('ab', 32), 70, 0, 70, 70, now()) returning id)
     update outcome set import_id = import.id from import, patient where patient.id = patient_id and cohort_id = $1`,
    [cohortId],
  );
  // What a study of few rows lacks.
  const acquisition = Object.fromEntries(
    Object.keys((schema.getType('ScanAttributes') as GraphQLObjectType).getFields()).map((name) => [name, 1]),
  );
  ids.given = uuid();
  await dataSource.query(
    `insert into study (id, cohort_id, name, specification) select $1, cohort_id, 'given', specification || $3 from study where id = $2`,
    [
      ids.given,
      study,
      JSON.stringify({
        split: { kind: 'GIVEN', training: ['P001'], validation: ['P002'] },
        folds: { kind: 'GIVEN', foldOf: { P001: 1 } },
      }),
    ],
  );
  await dataSource.query(
    `update object set acquisition = $1, deidentification = $2, labels = '{"1": 9}', roi_name = 'GTV'`,
    [JSON.stringify(acquisition), JSON.stringify([{ value: '113100', scheme: 'DCM', meaning: 'Basic' }])],
  );
  // As many rows as a page may show are marked, by the site that they belong to.
  const rows: { id: string; site: string | null; what: string }[] = await dataSource.query(
    `select patient.id::text as id, site, 'patient' as what from patient where cohort_id = $1
     union all select subject_key, site, 'subject' from patient where cohort_id = $1
     union all select scan.id::text, site, 'scan' from scan join patient on patient.id = patient_id where cohort_id = $1
     union all select roi.id::text, site, 'roi' from roi join scan on scan.id = scan_id join patient on patient.id = patient_id where cohort_id = $1
     union all select vector.id::text, site, 'vector' from feature_vector vector join patient on patient.id = patient_id where cohort_id = $1
     union all select outcome.id::text, site, 'outcome' from outcome join patient on patient.id = patient_id where cohort_id = $1
     union all select prediction.id::text, site, 'prediction' from prediction join patient on patient.id = patient_id where cohort_id = $1
     order by what, id`,
    [cohortId],
  );
  for (const { id, site, what } of rows) {
    marks[site === 'north' ? 'north' : 'south'].add(id);
    if (site === 'north') ids[what] ??= id;
  }
  marks.whole.add(job).add(`/studies/${study}/report`);
  for (const { patient, scan, roi, vector, prediction, subjectKey } of Object.values(beta.patients))
    for (const mark of [patient, scan, roi, vector, prediction, subjectKey]) marks.beta.add(mark);
  for (const mark of [beta.id, beta.model, beta.study, beta.job]) marks.beta.add(mark);
  const [model]: { id: string }[] = await dataSource.query(
    `select id from model where study_id = $1 and result -> 'radscore' is not null and result -> 'nomogram' is not null
       and result -> 'cutpointTest' is not null order by result ->> 'beforeElimination' is null, name like '%CLINICAL' desc, id`,
    [study],
  );
  const [profile]: { id: string }[] = await dataSource.query(
    'select profile_id as id from feature_vector where id = $1',
    [ids.vector],
  );
  Object.assign(ids, { cohort: cohortId, study, job, model: model!.id, profile: profile!.id });
  return { ids, marks, told, report, beta };
}
