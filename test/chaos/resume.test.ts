import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { random } from '../../src/engine/statistics/random.ts';
import { FeatureVector } from '../../src/store/entities/index.ts';
import { cohortOfScans, type ScanFiles } from '../support/cohort-of-scans.ts';
import {
  eventsOf,
  startExtraction,
  startFit,
  subscription,
  type ToldEvent,
  watch,
} from '../support/job-events.ts';
import { watchToTheEnd } from '../support/persistent-watcher.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { TestServer } from '../support/server.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(() => server.stop());

/** Regions that take a tenth of a second and more each. */
function scans(count: number): ScanFiles[] {
  const size = [40, 40, 24] as const;
  const mask = maskFile(1, { size });
  return Array.from({ length: count }, (_, n) => ({
    subject: `P${String(n).padStart(3, '0')}`,
    image: imageFile(n, { size }),
    masks: [{ reader: 'r', bytes: mask }],
  }));
}

async function cohort(count: number): Promise<string> {
  const { cohortId } = await cohortOfScans(server, 'chaos', scans(count));
  await server.nomograph.platform.dataSource.query(
    `insert into outcome (id, patient_id, endpoint, time, event)
     select gen_random_uuid(), id, 'OS', 1 + (row_number() over (order by subject_key) * 7) % 13, true from patient where cohort_id = $1`,
    [cohortId],
  );
  return cohortId;
}

/** The log itself, read once all is over. */
const logged = (jobId: string) => eventsOf(server, jobId);
const kinds = (events: readonly ToldEvent[]) => events.map(({ __typename }) => __typename);
const inOrder = (events: readonly ToldEvent[]) => events.map((_event, index) => index + 1);

/** Every region of an extraction is told of once, and each vector that is told of is there. */
async function expectWhole(events: readonly ToldEvent[], regions: number): Promise<void> {
  const extracted = events.filter(({ __typename }) => __typename === 'RoiExtracted');
  expect(new Set(extracted.map(({ roiId }) => roiId)).size).toBe(extracted.length);
  expect(extracted).toHaveLength(regions);
  const vectors = await server.nomograph.platform.dataSource.getRepository(FeatureVector).find();
  expect(extracted.map(({ featureVectorId }) => featureVectorId).sort()).toEqual(
    vectors.map(({ id }) => id).sort(),
  );
  expect(events.filter(({ __typename }) => __typename === 'ExtractionCompleted')).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ __typename: 'ExtractionCompleted', failed: 0 });
  const { extracted: fresh, known } = events.at(-1) as unknown as { extracted: number; known: number };
  expect(fresh + known).toBe(regions);
}

test('watchers cut off at ten random moments see each event once, in order, and the result', async () => {
  const cohortId = await cohort(16);
  const extraction = await startExtraction(server, cohortId);
  const watched = await Promise.all(
    [1, 2, 3].map((seed) => watchToTheEnd(() => server, extraction, random(seed, 'cuts'), 10)),
  );
  const truth = await logged(extraction);
  expect(truth.map(({ sequence }) => sequence)).toEqual(inOrder(truth));
  for (const { events, breaks } of watched) {
    expect(breaks).toBe(10);
    expect(events).toEqual(truth);
  }
  await expectWhole(truth, 16);

  const fit = await startFit(server, {
    cohortId,
    endpoint: 'OS',
    features: [{ profile: 'pyradiomics-default', names: ['original_glcm_Idm'] }],
  });
  const { events, breaks } = await watchToTheEnd(() => server, fit, random(4, 'cuts'), 5);
  expect(breaks).toBe(5);
  expect(events).toEqual(await logged(fit));
  expect(kinds(events).slice(-1)).toEqual(['CoxFitCompleted']);
  expect(kinds(events)).toEqual(expect.arrayContaining(['ConcordanceEstimated', 'SurvivalCurveEstimated']));
});

test('a stop and start of the server in mid-job: the job goes on, and its watchers with it', async () => {
  const cohortId = await cohort(12);
  const jobId = await startExtraction(server, cohortId);
  const watching = [5, 6].map((seed) => watchToTheEnd(() => server, jobId, random(seed, 'cuts'), 5));
  for (let restarts = 0; restarts < 2; restarts++) {
    for await (const { __typename, sequence } of watch(server, jobId))
      if (__typename === 'RoiExtracted' && sequence > 4 * restarts) break;
    await server.restart();
  }
  const watched = await Promise.all(watching);
  const truth = await logged(jobId);
  for (const { events } of watched) expect(events).toEqual(truth);
  expect(truth.filter(({ __typename }) => __typename === 'JobStarted').map(({ attempt }) => attempt)).toEqual(
    [1, 2, 3],
  );
  await expectWhole(truth, 12);
});

