import fc from 'fast-check';
import { execute, type GraphQLSchema, getOperationAST, parse } from 'graphql';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createContext } from '../../src/api/context.ts';
import { PlainOperations } from '../../src/api/json-rows/plain-operations.ts';
import { everything, type HeldGrant, type Principal } from '../../src/api/rights/principal.ts';
import { createSchema } from '../../src/api/schema.ts';
import * as entities from '../../src/store/entities/index.ts';
import { TestServer } from '../support/server.ts';
import { singleVoxel } from '../support/single-voxel.ts';
import { statementsDuring } from '../support/statement-count.ts';

let server: TestServer;
let schema: GraphQLSchema;
let plain: PlainOperations;

const texts = [
  'plain',
  '"quoted" \\ back',
  'new\nline\ttab\u0001',
  'ß € 漢 \u{1f9ec}',
  '\u2028',
  "it's",
  ':name',
  '',
];
const numbers = [0, 0.1, 1e-7, 1e21, 123456789012345680, -2.5, 1e-300, 1e300, 5e-324];

const grants: Record<string, readonly HeldGrant[]> = {
  everything,
  'analyst of a site': [{ role: 'ANALYST', cohortKey: 'one', site: 'north' }],
  'analyst who is a curator of a site': [
    { role: 'ANALYST', cohortKey: 'one', site: null },
    { role: 'CURATOR', cohortKey: 'one', site: 'north' },
  ],
  'curator of one, reader of all': [
    { role: 'CURATOR', cohortKey: 'one', site: null },
    { role: 'READER', cohortKey: null, site: null },
  ],
};

beforeAll(async () => {
  server = await TestServer.start();
  schema = await createSchema();
  plain = new PlainOperations(schema);
  const { manager } = server.nomograph.platform.dataSource;
  const sha256 = 'a'.repeat(64);
  await manager.insert(entities.StoredObject, singleVoxel(sha256));
  for (const key of ['one', 'two', 'none']) {
    const cohortId = uuid();
    await manager.insert(entities.Cohort, {
      id: cohortId,
      key,
      name: key,
      covariates: [
        { name: 'Age', kind: 'NUMERIC' },
        { name: 'Stage "T"', kind: 'CATEGORICAL', levels: texts },
        { name: 'zip', kind: 'CATEGORICAL', levels: ['1', '2'], identifying: true },
      ],
    });
    for (let n = 0; n < (key === 'none' ? 0 : 9); n++) {
      const [id, scan] = [uuid(), uuid()];
      await manager.insert(entities.Patient, {
        id,
        cohortId,
        subjectKey: `${texts[n % texts.length]}${n}`,
        site: [null, 'north', "so'uth"][n % 3],
        covariates: {
          ...(n % 4 > 0 && { Age: numbers[n % numbers.length] }),
          ...(n % 2 > 0 && { 'Stage "T"': texts[n % texts.length] }),
          ...(n % 5 > 0 && { zip: '1' }),
        },
        createdAt: new Date(Date.UTC(2024, n, 1, 2, 3, 4, 5 + n)),
      });
      for (const endpoint of ['OS', 'DFS', texts[2]].slice(0, n % 4))
        await manager.insert(entities.Outcome, {
          id: uuid(),
          patientId: id,
          endpoint,
          time: Math.abs(numbers[n % numbers.length]),
          timeUnit: 'DAYS',
          event: n % 2 === 0,
        });
      if (n % 3 === 0) continue;
      await manager.insert(entities.Scan, { id: uuid(), patientId: id, modality: 'MR', imageSha256: sha256 });
      await manager.insert(entities.Scan, {
        id: scan,
        patientId: id,
        modality: 'CT',
        phase: texts[n % 8],
        imageSha256: sha256,
      });
      for (let session = 1; session <= n % 4; session++)
        await manager.insert(entities.Roi, {
          id: uuid(),
          scanId: scan,
          lesion: '1',
          reader: texts[1],
          session,
          maskSha256: sha256,
          voxelCount: 1000 * n,
        });
    }
  }
  // Times of the database have microseconds, those of the graph do not.
  await manager.query(`update scan set created_at = '2024-05-06T07:08:09.123999Z'`);
});

