import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cohortWithPatients } from '../support/cohort-of-scans.ts';
import { eventsOf, startFit } from '../support/job-events.ts';
import { TestServer } from '../support/server.ts';

let server: TestServer;
let jobId: string;
let modelId: string;
let profileId: string;

/** Subjects in an order that differs between the bytes and the letters of a language. */
const subjects = [
  'b',
  'B',
  'a',
  'A',
  'ä',
  'Z',
  'z',
  '10',
  '9',
  'a b',
  'a-b',
  'aa',
  '中',
  '🫀',
  "o'b",
  '_',
  'a"b',
  'é',
];

beforeAll(async () => {
  server = await TestServer.start();
  const { cohortId } = await cohortWithPatients(server, 'paged', subjects);
  for (const key of ['x', 'y', 'z']) await cohortWithPatients(server, key, ['1']);
  const { dataSource } = server.nomograph.platform;
  await dataSource.query(
    `update cohort set covariates = '[{"name":"c","kind":"NUMERIC"},{"name":"d","kind":"NUMERIC"}]' where id = $1`,
    [cohortId],
  );
  await dataSource.query(
    `update patient set covariates = jsonb_build_object('c', random(), 'd', random()) where cohort_id = $1`,
    [cohortId],
  );
  await dataSource.query(
    `insert into outcome (id, patient_id, endpoint, time, event) select gen_random_uuid(), id, 'OS', 1 + random() * 50, true from patient where cohort_id = $1`,
    [cohortId],
  );
  for (const name of ['p1', 'p2'])
    await server.client.run(
      'mutation ($input: CreateExtractionProfileInput!) { createExtractionProfile(input: $input) { id } }',
      {
        input: { name, parameters: { featureClass: { firstorder: ['Mean'] } } },
      },
    );
  ({ id: profileId } = (
    await server.client.run<{ extractionProfile: { id: string } }>('{ extractionProfile(name: "p1") { id } }')
  ).extractionProfile);
  await dataSource.query(
    `insert into feature_vector (id, patient_id, profile_id, content_key, "values", extractor_version)
     select gen_random_uuid(), id, $2, repeat('0', 64), '\\x0000000000000000', 'imported' from patient where cohort_id = $1`,
    [cohortId, profileId],
  );
  for (const covariates of [['c'], ['d'], ['c', 'd']]) {
    jobId = await startFit(server, { cohortId, endpoint: 'OS', covariates });
    modelId = (await eventsOf(server, jobId)).at(-1)?.modelId as string;
  }
});
afterAll(() => server.stop());

interface Connection {
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly edges: readonly { readonly cursor: string; readonly node: Record<string, unknown> }[];
}

/** Every connection of the graph: how to ask for it, and where it stands in the answer. */
const connections = {
  cohorts: ['', 'key', []],
  extractionProfiles: ['', 'name', []],
  patients: ['cohort(key: "paged")', 'subjectKey', ['cohort']],
  models: ['cohort(key: "paged")', 'id', ['cohort']],
  jobs: ['cohort(key: "paged")', 'id', ['cohort']],
  featureVectors: ['cohort(key: "paged")', 'id', ['cohort']],
  predictions: ['model(id: $modelId)', 'id', ['model']],
  events: ['job(id: $jobId)', 'sequence', ['job']],
} as const;
type Name = keyof typeof connections;
const names = Object.keys(connections) as Name[];

function query(name: Name): string {
  const [parent, field] = connections[name];
  const own = `${name}(${name === 'featureVectors' ? 'profileId: $profileId, ' : ''}first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ${field} } }
  }`;
  const variables = ['$first: Int!', '$after: String'];
  for (const variable of ['jobId', 'modelId', 'profileId'])
    if (`${parent} ${own}`.includes(`$${variable}`)) variables.push(`$${variable}: ID!`);
  return `query (${variables.join(', ')}) { ${parent ? `${parent} { ${own} }` : own} }`;
}

const variablesOf = (first: number, after: string | null = null) => ({
  first,
  after,
  jobId,
  modelId,
  profileId,
});

async function page(name: Name, first: number, after: string | null = null): Promise<Connection> {
  let data = await server.client.run<Record<string, never>>(query(name), variablesOf(first, after));
  for (const step of connections[name][2]) data = data[step];
  return data[name] as Connection;
}

