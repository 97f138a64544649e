import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GraphQLObjectType, getNamedType, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wholes } from '../../src/api/audit/audit-fields.ts';
import { accessRules } from '../../src/api/rights/enforce.ts';
import { patientRows } from '../../src/api/rights/scopes.ts';
import { createSchema } from '../../src/api/schema.ts';
import type { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { runCommand } from '../support/command.ts';
import { Issuer } from '../support/issuer.ts';
import { niftiBytes } from '../support/nifti-bytes.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { TestServer } from '../support/server.ts';
import { type SitedCohort, sitedCohort, sitedProfile } from '../support/sited-cohort.ts';
import { sha256, upload } from '../support/tus.ts';

let issuer: Issuer;
let server: TestServer;
let alpha: SitedCohort;
let beta: SitedCohort;
beforeAll(async () => {
  issuer = await Issuer.start();
  server = await TestServer.start({ oidc: issuer.settings, role: 'api' });
  alpha = await sitedCohort(server, 'alpha', ['north', 'south']);
  beta = await sitedCohort(server, 'beta', ['north']);
});
afterAll(async () => {
  await server.stop();
  await issuer.stop();
});

type Entry = Omit<AuditEntry, 'at'> & { readonly at: string };

/** What was written while something was done; as the graph tells it to who administers everything. */
async function entriesOf(work: () => Promise<unknown>): Promise<Entry[]> {
  const { auditLog } = server.nomograph.platform;
  const last = (await entries()).at(-1)?.sequence ?? 0;
  await work();
  await auditLog.flush();
  return (await entries()).filter(({ sequence }) => sequence > last);
}

const fields = 'sequence at principal action objectKind objectId cohortId outcome details previousHash hash';
async function entries(filter = '', headers = server.signedIn): Promise<Entry[]> {
  const found: Entry[] = [];
  for (let after: string | null = null; ; ) {
    const { body } = await server.post(
      {
        query: `query ($after: String) { auditEntries(${filter} first: 1000, after: $after) { edges { node { ${fields} } } pageInfo { hasNextPage endCursor } } }`,
        variables: { after },
      },
      headers,
    );
    expect(body.errors).toBeUndefined();
    const { edges, pageInfo } = (body.data as { auditEntries: Record<string, never> })
      .auditEntries as never as {
      edges: { node: Entry }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    found.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) return found.reverse();
    after = pageInfo.endCursor;
  }
}

const run = (query: string, variables: object = {}) => server.post({ query, variables });
const as = async (grants: readonly string[], query: string) =>
  server.post({ query }, { authorization: `Bearer ${await issuer.token(grants)}` });

describe('a change', () => {
  test('is written in its own transaction, with who, what and where', async () => {
    const written = await entriesOf(() =>
      run(
        `mutation { addPatients(cohortId: "${alpha.id}", patients: [{ subjectKey: "new", site: "north" }]) { id } }`,
      ),
    );
    expect(written).toMatchObject([
      {
        principal: 'development',
        action: 'addPatients',
        objectKind: 'Cohort',
        objectId: alpha.id,
        cohortId: alpha.id,
        outcome: 'OK',
      },
    ]);
    const [same] = await server.nomograph.platform.dataSource.query(
      `select (select xmin from patient where subject_key = 'new') = (select xmin from audit_entry where sequence = $1) as transaction`,
      [written[0]!.sequence],
    );
    expect(same).toEqual({ transaction: true });
  });

  test('whichever it is, has an entry in the transaction of the rows that it writes', async () => {
    const { dataSource } = server.nomograph.platform;
    const rows: Record<string, [mutation: string, table: string, object: string | null]> = {
      createCohort: ['createCohort(input: { key: "gamma" }) { id }', 'cohort', 'Cohort'],
      createExtractionProfile: [
        'createExtractionProfile(input: { name: "mine", parameters: { featureClass: { firstorder: ["Mean"] } } }) { id }',
        'extraction_profile',
        'ExtractionProfile',
      ],
      freezeCohort: [`freezeCohort(id: "${alpha.id}") { id }`, 'cohort_version', 'Cohort'],
      createStudy: [
        `createStudy(input: { cohortId: "${alpha.id}", name: "s", endpoints: [{ name: "OS" }], sources: [{ name: "CT", profile: "${sitedProfile}", modality: "CT" }] }) { id }`,
        'study',
        'Study',
      ],
      addScans: [
        `addScans(scans: [{ patientId: "${alpha.patients.south!.patient}", modality: "MR", imageSha256: "${alpha.patients.south!.sha256}" }]) { id }`,
        'scan',
        null,
      ],
      fitCoxModel: [
        `fitCoxModel(input: { cohortId: "${alpha.id}", endpoint: "OS", features: [{ profile: "${sitedProfile}", names: ["a"] }] }) { id }`,
        'job',
        'Cohort',
      ],
      cancelJob: [`cancelJob(jobId: "${beta.job}") { id }`, 'job', 'Job'],
      grantRole: [
        'grantRole(principal: "user:u", grant: { role: READER, cohortKey: "alpha" }) { id }',
        'role_grant',
        'Grant',
      ],
      createApiKey: [
        'createApiKey(input: { name: "k", grants: [{ role: READER, cohortKey: "alpha" }] }) { key { id } }',
        'api_key',
        'ApiKey',
      ],
    };
    for (const [action, [text, table, objectKind]] of Object.entries(rows)) {
      const written = await entriesOf(async () =>
        expect((await run(`mutation { ${text} }`)).body.errors).toBeUndefined(),
      );
      expect(written, action).toMatchObject([{ action, outcome: 'OK', objectKind }]);
      const [{ count }] = await dataSource.query(
        `select count(*)::int as count from "${table}" where xmin = (select xmin from audit_entry where sequence = $1)`,
        [written[0]!.sequence],
      );
      expect([action, count]).toEqual([action, 1]);
    }
  });

  test('that is refused leaves nothing but that it was asked for', async () => {
    const text = `mutation { addPatients(cohortId: "${alpha.id}", patients: [{ subjectKey: "x", site: "south" }]) { id } }`;
    const written = await entriesOf(async () => {
      await as(['curator:alpha:north'], text);
      await as(['reader:alpha'], text);
      await run(`mutation { freezeCohort(id: "${alpha.model}") { id } }`);
    });
    expect(written).toMatchObject([
      { principal: 'user:somebody', action: 'addPatients', cohortId: alpha.id, outcome: 'FORBIDDEN' },
      { principal: 'user:somebody', action: 'addPatients', outcome: 'FORBIDDEN' },
      { action: 'freezeCohort', outcome: 'NOT_FOUND' },
    ]);
  });

  test('that changes nothing is written down all the same', async () => {
    const [entry, ...others] = await entriesOf(() =>
      run('mutation { createCohort(input: { key: "gamma" }) { id } }'),
    );
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ action: 'createCohort', outcome: 'OK' });
  });

  test('is not made where its entry cannot be written', async () => {
    const { dataSource } = server.nomograph.platform;
    await dataSource.query('alter table audit_entry rename column details to gone');
    try {
      const { body } = await run('mutation { createCohort(input: { key: "unlogged" }) { id } }');
      expect(body.errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    } finally {
      await dataSource.query('alter table audit_entry rename column gone to details');
    }
    expect(await dataSource.query(`select from cohort where key = 'unlogged'`)).toEqual([]);
    expect(server.loggedErrors.splice(0).join()).toContain('42703');
    await server.nomograph.platform.auditLog.flush();
  });
});

