import { truncate } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addRois, addScans, keep } from '../support/cohort-of-scans.ts';
import { eventsOf, startExtraction, startFit } from '../support/job-events.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { TestServer } from '../support/server.ts';
import { upload } from '../support/tus.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

/** What must never be in a log: who a patient is, what is known of one, what somebody signs in with or sends. */
const canaries = ['CANARY', '777123.4375', '913.1875', Buffer.from('CANARY').toString('base64').slice(0, 7)];
let server: TestServer;
let cohortId: string;
let patientId: string;

beforeAll(async () => {
  server = await TestServer.start();
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation { createCohort(input: { key: "quiet", covariates: [{ name: "age", kind: NUMERIC }, { name: "town", kind: CATEGORICAL }] }) { id } }',
  );
  cohortId = createCohort.id;
  const answer = await add(['CANARY-subject', ...Array.from({ length: 9 }, (_, n) => `CANARY-${n}`)]);
  patientId = (answer.body.data as { addPatients: { id: string }[] }).addPatients[0]!.id;
});
afterAll(() => server.stop());

function add(subjects: readonly string[]) {
  return server.post({
    query:
      'mutation ($id: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $id, patients: $patients) { id } }',
    variables: {
      id: cohortId,
      patients: subjects.map((subjectKey, n) => ({
        subjectKey,
        site: 'CANARY-site',
        covariates: [
          { name: 'age', number: 777123.4375 + n },
          { name: 'town', level: 'CANARY-town' },
        ],
        outcomes: [{ endpoint: 'OS', time: 913.1875 + n, event: n % 2 === 0 }],
      })),
    },
  });
}

/** Breaks the database in a way while something is done. */
async function whileBroken(breaks: string, mends: string, work: () => Promise<unknown>): Promise<void> {
  const { dataSource } = server.nomograph.platform;
  await dataSource.query(breaks);
  try {
    await work();
  } finally {
    await dataSource.query(mends);
  }
}

/** Each has the program write of errors, or of refusals, that have to do with patients' values. */
const faults: Readonly<Record<string, () => Promise<unknown>>> = {
  'a row that the database refuses': () =>
    whileBroken(
      `alter table patient add constraint refused check (subject_key <> 'CANARY-refused') not valid`,
      'alter table patient drop constraint refused',
      () => add(['CANARY-refused']),
    ),
  'a row that is there already, by a constraint that is not known': () =>
    whileBroken('create unique index twice on outcome (time)', 'drop index twice', () =>
      add(['CANARY-twice']),
    ),
  'a value of another type than its definition': () =>
    whileBroken(
      `update patient set covariates = covariates || '{"age": "CANARY-age"}' where subject_key = 'CANARY-1'`,
      `update patient set covariates = covariates || '{"age": 1}' where subject_key = 'CANARY-1'`,
      () =>
        server.post({
          query: `{ cohort(id: "${cohortId}") { patients(filter: { covariate: { name: "age", is: { range: { from: 777123.4375 } } } }) { totalCount } } }`,
        }),
    ),
  'a table that is gone in the middle of a job': () =>
    whileBroken(
      'alter table prediction rename to elsewhere',
      'alter table elsewhere rename to prediction',
      async () => eventsOf(server, await startFit(server, { cohortId, endpoint: 'OS', covariates: ['age'] })),
    ),
  'a connection that breaks in the middle of a change': () =>
    whileBroken(
      `create function hold() returns trigger language plpgsql as $$ begin perform pg_sleep(20); return new; end $$;
       create trigger hold before insert on patient for each row execute function hold()`,
      'drop trigger hold on patient; drop function hold()',
      async () => {
        const cut = add(['CANARY-cut']);
        const { dataSource } = server.nomograph.platform;
        const end = `select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
        while ((await dataSource.query(end)).length === 0)
          await new Promise((resolve) => setTimeout(resolve, 50));
        await cut;
      },
    ),
  'an audit log that cannot be written': () =>
    whileBroken(
      'alter table audit_entry rename to elsewhere',
      'alter table elsewhere rename to audit_entry',
      async () => {
        await add(['CANARY-unlogged']);
        await server.post({ query: `{ patient(id: "${patientId}") { subjectKey } }` });
        await new Promise((resolve) => setTimeout(resolve, 400));
      },
    ),
  'an object that is cut short under an extraction': async () => {
    const [image, mask] = [await keep(server, imageFile(5)), await keep(server, maskFile())];
    const { addScans: scans } = await server.client.run<{ addScans: { id: string }[] }>(addScans, {
      scans: [{ patientId, modality: 'CT', imageSha256: image }],
    });
    await server.client.run(addRois, {
      rois: [{ scanId: scans[0]!.id, reader: 'CANARY-reader', maskSha256: mask }],
    });
    await truncate(server.nomograph.platform.objects.path(image), 100);
    await eventsOf(server, await startExtraction(server, cohortId));
  },
  'uploads that are none': async () => {
    await upload(server, Buffer.from('CANARY is no image'), 'CANARY\r\nlevel: 50.nii');
    await upload(server, imageFile(6).subarray(0, 500), 'CANARY.nii.gz');
  },
  'documents and variables that are wrong': async () => {
    await server.post({ query: '{ patient(id: "CANARY") { id } }' });
    await server.post({ query: '{ patient(id: "CANARY" { id } }' });
    await server.post({
      query: 'query ($n: Int!) { cohort(key: "CANARY") { id } }',
      variables: { n: 'CANARY' },
    });
    await server.post('{"query": "CANARY');
    await server.post({ query: '{ cohort(key: "CANARY\\u0000") { id } }' });
    await server.post({ query: `mutation { erasePatient(id: "${cohortId}", reason: "CANARY") { reason } }` });
  },
  'credentials, addresses and headers that are none': async () => {
    for (const token of ['CANARY', 'nmg_CANARY', 'a.CANARY.b'])
      await server.post({ query: '{ viewer { id } }' }, { authorization: `Bearer ${token}` });
    for (const path of [
      '/CANARY',
      '/export/CANARY/CANARY.csv',
      '/export/quiet/CANARY.csv',
      '/studies/CANARY/report/x',
    ])
      await fetch(`${server.url}${path}?CANARY=1`, {
        headers: { ...server.signedIn, 'x-request-id': 'CANARY' },
      });
    const socket = await RawSocket.open(server.url);
    socket.send({ type: 'connection_init', payload: { authorization: 'Bearer CANARY' } });
    await socket.closed;
    const other = await RawSocket.signedIn(server);
    other.send('CANARY');
    await other.closed;
  },
};

test.each(Object.keys(faults))('nothing of a patient is in the log after: %s', async (name) => {
  const before = server.logged.length;
  await faults[name]!();
  const lines = server.logged.slice(before);
  for (const line of lines)
    for (const canary of canaries)
      if (line.includes(canary)) expect.fail(`${canary} is in ${line.slice(0, 3_000)}`);
  server.loggedErrors.length = 0;
});

test('and yet the faults are there', () => {
  const errors = server.logged.filter((line) => /^\{"level":[45]0/.test(line));
  const told = errors.join('');
  expect(errors.length).toBeGreaterThan(5);
  expect(told).toContain('"constraint":"refused"');
  expect(told).toContain('"code":"22P02"');
  expect(told).toContain('terminating connection');
  expect(told).toContain('the audit log could not be written');
  expect(told).toContain('job failed');
  expect(server.logged.join('')).toContain('sign-in refused');
});
