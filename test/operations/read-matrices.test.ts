import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { everything, type Principal } from '../../src/api/rights/principal.ts';
import { createSchema } from '../../src/api/schema.ts';
import { copyRows } from '../../src/store/copy-rows.ts';
import { decodeFeatures } from '../../src/store/feature-values.ts';
import { readMatrices } from '../../src/store/read-matrices.ts';
import { clinicalCohort } from '../support/clinical-cohort.ts';
import { TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statement-count.ts';

let server: TestServer;
let stored: { id: string; values: number[] }[];
let connections: { idleCount: number; totalCount: number; waitingCount: number };
beforeAll(async () => {
  server = await TestServer.start();
  await clinicalCohort(server, 'matrix', 10);
  const { dataSource } = server.nomograph.platform;
  connections = (dataSource.driver as unknown as { master: typeof connections }).master;
  const rows: { id: string; values: Buffer }[] = await dataSource.query(
    'select id, values from feature_vector order by id',
  );
  stored = rows.map(({ id, values }) => ({ id, values: [...decodeFeatures(values)] }));
});
afterAll(() => server.stop());
// However a reading ended, its connection is back, and of use.
afterEach(async () => {
  expect(connections.idleCount).toBe(connections.totalCount);
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      server.nomograph.platform.dataSource.query(`select ${n} as n, pg_sleep(0.02)`),
    ),
  );
  expect(answers.map(([{ n }]) => n)).toEqual(Array.from(answers.keys()));
});

const read = (...requests: { ids: string[]; width?: number; places?: number[] }[]) =>
  readMatrices(
    server.nomograph.platform.dataSource,
    requests.map(({ ids, width = 3, places = null }) => ({ vectorIds: ids, width, places })),
  );
const ids = () => stored.map(({ id }) => id);

test('matrices are read in the order that they are asked for in, a vector as often as asked for', async () => {
  const [a, b, c] = ids();
  const found = await read(
    { ids: [c, a, c] },
    { ids: [] },
    { ids: ids().reverse(), places: [2, 0, 2] },
    { ids: [b], places: [] },
  );
  expect(found.map((bytes) => [...decodeFeatures(bytes)])).toEqual([
    [stored[2], stored[0], stored[2]].flatMap(({ values }) => values),
    [],
    stored.toReversed().flatMap(({ values: [x, , z] }) => [z, x, z]),
    [],
  ]);
  expect(await read()).toEqual([]);
});

test.each([0, 1, 5])('a vector that is gone is named, at place %d', async (place) => {
  const gone = uuid();
  await expect(read({ ids: ids().slice(0, 5).toSpliced(place, 0, gone) })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    details: { featureVector: gone },
  });
});

test('a vector of another width than its profile is named', async () => {
  await expect(read({ ids: ids().slice(0, 1) }, { ids: ids().slice(1, 3), width: 4 })).rejects.toMatchObject({
    code: 'LENGTH_MISMATCH',
    details: { featureVector: stored[1]?.id, expected: 4 },
  });
});

test('what the database refuses is an error', async () => {
  const { dataSource } = server.nomograph.platform;
  const copy = (sql: string, ...parameters: string[]) => copyRows(dataSource, sql, parameters, () => {});
  await expect(read({ ids: [`'); drop table patient; --`] })).rejects.toThrow(
    'invalid input syntax for type uuid',
  );
  await expect(copy('select nothing')).rejects.toThrow('does not exist');
  await expect(copy('select 1 / (3 - n) from generate_series(1, 5) as n')).rejects.toThrow(
    'division by zero',
  );
  const found: string[] = [];
  const text = `it's \\ "so" $1`;
  await copyRows(dataSource, 'select $1::text, $2::text', [text, '$1'], (row) => found.push(row.join('|')));
  expect(found).toEqual([`${text}|$1`]);
});

test('a connection that breaks is not used again', async () => {
  const { dataSource } = server.nomograph.platform;
  await expect(
    copyRows(dataSource, 'select pg_terminate_backend(pg_backend_pid())', [], () => {}),
  ).rejects.toThrow('terminating connection');
  await vi.waitFor(() => expect(connections.totalCount).toBe(connections.idleCount));
  await vi.waitFor(() => read({ ids: ids() }));
});

test('matrices of one operation take one statement for their values, and none where nobody asks for them', async () => {
  const schema = await createSchema();
  const principal: Principal = {
    id: 'user:all',
    kind: 'TOKEN',
    expiresAt: null,
    grants: everything,
    storedGrants: [],
  };
  const copies = async (selection: string) => {
    const matrix = (name: string, first: number) =>
      `${name}: featureMatrix(profile: "three features", first: ${first}) { names totalCount ${selection} }`;
    const { statements } = await statementsOf(
      schema,
      server.nomograph.platform,
      principal,
      `{ cohort(key: "matrix") { ${matrix('a', 3)} ${matrix('b', 7)} } }`,
      {},
    );
    expect(statements.filter((sql) => !sql.startsWith('copy') && /"?values"?/i.test(sql))).toEqual([]);
    return statements.filter((sql) => sql.startsWith('copy')).length;
  };
  expect(await copies('values again: values rows { values patient { subjectKey } }')).toBe(1);
  expect(await copies('rows { values }')).toBe(1);
  expect(await copies('rows { patient { subjectKey } }')).toBe(0);
});
