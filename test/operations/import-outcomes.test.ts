import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventsOf } from '../support/job-events.ts';
import { Registry, type RegistryOutcome } from '../support/registry.ts';
import { TestServer } from '../support/server.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';

const fixture = studyFixture(3, 70, 8);
const [os] = fixture.data.outcomes;
const subjects = fixture.data.subjects;
/** Relapse comes half way to death, in years; of two patients nothing is known, and two are not known at all. */
const relapses: Record<string, readonly RegistryOutcome[]> = Object.fromEntries(
  subjects.slice(2).map((subject, place) => [
    subject,
    place < 2
      ? []
      : [
          {
            endpoint: 'RFS',
            time: os!.time[place + 2]! / 24,
            timeUnit: 'YEARS',
            event: os!.event[place + 2] === 1,
          },
        ],
  ]),
);

let server: TestServer;
let cancer: Registry;
let liar: Server;
/** What the other registry gives for each patient. */
let lies: (subjectKey: string) => unknown = () => null;
let cohortId: string;

beforeAll(async () => {
  cancer = await new Registry('cancer', 'liver', relapses).start();
  liar = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { variables } = JSON.parse(body) as { variables: { of: { subjectKey: string; cohort: object }[] } };
    const entities = variables.of.map(({ subjectKey, cohort }) => ({
      subjectKey,
      cohort,
      outcomes: lies(subjectKey),
    }));
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ data: { _entities: entities } }));
  });
  await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve));
  server = await TestServer.start({
    registries: {
      cancer: cancer.url,
      liar: `http://127.0.0.1:${(liar.address() as AddressInfo).port}/`,
      gone: 'http://127.0.0.1:1/graphql',
    },
  });
  ({ cohortId } = await cohortOfStudy(server, 'liver', fixture));
});
afterAll(async () => {
  await server.stop();
  await cancer.stop();
  liar.close();
});

const mutation = `mutation ($input: ImportOutcomesInput!) { importOutcomes(input: $input) {
  __typename
  ... on OutcomeImport { id registry url endpoints contentHash patientCount unknownCount outcomeCount addedCount fetchedAt }
  ... on OutcomeConflicts { total conflicts {
    subjectKey endpoint present { time timeUnit event } given { time timeUnit event }
  } }
} }`;
interface Imported {
  readonly __typename: string;
  readonly [field: string]: unknown;
}
async function imported(registry: string, endpoints?: string[]): Promise<Imported> {
  const input = { cohortId, registry, endpoints };
  return (await server.client.run<{ importOutcomes: Imported }>(mutation, { input })).importOutcomes;
}
const codesOf = async (input: object, headers = server.signedIn) =>
  (await server.post({ query: mutation, variables: { input } }, headers)).body.errors?.map(
    ({ extensions }) => extensions.code,
  );
/** All that is kept of outcomes and imports. */
const kept = async () => {
  const { dataSource } = server.nomograph.platform;
  return JSON.stringify([
    await dataSource.query('select * from outcome order by id'),
    await dataSource.query('select * from outcome_import order by id'),
  ]);
};

describe('outcomes of a registry', () => {
  let first: Imported;

  test('are added with where they came from', async () => {
    const before = Date.now();
    first = await imported('cancer');
    expect(first).toMatchObject({
      __typename: 'OutcomeImport',
      registry: 'cancer',
      url: cancer.url,
      endpoints: null,
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      patientCount: 70,
      unknownCount: 2,
      outcomeCount: 66,
      addedCount: 66,
    });
    expect(Date.parse(first.fetchedAt as string)).toBeGreaterThanOrEqual(before);
    expect(cancer.asked).toEqual([70]);
    const { cohort } = await server.client.run<{ cohort: Record<string, unknown> }>(
      `query ($id: ID!) { cohort(id: $id) {
        endpoints
        outcomeImports { totalCount edges { node { id } } }
        patients(first: 6) { edges { node { subjectKey outcomes { endpoint time timeUnit event source { id registry } } } } }
      } }`,
      { id: cohortId },
    );
    const { endpoints, outcomeImports, patients } = cohort as {
      endpoints: string[];
      outcomeImports: object;
      patients: { edges: { node: { outcomes: { endpoint: string }[] } }[] };
    };
    expect(endpoints).toEqual(['OS', 'RFS']);
    expect(outcomeImports).toEqual({ totalCount: 1, edges: [{ node: { id: first.id } }] });
    const lists = patients.edges.map(({ node }) => node.outcomes);
    expect(lists.map((list) => list.map(({ endpoint }) => endpoint))).toEqual([
      ['OS'],
      ['OS'],
      ['OS'],
      ['OS'],
      ['OS', 'RFS'],
      ['OS', 'RFS'],
    ]);
    expect(lists[4]).toEqual([
      expect.objectContaining({ source: null }),
      { ...relapses.P004![0], source: { id: first.id, registry: 'cancer' } },
    ]);
  });

  test('once more are the import that is there', async () => {
    const before = await kept();
    expect(await imported('cancer')).toEqual(first);
    expect(await kept()).toBe(before);
  });

  test('can be used by a study', async () => {
    const study = await createStudy(server, {
      cohortId,
      name: 'relapse',
      endpoints: [{ name: 'RFS' }],
      sources: studySources,
      covariates: ['age', 'invasion'],
      horizons: [1, 2],
      folds: { count: 5 },
      replicates: 2,
    });
    const events = await eventsOf(server, await startStudy(server, study));
    expect(events.at(-1)).toMatchObject({ __typename: 'StudyCompleted' });
    const { study: result } = await server.client.run<{
      study: { endpoints: { endpoint: string; timeUnit: string; subsets: { patients: number }[] }[] };
    }>('query ($id: ID!) { study(id: $id) { endpoints { endpoint timeUnit subsets { patients } } } }', {
      id: study,
    });
    expect(result.endpoints.map(({ endpoint, timeUnit }) => [endpoint, timeUnit])).toEqual([
      ['RFS', 'YEARS'],
    ]);
    const patients = result.endpoints[0]!.subsets.reduce((sum, subset) => sum + subset.patients, 0);
    expect(patients).toBe(66);
  });

  test('of some endpoints are those alone', async () => {
    lies = (subjectKey) =>
      subjectKey === 'P000'
        ? ['A', 'B', 'OS'].map((endpoint) => ({ endpoint, time: 1, timeUnit: 'DAYS', event: false }))
        : null;
    expect(await imported('liar', ['B', 'C', 'B'])).toMatchObject({
      endpoints: ['B', 'C'],
      patientCount: 70,
      unknownCount: 69,
      outcomeCount: 1,
      addedCount: 1,
    });
    expect(await imported('liar', ['A', 'B'])).toMatchObject({ outcomeCount: 2, addedCount: 1 });
  });
});