describe('a read', () => {
  const { north, south } = { north: () => alpha.patients.north!, south: () => alpha.patients.south! };

  test('of patients is one entry an operation, however many rows', async () => {
    const written = await entriesOf(() =>
      run(
        `query Overview { cohort(id: "${alpha.id}") { patients { edges { node { subjectKey outcomes { time } scans { rois { reader } } } } } } }`,
      ),
    );
    expect(written).toMatchObject([
      {
        action: 'read',
        objectId: null,
        cohortId: alpha.id,
        outcome: 'OK',
        details: { operation: 'Overview', kinds: ['Outcome', 'Patient', 'Scan'] },
      },
    ]);
  });

  test.each([
    ['patient', () => `patient(id: "${north().patient}") { site }`, 'Patient', () => north().patient],
    ['scan', () => `scan(id: "${north().scan}") { modality }`, 'Scan', () => north().scan],
    ['roi', () => `roi(id: "${north().roi}") { reader }`, 'Roi', () => north().roi],
    [
      'vector',
      () => `featureVector(id: "${north().vector}") { values }`,
      'FeatureVector',
      () => north().vector,
    ],
  ])('of one names it: %s', async (_what, text, objectKind, id) => {
    for (const ask of [run, (query: string) => as(['analyst:alpha:north'], query)])
      expect(await entriesOf(() => ask(`{ ${text()} }`))).toMatchObject([
        { action: 'read', objectKind, objectId: id(), cohortId: alpha.id, outcome: 'OK' },
      ]);
  });

  test('of two cohorts has an entry in each, of two patients names both', async () => {
    const [first, second] = await entriesOf(() =>
      run(
        `{ a: patient(id: "${north().patient}") { id } b: patient(id: "${south().patient}") { id } c: patient(id: "${beta.patients.north!.patient}") { id } }`,
      ),
    );
    expect(first).toMatchObject({ cohortId: alpha.id, objectId: null });
    expect(first!.details!.objects).toEqual({ [north().patient]: 'Patient', [south().patient]: 'Patient' });
    expect(second).toMatchObject({ cohortId: beta.id, objectId: beta.patients.north!.patient });
  });

  test('by another subgraph names it as well', async () => {
    const missing = '01900000-0000-7000-8000-000000000000';
    const representations = [missing, north().patient].map((id) => ({ __typename: 'Patient', id }));
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Patient { subjectKey } } }';
    expect(await entriesOf(() => run(query, { of: representations }))).toMatchObject([
      { action: 'read', objectKind: 'Patient', objectId: north().patient, cohortId: alpha.id },
    ]);
  });

  test('over a socket and an event stream is written down as well', async () => {
    const query = `{ patient(id: "${north().patient}") { site } }`;
    const written = await entriesOf(async () => {
      const socket = await RawSocket.signedIn(server);
      expect(await socket.errorsOf(query)).toEqual([]);
      socket.terminate();
      const stream = await fetch(`${server.url}/graphql/stream`, {
        method: 'POST',
        headers: { ...server.signedIn, 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query }),
      });
      expect(await stream.text()).toContain('north');
    });
    expect(written.map(({ action, objectId }) => [action, objectId])).toEqual(
      Array.from({ length: 2 }, () => ['read', north().patient]),
    );
  });

  test('of a model of patients, of predictions and of a whole result names the cohort', async () => {
    for (const text of [
      `model(id: "${alpha.model}") { predictions { totalCount } }`,
      `study(id: "${alpha.study}") { subjects { subjectKey } }`,
    ])
      expect(await entriesOf(() => run(`{ ${text} }`))).toMatchObject([
        { action: 'read', cohortId: alpha.id },
      ]);
  });

  test('is noted at every field that only analysts may read, but for those that tell of no patient', async () => {
    const schema = await createSchema();
    const told: string[] = [];
    for (const [place, role] of accessRules(schema)) {
      const [type, name] = place.split('.') as [string, string];
      const owner = schema.getType(type) as GraphQLObjectType;
      const isRoot = ['Mutation', 'Subscription'].includes(type);
      // Of what only analysts may read at all, the way to it was noted.
      const isOwn = [owner.astNode, ...owner.getInterfaces().map(({ astNode }) => astNode)].some((node) =>
        node?.directives?.some((each) => each.name.value === 'access' && !print(each).includes('READER')),
      );
      if (role === 'READER' || isRoot || isOwn || patientRows.has(type)) continue;
      const kind = getNamedType(owner.getFields()[name]!.type).name.replace(/Connection$/, '');
      if (!patientRows.has(kind) && !(place in wholes)) told.push(place);
    }
    const ofNoPatient = [
      'Cohort.jobs',
      'Model.job',
      'Model.specification',
      'OutcomeImport.addedCount',
      'OutcomeImport.outcomeCount',
      'OutcomeImport.patientCount',
      'OutcomeImport.unknownCount',
      'Query.apiKeys',
      'Query.auditEntries',
      'Query.grants',
      'Query.objects',
      'Study.job',
      'Study.report',
      'StudyComparison.differences',
    ];
    expect(told.filter((place) => !ofNoPatient.includes(place))).toEqual([]);
    expect(told).toContain('Cohort.jobs');
  });

  test('that is refused is written down; of aggregates, or of what is not there, it is not', async () => {
    const written = await entriesOf(async () => {
      await as(['reader:alpha'], `{ cohort(id: "${alpha.id}") { patients { totalCount } } }`);
      await as(['analyst:beta'], `{ patient(id: "${north().patient}") { site } }`);
      await run(`{ cohort(id: "${alpha.id}") { patientCount key models { totalCount } } }`);
    });
    expect(written).toMatchObject([{ action: 'read', outcome: 'FORBIDDEN', cohortId: null }]);
  });

  test('a hundred at once keep the chain, from two processes', async () => {
    const other = await server.startBeside();
    const query = `{ patient(id: "${north().patient}") { site } }`;
    const written = await entriesOf(async () => {
      await Promise.all(
        Array.from({ length: 60 }, (_, n) =>
          n % 6 === 0
            ? run(`mutation { createCohort(input: { key: "at-once-${n}" }) { id } }`)
            : (n % 2 ? server : other).post({ query }),
        ),
      );
      await other.halt();
    });
    expect(written).toHaveLength(60);
    expect(new Set(written.map(({ sequence }) => sequence)).size).toBe(60);
  });
});

