import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFeatureMatrix } from '../../src/store/feature-matrix.ts';
import { encodeTable, tableFormats } from '../../src/store/table-encoding.ts';
import { runCommand } from '../support/command.ts';
import { TestServer } from '../support/server.ts';

const subjects = 450;
const values = (row: number) => [1 / (row + 3), -(row + 1) * 1e-300, row === 7 ? Number.NaN : Math.sqrt(row)];
const names = ['original_firstorder_Mean', 'original_glcm_Idm', 'original_shape_MeshVolume'];
let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
  const rows = Array.from({ length: subjects }, (_, row) =>
    [
      `P${String(row).padStart(3, '0')}`,
      ...values(row).map((value) => (Number.isNaN(value) ? 'NA' : value)),
    ].join(','),
  );
  const manifest = join(server.directory, 'features.csv');
  await writeFile(manifest, `${['patient', ...names].join(',')}\n${rows.join('\n')}\n`);
  const imported = await runCommand(['import', manifest, '--cohort', 'matrix'], {
    DATABASE_URL: server.database.url,
    NOMOGRAPH_DATA: server.directory,
  });
  expect(imported).toMatchObject({ code: 0 });
});

afterAll(() => server.stop());

const get = (path: string, headers = server.signedIn) => fetch(`${server.url}/export/${path}`, { headers });

test('CSV gives every row in order, and every number back to the bit', async () => {
  const response = await get('matrix/matrix-imported.csv');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
  const [header, ...rows] = parse(await response.text()) as string[][];
  expect(header).toEqual(['subject', 'modality', 'phase', 'lesion', 'reader', 'session', ...names]);
  expect(rows).toHaveLength(subjects);
  rows.forEach((row, index) => {
    expect(row[0]).toBe(`P${String(index).padStart(3, '0')}`);
    expect(row.slice(6).map((cell) => (cell === '' ? Number.NaN : Number(cell)))).toEqual(values(index));
  });
});

test('Arrow gives the same, with nulls and its origin in the metadata', async () => {
  const response = await get('matrix/matrix-imported.arrow');
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
  expect(table.numRows).toBe(subjects);
  expect(table.batches.length).toBeGreaterThan(1);
  expect(table.schema.fields.map((field) => field.name).slice(6)).toEqual(names);
  expect(table.schema.metadata.get('nomograph.profile')).toBe('matrix-imported');
  for (const row of [0, 7, 199, 200, subjects - 1]) {
    const found = names.map((name) => table.getChild(name)?.get(row) ?? Number.NaN);
    expect(found).toEqual(values(row));
  }
  expect(table.getChild(names[2])?.nullCount).toBe(1);
});

test('NDJSON gives an object a line, the columns of the CSV', async () => {
  const response = await get('matrix/matrix-imported.ndjson');
  expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
  const text = await response.text();
  expect(text.endsWith('}\n')).toBe(true);
  const lines = text.trimEnd().split('\n');
  expect(lines).toHaveLength(subjects);
  lines.forEach((line, row) => {
    const { subject, ...rest } = JSON.parse(line) as Record<string, unknown>;
    expect(subject).toBe(`P${String(row).padStart(3, '0')}`);
    expect(Object.keys(rest)).toEqual(['modality', 'phase', 'lesion', 'reader', 'session', ...names]);
    expect(names.map((name) => rest[name] ?? Number.NaN)).toEqual(values(row));
  });
});

test('a client that reads slowly holds up the reading of rows', async () => {
  let read = 0;
  const matrix = await openFeatureMatrix(server.nomograph.platform.dataSource, 'matrix', 'matrix-imported');
  const watched = {
    ...matrix,
    async *batches() {
      for await (const batch of matrix.batches()) {
        read += batch.length;
        yield batch;
      }
    },
  };
  for (const format of tableFormats) {
    read = 0;
    const chunks = encodeTable(watched, format);
    while (read === 0) await chunks.next();
    await setTimeout(50);
    expect(read, format).toBeLessThan(subjects);
    await chunks.return();
  }
});

test('some features are taken by name, by the command as by the address', async () => {
  const chosen = [names[2], names[0]].join(',');
  const text = await (await get(`matrix/matrix-imported.csv?names=${chosen}`)).text();
  expect(text.split('\n')[0]).toBe(`subject,modality,phase,lesion,reader,session,${chosen}`);
  const command = await runCommand(['export', 'matrix', '--profile', 'matrix-imported', '--names', chosen], {
    DATABASE_URL: server.database.url,
    NOMOGRAPH_DATA: server.directory,
  });
  expect(command).toEqual({ code: 0, stdout: text, stderr: '' });
});

test.each([
  ['none/matrix-imported.csv', 404, 'NOT_FOUND'],
  ['matrix/none.csv', 404, 'NOT_FOUND'],
  ['matrix/matrix-imported.csv?names=none', 404, 'NOT_FOUND'],
  ['matrix/matrix-imported.xlsx', 400, 'INPUT_INVALID'],
  ['matrix/..%2f..%2fetc.csv', 404, 'NOT_FOUND'],
])('%s is refused', async (path, status, code) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
});

test('nothing is exported without signing in', async () => {
  expect((await get('matrix/matrix-imported.csv', {} as never)).status).toBe(401);
});
