import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMock } from '../../src/cli/mock/start-mock.ts';
import {
  CohortPageDocument,
  CohortResultsDocument,
  type Connection,
  CreateStudyDocument,
  ExtractFeaturesDocument,
  ExtractionProfilesDocument,
  FeatureMatrixDocument,
  FitCoxModelDocument,
  followJob,
  ReadStudyDocument,
  RunStudyDocument,
  request,
  WatchStudyDocument,
} from '../../src/client/index.ts';
import { readConfig } from '../../src/config.ts';
import type { Nomograph } from '../../src/server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/** A mock of its own: two of one seed must be alike in all but identifiers and times. */
class Mock {
  readonly directory: string;
  readonly database: TestDatabase;
  readonly nomograph: Nomograph;

  constructor(directory: string, database: TestDatabase, nomograph: Nomograph) {
    this.directory = directory;
    this.database = database;
    this.nomograph = nomograph;
  }

  static async start(seed: number, pace = 0): Promise<Mock> {
    const [directory, database] = await Promise.all([
      mkdtemp(join(tmpdir(), 'nomograph-mock-test-')),
      createTestDatabase(),
    ]);
    const config = readConfig({
      DATABASE_URL: database.url,
      NOMOGRAPH_DATA: directory,
      NOMOGRAPH_PORT: '0',
      NOMOGRAPH_THREADS: '1',
    });
    return new Mock(
      directory,
      database,
      await startMock(config, pino({ level: 'silent' }), { seed, patients: 50, pace }),
    );
  }

  get connection(): Connection {
    return { url: this.nomograph.url as string, token: this.nomograph.token };
  }

  async stop(): Promise<void> {
    await this.nomograph.stop();
    await this.database.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

let mocks: readonly Mock[];
beforeAll(async () => {
  mocks = await Promise.all([Mock.start(5), Mock.start(5, 1)]);
}, 300_000);
afterAll(() => Promise.all(mocks.map((mock) => mock.stop())));

/** What both mocks give, which has to be the same once identifiers are put aside. */
async function both<T>(ask: (connection: Connection) => Promise<T>): Promise<[T, T]> {
  const [first, second] = await Promise.all(mocks.map(({ connection }) => ask(connection)));
  return [first as T, second as T];
}
const withoutIds = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value, (key, inner) =>
      /^(id|.*Id|cursor|endCursor|createdAt|recordedAt|completedAt|finishedAt)$/.test(key)
        ? undefined
        : inner,
    ),
  );

async function expectSame<T>(ask: (connection: Connection) => Promise<T>): Promise<T> {
  const [first, second] = await both(ask);
  expect(withoutIds(second)).toEqual(withoutIds(first));
  return first;
}

test('begins with a cohort, its features, and a completed study in which some model tells something', async () => {
  const page = await expectSame((connection) =>
    request(connection, CohortPageDocument, { key: 'mock', first: 5 }),
  );
  expect(page.cohort?.patientCount).toBe(50);
  expect(page.cohort?.patients.edges[0]?.node.scans).toHaveLength(6);
  const { study } = await expectSame(async (connection) => {
    const { cohort } = await request(connection, CohortResultsDocument, { key: 'mock' });
    const id = cohort?.studies.edges[0]?.node.id as string;
    return request(connection, ReadStudyDocument, { id });
  });
  const models = study?.endpoints?.flatMap((endpoint) => endpoint.models) ?? [];
  const c = models.flatMap(({ outcome }) =>
    'concordance' in outcome ? outcome.concordance.map(({ estimate }) => estimate ?? 0) : [],
  );
  expect(models).toHaveLength(10);
  expect(Math.max(...c)).toBeGreaterThan(0.7);
});

test('gives the same features to the same regions, other ones to others, and says whose they are', async () => {
  const matrix = await expectSame(async (connection) => {
    const { extractionProfiles } = await request(connection, ExtractionProfilesDocument);
    const profile = extractionProfiles.edges.find(({ node }) => node.name === 'pyradiomics-default')?.node;
    return request(connection, FeatureMatrixDocument, {
      key: 'mock',
      profileId: profile?.id as string,
      first: 50,
    });
  });
  const rows = matrix.cohort?.featureVectors.edges.map(({ node }) => node.values) ?? [];
  expect(rows).toHaveLength(50);
  expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(50);
  const [{ versions }] = await (mocks[0] as Mock).nomograph.platform.dataSource.query(
    'select array_agg(distinct extractor_version) as versions from feature_vector',
  );
  expect(versions).toEqual(['mock']);
});

/** The events of a job to its end. */
async function told(connection: Connection, jobId: string) {
  const events: object[] = [];
  for await (const event of followJob(connection, WatchStudyDocument, { jobId })) events.push(event);
  return events;
}

test('every kind of job tells the same at every run', async () => {
  const extraction = await expectSame(async (connection) => {
    const { cohort } = await request(connection, CohortPageDocument, { key: 'mock', first: 1 });
    const { extractFeatures } = await request(connection, ExtractFeaturesDocument, {
      input: { cohortId: cohort?.id as string, profile: 'ibsi-digital', filter: { modality: 'MR' } },
    });
    return told(connection, extractFeatures.id);
  });
  expect(extraction.length).toBeGreaterThan(150);
  const fit = await expectSame(async (connection) => {
    const { cohort } = await request(connection, CohortPageDocument, { key: 'mock', first: 1 });
    const names = cohort?.covariates.map(({ name }) => name).slice(0, 2) ?? [];
    const { fitCoxModel } = await request(connection, FitCoxModelDocument, {
      input: { cohortId: cohort?.id as string, endpoint: 'OS', covariates: names },
    });
    return told(connection, fitCoxModel.id);
  });
  expect(fit.at(-1)).toMatchObject({ __typename: 'CoxFitCompleted' });
  const study = await expectSame(async (connection) => {
    const { cohort } = await request(connection, CohortPageDocument, { key: 'mock', first: 1 });
    const { createStudy } = await request(connection, CreateStudyDocument, {
      input: {
        cohortId: cohort?.id as string,
        name: 'another',
        endpoints: [{ name: 'OS' }],
        sources: [{ name: 'MR', modality: 'MR', phases: ['VENOUS'], reader: 'reader-1', session: 1 }],
        replicates: 10,
      },
    });
    const { runStudy } = await request(connection, RunStudyDocument, { id: createStudy.id });
    return told(connection, runStudy.id);
  });
  expect(study.at(-1)).toMatchObject({ __typename: 'StudyCompleted' });
});