test('exports, uploads, reports and imports are written down', async () => {
  const bytes = niftiBytes();
  const written = await entriesOf(async () => {
    const answer = await fetch(`${server.url}/export/alpha/${encodeURIComponent(sitedProfile)}.csv`, {
      headers: server.signedIn,
    });
    expect((await answer.text()).split('\n').length).toBeGreaterThan(2);
    expect((await upload(server, bytes, 'volume.nii')).status).toBeLessThan(300);
    const settings = { DATABASE_URL: server.database.url, NOMOGRAPH_DATA: server.directory };
    expect(await runCommand(['export', 'alpha', '--profile', sitedProfile], settings)).toMatchObject({
      code: 0,
    });
    const table = join(server.directory, 'table.csv');
    await writeFile(table, 'patient,age\nP1,60\n');
    expect(await runCommand(['import', table, '--cohort', 'imported'], settings)).toMatchObject({ code: 0 });
    const report = await fetch(`${server.url}${alpha.reportFile}`, { headers: server.signedIn });
    expect(report.status).toBe(200);
  });
  expect(written).toMatchObject([
    { principal: 'development', action: 'export', cohortId: alpha.id, details: { format: 'csv' } },
    { principal: 'development', action: 'upload', objectKind: 'StoredObject', objectId: sha256(bytes) },
    { principal: expect.stringMatching(/^command:/), action: 'export', cohortId: alpha.id },
    { principal: expect.stringMatching(/^command:/), action: 'import', details: { patients: 1 } },
    { action: 'readReport', objectKind: 'Study', objectId: alpha.study, cohortId: alpha.id },
  ]);
});