describe('connections to the database that break', () => {
  const kill = (application: string) =>
    server.nomograph.platform.dataSource
      .query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1 and pid <> pg_backend_pid()',
        [application],
      )
      .then((rows: unknown[]) => rows.length);

  test('that of the notifications: no gap, and soon as quick as before', async () => {
    const jobId = await startExtraction(server, await cohort(12));
    const watching = [7, 8].map((seed) => watchToTheEnd(() => server, jobId, random(seed, 'cuts'), 0));
    let killed = 0;
    for await (const { __typename } of watch(server, jobId))
      if (__typename === 'RoiExtracted' && killed < 3) killed += await kill('nomograph notifications');
    expect(killed).toBeGreaterThan(0);
    const watched = await Promise.all(watching);
    const truth = await logged(jobId);
    for (const { events, breaks } of watched)
      expect({ events, breaks }).toEqual({ events: truth, breaks: 0 });
    await expectWhole(truth, 12);
  });

  test('all of them: the job is taken up again, and its watchers resume', async () => {
    const jobId = await startExtraction(server, await cohort(12));
    const watching = [9, 10].map((seed) => watchToTheEnd(() => server, jobId, random(seed, 'cuts'), 3));
    for await (const { __typename } of watch(server, jobId)) if (__typename === 'RoiExtracted') break;
    for (const application of ['nomograph notifications', 'nomograph queue', 'nomograph'])
      await kill(application).catch(() => {});
    const watched = await Promise.all(watching);
    const truth = await logged(jobId);
    for (const { events } of watched) expect(events).toEqual(truth);
    await expectWhole(truth, 12);
    server.loggedErrors.length = 0; // It said that it was cut off, as it should.
  });
});

test('two processes: each tells of what the other does, and neither does it twice', async () => {
  const cohortId = await cohort(12);
  const other = await server.startBeside();
  try {
    // Two jobs of other kinds of asking for the same regions run at once, one in each process.
    const jobs = await Promise.all([
      startExtraction(server, cohortId),
      startExtraction(other, cohortId, { filter: { modality: 'CT' } }),
    ]);
    const seen = await Promise.all(
      jobs.flatMap((jobId) =>
        [server, other].map((each) => watchToTheEnd(() => each, jobId, random(11, 'cuts'), 0)),
      ),
    );
    expect(seen[0].events).toEqual(seen[1].events);
    expect(seen[2].events).toEqual(seen[3].events);
    const vectors = await server.nomograph.platform.dataSource.getRepository(FeatureVector).find();
    expect(vectors).toHaveLength(12);
    const ids = vectors.map(({ id }) => id).sort();
    for (const { events } of [seen[0], seen[2]]) {
      expect(events.at(-1)).toMatchObject({ __typename: 'ExtractionCompleted', failed: 0 });
      for (const { __typename, featureVectorId } of events)
        if (__typename === 'RoiExtracted') expect(ids).toContain(featureVectorId);
    }
  } finally {
    await other.halt();
  }
});

test('200 watchers that vanish leave nothing behind', async () => {
  const jobId = await startExtraction(server, await cohort(2));
  await eventsOf(server, jobId);
  const { dataSource, events } = server.nomograph.platform;
  // A job that nobody works on: its watchers wait.
  const [{ id }] = await dataSource.query(
    `insert into job (id, kind, cohort_id, specification, content_key, state) select gen_random_uuid(), kind, cohort_id, specification, repeat('0', 64), 'RUNNING' from job returning id`,
  );
  expect(events.followerCount).toBe(0);
  const document = await subscription();
  for (let round = 0; round < 4; round++) {
    const sockets = await Promise.all(Array.from({ length: 50 }, () => RawSocket.signedIn(server)));
    for (const [index, socket] of sockets.entries()) {
      socket.subscribe('1', document, { jobId: id });
      socket.subscribe('2', document, { jobId });
      // Some vanish while they wait, some while the server looks up the job.
      if (index % 3 === 0) socket.terminate();
    }
    await setTimeout(round * 40);
    for (const socket of sockets) socket.terminate();
  }
  await expect.poll(() => events.followerCount).toBe(0);
  const pool = (
    dataSource.driver as unknown as {
      master: { totalCount: number; idleCount: number; waitingCount: number };
    }
  ).master;
  await expect.poll(() => [pool.waitingCount, pool.totalCount - pool.idleCount]).toEqual([0, 0]);
  await expect.poll(() => openConnections()).toBeLessThan(5);

  async function openConnections(): Promise<number> {
    const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
    const port = Number(new URL(server.url).port);
    return handles.filter((handle) => handle instanceof Socket && handle.localPort === port).length;
  }
});
