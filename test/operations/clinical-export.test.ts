import { tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClinicalPatient, clinicalCohort, clinicalCovariates } from '../support/clinical-cohort.ts';
import { runCommand } from '../support/command.ts';
import { TestServer } from '../support/server.ts';

type Row = Record<string, unknown>;

let server: TestServer;
let tables: Record<string, { columns: string[]; rows: Row[] }>;
beforeAll(async () => {
  server = await TestServer.start();
  const { patients } = await clinicalCohort(server, 'exported', 1100);
  await clinicalCohort(server, 'another', 3, 2);
  tables = expectedTables(patients);
});
afterAll(() => server.stop());

/** The tables by the plainest code there is. */
function expectedTables(patients: readonly ClinicalPatient[]): typeof tables {
  const names = clinicalCovariates.map(({ name }) => name);
  return {
    patients: {
      columns: ['subject', 'site', ...names],
      rows: patients.map(({ subjectKey, site, covariates }) => ({
        subject: subjectKey,
        site,
        ...Object.fromEntries(names.map((name) => [name, covariates[name] ?? null])),
      })),
    },
    outcomes: {
      columns: ['subject', 'endpoint', 'time', 'time_unit', 'event'],
      rows: patients.flatMap(({ subjectKey, outcomes }) =>
        outcomes.map(({ endpoint, time, event }) => ({
          subject: subjectKey,
          endpoint,
          time,
          time_unit: 'MONTHS',
          event,
        })),
      ),
    },
  };
}

const get = (path: string, headers: Record<string, string> = server.signedIn) =>
  fetch(`${server.url}/export/exported/tables/${path}`, { headers });
/** Rows of equal subjects follow each other, in an order of the database's. */
const sorted = (rows: readonly Row[]) =>
  [...rows].sort((a, b) => (`${a.subject} ${a.endpoint}` < `${b.subject} ${b.endpoint}` ? -1 : 1));

describe.each(['patients', 'outcomes'])('%s', (name) => {
  test('as NDJSON: every row once, with every value', async () => {
    const lines = (await (await get(`${name}.ndjson`)).text()).trimEnd().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as Row);
    expect(Object.keys(rows[0]!)).toEqual(tables[name]!.columns);
    expect(sorted(rows)).toEqual(sorted(tables[name]!.rows));
  });

  test('as CSV, of which what is missing is empty', async () => {
    const response = await get(`${name}.csv`);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename=exported_${name}.csv`);
    const [columns, ...rows] = parse(await response.text()) as string[][];
    expect(columns).toEqual(tables[name]!.columns);
    const text = (value: unknown) => (value === null ? '' : String(value));
    const named = rows.map((row) =>
      Object.fromEntries(columns!.map((column, place) => [column, row[place]])),
    );
    const expected = tables[name]!.rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, text(value)])),
    );
    expect(sorted(named)).toEqual(sorted(expected));
  });

  test('as Arrow, in types', async () => {
    const bytes = await (await get(`${name}.arrow`)).arrayBuffer();
    const table = tableFromIPC(new Uint8Array(bytes));
    expect(table.schema.fields.map((field) => field.name)).toEqual(tables[name]!.columns);
    expect(table.schema.metadata.get('nomograph.table')).toBe(name);
    const rows = table.toArray().map((row) => row!.toJSON() as Row);
    expect(sorted(rows)).toEqual(sorted(tables[name]!.rows));
  });

  test('by the command as by the address', async () => {
    const command = await runCommand(['export', 'exported', '--table', name], {
      DATABASE_URL: server.database.url,
      NOMOGRAPH_DATA: server.directory,
    });
    expect(command).toEqual({ code: 0, stdout: await (await get(`${name}.csv`)).text(), stderr: '' });
  });
});

test('a covariate that is called like a column has a name of its own', async () => {
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation ($input: CreateCohortInput!) { createCohort(input: $input) { id } }',
    {
      input: {
        key: 'named',
        covariates: ['site', 'covariate.site', '__proto__'].map((name) => ({ name, kind: 'NUMERIC' })),
      },
    },
  );
  await server.client.run(
    'mutation ($id: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $id, patients: $patients) { id } }',
    {
      id: createCohort.id,
      patients: [
        {
          subjectKey: 'p',
          site: 'north',
          covariates: [
            { name: 'site', number: 3 },
            { name: '__proto__', number: 4 },
          ],
        },
      ],
    },
  );
  const response = await fetch(`${server.url}/export/named/tables/patients.csv`, {
    headers: server.signedIn,
  });
  expect(await response.text()).toBe(
    'subject,site,covariate.covariate.site,covariate.site,__proto__\np,north,3,,4\n',
  );
});

test('covariates that identify patients are columns for curators alone', async () => {
  await server.nomograph.platform.dataSource.query(
    `insert into cohort (id, key, name, covariates)
     values (gen_random_uuid(), 'marked', 'm', '[{"name":"age","kind":"NUMERIC"},{"name":"born","kind":"NUMERIC","identifying":true}]')`,
  );
  await server.nomograph.platform.dataSource.query(
    `insert into patient (id, cohort_id, subject_key, covariates)
     select gen_random_uuid(), id, 'p', '{"age":50,"born":1970}' from cohort where key = 'marked'`,
  );
  const as = async (role: string) => {
    const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
      'mutation ($grants: [GrantInput!]!) { createApiKey(input: { name: "k", grants: $grants }) { secret } }',
      { grants: [{ role, cohortKey: 'marked' }] },
    );
    const headers = { authorization: `Bearer ${createApiKey.secret}` };
    return Promise.all(
      ['csv', 'ndjson'].map(async (format) =>
        (await fetch(`${server.url}/export/marked/tables/patients.${format}`, { headers })).text(),
      ),
    );
  };
  expect(await as('CURATOR')).toEqual([
    'subject,site,age,born\np,,50,1970\n',
    '{"subject":"p","site":null,"age":50,"born":1970}\n',
  ]);
  expect(await as('ANALYST')).toEqual([
    'subject,site,age\np,,50\n',
    '{"subject":"p","site":null,"age":50}\n',
  ]);
});

test.each([
  ['patients.xlsx', 400, 'INPUT_INVALID'],
  ['scans.csv', 404, 'NOT_FOUND'],
  ['..%2fpatients.csv', 404, 'NOT_FOUND'],
])('%s is refused', async (path, status, code) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
});

test('who may see one site gets its patients alone, a reader none', async () => {
  const as = async (role: string, site: string | null) => {
    const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
      'mutation ($grants: [GrantInput!]!) { createApiKey(input: { name: "k", grants: $grants }) { secret } }',
      { grants: [{ role, cohortKey: 'exported', site }] },
    );
    return { authorization: `Bearer ${createApiKey.secret}` };
  };
  const north = await as('ANALYST', 'north');
  const rows = async (path: string) =>
    (await (await get(path, north)).text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
  const expected = tables.patients!.rows.filter(({ site }) => site === 'north');
  expect(sorted(await rows('patients.ndjson'))).toEqual(sorted(expected));
  const subjects = new Set(expected.map(({ subject }) => subject));
  expect(sorted(await rows('outcomes.ndjson'))).toEqual(
    sorted(tables.outcomes!.rows.filter(({ subject }) => subjects.has(subject))),
  );
  expect((await get('patients.csv', await as('READER', null))).status).toBe(403);
  expect((await get('patients.csv', {})).status).toBe(401);
});
