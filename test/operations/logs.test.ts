import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { type Nomograph, startNomograph } from '../../src/server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/** It stands in every value that a client gives, and is to stand in no line of the log. */
const mark = 'Marked';
const lines: string[] = [];
let database: TestDatabase;
let directory: string;
let nomograph: Nomograph;
beforeAll(async () => {
  [directory, database] = await Promise.all([
    mkdtemp(join(tmpdir(), 'nomograph-log-')),
    createTestDatabase(),
  ]);
  const config = readConfig({
    DATABASE_URL: database.url,
    NOMOGRAPH_DATA: directory,
    NOMOGRAPH_PORT: '0',
    NOMOGRAPH_ROLE: 'api',
  });
  nomograph = await startNomograph(
    config,
    createLog('trace', { write: (line: string) => void lines.push(line) }),
  );
});
afterAll(async () => {
  await nomograph.stop();
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

const signedIn = () => ({ authorization: `Bearer ${nomograph.token}` });

async function post(body: unknown, headers: Record<string, string> = signedIn()): Promise<string> {
  const answer = await fetch(`${nomograph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return answer.text();
}

const addPatients = `mutation ${mark}($cohortId: ID!, $patients: [PatientInput!]!) {
  ${mark}: addPatients(cohortId: $cohortId, patients: $patients) { id } }`;
const patient = (n: number, age: unknown = 61) => ({
  subjectKey: `${mark}-${n}`,
  site: mark,
  covariates: [{ name: `${mark}Age`, number: age }],
  outcomes: [{ endpoint: mark, time: 12, event: true }],
});

/** What clients do, right and wrong, and the codes that they are told. */
async function operations(): Promise<string[]> {
  const answers: string[] = [];
  const input = { key: mark, name: mark, covariates: [{ name: `${mark}Age`, kind: 'NUMERIC' }] };
  const created = await post({
    query: 'mutation ($input: CreateCohortInput!) { createCohort(input: $input) { id } }',
    variables: { input },
  });
  const cohortId: string = JSON.parse(created).data.createCohort.id;
  const add = (...patients: unknown[]) =>
    post({ query: addPatients, variables: { cohortId, patients } }).then((told) => answers.push(told));
  await add(patient(1), patient(2));
  await add(patient(1, 62));
  await add({ ...patient(3), outcomes: [{ endpoint: mark, time: -1, event: true }] });
  await add({ ...patient(3), covariates: [{ name: mark, number: 1 }] });
  await add(patient(3, mark));
  await add({ ...patient(3), subjectKey: `${mark}\0` });
  const page = `{ cohort(key: "${mark}") { patients { edges { node { ${mark}: subjectKey outcomes { time } } } } } }`;
  for (const query of [
    page,
    `{ ${mark}`,
    `{ ${mark} }`,
    `{ patient(id: "${mark}") { id } }`,
    `{ cohorts(after: "${mark}") { totalCount } }`,
    `{ cohort(key: "absent${mark}") { id } }`,
  ])
    answers.push(await post({ query }));
  answers.push(await post(`{"query": ${mark}`));
  answers.push(await post({ query: '{ __typename }' }, { authorization: `Bearer ${mark}` }));
  answers.push(await post({ query: '{ __typename }' }, { authorization: `Bearer nmg_${mark}` }));
  for (const path of [
    `/export/${mark}/${mark}.csv`,
    `/export/${mark}/%2e%2e%2f${mark}.csv`,
    `/studies/${mark}/report/..%2f${mark}`,
    `/uploads/${mark}`,
    `/${mark}%`,
  ])
    answers.push(await (await fetch(`${nomograph.url}${path}`, { headers: signedIn() })).text());
  answers.push(await headerWithLines());
  return answers;
}

/** A header in which a line of a log could be forged; Node's own client refuses to send one that is broken. */
function headerWithLines(): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${mark}%0a{"level":50}`, 'x-request-id': mark };
    request(`${nomograph.url}/graphql`, { method: 'POST', headers }, (response) => {
      response.resume().once('end', () => resolve(String(response.statusCode)));
    })
      .once('error', reject)
      .end();
  });
}

test('no value of a client’s or a patient’s is in the log, whatever went wrong', async () => {
  const answers = await operations();
  // The wrong ones were refused: a log without a word of them proves something.
  expect(answers.filter((told) => told.includes('"code"')).length).toBeGreaterThanOrEqual(14);

  // Defects: PostgreSQL's own words have the value in them, in its message and in its details.
  const { dataSource } = nomograph.platform;
  await dataSource.query(
    `create function quote_values() returns trigger language plpgsql as $$ begin
       raise exception 'subject "%" of "%" is wrong', new.subject_key, new.site using detail = 'Failing row: ' || new.subject_key;
     end $$`,
  );
  await dataSource
    .query('create trigger quoting before insert on patient execute function quote_values()')
    .catch(() => {});
  await dataSource.query(
    'create trigger quoting_row before insert on patient for each row execute function quote_values()',
  );
  const [{ id }]: { id: string }[] = await dataSource.query('select id from cohort');
  const broken = await post({ query: addPatients, variables: { cohortId: id, patients: [patient(9)] } });
  expect(JSON.parse(broken).errors[0].extensions.code).toBe('INTERNAL');
  expect(broken).not.toContain(`subject`);

  const log = lines.join('');
  expect(log).toContain('sign-in refused');
  expect(log).toContain('unexpected error in the graph');
  expect(log).toContain('"field":"addPatients"');
  expect(log).not.toContain(mark);
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
});