describe('the log', () => {
  const settings = () => ({ DATABASE_URL: server.database.url, NOMOGRAPH_DATA: server.directory });
  const verify = (...more: string[]) => runCommand(['audit', 'verify', ...more], settings());

  test('is told to who administers, as far as they do', async () => {
    await server.nomograph.platform.auditLog.flush();
    const all = await entries();
    const of = async (grants: readonly string[]) =>
      entries('', { authorization: `Bearer ${await issuer.token(grants)}` });
    expect(await of(['admin:beta'])).toEqual(all.filter(({ cohortId }) => cohortId === beta.id));
    expect(await of(['admin:alpha:north'])).toEqual([]);
    expect((await as(['curator:*'], '{ auditEntries { totalCount } }')).body.errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(await entries(`filter: { action: "export", cohortId: "${alpha.id}" }`)).toHaveLength(2);
    expect(await entries('filter: { from: "2100-01-01T00:00:00Z" }')).toEqual([]);
  });

  test('can be checked by anybody who has it, from its entries alone', async () => {
    let previous = '0'.repeat(64);
    for (const { hash, ...entry } of await entries()) {
      const sorted = (value: unknown): unknown =>
        value && typeof value === 'object' && !Array.isArray(value)
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, inner]) => [key, sorted(inner)]),
            )
          : Array.isArray(value)
            ? value.map(sorted)
            : value;
      expect(entry.previousHash).toBe(previous);
      expect(
        createHash('sha256')
          .update(JSON.stringify(sorted(entry)))
          .digest('hex'),
      ).toBe(hash);
      previous = hash;
    }
  });

  test('takes no change, not even from the owner of its table', async () => {
    const { dataSource } = server.nomograph.platform;
    for (const sql of [
      `update audit_entry set outcome = 'x' where sequence = 1`,
      'delete from audit_entry where sequence = 1',
      'truncate audit_entry',
      'update audit_head set sequence = 1',
      'delete from audit_head',
      `set session_replication_role = replica; delete from audit_entry`,
    ])
      await expect(dataSource.query(sql), sql).rejects.toThrow('append-only');
  });

  test('is verified by a command, and where somebody got around all that, the first broken link is named', async () => {
    const { dataSource } = server.nomograph.platform;
    const sound = await verify();
    expect(sound).toMatchObject({ code: 0 });
    const { entries: count, end } = JSON.parse(sound.stdout);
    expect(count).toBeGreaterThan(80);
    expect(await verify('--anchor', end)).toMatchObject({ code: 0 });

    /** What the command says of the log after a forgery, which is taken back. */
    const forged = async (sql: string, ...more: string[]) => {
      for (const table of ['audit_entry', 'audit_head'])
        await dataSource.query(`create table kept_${table} as table ${table}`);
      try {
        await dataSource.query(
          `alter table audit_entry disable trigger user; alter table audit_head disable trigger user; ${sql}`,
        );
        return (await verify(...more)).stderr;
      } finally {
        for (const table of ['audit_entry', 'audit_head'])
          await dataSource.query(
            `delete from ${table}; insert into ${table} table kept_${table}; drop table kept_${table};
             alter table ${table} enable trigger user`,
          );
      }
    };
    expect(await forged(`update audit_entry set principal = 'user:else' where sequence = 7`)).toMatch(
      /^AUDIT_BROKEN: entry 7 of the audit log is not what was written/,
    );
    expect(await forged('delete from audit_entry where sequence = 9')).toMatch(/entry 9 .* is missing/);
    expect(
      await forged(
        `update audit_entry set sequence = -5 where sequence = 5; update audit_entry set sequence = 5 where sequence = 6;
         update audit_entry set sequence = 6 where sequence = -5`,
      ),
    ).toMatch(/entry 5 .* does not follow/);
    expect(await forged(`delete from audit_entry where sequence = ${count}`)).toMatch(
      new RegExp(`entry ${count} .* is missing`),
    );
    // A log that ends earlier, and says so, is sound in itself; the note of its end is what tells.
    const shorter = `delete from audit_entry where sequence = ${count};
      update audit_head set (sequence, hash) = (select sequence, hash from audit_entry where sequence = ${count - 1})`;
    expect(await forged(shorter)).toBe('');
    expect(await forged(shorter, '--anchor', end)).toMatch(new RegExp(`entry ${count} .* is missing`));
    expect(await verify('--anchor', `3:${'a'.repeat(64)}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('entry 3 of the audit log is not the one that was noted'),
    });
    expect(await verify('--anchor', 'nonsense')).toMatchObject({ code: 2 });
    expect(await verify()).toMatchObject({ code: 0, stdout: sound.stdout });
  });
});
