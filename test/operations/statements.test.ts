import type { GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything, type HeldGrant, type Principal } from '../../src/api/rights/principal.ts';
import { createSchema } from '../../src/api/schema.ts';
import { eventsOf } from '../support/job-events.ts';
import { TestServer } from '../support/server.ts';
import { fieldSelection, listsOf, type RowList, statementsOf } from '../support/statement-count.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';

const few = 3;
const many = 30;

const people: Readonly<Record<string, readonly HeldGrant[]>> = {
  everything,
  'an administrator of each cohort': Array.from({ length: many + 5 }, (_, n) => ({
    role: 'ADMIN' as const,
    cohortKey: `c${String(n).padStart(2, '0')}`,
    site: null,
  })),
};
const principal = (name: string): Principal => ({
  id: `user:${name}`,
  kind: 'TOKEN',
  expiresAt: null,
  grants: people[name]!,
  storedGrants: [],
});

let server: TestServer;
let schema: GraphQLSchema;
let lists: RowList[];
let given: Record<string, string>;

/** A cohort with a study that has run, and as many of each row as it takes. */
beforeAll(async () => {
  server = await TestServer.start();
  schema = await createSchema();
  const sql = (text: string, parameters: unknown[] = []) =>
    server.nomograph.platform.dataSource.query(text, parameters);
  const { cohortId } = await cohortOfStudy(server, 'c00', studyFixture(3, 60, 8));
  const study = await createStudy(server, {
    cohortId,
    name: 'the study',
    endpoints: [{ name: 'OS' }],
    sources: studySources,
    covariates: ['age', 'invasion'],
    horizons: [12, 24],
    folds: { count: 5 },
    replicates: 2,
  });
  const job = await startStudy(server, study);
  await eventsOf(server, job);
  /** Copies of rows that differ in some columns. */
  const copy = async (table: string, changes: Record<string, string>, from = copies, where = 'true') => {
    const columns: { name: string }[] = await sql(
      `select column_name as name from information_schema.columns where table_schema = current_schema() and table_name = '${table}'`,
    );
    const names = columns.map(({ name }) => name);
    const values = names.map((name) => changes[name] ?? `"${table}"."${name}"`);
    await sql(
      `insert into "${table}" (${names.join(', ')}) select ${values.join(', ')} from "${table}", ${from} where ${where}`,
    );
  };
  const copies = `generate_series(1, ${many + 4}) as n`;
  const id = 'gen_random_uuid()';
  const hash = `md5(n || 'a') || md5(n || 'b')`;
  await copy('cohort', { id, key: `'c' || lpad(n::text, 2, '0')` });
  await copy('cohort_version', { id, number: 'n + 1', content_hash: hash });
  await sql(
    `insert into outcome_import
       (id, cohort_id, registry, url, content_hash, patient_count, unknown_count, outcome_count, added_count, fetched_at)
       select ${id}, $1, 'any', 'https://any', ${hash}, 60, 0, 60, 60, now() from ${copies}`,
    [cohortId],
  );
  await copy('job', { id, content_key: hash });
  await copy('job_event', { job_id: 'job.id' }, 'job', `job_id = '${job}' and job.id <> job_id`);
  await copy('study', { id, name: `'study ' || n` });
  await copy(
    'model',
    { id, study_id: 'study.id', content_key: 'md5(study.id::text) || md5(model.id::text)' },
    'study',
    `study_id = '${study}' and study.id <> study_id`,
  );
  await copy(
    'prediction',
    { id, model_id: 'model.id' },
    'model',
    'model_id = (select model_id from prediction limit 1) and model.id not in (select model_id from prediction)',
  );
  // One of each for the other cohorts, too.
  const own = { id, cohort_id: 'cohort.id' };
  const once = (table: string) =>
    `"${table}".id = (select id from "${table}" where cohort_id = '${cohortId}' limit 1) and cohort.id <> cohort_id`;
  await copy('patient', own, 'cohort', once('patient'));
  await copy('cohort_version', own, 'cohort', once('cohort_version'));
  await copy(
    'job',
    { ...own, content_key: 'md5(cohort.id::text) || md5(job.id::text)' },
    'cohort',
    once('job'),
  );
  // One that has not run, as its models would have to be there.
  await copy(
    'study',
    { ...own, result: 'null', completed_at: 'null', job_id: 'null' },
    'cohort',
    once('study'),
  );
  await copy(
    'model',
    { ...own, content_key: 'md5(cohort.id::text) || md5(model.id::text)' },
    'cohort',
    once('model'),
  );
  await copy('extraction_profile', { id, name: `'profile ' || n` }, copies, `name = 'features of CT'`);
  for (let n = 0; n < many + 1; n++)
    await server.client.run(
      'mutation ($name: String!) { createApiKey(input: { name: $name, grants: [{ role: READER, cohortKey: "c00" }] }) { secret } }',
      { name: `key ${n}` },
    );
  await sql(
    `insert into report_file (study_id, path, media_type, byte_length, sha256) select id, 'index.html', 'text/html', 1, repeat('ab', 32) from study`,
  );
  const [{ id: profileId }] = await sql(`select id from extraction_profile where name = 'features of CT'`);
  const [{ id: model }] = await sql(
    'select id from model where study_id = $1 and exists (select from prediction where model_id = model.id) order by id',
    [study],
  );
  given = {
    'Cohort.featureVectors': `(profileId: "${profileId}")`,
    'Cohort.distribution': `(covariate: "age", by: { covariate: "invasion" })`,
    'Cohort.featureMatrix': '(profile: "features of CT")',
  };
  lists = listsOf(
    schema,
    ['cohorts', 'cohort(key: "c00")', `model(id: "${model}")`, 'extractionProfiles', 'apiKeys', 'grants'],
    given,
  );
}, 60_000);
afterAll(() => server.stop());