afterAll(() => server.stop());

/** What an operation gives over a schema, what it writes in the audit log, and its statements. */
async function run(
  of: GraphQLSchema,
  who: string,
  document: string,
  variableValues: Record<string, unknown>,
) {
  const { platform } = server.nomograph;
  const principal: Principal = {
    id: `user:${who}`,
    kind: 'TOKEN',
    expiresAt: null,
    grants: grants[who],
    storedGrants: [],
  };
  const audit: object[] = [];
  const auditLog = {
    record: (...entries: readonly object[]) =>
      audit.push(...entries.map((entry) => ({ ...entry, at: null }))),
    requireRoom: () => {},
  };
  const contextValue = await createContext({ ...platform, auditLog: auditLog as never }, principal);
  const { result, statements } = await statementsDuring(platform, async () =>
    execute({ schema: of, document: parse(document), contextValue, variableValues }),
  );
  contextValue.audit.finish({ type: 'query', name: null, errors: result.errors });
  return { result: JSON.parse(JSON.stringify(result)), audit, statements };
}

const isPlain = (text: string) => {
  const document = parse(text);
  return plain.has(document, getOperationAST(document) as never);
};

const alias = fc.constantFrom('', '', '', 'a: ', '_b2: ', 'id: ');
const condition = fc.constantFrom(
  '',
  '',
  '',
  '',
  ' @skip(if: $yes)',
  ' @include(if: $no)',
  ' @include(if: $yes)',
  ' @skip(if: false)',
);

