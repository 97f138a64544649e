import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataSource } from '../../src/store/data-source.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nomograph-tables-'));
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function table(text: string | Uint8Array): Promise<string> {
  const file = join(folder, 'table.csv');
  await writeFile(file, text);
  return file;
}

const good =
  'patient,OS_time,OS_event,age,stage\nP1,5,1,60,I\nP2,8,0,55,II\nP3,3,1,71,II\nP4,9,1,48,I\nP5,7,0,66,I\n';

describe('cox', () => {
  const cox = async (text: string | Uint8Array, ...options: string[]) =>
    runCommand([
      'cox',
      await table(text),
      '--time',
      'OS_time',
      '--event',
      'OS_event',
      '--covariates',
      'age',
      ...options,
    ]);

  test('prints the model as text, or everything as JSON', async () => {
    const text = await cox(good);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/5 patients, 3 events/);
    expect(text.stdout).toMatch(/^age +/m);
    const json = await cox(good, '--format', 'json', '--ties', 'breslow');
    expect(JSON.parse(json.stdout).model.coefficients[0].name).toBe('age');
  });

  test.each([
    ['a missing column', good.replace('OS_time', 'time'), 'TABLE_COLUMN_MISSING: .* no column OS_time'],
    ['a negative time', good.replace('P3,3', 'P3,-3'), 'TIME_INVALID: .*line 4: OS_time is "-3"'],
    [
      'a time that is no number',
      good.replace('P3,3', 'P3,soon'),
      'TABLE_VALUE_INVALID: .*line 4: OS_time is "soon"',
    ],
    [
      'an event that is neither 0 nor 1',
      good.replace('P3,3,1', 'P3,3,2'),
      'EVENT_INVALID: .*line 4: OS_event is "2"',
    ],
    ['no events', good.replaceAll(',1,', ',0,'), 'NO_EVENTS: '],
    ['no rows', good.split('\n')[0], 'TABLE_EMPTY: '],
    ['an empty file', '', 'TABLE_EMPTY: '],
    ['two columns of one name', good.replace('stage', 'age'), 'TABLE_COLUMN_DUPLICATE: .*two columns age'],
    ['a row with too few cells', `${good}P6,1\n`, 'TABLE_UNREADABLE: .*line 7'],
    ['a quote that never ends', `${good}P6,1,1,"60,I\n`, 'TABLE_UNREADABLE: '],
    ['bytes that are no text', new Uint8Array([0, 255, 254, 7, 10, 0, 1, 10]), 'TABLE_UNREADABLE: '],
    ['every covariate missing', good.replaceAll(/,\d\d,/g, ',NA,'), 'NO_OBSERVATIONS: '],
    ['a constant covariate', good.replaceAll(/,\d\d,/g, ',60,'), 'COVARIATE_INVALID: '],
  ])('%s is one clear error', async (_what, text, expected) => {
    const { code, stdout, stderr } = await cox(text);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(new RegExp(`^${expected}`, 'm'));
  });

  test('a wrong use ends with code 2, a missing file with 1', async () => {
    expect(await runCommand(['cox', 'x.csv'])).toMatchObject({ code: 2, stdout: '' });
    expect(await runCommand(['cox', join(folder, 'none.csv'), '--time', 'a', '--event', 'b'])).toMatchObject({
      code: 1,
    });
    expect(await runCommand(['no-such-command'])).toMatchObject({ code: 2 });
    const help = await runCommand(['cox', '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--time');
  });
});

describe('import', () => {
  const importTable = async (text: string, ...options: string[]) =>
    runCommand(['import', await table(text), ...options], {
      DATABASE_URL: database.url,
      NOMOGRAPH_DATA: folder,
    });
  const rowCount = async () => {
    const dataSource = await createDataSource(database.url).initialize();
    const [{ count }] = await dataSource.query(
      'select (select count(*) from cohort) + (select count(*) from patient) + (select count(*) from outcome) + (select count(*) from object) as count',
    );
    await dataSource.destroy();
    return Number(count);
  };

  test.each([
    [
      'a missing key column',
      good.replace('patient', 'subject'),
      [],
      'TABLE_COLUMN_MISSING: .* no column patient',
    ],
    [
      'a missing outcome column',
      good,
      ['--outcome', 'DFS=DFS_time,DFS_event'],
      'TABLE_COLUMN_MISSING: .* no column DFS_time',
    ],
    [
      'duplicate keys',
      good.replace('P2', 'P1'),
      [],
      'TABLE_KEY_DUPLICATE: .*line 3: subject P1 has a row already \\(line 2\\)',
    ],
    ['an empty key', good.replace('P2', ''), [], 'TABLE_VALUE_INVALID: .*line 3: patient is ""'],
    ['a negative time', good.replace('P2,8', 'P2,-8'), [], 'TIME_INVALID: .*line 3: OS_time is "-8"'],
    [
      'an image that is not there',
      good.replace('stage', 'image').replace('age', 'modality'),
      [],
      'FILE_UNREADABLE: ',
    ],
    ['an unknown cohort key', good, ['--cohort', 'a cohort'], 'INPUT_INVALID: cohort key'],
  ])('%s is one clear error and leaves nothing behind', async (_what, text, options, expected) => {
    const before = await rowCount();
    const { code, stdout, stderr } = await importTable(text, ...options);
    expect(stderr).toMatch(new RegExp(expected, 'm'));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(await rowCount()).toBe(before);
  });

  test('keeps covariates by kind, and refuses the same patients with other values', async () => {
    const first = await importTable(good, '--cohort', 'kinds');
    expect(JSON.parse(first.stdout)).toMatchObject({ patients: 5, outcomes: 5, features: 0, profile: null });
    const dataSource = await createDataSource(database.url).initialize();
    const [{ covariates }] = await dataSource.query("select covariates from cohort where key = 'kinds'");
    await dataSource.destroy();
    expect(covariates).toEqual([
      { name: 'age', kind: 'NUMERIC' },
      { name: 'stage', kind: 'CATEGORICAL', levels: ['I', 'II'] },
    ]);
    const changed = await importTable(good.replace('P4,9', 'P4,10'), '--cohort', 'kinds');
    expect(changed).toMatchObject({ code: 1 });
    expect(changed.stderr).toMatch(/CONFLICT: subject P4/);
  });
});
