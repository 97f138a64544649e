import { stat } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StudyResult } from '../../src/engine/study/index.ts';
import { addRois, addScans, cohortWithPatients, keep } from '../support/cohort-of-scans.ts';
import { Issuer } from '../support/issuer.ts';
import { eventsOf, startFit } from '../support/job-events.ts';
import { TestServer } from '../support/server.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';
import { idsOf, tracesOf } from '../support/traces.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

const size = 60;
/** Somebody was erased before the others. */
const left = size - 1;
let issuer: Issuer;
let server: TestServer;
let cohortId: string;
let subjects: readonly string[];
let patientIds: ReadonlyMap<string, string>;
let elsewhere: string;
let study: string;
let model: string;
const files: Record<'own' | 'mask' | 'shared', string> = { own: '', mask: '', shared: '' };
/** Every text that tells of some of the patients, and the pseudonyms of all. */
const marks = new Set<string>();
let before: { result: StudyResult; resultHash: string };

const settings = {
  endpoints: [{ name: 'OS' }],
  sources: studySources,
  covariates: ['age', 'invasion'],
  horizons: [12, 24],
  folds: { count: 4 },
};
const sql = (text: string, parameters: unknown[] = []) =>
  server.nomograph.platform.dataSource.query(text, parameters);
const readStudy = async () =>
  (await sql('select result, result_hash as "resultHash" from study where id = $1', [study]))[0];

beforeAll(async () => {
  issuer = await Issuer.start();
  server = await TestServer.start({ oidc: issuer.settings });
  const fixture = studyFixture(3, size, 12);
  subjects = fixture.data.subjects.map((subject) => `SUBJECT-0x7f3a-${subject}`);
  const cohort = await cohortOfStudy(server, 'alpha', {
    ...fixture,
    data: { ...fixture.data, subjects: [...subjects] },
  });
  ({ cohortId, patientIds } = cohort);
  const other = await cohortWithPatients(server, 'beta', ['somebody']);
  elsewhere = other.patientIds[0]!;
  Object.assign(files, {
    own: await keep(server, imageFile(1)),
    shared: await keep(server, imageFile(2)),
    mask: await keep(server, maskFile()),
  });
  const [one, two] = [patientIds.get(subjects[1]!), patientIds.get(subjects[2]!)];
  const added = await server.client.run<{ addScans: { id: string }[] }>(addScans, {
    scans: [
      { patientId: one, modality: 'PT', imageSha256: files.own },
      { patientId: two, modality: 'PT', imageSha256: files.own },
      { patientId: two, modality: 'US', imageSha256: files.shared },
      { patientId: elsewhere, modality: 'US', imageSha256: files.shared },
    ],
  });
  await server.client.run(addRois, {
    rois: [{ scanId: added.addScans[0]!.id, reader: 'r1', maskSha256: files.mask }],
  });
  study = await createStudy(server, {
    ...settings,
    cohortId,
    name: 'the study',
    replicates: 2,
    split: {
      given: {
        training: subjects.filter((_subject, row) => row % 3 !== 0),
        validation: subjects.filter((_subject, row) => row % 3 === 0),
      },
    },
  });
  await eventsOf(server, await startStudy(server, study));
  const fit = await startFit(server, { cohortId, endpoint: 'OS', covariates: ['age'] });
  model = (await eventsOf(server, fit)).at(-1)?.modelId as string;
  await server.client.run('mutation ($id: ID!) { createStudyReport(id: $id) { path } }', { id: study });
  await server.client.run('mutation ($id: ID!) { erasePatient(id: $id, reason: "x") { reason } }', {
    id: patientIds.get(subjects[0]!),
  });
  await server.client.run('mutation ($id: ID!) { createStudyReport(id: $id) { path } }', { id: study });
  before = await readStudy();
  for (const subject of subjects) marks.add(subject);
  for (const subject of subjects.slice(1, 5))
    for (const id of await idsOf(server, patientIds.get(subject)!)) marks.add(id);
  marks.add(files.own).add(files.mask);

  // What logs of jobs may say of patients: more events than are read at once.
  const details = { subject: subjects[1] };
  const failure = { code: 'INPUT_INVALID', message: `patient ${subjects[1]} has several vectors`, details };
  const [{ id: failed }] = await sql(
    `insert into job (id, kind, cohort_id, specification, content_key, failure) values (gen_random_uuid(), 'EXTRACTION', $1, '{}', repeat('a', 64), $2) returning id`,
    [cohortId, JSON.stringify(failure)],
  );
  const vectors: { roi: string; vector: string }[] = await sql(
    'select roi_id as roi, id as vector from feature_vector where patient_id = any ($1)',
    [[...patientIds.values()]],
  );
  const extracted = vectors.map(({ roi, vector }) => ({
    type: 'RoiExtracted',
    roiId: roi,
    featureVectorId: vector,
    reused: false,
  }));
  const { events } = server.nomograph.platform;
  for (let n = 0; n < 10; n++) await events.append(failed, extracted as never);
  await events.append(failed, [{ type: 'JobFailed', failure }] as never, { state: 'FAILED' });
}, 120_000);
afterAll(async () => {
  await server.stop();
  await issuer.stop();
});