/** Selections of a type; of one response name there is one field alone. */
function selection(
  leaves: readonly string[],
  lists: Readonly<Record<string, fc.Arbitrary<string>>> = {},
  type = '',
): fc.Arbitrary<string> {
  const leaf = fc
    .tuple(alias, fc.constantFrom('__typename', ...leaves), condition)
    .map(([name, field, when]) => [name || field, `${name}${field}${when}`]);
  const list = Object.entries(lists).map(([field, inner]) =>
    fc
      .tuple(fc.constantFrom('', '', 'l: '), inner, condition)
      .map(([name, below, when]) => [name || field, `${name}${field}${when} { ${below} }`]),
  );
  return fc
    .array(
      fc.tuple(
        fc.oneof({ weight: 3, arbitrary: leaf }, ...list),
        fc.constantFrom('', '', '', '...', `... on ${type}`, `... on ${type} @include(if: $yes)`),
      ),
      { minLength: 1, maxLength: 7 },
    )
    .map((fields) => {
      const byName = new Map(
        fields.map(([[name, text], around]) => [
          name.replace(/[ (:].*/, ''),
          around ? `${around} { ${text} }` : text,
        ]),
      );
      return [...byName.values()].join(' ');
    });
}

const patient = selection(
  ['id', 'subjectKey', 'site', 'createdAt'],
  {
    outcomes: selection(['id', 'endpoint', 'time', 'timeUnit', 'event'], {}, 'Outcome'),
    scans: selection(
      ['id', 'modality', 'phase', 'createdAt'],
      {
        rois: selection(['id', 'lesion', 'reader', 'session', 'label', 'voxelCount', 'createdAt'], {}, 'Roi'),
      },
      'Scan',
    ),
    covariates: selection(['name', 'number', 'level'], {}, 'CovariateValue'),
    'covariates(names: $names)': selection(['name', 'number', 'level'], {}, 'CovariateValue'),
  },
  'Patient',
);

const orders = [
  '',
  'orderBy: { subjectKey: DESC }',
  'orderBy: { covariate: { name: "Age", direction: DESC } }',
  `orderBy: { covariate: { name: "Stage \\"T\\"" } }`,
  'orderBy: { outcome: { endpoint: "OS" } }',
];

test('what PostgreSQL writes is what the resolvers give, and is read under the same rules and audit', async () => {
  await fc.assert(
    fc.asyncProperty(
      patient,
      fc.constantFrom(...Object.keys(grants)),
      fc.constantFrom(...orders),
      fc.constantFrom(
        'cohort(key: "one")',
        'cohort(key: "none")',
        'cohorts(first: 9) { edges { node',
        '_x: cohort(key: "two")',
      ),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      fc.array(fc.constantFrom('Age', 'Stage "T"', 'zip', 'other'), { maxLength: 2 }),
      async (nodes, who, order, root, first, withCursor, names) => {
        const document = `query ($yes: Boolean = true, $no: Boolean = false, $names: [String!], $first: Int!) {
          ${root} { key patients(first: $first ${order}) { ${withCursor ? 'totalCount pageInfo { hasNextPage endCursor }' : ''}
            edges { ${withCursor ? 'cursor __typename' : ''} node { ${nodes} } } } } ${root.includes('node') ? '} }' : ''}
        }`;
        expect(isPlain(document)).toBe(true);
        const variables = { first, ...(names.length > 0 && { names }) };
        const ordinary = await run(schema, who, document, variables);
        const written = await run(plain.schema, who, document, variables);
        expect(written.result.data).toEqual(ordinary.result.data);
        expect(JSON.stringify(written.result.data)).toBe(JSON.stringify(ordinary.result.data));
        expect(written.result.errors?.length).toBe(ordinary.result.errors?.length);
        if (!ordinary.result.errors) expect(written.audit).toEqual(ordinary.audit);
      },
    ),
    { seed: 7, numRuns: 200, endOnFailure: true },
  );
});

test('pages of several cohorts take one statement together', async () => {
  const document = `{ cohorts(first: 9) { edges { node { patients(first: 2) { edges { node { id covariates { name } scans { id rois { id } } } } } } } } }`;
  const { result, statements } = await run(plain.schema, 'everything', document, {});
  expect(result.errors).toBeUndefined();
  expect(statements.filter((sql) => sql.includes('string_agg'))).toHaveLength(1);
});

test.each([
  '{ cohort(key: "one") { key } }',
  '{ cohort(key: "one") { patients { pageInfo { endCursor } } } }',
  '{ cohort(key: "one") { patients { edges { node { id predictions { id } } } } } }',
  '{ cohort(key: "one") { patients { edges { node { cohort { key } } } } } }',
  '{ cohort(key: "one") { patients { edges { node { scans { image { sha256 } } } } } } }',
  '{ cohort(key: "one") { patients { a: edges { node { id } } } } }',
  '{ cohort(key: "one") { patients { edges { a: node { id } b: node { subjectKey } } } } }',
  '{ cohort(key: "one") { patients { edges { node { ...part } } } } } fragment part on Patient { id predictions { id } }',
  '{ a: cohort(key: "one") { patients { edges { node { id } } } } b: cohort(key: "two") { ...part } } fragment part on Cohort { patients { edges { node { predictions { id } } } } }',
])('%s is for the resolvers', (document) => {
  expect(isPlain(document)).toBe(false);
});

test('over HTTP, a page is written by the database, and by the resolvers where a gateway times the fields or one fails', async () => {
  const page = 'patients(first: 3) { edges { node { subjectKey outcomes { time } } } }';
  const ask = async (query: string, headers: Record<string, string> = {}) => {
    const { result, statements } = await statementsDuring(server.nomograph.platform, () =>
      server.post({ query }, { ...server.signedIn, ...headers }),
    );
    return { ...result.body, isWritten: statements.some((sql) => sql.includes('string_agg')) };
  };
  const written = await ask(`{ cohort(key: "one") { ${page} } }`);
  const timed = await ask(`{ cohort(key: "one") { ${page} } }`, {
    'apollo-federation-include-trace': 'ftv1',
  });
  expect([written.isWritten, timed.isWritten]).toEqual([true, false]);
  expect(timed).toHaveProperty('extensions.ftv1');
  expect(written.data).toEqual(timed.data);
  const failing = await ask(`{ cohort(key: "one") { ${page} } patient(id: "no identifier") { id } }`);
  expect(failing.errors).toMatchObject([{ path: ['patient'], extensions: { code: 'INPUT_INVALID' } }]);
  expect(failing.data).toEqual({ ...written.data, patient: null });
});
