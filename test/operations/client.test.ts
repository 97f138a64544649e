import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as client from '../../src/client/index.ts';
import {
  AddPatientsDocument,
  CohortPageDocument,
  type CohortPageQuery,
  CohortsDocument,
  type Connection,
  CreateCohortDocument,
  FitCoxModelDocument,
  followJob,
  NomographError,
  type PatientFilterInput,
  ReadJobDocument,
  ReadModelDocument,
  request,
  type TypedDocument,
  WatchFitDocument,
  WatchJobDocument,
} from '../../src/client/index.ts';
import { Cable } from '../support/cable.ts';
import { TestServer } from '../support/server.ts';

let server: TestServer;
let connection: Connection;
let jobId: string;
beforeAll(async () => {
  server = await TestServer.start();
  connection = { url: server.url, token: server.token };
  const { createCohort } = await request(connection, CreateCohortDocument, {
    input: { key: 'c', covariates: [{ name: 'x', kind: 'NUMERIC' }] },
  });
  const patients = Array.from({ length: 60 }, (_, i) => ({
    subjectKey: `p${i}`,
    covariates: [{ name: 'x', number: (i * 37) % 60 }],
    outcomes: [{ endpoint: 'OS', time: 1 + ((i * 23) % 41), event: i % 3 > 0 }],
  }));
  await request(connection, AddPatientsDocument, { cohortId: createCohort.id, patients });
  const { fitCoxModel } = await request(connection, FitCoxModelDocument, {
    input: { cohortId: createCohort.id, endpoint: 'OS', covariates: ['x'] },
  });
  jobId = fitCoxModel.id;
});
afterAll(() => server.stop());

test('a query has the type of its result, and of its variables', async () => {
  const page: CohortPageQuery = await request(connection, CohortPageDocument, {
    key: 'c',
    first: 2,
    filter: { covariate: { name: 'x', is: { range: { from: 58 } } } },
    orderBy: { subjectKey: 'DESC' },
  });
  const keys: string[] | undefined = page.cohort?.patients.edges.map(({ node }) => node.subjectKey);
  expect(keys).toHaveLength(2);
  // @ts-expect-error The key is required.
  await expect(request(connection, CohortPageDocument, { first: 2 })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  // @ts-expect-error One of these alone may be given.
  const both: PatientFilterInput = { not: { sites: [] }, sites: ['north'] };
  await expect(request(connection, CohortPageDocument, { key: 'c', filter: both })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  const { cohorts } = await request(connection, CohortsDocument);
  expect(cohorts.edges[0]?.node.key).toBe('c');
});

test('an error has its code, its details and what there was of a result', async () => {
  const refusal = request(connection, CohortPageDocument, { key: 'c', after: 'not a cursor' });
  const error = await refusal.catch((thrown: unknown) => thrown as NomographError);
  expect(error).toBeInstanceOf(NomographError);
  expect(error).toMatchObject({ code: 'CURSOR_INVALID', data: { cohort: null }, isPassing: false });
  await expect(request({ ...connection, token: 'wrong' }, CohortsDocument)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  const text = '{ nothing }' as unknown as TypedDocument<object, Record<string, never>>;
  await expect(request(connection, text)).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  const nowhere = { url: 'http://127.0.0.1:1', token: 'any' };
  await expect(request(nowhere, CohortsDocument)).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    isPassing: true,
  });
  // The sign-in page answers, but not as a graph does.
  const elsewhere = { url: `${server.url}/sign-in?`, token: server.token };
  await expect(request(elsewhere, CohortsDocument)).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
  const signal = AbortSignal.abort();
  await expect(request(connection, CohortsDocument, {}, { signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('a job is followed by events of their types, to the model that it fitted', async () => {
  let modelId: string | undefined;
  for await (const event of followJob(connection, WatchFitDocument, { jobId }))
    if (event.__typename === 'CoxFitCompleted') modelId = event.modelId;
  const { model } = await request(connection, ReadModelDocument, { id: modelId as string });
  expect(model?.coefficients.map(({ name }) => name)).toEqual(['x']);
});

test.each(['WEB_SOCKET', 'EVENT_STREAM'] as const)(
  'over a %s that breaks after every few events, each is given once and in order',
  async (transport) => {
    const { job } = await request(connection, ReadJobDocument, { id: jobId });
    const cable = new Cable(Number(new URL(server.url).port), 700);
    const url = new URL(await cable.plug()).host;
    const broken = { ...connection, url: `http://${url}` };
    const sequences: number[] = [];
    let breaks = 0;
    const onRetry = () => breaks++;
    for await (const { sequence } of followJob(broken, WatchJobDocument, { jobId }, { transport, onRetry }))
      sequences.push(sequence);
    cable.unplug();
    expect(sequences).toEqual(Array.from({ length: job?.lastSequence ?? 0 }, (_, index) => index + 1));
    expect(breaks).toBeGreaterThan(2);
    const later: number[] = [];
    const rest = { jobId, after: 4 };
    for await (const { sequence } of followJob(connection, WatchJobDocument, rest, { transport }))
      later.push(sequence);
    expect(later).toEqual(sequences.slice(4));
  },
);

test.each(['WEB_SOCKET', 'EVENT_STREAM'] as const)(
  'a wrong token is refused over a %s',
  async (transport) => {
    const stranger = { ...connection, token: 'wrong' };
    await expect(
      followJob(stranger, WatchJobDocument, { jobId }, { transport }).next(),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(
      followJob(connection, WatchJobDocument, { jobId: 'x' }, { transport }).next(),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  },
);

test('the program of docs/client.md fits a model and shows what comes', async () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/client.md'), 'utf8');
  const [, code] = page.match(/```js\n([\s\S]*?)```/) as RegExpMatchArray;
  const body = code!
    .replace(/^import (\{.*\}) from 'nomograph\/client';$/m, 'const $1 = client;')
    .replace('export ', '');
  const fit = new Function('client', `${body}\nreturn fit;`)(client) as (
    connection: Connection,
    key: string,
    show: (...values: unknown[]) => void,
  ) => Promise<void>;
  const shown: unknown[][] = [];
  await fit(connection, 'c', (...values) => shown.push(values));
  expect(shown).toEqual([['TRAINING', expect.any(Number)]]);
});
