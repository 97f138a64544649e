import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StudyResult } from '../../src/engine/study/index.ts';
import { addRois, addScans, keep } from '../support/cohort-of-scans.ts';
import { Issuer } from '../support/issuer.ts';
import { eventsOf, startFit } from '../support/job-events.ts';
import { TestServer } from '../support/server.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';
import { idsOf, tracesOf } from '../support/traces.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

const victim = 'VICTIM-0x7f3a';
const others = 69;
/** The patient's place in studies, whose rows are in the order of the subject keys. */
const place = 69;
let issuer: Issuer;
let server: TestServer;
let cohortId: string;
let patientId: string;
let bystander: string;
let study: string;
let model: string;
let job: string;
/** Every text that tells of the patient: the pseudonym, identifiers, and hashes of files of nobody else's. */
const marks = new Set<string>([victim]);
const files: Record<'own' | 'shared' | 'mask', string> = { own: '', shared: '', mask: '' };
let before: { result: StudyResult; resultHash: string };

beforeAll(async () => {
  issuer = await Issuer.start();
  server = await TestServer.start({ oidc: issuer.settings });
  const { dataSource, events } = server.nomograph.platform;
  const fixture = studyFixture(3, 70, 24);
  const subjects = fixture.data.subjects.map((subject, row) => (row === 20 ? victim : subject));
  const cohort = await cohortOfStudy(server, 'alpha', { ...fixture, data: { ...fixture.data, subjects } });
  cohortId = cohort.cohortId;
  patientId = cohort.patientIds.get(victim) as string;
  bystander = cohort.patientIds.get(subjects[0]!) as string;

  Object.assign(files, {
    own: await keep(server, imageFile(1)),
    shared: await keep(server, imageFile(2)),
    mask: await keep(server, maskFile()),
  });
  const scans = [
    { patientId, modality: 'PT', imageSha256: files.own },
    { patientId, modality: 'US', imageSha256: files.shared },
    { patientId: bystander, modality: 'US', imageSha256: files.shared },
  ];
  const added = await server.client.run<{ addScans: { id: string }[] }>(addScans, { scans });
  await server.client.run(addRois, {
    rois: [{ scanId: added.addScans[0]!.id, reader: 'r1', maskSha256: files.mask }],
  });

  study = await createStudy(server, {
    cohortId,
    name: 'the study',
    endpoints: [{ name: 'OS' }],
    sources: studySources,
    covariates: ['age', 'invasion'],
    horizons: [12, 24],
    folds: { count: 5 },
    replicates: 2,
    pipelineReplicates: 1,
    split: {
      given: {
        training: subjects.filter((_subject, row) => row % 3 !== 0),
        validation: subjects.filter((_subject, row) => row % 3 === 0),
      },
    },
  });
  job = await startStudy(server, study);
  await eventsOf(server, job);
  const fit = await startFit(server, { cohortId, endpoint: 'OS', covariates: ['age'] });
  model = (await eventsOf(server, fit)).at(-1)?.modelId as string;
  await server.client.run('mutation ($id: ID!) { createStudyReport(id: $id) { path } }', { id: study });
  before = await readStudy();
  expect(before.result.endpoints.flatMap(({ models }) => models).some(({ result }) => result)).toBe(true);

  // What logs of jobs may say of a patient.
  const [{ roi, vector }] = await dataSource.query(
    'select roi_id as roi, id as vector from feature_vector where patient_id = $1 limit 1',
    [patientId],
  );
  const details = { subject: victim, profile: 'p' };
  const failure = { code: 'INPUT_INVALID', message: `patient ${victim} has several vectors`, details };
  const [{ id: failed }] = await dataSource.query(
    `insert into job (id, kind, cohort_id, specification, content_key, failure) values (gen_random_uuid(), 'EXTRACTION', $1, '{}', repeat('a', 64), $2) returning id`,
    [cohortId, JSON.stringify(failure)],
  );
  await events.append(
    failed,
    [
      { type: 'RoiExtracted', roiId: roi, featureVectorId: vector, reused: false },
      { type: 'RoiFailed', roiId: roi, failure },
      { type: 'JobFailed', failure },
    ] as never,
    { state: 'FAILED' },
  );

  for (const id of await idsOf(server, patientId)) marks.add(id);
  marks.add(files.own).add(files.mask);
  expect(marks.size).toBeGreaterThan(12);
}, 120_000);
afterAll(async () => {
  await server.stop();
  await issuer.stop();
});

async function readStudy() {
  const [row] = await server.nomograph.platform.dataSource.query(
    'select result, result_hash as "resultHash" from study where id = $1',
    [study],
  );
  return row as { result: StudyResult; resultHash: string };
}

