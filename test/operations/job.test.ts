import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cohortOfScans, cohortWithPatients, type ScanFiles } from '../support/cohort-of-scans.ts';
import {
  eventsOf,
  startExtraction,
  startFit,
  subscription,
  type ToldEvent,
  watch,
} from '../support/job-events.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { TestServer } from '../support/server.ts';
import { imageFile, maskFile } from '../support/volumes.ts';

const nobody = '01900000-0000-7000-8000-000000000000';
let server: TestServer;
let cohortId: string;
let longFit: string;
beforeAll(async () => {
  server = await TestServer.start();
  ({ cohortId } = await cohortOfScans(server, 'jobs', scans(12, 1)));
});
afterAll(() => server.stop());

/** Regions that take about a fifth of a second each. */
function scans(count: number, seed: number): ScanFiles[] {
  const size = [40, 40, 24] as const;
  const mask = maskFile(1, { size });
  return Array.from({ length: count }, (_, n) => ({
    subject: `P${n}`,
    image: imageFile(1000 * seed + n, { size }),
    masks: [{ reader: 'r', bytes: mask }],
  }));
}

const cancel = 'mutation ($jobId: ID!) { cancelJob(jobId: $jobId) { id state finishedAt } }';
const log = /* GraphQL */ `
  query ($id: ID!, $first: Int, $after: String) {
    job(id: $id) {
      state lastSequence
      events(first: $first, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { __typename sequence recordedAt jobId } }
      }
    }
  }
`;

interface LogBody {
  readonly job: {
    readonly state: string;
    readonly lastSequence: number;
    readonly events: {
      readonly totalCount: number;
      readonly pageInfo: {
        readonly hasNextPage: boolean;
        readonly hasPreviousPage: boolean;
        readonly endCursor: string | null;
      };
      readonly edges: readonly { readonly cursor: string; readonly node: ToldEvent }[];
    };
  };
}

describe('a running job', () => {
  test('is joined by the same request, and cancelled: its log ends there, and the queue goes on', async () => {
    const [jobId, ...others] = await Promise.all(
      Array.from({ length: 5 }, () => startExtraction(server, cohortId)),
    );
    expect(new Set(others)).toEqual(new Set([jobId]));
    const events: ToldEvent[] = [];
    for await (const event of watch(server, jobId)) {
      events.push(event);
      if (
        event.__typename !== 'RoiExtracted' ||
        events.filter(({ __typename }) => __typename === 'RoiExtracted').length > 1
      )
        continue;
      const { cancelJob } = await server.client.run<{ cancelJob: { state: string; finishedAt: string } }>(
        cancel,
        { jobId },
      );
      expect(cancelJob).toMatchObject({ id: jobId, state: 'CANCELLED' });
      expect(cancelJob.finishedAt).toBeTruthy();
    }
    expect(events.filter(({ __typename }) => __typename === 'JobCancelled')).toHaveLength(1);
    expect(events.at(-1)?.__typename).toBe('JobCancelled');

    // The next job can only run once this one has let go; then nothing more is in the log of this one.
    const next = await eventsOf(server, await startExtraction(server, cohortId));
    expect(next.at(-1)).toMatchObject({ __typename: 'ExtractionCompleted', failed: 0 });
    const { extracted, known } = next.at(-1) as unknown as { extracted: number; known: number };
    expect(extracted + known).toBe(12);
    const done = events.filter(({ __typename }) => __typename === 'RoiExtracted').length;
    expect(known).toBe(done);
    expect((await eventsOf(server, jobId)).map(({ sequence }) => sequence)).toEqual(
      events.map(({ sequence }) => sequence),
    );
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, index) => index + 1));
    for (const _again of [1, 2]) {
      const [error] = await server.errorsOf(cancel, { jobId });
      expect(error.extensions).toMatchObject({
        code: 'JOB_FINISHED',
        details: { jobId, state: 'CANCELLED' },
      });
    }
    expect((await server.errorsOf(cancel, { jobId: nobody }))[0].extensions.code).toBe('NOT_FOUND');
  });

  test('keeps its place while it waits, and can be cancelled before it begins', async () => {
    const { cohortId: busy } = await cohortOfScans(server, 'busy', scans(60, 2));
    const running = await startExtraction(server, busy);
    for await (const { __typename } of watch(server, running)) if (__typename === 'JobStarted') break;
    const waiting = await startExtraction(server, cohortId, { filter: { reader: 'r' } });
    const later = await startExtraction(server, cohortId, { filter: { modality: 'CT' } });
    for (const [id, place] of [
      [waiting, 1],
      [later, 2],
    ] as const) {
      const [first] = (
        await server.client.run<LogBody>(log.replace('jobId }', 'jobId ... on JobQueued { place } }'), {
          id,
          first: 1,
        })
      ).job.events.edges;
      expect(first.node).toMatchObject({ __typename: 'JobQueued', place });
    }
    await server.client.run(cancel, { jobId: waiting });
    expect((await eventsOf(server, waiting)).map(({ __typename }) => __typename)).toEqual([
      'JobQueued',
      'JobCancelled',
    ]);
    await server.client.run(cancel, { jobId: running });
    expect((await eventsOf(server, later)).at(-1)).toMatchObject({
      __typename: 'ExtractionCompleted',
      known: 12,
    });
    expect((await eventsOf(server, waiting)).map(({ __typename }) => __typename)).toEqual([
      'JobQueued',
      'JobCancelled',
    ]);
  });

  test('that fits a model ends soon after its cancellation, and does the program no harm', async () => {
    const { cohortId: id, patientIds } = await cohortWithPatients(server, 'long-fit', subjects(1000));
    longFit = id;
    const { dataSource } = server.nomograph.platform;
    // Many covariates, so that the fit has work to do; straight into the tables, for time.
    const covariates = Array.from({ length: 150 }, (_, n) => `c${n}`);
    await dataSource.query('update cohort set covariates = $2 where id = $1', [
      id,
      JSON.stringify(covariates.map((name) => ({ name, kind: 'NUMERIC' }))),
    ]);
    await dataSource.query(
      `update patient set covariates = (select jsonb_object_agg(name, random()) from unnest($2::text[]) as name where patient.id is not null) where cohort_id = $1`,
      [id, covariates],
    );
    await dataSource.query(
      `insert into outcome (id, patient_id, endpoint, time, event) select gen_random_uuid(), id, 'OS', 1 + random() * 50, true from patient where cohort_id = $1`,
      [id],
    );
    expect(patientIds).toHaveLength(1000);
    const jobId = await startFit(server, { cohortId: id, endpoint: 'OS', covariates });
    const events: ToldEvent[] = [];
    for await (const event of watch(server, jobId)) {
      events.push(event);
      if (event.__typename === 'PatientsSelected') await server.client.run(cancel, { jobId });
    }
    expect(events.at(-1)?.__typename).toBe('JobCancelled');
    const after = await eventsOf(
      server,
      await startFit(server, { cohortId: id, endpoint: 'OS', covariates: ['c0'] }),
    );
    expect(after.at(-1)?.__typename).toBe('CoxFitCompleted');
    const { job } = await server.client.run<{ job: object }>(
      'query ($id: ID!) { job(id: $id) { state model { id } } }',
      { id: jobId },
    );
    expect(job).toEqual({ state: 'CANCELLED', model: null });
  });

  test('whose own event finds it cancelled ends there, too', async () => {
    const { events, queue } = server.nomograph.platform;
    const append = events.append.bind(events);
    let cancelled = '';
    const spy = vi.spyOn(events, 'append').mockImplementation(async (id, bodies, ...more) => {
      if (bodies.some(({ type }) => type === 'FitIterated') && cancelled === '') {
        cancelled = id;
        await queue.cancel(id);
      }
      return append(id, bodies, ...more);
    });
    try {
      const jobId = await startFit(server, { cohortId: longFit, endpoint: 'OS', covariates: ['c1', 'c2'] });
      expect((await eventsOf(server, jobId)).at(-1)?.__typename).toBe('JobCancelled');
      expect(cancelled).toBe(jobId);
    } finally {
      spy.mockRestore();
    }
    // An unhandled rejection would end the process; here it fails the run.
    const after = await eventsOf(
      server,
      await startFit(server, { cohortId: longFit, endpoint: 'OS', covariates: ['c3'] }),
    );
    expect(after.at(-1)?.__typename).toBe('CoxFitCompleted');
  });
});

