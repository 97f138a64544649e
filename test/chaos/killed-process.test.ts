import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { random } from '../../src/engine/statistics/random.ts';
import { FeatureVector } from '../../src/store/entities/index.ts';
import { cohortOfScans } from '../support/cohort-of-scans.ts';
import { eventsOf, startExtraction, watch } from '../support/job-events.ts';
import { noticeTheDead, startProcess } from '../support/killable-process.ts';
import { watchToTheEnd } from '../support/persistent-watcher.ts';
import { TestServer } from '../support/server.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

const regions = 16;
let server: TestServer;
let worker: ChildProcess | undefined;

beforeEach(async () => {
  // Answers requests, but works on no job: that is for the process that dies.
  server = await TestServer.start({ role: 'api' });
});
afterEach(async () => {
  worker?.kill('SIGKILL');
  await server.stop();
});

/** Kills the worker when the job has told of an event of the type. */
async function killAfter(jobId: string, type: string): Promise<void> {
  const process = worker as ChildProcess;
  const told = async () => {
    for await (const { __typename } of watch(server, jobId)) if (__typename === type) return;
  };
  const early = once(process, 'exit').then(([code]) => {
    throw new Error(`the worker ended by itself (${code})`);
  });
  early.catch(() => {}); // It ends later, too.
  await Promise.race([told(), early]);
  process.kill('SIGKILL');
  await early.catch(() => {});
}

/** An extraction whose process is killed when it has told of a region. Gives the job and the vectors that were there then. */
async function killInMidJob(): Promise<{ jobId: string; before: string[] }> {
  const size = [40, 40, 24] as const;
  const { cohortId } = await cohortOfScans(
    server,
    'killed',
    Array.from({ length: regions }, (_, n) => ({
      subject: `P${n}`,
      image: imageFile(n, { size }),
      masks: [{ reader: 'r', bytes: maskFile(1, { size }) }],
    })),
  );
  worker = startProcess(server, 'worker');
  const jobId = await startExtraction(server, cohortId);
  await killAfter(jobId, 'RoiExtracted');
  const vectors = await server.nomograph.platform.dataSource.getRepository(FeatureVector).find();
  expect(vectors.length).toBeGreaterThan(0);
  expect(vectors.length).toBeLessThan(regions);
  return { jobId, before: vectors.map(({ id }) => id) };
}

test.each([
  ['noticed at once', () => noticeTheDead(server)],
  // Half a minute of waiting for the heartbeat: with the other long tests alone.
  ...(process.env.MODE === 'long' ? [['noticed by its heartbeat', async () => {}] as const] : []),
] as const)(
  'a killed process’s job is finished by another, and nothing that was done is lost: %s',
  async (_what, notice) => {
    const { jobId, before } = await killInMidJob();
    const watching = watchToTheEnd(() => server, jobId, random(1, 'cuts'), 5);
    const other = await server.startBeside({ role: 'all' });
    try {
      await notice();
      const { events } = await watching;
      expect(
        events.filter(({ __typename }) => __typename === 'JobStarted').map(({ attempt }) => attempt),
      ).toEqual([1, 2]);
      expect(events.at(-1)).toMatchObject({ __typename: 'ExtractionCompleted', failed: 0 });
      const told = events
        .filter(({ __typename }) => __typename === 'RoiExtracted')
        .map(({ featureVectorId }) => featureVectorId);
      const vectors = await server.nomograph.platform.dataSource.getRepository(FeatureVector).find();
      expect([...told].sort()).toEqual(vectors.map(({ id }) => id).sort());
      expect(told).toHaveLength(regions);
      expect(told).toEqual(expect.arrayContaining(before));
      const { known } = events.at(-1) as unknown as { known: number };
      expect(known).toBe(before.length);
    } finally {
      await other.halt();
    }
  },
  120_000,
);

test('a killed process’s study is begun again by another, and comes out as if nothing had happened', async () => {
  const { cohortId } = await cohortOfStudy(server, 'killed-study', studyFixture(9, 60, 12));
  const input = {
    cohortId,
    endpoints: [{ name: 'OS' }],
    sources: studySources,
    covariates: ['age', 'invasion'],
    horizons: [12, 24],
    folds: { count: 4 },
    replicates: 10,
    pipelineReplicates: 40,
  };
  worker = startProcess(server, 'worker');
  const id = await createStudy(server, { ...input, name: 'killed' });
  const jobId = await startStudy(server, id);
  await killAfter(jobId, 'CrossValidated');
  const watching = watchToTheEnd(() => server, jobId, random(2, 'cuts'), 5);
  const other = await server.startBeside({ role: 'all' });
  try {
    await noticeTheDead(server, 'study');
    const { events } = await watching;
    const attempts = events.filter(({ __typename }) => __typename === 'JobStarted');
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(events.at(-1)).toMatchObject({ __typename: 'StudyCompleted', reused: false });
    const whole = await createStudy(server, { ...input, name: 'whole' });
    const uncut = await eventsOf(server, await startStudy(server, whole));
    expect(uncut.at(-1)?.resultHash).toBe(events.at(-1)?.resultHash);
    const types = (log: readonly { readonly __typename: string }[]) =>
      log.map(({ __typename }) => __typename);
    const last = events.findLastIndex(({ __typename }) => __typename === 'JobStarted');
    expect(types(events.slice(last + 1))).toEqual(types(uncut.slice(2)));
  } finally {
    await other.halt();
  }
}, 120_000);

test('a job that outlives no process fails in the end, and says so', async () => {
  const { jobId } = await killInMidJob();
  await server.nomograph.platform.dataSource.query(
    "update pgboss.job set retry_limit = retry_count where state = 'active'",
  );
  const other = await server.startBeside({ role: 'all' });
  try {
    await noticeTheDead(server);
    const events = await eventsOf(server, jobId);
    expect(events.at(-1)).toMatchObject({ __typename: 'JobFailed', failure: { code: 'INTERNAL' } });
    expect(await server.client.run('query ($id: ID!) { job(id: $id) { state } }', { id: jobId })).toEqual({
      job: { state: 'FAILED' },
    });
  } finally {
    await other.halt();
  }
}, 120_000);
