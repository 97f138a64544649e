import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../test/support/command.ts';
import { studyFixture } from '../../test/support/study-fixture.ts';
import { jsonHash } from '../store/content-key.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'study-command-'));
  const { data } = studyFixture();
  const [outcome] = data.outcomes;
  const [source] = data.sources;
  const [age] = data.covariates;
  const n = data.subjects.length;
  const rows = data.subjects.map((subject, row) => [
    subject,
    outcome.time[row],
    outcome.event[row],
    age.kind === 'NUMERIC' ? age.values[row] : '',
  ]);
  await writeFile(
    join(folder, 'clinical.csv'),
    ['id,time,event,age', ...rows.map((row) => row.join(','))].join('\n'),
  );
  const features = data.subjects.map((subject, row) => [
    subject,
    ...source.features.map((_, j) => source.values[j * n + row]),
  ]);
  await writeFile(
    join(folder, 'ct.csv'),
    [`id,${source.features.join(',')}`, ...features.map((row) => row.join(','))].join('\n'),
  );
  await writeFile(
    join(folder, 'study.yaml'),
    `title: A small study
data:
  patients: clinical.csv
  subject: id
  outcomes: { OS: { time: time, event: event } }
  sources: { CT: { features: ct.csv } }
horizons: [12, 24]
folds: { count: 5 }
replicates: 3
pipelineReplicates: 2
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const study = (...options: string[]) => runCommand(['study', join(folder, 'study.yaml'), ...options]);

describe('nomograph study', () => {
  test('writes a report, and prints the C-indices', async () => {
    const out = join(folder, 'report');
    const { code, stdout, stderr } = await study('--out', out, '--threads', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Endpoint {2}Model +Training C-index \(95 % CI\)/);
    expect(stdout).toMatch(/OS +CT +0\.\d{3} \(0\.\d{3}–[01]\.\d{3}\)/);
    expect(stderr).toContain('report.html');
    expect((await readdir(out)).sort()).toEqual([
      'figures',
      'report.html',
      'result.json',
      'study.json',
      'tables',
    ]);
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('<h1>A small study</h1>');
    // The hash can be computed again from the file.
    const { provenance } = JSON.parse(await readFile(join(out, 'study.json'), 'utf8'));
    expect(jsonHash(JSON.parse(await readFile(join(out, 'result.json'), 'utf8')))).toBe(
      provenance.resultHash,
    );
  });

  test('gives the same bytes on one thread as on two', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    await study('--out', one, '--threads', '1');
    await study('--out', two, '--threads', '2');
    for (const name of ['report.html', 'result.json', 'study.json'])
      expect((await readFile(join(two, name))).equals(await readFile(join(one, name)))).toBe(true);
  });

  test('prints the result as JSON', async () => {
    const { stdout } = await study('--out', join(folder, 'json'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ endpoints: [{ endpoint: 'OS' }] });
  });

  test('keeps what is in the way, unless it is told to replace the report', async () => {
    const out = join(folder, 'taken');
    await mkdir(out);
    await writeFile(join(out, 'notes.txt'), 'mine');
    await writeFile(join(out, 'report.html'), 'old');
    const refused = await study('--out', out);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^CONFLICT: .*--force/) });
    expect((await readdir(out)).sort()).toEqual(['notes.txt', 'report.html']);
    expect((await study('--out', out, '--force')).code).toBe(0);
    expect(await readFile(join(out, 'notes.txt'), 'utf8')).toBe('mine');
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('A small study');
    expect((await readdir(out)).sort()).toEqual([
      'figures',
      'notes.txt',
      'report.html',
      'result.json',
      'study.json',
      'tables',
    ]);
    // Nothing is left beside it.
    expect((await readdir(folder)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  test('fails by name, and writes nothing', async () => {
    await writeFile(
      join(folder, 'wrong.yaml'),
      'data: { patients: clinical.csv, subject: id, outcomes: {} }\nfolds: { count: 5, of: 2 }\n',
    );
    const out = join(folder, 'none');
    const { code, stderr } = await runCommand(['study', join(folder, 'wrong.yaml'), '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^INPUT_INVALID: .*wrong\.yaml, line 2: folds\.of: is not known here/);
    expect(await readdir(folder)).not.toContain('none');
  });

  test('ends with code 1 where no model came about, with a report that says why', async () => {
    const text = await readFile(join(folder, 'study.yaml'), 'utf8');
    await writeFile(join(folder, 'empty.yaml'), `${text}univariateP: 0\nclinicalP: 0\n`);
    const out = join(folder, 'empty');
    const { code, stderr } = await runCommand(['study', join(folder, 'empty.yaml'), '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toContain('SELECTION_EMPTY: OS, CT: none of');
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('0 of 3 models could be fitted');
  });
});