const erase = (id: string, headers = server.signedIn) =>
  server.post(
    {
      query:
        'mutation ($id: ID!) { erasePatient(id: $id, reason: "as asked for") { patientId cohortId reason erasedBy erasedAt studyCount modelCount objectCount } }',
      variables: { id },
    },
    headers,
  );
const as = async (grant: string) => ({ authorization: `Bearer ${await issuer.token([grant])}` });
const codesOf = async (answer: ReturnType<typeof erase>) =>
  (await answer).body.errors?.map(({ extensions }) => extensions.code);

const traces = () => tracesOf(server, marks);

const isThere = (sha256: string) =>
  stat(server.nomograph.platform.objects.path(sha256)).then(
    () => true,
    () => false,
  );

describe('erasing a patient', () => {
  test('is for administrators of the patient; to others the patient is refused, or unknown', async () => {
    const { dataSource } = server.nomograph.platform;
    await dataSource.query(`update patient set site = 'north' where id = $1`, [patientId]);
    for (const grant of ['curator:alpha', 'reader:*'])
      expect(await codesOf(erase(patientId, await as(grant)))).toEqual(['FORBIDDEN']);
    expect(await codesOf(erase(patientId, await as('admin:beta')))).toEqual(['NOT_FOUND']);
    expect(await codesOf(erase(patientId, await as('admin:alpha:south')))).toEqual(['NOT_FOUND']);
    expect(await codesOf(erase('01900000-0000-7000-8000-000000000000'))).toEqual(['NOT_FOUND']);
    expect((await traces()).length).toBeGreaterThan(20);
  });

  test('that is cut off before its end has done nothing', async () => {
    const { dataSource } = server.nomograph.platform;
    const count = async () => (await traces()).filter((trace) => !trace.includes('audit_')).sort();
    const there = await count();
    await dataSource.query(
      `create function hold() returns trigger language plpgsql as $$ begin perform pg_sleep(30); return new; end $$;
       create trigger hold before insert on erasure for each row execute function hold()`,
    );
    const cut = erase(patientId);
    const waiting = `select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
    while ((await dataSource.query(waiting)).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await codesOf(cut)).toEqual(['INTERNAL']);
    await dataSource.query('drop trigger hold on erasure; drop function hold()');
    expect(server.loggedErrors.splice(0).join()).not.toContain(victim);
    expect(await count()).toEqual(there);
    expect(await isThere(files.own)).toBe(true);
  });

  test('whose files could not be removed goes on with them at the next start', async () => {
    const { objects } = server.nomograph.platform;
    const own = objects.path(files.own);
    const { mkdir, rename, rm } = await import('node:fs/promises');
    await rename(own, `${own}.aside`);
    await mkdir(join(own, 'in the way'), { recursive: true });
    expect(await codesOf(erase(patientId, await as('admin:alpha:north')))).toEqual(['INTERNAL']);
    expect(server.loggedErrors.splice(0).join()).not.toContain(victim);
    await rm(own, { recursive: true });
    await rename(`${own}.aside`, own);
    expect(await isThere(files.own)).toBe(true);
    await server.restart();
    expect(await isThere(files.own)).toBe(false);
  });

  test('leaves nothing of the patient anywhere, and what others have as it was', async () => {
    await server.nomograph.platform.auditLog.flush();
    const left = (await traces()).filter((trace) => !/^public\.(erasure|audit_entry): /.test(trace));
    expect(left).toEqual([]);
    // The tombstone has the identifier, which leads nowhere, and no more.
    expect((await traces()).map((trace) => trace.split(': ')[1])).not.toContain(victim);
    expect(await isThere(files.mask)).toBe(false);
    expect(await isThere(files.shared)).toBe(true);
    const { patient, cohort } = await server.client.run<Record<string, unknown>>(
      `{ patient(id: "${patientId}") { id } cohort(id: "${cohortId}") { patientCount } }`,
    );
    expect([patient, cohort]).toEqual([null, { patientCount: others }]);
    const kept = await server.client.run<{ patient: { scans: unknown[] } }>(
      `{ patient(id: "${bystander}") { scans { image { sha256 } } } }`,
    );
    expect(kept.patient.scans).toContainEqual({ image: { sha256: files.shared } });
  });

  test('leaves what was made of all, marked, without what was said of the patient', async () => {
    const told = await server.client.run<{
      study: { erasedPatients: number; subjects: { subjectKey: string }[]; report: unknown[] };
      model: { erasedPatients: number; predictions: { totalCount: number } };
    }>(
      `{ study(id: "${study}") { erasedPatients subjects { subjectKey } report { path } specification { split { ... on GivenSplit { training validation } } } }
         model(id: "${model}") { erasedPatients predictions { totalCount } } }`,
    );
    expect(told.study).toMatchObject({ erasedPatients: 1, report: [] });
    expect(told.study.subjects).toHaveLength(others + 1);
    expect(told.study.subjects[place]).toEqual({ subjectKey: 'erased-1' });
    expect(JSON.stringify(told)).toContain('erased-1');
    expect(told.model).toEqual({ erasedPatients: 1, predictions: { totalCount: others } });

    const { result, resultHash } = await readStudy();
    expect(resultHash).toBe(before.resultHash);
    for (const [e, endpoint] of before.result.endpoints.entries())
      for (const [m, { result: fitted }] of endpoint.models.entries()) {
        if (!fitted) continue;
        const now = result.endpoints[e]!.models[m]!.result!;
        expect(now.predictions).toEqual(fitted.predictions.filter(({ row }) => row !== place));
        expect({ ...now, predictions: [] }).toEqual({ ...fitted, predictions: [] });
      }
    // The rows that are left are those of whom they were: of the model by itself too, whose rows have no names.
    const [{ result: alone }] = await server.nomograph.platform.dataSource.query(
      'select result from model where id = $1',
      [model],
    );
    const stored: { linear: number }[] = await server.nomograph.platform.dataSource.query(
      'select linear_predictor as linear from prediction where model_id = $1 order by id',
      [model],
    );
    expect(
      (alone as { predictions: { linearPredictor: number }[] }).predictions.map(
        (each) => each.linearPredictor,
      ),
    ).toEqual(stored.map(({ linear }) => linear));
  });

  test('again gives what it gave, to who may know', async () => {
    const { body } = await erase(patientId);
    expect(body.data?.erasePatient).toMatchObject({
      patientId,
      cohortId,
      reason: 'as asked for',
      erasedBy: 'user:somebody',
      studyCount: 1,
      objectCount: expect.any(Number),
    });
    expect(await codesOf(erase(patientId, await as('admin:beta')))).toEqual(['NOT_FOUND']);
  });

  test('is in the audit log, which is whole', async () => {
    const { auditEntries } = await server.client.run<{ auditEntries: { edges: { node: object }[] } }>(
      `{ auditEntries(filter: { action: "erasePatient", objectId: "${patientId}" }) { edges { node { outcome principal cohortId details } } } }`,
    );
    expect(auditEntries.edges.map(({ node }) => node)).toContainEqual({
      outcome: 'OK',
      principal: 'user:somebody',
      cohortId,
      details: { reason: 'as asked for' },
    });
  });

  test('leaves the report to be written anew, and the study not to be run again', async () => {
    const { createStudyReport } = await server.client.run<{ createStudyReport: unknown[] }>(
      'mutation ($id: ID!) { createStudyReport(id: $id) { path } }',
      { id: study },
    );
    expect(createStudyReport.length).toBeGreaterThan(10);
    expect((await traces()).map((trace) => trace.split(': ')[1])).not.toContain(victim);
    const { body } = await server.post({ query: `mutation { runStudy(id: "${study}") { id } }` });
    expect(body.errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  test('cancels what runs on the cohort, which would bring the data back', async () => {
    const { dataSource } = server.nomograph.platform;
    const again = await createStudy(server, {
      cohortId,
      name: 'a long one',
      endpoints: [{ name: 'OS' }],
      sources: studySources,
      folds: { count: 5 },
      pipelineReplicates: 500,
    });
    const running = await startStudy(server, again);
    const isRunning = `select from job where id = $1 and state = 'RUNNING'`;
    while ((await dataSource.query(isRunning, [running])).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await erase(bystander)).body.errors).toBeUndefined();
    expect((await eventsOf(server, running)).at(-1)?.__typename).toBe('JobCancelled');
    expect(
      await dataSource.query('select from study where id = $1 and completed_at is not null', [again]),
    ).toEqual([]);
  });

  test('at once, by two, erases once', async () => {
    const [{ id }] = await server.nomograph.platform.dataSource.query(
      'select id from patient where cohort_id = $1 limit 1',
      [cohortId],
    );
    const answers = await Promise.all([erase(id), erase(id), erase(id)]);
    const given = answers.map(({ body }) => body.data?.erasePatient);
    expect(given[0]).toMatchObject({ patientId: id });
    expect(given).toEqual([given[0], given[0], given[0]]);
  });
});