/** How many rows the list has, wherever it lies in the answer. */
function rowsIn(data: unknown): number {
  if (Array.isArray(data)) return data.length;
  if (data === null || typeof data !== 'object') return 0;
  const { edges } = data as { edges?: unknown[] };
  return edges ? edges.length : Math.max(0, ...Object.values(data).map(rowsIn));
}

const ask = (name: string, text: string, n: number) =>
  statementsOf(schema, server.nomograph.platform, principal(name), `query ($n: Int!) { ${text} }`, { n });

describe.each(Object.keys(people))('as %s', (name) => {
  test('every field of the rows of every list takes as many statements for 30 rows as for 3', async () => {
    const wrong: string[] = [];
    const asked = new Set<string>();
    const empty: string[] = [];
    for (const list of lists) {
      for (const field of Object.values(list.type.getFields())) {
        const place = `${list.type.name}.${field.name}`;
        const text = list.write(`__typename ${fieldSelection(schema, list.type, field, given)}`);
        const [short, long] = [await ask(name, text, few), await ask(name, text, many)];
        if (rowsIn(long.data) <= few) {
          empty.push(list.name);
          break;
        }
        asked.add(place);
        if (short.statements.length !== long.statements.length)
          wrong.push(
            `${list.name}: ${place}: ${short.statements.length} and ${long.statements.length}: ${long.statements
              .slice(0, 6)
              .map((sql) => sql.slice(0, 120))
              .join('; ')}`,
          );
      }
    }
    expect(wrong).toEqual([]);
    expect([...new Set(empty)]).toEqual([]);
    expect(asked.size).toBeGreaterThan(100);
  });
});

test('a page of patients with all that they have is a statement a kind of row', async () => {
  const page = `cohort(key: "c00") { patients(first: $n) { edges { node {
    subjectKey covariates { name number level } outcomes { endpoint time event }
    scans { modality image { sha256 } rois { reader mask { sha256 } featureVectors { values profile { name } } } }
    predictions { linearPredictor model { name study { name } } }
  } } } }`;
  const { statements, data } = await ask('everything', page, many);
  expect(rowsIn(data)).toBe(many);
  const tables = statements.map((sql) => sql.match(/from "?(\w+)"?/i)?.[1]);
  expect(tables.sort()).toEqual([
    'cohort',
    'extraction_profile',
    'feature_vector',
    'model',
    // Images, then masks: by then the images are there.
    'object',
    'outcome',
    'patient',
    'prediction',
    'roi',
    'scan',
    'study',
  ]);
});