const subjects = (count: number) => Array.from({ length: count }, (_, n) => `S${n}`);

describe('the log of a job', () => {
  let jobId: string;
  let events: ToldEvent[];
  beforeAll(async () => {
    jobId = await startExtraction(server, cohortId, { filter: { phase: 'ARTERIAL' } });
    events = await eventsOf(server, jobId);
  });

  test('is the same by subscription and by pages', async () => {
    const nodes: ToldEvent[] = [];
    for (let after: string | null = null; ; ) {
      const { job }: LogBody = await server.client.run<LogBody>(log, { id: jobId, first: 2, after });
      expect(job).toMatchObject({ state: 'COMPLETED', lastSequence: events.length });
      expect(job.events.totalCount).toBe(events.length);
      expect(job.events.pageInfo.hasPreviousPage).toBe(after !== null);
      nodes.push(...job.events.edges.map(({ node }) => node));
      after = job.events.pageInfo.endCursor;
      if (!job.events.pageInfo.hasNextPage) break;
    }
    expect(nodes).toEqual(
      events.map(({ __typename, sequence, recordedAt, jobId: id }) => ({
        __typename,
        sequence,
        recordedAt,
        jobId: id,
      })),
    );
  });

  test('is told from any place on, and to its end at once', async () => {
    for (const { sequence } of events) {
      expect(await eventsOf(server, jobId, sequence)).toEqual(events.slice(sequence));
    }
  });

  test.each<[string, () => object, string, object]>([
    ['a negative place', () => ({ jobId, after: -1 }), 'INPUT_INVALID', { field: 'after', value: -1 }],
    [
      'a place beyond the newest',
      () => ({ jobId, after: events.length + 1 }),
      'INPUT_INVALID',
      { field: 'after' },
    ],
    ['an unknown job', () => ({ jobId: nobody }), 'NOT_FOUND', { job: nobody }],
    ['an id that is none', () => ({ jobId: 'x' }), 'INPUT_INVALID', { field: 'jobId', value: 'x' }],
    ['a null for a place', () => ({ jobId, after: null }), 'BAD_USER_INPUT', {}],
  ])('is not told from %s', async (_what, variables, code, details) => {
    const socket = await RawSocket.signedIn(server);
    const errors = await socket.errorsOf(await subscription(), variables());
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
    if (errors[0].extensions.details) expect(errors[0].extensions.details).toMatchObject(details);
    // The socket still serves.
    socket.subscribe('1', '{ cohorts { totalCount } }');
    expect((await socket.next())?.type).toBe('next');
    socket.terminate();
  });

  test('is not told over HTTP', async () => {
    const answer = await server.post({ query: await subscription(), variables: { jobId } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_REQUEST']);
  });
});