const erase = async (key = 'alpha', grant?: string) => {
  const headers = grant ? { authorization: `Bearer ${await issuer.token([grant])}` } : server.signedIn;
  const { body } = await server.post(
    {
      query:
        'mutation ($id: ID!, $key: String!) { eraseCohort(id: $id, key: $key, reason: "as agreed") { id kind } }',
      variables: { id: cohortId, key },
    },
    headers,
  );
  return body;
};
const jobOf = async (answer: ReturnType<typeof erase>) =>
  ((await answer).data as { eraseCohort: { id: string } }).eraseCohort.id;
const codesOf = async (answer: ReturnType<typeof erase>) =>
  (await answer).errors?.map(({ extensions }) => extensions.code);
const patientCount = async () =>
  (await sql('select count(*)::integer as count from patient where cohort_id = $1', [cohortId]))[0].count;
const isThere = (sha256: string) =>
  stat(server.nomograph.platform.objects.path(sha256)).then(
    () => true,
    () => false,
  );

describe('erasing a cohort', () => {
  test('is for administrators of all of it, who name it twice', async () => {
    for (const grant of ['curator:alpha', 'admin:alpha:north', 'reader:*'])
      expect(await codesOf(erase('alpha', grant)), grant).toEqual(['FORBIDDEN']);
    expect(await codesOf(erase('alpha', 'admin:beta'))).toEqual(['NOT_FOUND']);
    for (const key of ['beta', 'Alpha', '']) expect(await codesOf(erase(key))).toEqual(['INPUT_INVALID']);
    expect(await patientCount()).toBe(left);
    expect(await sql(`select from job where kind = 'COHORT_ERASURE'`)).toEqual([]);
  });

  test('can be cancelled by administrators until it is done, and then has done nothing', async () => {
    const holder = new pg.Client(server.database.url);
    await holder.connect();
    await holder.query(
      `create function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4711); return new; end $$;
       create trigger hold before insert on erasure for each row execute function hold();
       select pg_advisory_lock(4711)`,
    );
    const traces = async () =>
      (await tracesOf(server, marks)).filter((trace) => !/audit_|pgboss/.test(trace)).sort();
    const there = await traces();
    expect(there.length).toBeGreaterThan(100);
    const job = await jobOf(erase());
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`;
    await expect.poll(async () => (await holder.query(waiting)).rowCount, { timeout: 10_000 }).toBe(1);
    const cancel = async (grant: string) =>
      server.post(
        { query: `mutation { cancelJob(jobId: "${job}") { state } }` },
        { authorization: `Bearer ${await issuer.token([grant])}` },
      );
    expect((await cancel('curator:alpha')).body.errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    expect((await cancel('admin:alpha')).body.data).toEqual({ cancelJob: { state: 'CANCELLED' } });
    await holder.query('select pg_advisory_unlock(4711)');
    // The function goes when nobody uses it any longer.
    await holder.query('drop trigger hold on erasure; drop function hold()');
    await holder.end();
    expect((await eventsOf(server, job)).at(-1)?.__typename).toBe('JobCancelled');
    expect(await traces()).toEqual(there);
    expect(await isThere(files.own)).toBe(true);
  });

  test('cancels other jobs, and tells when it is done', async () => {
    const long = await createStudy(server, { ...settings, cohortId, name: 'long', pipelineReplicates: 500 });
    const running = await startStudy(server, long);
    await expect
      .poll(() => sql(`select state from job where id = $1`, [running]), { timeout: 10_000 })
      .toEqual([{ state: 'RUNNING' }]);
    const job = await jobOf(erase('alpha', 'admin:alpha'));
    const events = await eventsOf(server, job);
    expect(events.map(({ __typename }) => __typename)).toEqual([
      'JobQueued',
      'JobStarted',
      'JobProgress',
      'CohortErased',
    ]);
    expect(events.at(-1)).toMatchObject({ patientCount: left });
    expect((await eventsOf(server, running)).at(-1)?.__typename).toBe('JobCancelled');
    expect(await patientCount()).toBe(0);
  });

  test('leaves nothing of any patient anywhere, and what other cohorts have as it was', async () => {
    await server.nomograph.platform.auditLog.flush();
    const traces = await tracesOf(server, marks);
    // The tombstones have identifiers, which lead nowhere.
    expect(traces.filter((trace) => !/^public\.(erasure|audit_entry): /.test(trace))).toEqual([]);
    expect(traces.filter((trace) => trace.includes('SUBJECT'))).toEqual([]);
    expect([await isThere(files.own), await isThere(files.mask), await isThere(files.shared)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(await server.client.run(`{ patient(id: "${elsewhere}") { scans { image { sha256 } } } }`)).toEqual(
      {
        patient: { scans: [{ image: { sha256: files.shared } }] },
      },
    );
  });

  test('leaves what was made of all, marked, without what was said of anybody', async () => {
    const told = await server.client.run(
      `{ study(id: "${study}") { erasedPatients subjects { subjectKey } report { path } cohortVersion { number isCurrent } }
         model(id: "${model}") { erasedPatients predictions { totalCount } }
         cohort(key: "alpha") { patientCount studies { totalCount } } }`,
    );
    expect(told).toEqual({
      study: {
        erasedPatients: size,
        subjects: [
          { subjectKey: 'erased-1' },
          ...subjects.slice(1).map((_subject, place) => ({ subjectKey: `erased-${place + 2}` })),
        ],
        report: [],
        cohortVersion: { number: 1, isCurrent: false },
      },
      model: { erasedPatients: size, predictions: { totalCount: 0 } },
      cohort: { patientCount: 0, studies: { totalCount: 2 } },
    });
    const { result, resultHash } = await readStudy();
    expect(resultHash).toBe(before.resultHash);
    for (const [e, endpoint] of before.result.endpoints.entries())
      for (const [m, { result: fitted }] of endpoint.models.entries())
        expect(result.endpoints[e].models[m].result).toEqual(fitted && { ...fitted, predictions: [] });
    const [{ predictions }] = await sql(
      `select result -> 'predictions' as predictions from model where id = $1`,
      [model],
    );
    expect(predictions).toEqual([]);
  });

  test('leaves of each patient what erasing one leaves', async () => {
    const { erasePatient } = await server.client.run<{ erasePatient: object }>(
      'mutation ($id: ID!) { erasePatient(id: $id, reason: "again") { cohortId reason erasedBy studyCount modelCount objectCount } }',
      { id: patientIds.get(subjects[1]!) },
    );
    expect(erasePatient).toEqual({
      cohortId,
      reason: 'as agreed',
      erasedBy: 'user:somebody',
      // That which did not run named nobody.
      studyCount: 1,
      modelCount: expect.any(Number),
      objectCount: expect.any(Number),
    });
    // An image and a mask were two patients' and nobody else's, and so was the report.
    const [{ count }] = await sql(
      `select sum(object_count)::integer as count from erasure where patient_id <> $1`,
      [patientIds.get(subjects[0]!)],
    );
    expect(count).toBeGreaterThan(10);
    expect(await sql('select from object_removal')).toEqual([]);
  });

  test('is in the audit log, with those who were refused', async () => {
    const { auditEntries } = await server.client.run<{ auditEntries: { edges: { node: object }[] } }>(
      '{ auditEntries(filter: { action: "eraseCohort" }) { edges { node { outcome principal objectKind objectId details } } } }',
    );
    const nodes = auditEntries.edges.map(({ node }) => node);
    const entry = { objectKind: 'Cohort', objectId: cohortId, principal: 'user:somebody' };
    expect(nodes).toContainEqual({ ...entry, outcome: 'OK', details: { reason: 'as agreed' } });
    expect(nodes).toContainEqual({ ...entry, outcome: 'FORBIDDEN', details: null });
  });

  test('again finds nobody; the cohort takes new patients', async () => {
    expect((await eventsOf(server, await jobOf(erase()))).at(-1)).toMatchObject({
      __typename: 'CohortErased',
      patientCount: 0,
    });
    await server.client.run(
      'mutation ($id: ID!) { addPatients(cohortId: $id, patients: [{ subjectKey: "new" }]) { id } }',
      { id: cohortId },
    );
    expect(await patientCount()).toBe(1);
  });
});