describe.each(names)('%s', (name) => {
  const field = connections[name][1];

  test('come page by page, each row once, in one order, whatever the size of a page', async () => {
    const whole = await page(name, 1000);
    const all = whole.edges.map(({ node }) => node[field]);
    expect(all.length).toBeGreaterThan(2);
    expect(whole.totalCount).toBe(all.length);
    expect(new Set(all).size).toBe(all.length);
    expect(whole.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: whole.edges[0].cursor,
      endCursor: whole.edges.at(-1)?.cursor,
    });
    for (const size of [1, 2, 7]) {
      const found: unknown[] = [];
      for (let after: string | null = null; ; ) {
        const { edges, pageInfo, totalCount }: Connection = await page(name, size, after);
        expect(totalCount).toBe(all.length);
        expect(pageInfo.hasPreviousPage).toBe(after !== null);
        found.push(...edges.map(({ node }) => node[field]));
        if (!pageInfo.hasNextPage) break;
        expect(edges).toHaveLength(size);
        after = pageInfo.endCursor;
      }
      expect(found).toEqual(all);
    }
    expect(await page(name, 5, whole.pageInfo.endCursor)).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: false, startCursor: null, endCursor: null },
    });
  });

  test('take a cursor of their own alone', async () => {
    const foreign = await Promise.all(
      names.filter((other) => other !== name).map(async (other) => (await page(other, 1)).edges[0].cursor),
    );
    const own = (await page(name, 1)).edges[0].cursor;
    const forged = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');
    const [list] = JSON.parse(Buffer.from(own, 'base64url').toString());
    const cursors = [
      ...foreign,
      '',
      'x',
      own.slice(1),
      `${own}${own}`,
      'ÿ'.repeat(5000),
      forged(list),
      forged(list, null),
      forged(list, { a: 1 }),
      forged(list, 'a\0'),
      forged(list, '\ud800'),
      forged(list, uuid(), uuid()),
      ...(field === 'id' ? [forged(list, 'x'), forged(list, 7), forged(list, "' or 1=1 --")] : []),
      ...(field === 'sequence'
        ? [forged(list, 'x'), forged(list, 1.5), forged(list, -1), forged(list, 1e10), forged(list, '1')]
        : []),
      ...(['key', 'name', 'subjectKey'].includes(field) ? [forged(list, 7)] : []),
    ];
    for (const cursor of cursors) {
      const errors = await server.errorsOf(query(name), variablesOf(1, cursor));
      expect(
        errors.map(({ extensions }) => extensions.code),
        `${cursor.slice(0, 80)} ${Buffer.from(cursor, 'base64url').toString().slice(0, 80)}`,
      ).toEqual(['CURSOR_INVALID']);
      expect(JSON.stringify(errors).length).toBeLessThan(1000);
    }
  });

  test('hold 1 to 1000 rows', async () => {
    for (const first of [0, -1, 1001, 2 ** 31 - 1]) {
      const errors = await server.errorsOf(query(name), variablesOf(first));
      expect(errors.map(({ extensions }) => extensions)).toMatchObject([
        { code: 'LIMIT_EXCEEDED', details: { field: 'first', value: first, limit: 1000 } },
      ]);
    }
    const none = query(name).replace('first: $first, after: $after', '').replace('()', '');
    expect(
      await server.errorsOf(
        none
          .replace('$first: Int!, $after: String', '$unused: Int')
          .replace('$unused: Int, ', '')
          .replace('($unused: Int)', ''),
        { jobId, modelId, profileId },
      ),
    ).toEqual([]);
  });
});

test('rows that are added meanwhile are neither skipped nor repeated', async () => {
  const { cohort } = await server.client.run<{ cohort: { id: string } }>('{ cohort(key: "x") { id } }');
  const add = (keys: string[]) =>
    server.client.run(
      'mutation ($cohortId: ID!, $patients: [PatientInput!]!) { addPatients(cohortId: $cohortId, patients: $patients) { id } }',
      {
        cohortId: cohort.id,
        patients: keys.map((subjectKey) => ({ subjectKey })),
      },
    );
  const first = Array.from({ length: 40 }, (_, n) => `m${String(n).padStart(3, '0')}`);
  await add(first);
  const found: string[] = [];
  for (let after: string | null = null, n = 0; ; n++) {
    const { cohort: body }: { cohort: { patients: Connection } } = await server.client.run(
      'query ($after: String) { cohort(key: "x") { patients(first: 7, after: $after) { pageInfo { hasNextPage endCursor } edges { node { subjectKey } } } } }',
      { after },
    );
    found.push(...body.patients.edges.map(({ node }) => node.subjectKey as string));
    if (!body.patients.pageInfo.hasNextPage) break;
    after = body.patients.pageInfo.endCursor;
    // One before the cursor's place, one after it.
    await add([`a${n}`, `${found.at(-1)}-later`]);
  }
  expect(new Set(found).size).toBe(found.length);
  expect(found.filter((key) => first.includes(key))).toEqual(first);
  expect(found.filter((key) => key.endsWith('-later')).length).toBeGreaterThan(3);
  expect(found.some((key) => key.startsWith('a'))).toBe(false);
});
