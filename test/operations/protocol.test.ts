import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cable } from '../support/cable.ts';
import { type FollowedEvent, loopOfTheDocument } from '../support/protocol-loop.ts';
import { TestServer } from '../support/server.ts';

let server: TestServer;
let jobId: string;
beforeAll(async () => {
  server = await TestServer.start();
  const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
    'mutation { createCohort(input: { key: "c", covariates: [{ name: "x", kind: NUMERIC }] }) { id } }',
  );
  const patients = Array.from({ length: 60 }, (_, i) => ({
    subjectKey: `p${i}`,
    covariates: [{ name: 'x', number: (i * 37) % 60 }],
    outcomes: [{ endpoint: 'OS', time: 1 + ((i * 23) % 41), event: i % 3 > 0 }],
  }));
  await server.client.run(
    'mutation ($id: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $id, patients: $patients) { id } }',
    { id: createCohort.id, patients },
  );
  const { fitCoxModel } = await server.client.run<{ fitCoxModel: { id: string } }>(
    'mutation ($input: FitCoxModelInput!) { fitCoxModel(input: $input) { id } }',
    { input: { cohortId: createCohort.id, endpoint: 'OS', covariates: ['x'] } },
  );
  jobId = fitCoxModel.id;
});
afterAll(() => server.stop());

test('the loop of docs/PROTOCOL.md sees each event once and in order, over a connection that breaks at every second one', async () => {
  const cable = new Cable(Number(new URL(server.url).port));
  const url = await cable.plug();
  const seen: FollowedEvent[] = [];
  for await (const event of loopOfTheDocument()(url, server.token, jobId)) {
    seen.push(event);
    if (seen.length % 2 === 0) cable.cut();
  }
  cable.unplug();
  expect(seen.length).toBeGreaterThan(8);
  expect(seen.map(({ sequence }) => sequence)).toEqual(seen.map((_, index) => index + 1));
  expect(seen[0]!.__typename).toBe('JobQueued');
  expect(seen.at(-1)!.__typename).toBe('CoxFitCompleted');
  const whole = await server.client.run<{ job: { events: { edges: { node: FollowedEvent }[] } } }>(
    'query ($id: ID!) { job(id: $id) { events { edges { node { __typename sequence } } } } }',
    { id: jobId },
  );
  expect(seen.map(({ __typename, sequence }) => ({ __typename, sequence }))).toEqual(
    whole.job.events.edges.map(({ node }) => node),
  );
});

test('it ends at once after the final event, and where it is refused', async () => {
  const follow = loopOfTheDocument();
  const url = `${server.url.replace('http', 'ws')}/graphql`;
  const { job } = await server.client.run<{ job: { lastSequence: number } }>(
    'query ($id: ID!) { job(id: $id) { lastSequence } }',
    { id: jobId },
  );
  expect((await follow(url, server.token, jobId, job.lastSequence).next()).done).toBe(true);
  await expect(follow(url, 'wrong', jobId).next()).rejects.toMatchObject({ code: 4403 });
  await expect(follow(url, server.token, 'x').next()).rejects.toMatchObject([
    { extensions: { code: 'INPUT_INVALID' } },
  ]);
  await expect(follow(url, server.token, jobId, job.lastSequence + 1).next()).rejects.toMatchObject([
    { extensions: { code: 'INPUT_INVALID', details: { newest: job.lastSequence } } },
  ]);
});
