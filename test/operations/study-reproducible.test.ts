import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventsOf, type ToldEvent } from '../support/job-events.ts';
import { TestServer } from '../support/server.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';

const fixture = studyFixture(7, 60, 12);
const settings = {
  endpoints: [{ name: 'OS' }],
  sources: studySources,
  covariates: ['age', 'invasion'],
  horizons: [12, 24],
  folds: { count: 4 },
  replicates: 10,
  pipelineReplicates: 12,
};

interface Hashes {
  readonly dataHash: string;
  readonly resultHash: string;
  readonly specificationHash: string;
}

async function run(server: TestServer, cohortId: string, name: string) {
  const id = await createStudy(server, { cohortId, name, ...settings });
  return finish(server, id, await startStudy(server, id));
}

async function finish(server: TestServer, id: string, jobId: string) {
  const events = await eventsOf(server, jobId);
  const { study } = await server.client.run<{ study: { provenance: Hashes; result: object } }>(
    'query ($id: ID!) { study(id: $id) { result provenance { dataHash resultHash specificationHash } } }',
    { id },
  );
  return { events, ...study };
}

/** What a run told since its last attempt began, without its place in the log. */
function science(events: readonly ToldEvent[]): object[] {
  const start = events.findLastIndex(({ __typename }) => __typename === 'JobStarted');
  return events
    .slice(start + 1, -1)
    .map(({ jobId: _job, sequence: _sequence, recordedAt: _recorded, ...event }) => event);
}

let server: TestServer;
let cohortId: string;
let first: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  server = await TestServer.start({ threads: 2 });
  ({ cohortId } = await cohortOfStudy(server, 'c', fixture));
  first = await run(server, cohortId, 'first');
}, 120_000);
afterAll(() => server.stop());

test('the same specification on the same data gives the same result to the bit, and tells the same', async () => {
  const second = await run(server, cohortId, 'second');
  expect(second.events.at(-1)).toMatchObject({ __typename: 'StudyCompleted', reused: false });
  expect(second.provenance).toEqual(first.provenance);
  expect(second.result).toEqual(first.result);
  expect(science(second.events)).toEqual(science(first.events));
});

test('so it does on one thread, in another database, after patients were added in another order', async () => {
  const other = await TestServer.start({ threads: 1 });
  const { data } = fixture;
  const order = Int32Array.from(data.subjects.keys()).reverse();
  const last = order.length - 1;
  const reordered = {
    ...data,
    subjects: Array.from(order, (row) => data.subjects[row]),
    outcomes: data.outcomes.map((outcome) => ({
      ...outcome,
      time: outcome.time.slice().reverse(),
      event: outcome.event.slice().reverse(),
    })),
    covariates: data.covariates.map((column) =>
      column.kind === 'NUMERIC'
        ? { ...column, values: column.values.slice().reverse() }
        : { ...column, codes: column.codes.slice().reverse() },
    ),
    sources: data.sources.map((source) => ({
      ...source,
      values: Float64Array.from(source.values, (_value, at) => {
        const feature = Math.floor(at / order.length);
        return source.values[feature * order.length + last - (at % order.length)];
      }),
      repeats: source.repeats.map((repeat) => ({ ...repeat, rows: repeat.rows.map((row) => last - row) })),
    })),
  };
  try {
    const cohort = await cohortOfStudy(other, 'elsewhere', { ...fixture, data: reordered });
    const elsewhere = await run(other, cohort.cohortId, 'x');
    expect(elsewhere.provenance).toEqual(first.provenance);
    expect(science(elsewhere.events)).toEqual(science(first.events));
  } finally {
    await other.stop();
  }
});

test('so it does after the program ended in the middle: it begins again, and the log goes on', async () => {
  const id = await createStudy(server, { cohortId, name: 'interrupted', ...settings });
  const { events: log } = server.nomograph.platform;
  const append = log.append.bind(log);
  const middle = Promise.withResolvers<void>();
  const spy = vi.spyOn(log, 'append').mockImplementation(async (jobId, bodies, ...more) => {
    const appended = await append(jobId, bodies, ...more);
    if (bodies.some(({ type }) => type === 'ModelEstimated')) middle.resolve();
    return appended;
  });
  const jobId = await startStudy(server, id);
  await middle.promise;
  spy.mockRestore();
  await server.restart();
  const again = await finish(server, id, jobId);
  const attempts = again.events.filter(({ __typename }) => __typename === 'JobStarted');
  expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(again.events.map(({ sequence }) => sequence)).toEqual(
    again.events.map((_event, place) => place + 1),
  );
  expect(again.provenance).toEqual(first.provenance);
  expect(science(again.events)).toEqual(science(first.events));
});

test('it is told whole where the program lost its last word after the result was kept', async () => {
  const id = await createStudy(server, { cohortId, name: 'cut off', ...settings });
  const { events: log } = server.nomograph.platform;
  const append = log.append.bind(log);
  let losses = 2;
  const spy = vi.spyOn(log, 'append').mockImplementation(async (jobId, bodies, ...more) => {
    const isLost = bodies.some(({ type }) => type === 'StudyCompleted') && losses-- > 0;
    if (isLost) throw Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' });
    return append(jobId, bodies, ...more);
  });
  const again = await finish(server, id, await startStudy(server, id));
  spy.mockRestore();
  const attempts = again.events.filter(({ __typename }) => __typename === 'JobStarted');
  expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  expect(again.events.at(-1)).toMatchObject({ __typename: 'StudyCompleted', reused: true });
  expect(science(again.events)).toEqual(science(first.events));
  expect(again.provenance).toEqual(first.provenance);
});

test('so it does when it is cancelled and run once more', async () => {
  const id = await createStudy(server, { cohortId, name: 'cancelled', ...settings });
  const jobId = await startStudy(server, id);
  await server.client.run('mutation ($jobId: ID!) { cancelJob(jobId: $jobId) { id } }', { jobId });
  expect((await eventsOf(server, jobId)).at(-1)?.__typename).toBe('JobCancelled');
  const again = await finish(server, id, await startStudy(server, id));
  expect(again.events.at(-1)).toMatchObject({ __typename: 'StudyCompleted', reused: false });
  expect(again.provenance).toEqual(first.provenance);
});