describe('nothing is added', () => {
  async function nothingOf(work: () => Promise<void>): Promise<void> {
    const before = await kept();
    await work();
    expect(await kept()).toBe(before);
  }

  test('where some are there with other values: all of those are told', () =>
    nothingOf(async () => {
      const given = { time: 1, timeUnit: 'DAYS', event: false };
      lies = (subjectKey) => [
        { endpoint: 'new', ...given },
        ...(subjectKey < 'P003' ? [{ endpoint: 'OS', ...given }] : []),
      ];
      const present = (row: number) => ({
        time: os!.time[row],
        timeUnit: 'MONTHS',
        event: os!.event[row] === 1,
      });
      expect(await imported('liar')).toEqual({
        __typename: 'OutcomeConflicts',
        total: 3,
        conflicts: [0, 1, 2].map((row) => ({
          subjectKey: `P00${row}`,
          endpoint: 'OS',
          present: present(row),
          given,
        })),
      });
    }));

  test('where one answer among them cannot be', () =>
    nothingOf(async () => {
      lies = (subjectKey) => [
        { endpoint: 'new', time: subjectKey === 'P069' ? -1 : 1, timeUnit: 'DAYS', event: true },
      ];
      expect(await codesOf({ cohortId, registry: 'liar' })).toEqual(['REGISTRY_INVALID']);
    }));

  test('where the registry is down, is not one of the settings, or the input is wrong', () =>
    nothingOf(async () => {
      expect(await codesOf({ cohortId, registry: 'gone' })).toEqual(['REGISTRY_UNAVAILABLE']);
      expect(await codesOf({ cohortId, registry: 'http://127.0.0.1/' })).toEqual(['NOT_FOUND']);
      expect(await codesOf({ cohortId: 'x', registry: 'cancer' })).toEqual(['INPUT_INVALID']);
      expect(await codesOf({ cohortId: crypto.randomUUID(), registry: 'cancer' })).toEqual(['NOT_FOUND']);
      expect(await codesOf({ cohortId, registry: 'cancer', endpoints: ['a\0'] })).toEqual(['INPUT_INVALID']);
      const many = Array.from({ length: 101 }, (_, n) => `E${n}`);
      expect(await codesOf({ cohortId, registry: 'cancer', endpoints: many })).toEqual(['LIMIT_EXCEEDED']);
    }));

  test('by who does not curate the whole cohort, and no registry is asked', () =>
    nothingOf(async () => {
      cancer.asked.length = 0;
      for (const [grant, code] of [
        [{ role: 'ANALYST', cohortKey: 'liver' }, 'FORBIDDEN'],
        [{ role: 'CURATOR', cohortKey: 'liver', site: 'north' }, 'FORBIDDEN'],
        [{ role: 'CURATOR', cohortKey: 'lung' }, 'NOT_FOUND'],
      ] as const) {
        const { createApiKey } = await server.client.run<{ createApiKey: { secret: string } }>(
          'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
          { input: { name: 'k', grants: [grant] } },
        );
        const headers = { authorization: `Bearer ${createApiKey.secret}` };
        expect(await codesOf({ cohortId, registry: 'cancer' }, headers)).toEqual([code]);
      }
      expect(cancer.asked).toEqual([]);
    }));
});

test('imports at one time are one after the other, and what each says holds', async () => {
  lies = (subjectKey) => [{ endpoint: 'at once', time: subjectKey.length, timeUnit: 'DAYS', event: true }];
  const all = await Promise.all(Array.from({ length: 4 }, () => imported('liar', ['at once'])));
  expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  const { dataSource } = server.nomograph.platform;
  const [{ count }] = await dataSource.query(
    `select count(*)::integer from outcome where endpoint = 'at once' and import_id = $1`,
    [all[0]!.id],
  );
  expect(count).toBe(70);
});
